//! A timeline in writing: for people, for programs, for tables.

mod clock;
mod columns;
pub mod comparison;
mod csv;
mod json;
mod outcome;
mod text;

pub use self::csv::csv;
pub use self::json::json;
pub use self::outcome::{Outcome, outcomes};
pub use self::text::text;
