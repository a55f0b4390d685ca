//! A timeline in writing: for people, for programs, for tables.

mod csv;
mod json;
mod text;

pub use self::csv::csv;
pub use self::json::json;
pub use self::text::text;
