//! A timeline in writing: for people, for programs, for tables.

pub mod clock;
mod columns;
pub mod comparison;
mod csv;
mod json;
mod outcome;
mod text;

pub use self::csv::csv;
pub use self::json::{document, json};
pub use self::outcome::{Outcome, outcomes, table as outcome_table};
pub use self::text::text;
