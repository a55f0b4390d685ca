//! A timeline in writing: for people, for programs, for tables.

pub mod clock;
mod columns;
pub mod comparison;
mod csv;
mod outcome;
mod text;

pub use self::csv::csv;
pub use self::outcome::{Outcome, outcomes, table as outcome_table};
pub use self::text::text;
