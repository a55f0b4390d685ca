//! A timeline in writing: for people, for programs, for tables.

pub mod clock;
mod columns;
pub mod comparison;
mod csv;
mod drawing;
mod outcome;
mod text;

pub use self::csv::csv;
pub use self::drawing::{WIDTHS, svg};
pub use self::outcome::{Outcome, outcomes, shown, table as outcome_table};
pub use self::text::text;
