//! A picture of a session: one page to print and lay beside the bed, or a square cover of its
//! track.
//!
//! [`Card::of`] reads a [`Timeline`](effleurage_core::timeline::Timeline) and says what stands on
//! the page, [`page`](fn@page) gives everything its place, and [`svg`](fn@svg),
//! [`png`](fn@png) and [`pdf`](fn@pdf) write the page. All three draw the same shapes, and
//! the same page gives the same bytes.

mod column;
mod content;
mod font;
mod hatch;
mod layout;
mod leg;
mod list;
pub mod palette;
mod paper;
mod paragraph;
mod pdf;
mod piece;
mod png;
mod shape;
mod square;
mod stack;
mod svg;
pub mod words;

pub use self::content::{Card, Manner, Row, Step, StrokeStep, WordStep};
pub use self::font::{ASCENT, DESCENT, Glyph, Run, Weight};
pub use self::hatch::Hatch;
pub use self::layout::page;
pub use self::paper::Paper;
pub use self::pdf::pdf;
pub use self::png::{DOTS_PER_INCH, png};
pub use self::shape::{Colour, Outline, Page, Point, Segment, Shape, at};
pub use self::svg::svg;
