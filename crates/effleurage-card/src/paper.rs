//! The sheets that a card is printed on.

/// A sheet of paper, upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// ISO 216 A4, 210 by 297 millimetres.
    A4,
    /// US Letter, 8.5 by 11 inches.
    Letter,
    /// A square cover, of 1400 dots a side.
    Square,
}

const MILLIMETRES_PER_INCH: f32 = 25.4;
/// Points are the unit of a page.
pub const POINTS_PER_INCH: f32 = 72.0;

impl Paper {
    /// Width and height in inches.
    pub fn inches(self) -> (f32, f32) {
        match self {
            Paper::A4 => (210.0 / MILLIMETRES_PER_INCH, 297.0 / MILLIMETRES_PER_INCH),
            Paper::Letter => (8.5, 11.0),
            Paper::Square => (1400.0 / 300.0, 1400.0 / 300.0),
        }
    }

    /// Width and height in points.
    pub fn points(self) -> (f32, f32) {
        let (width, height) = self.inches();
        (width * POINTS_PER_INCH, height * POINTS_PER_INCH)
    }
}
