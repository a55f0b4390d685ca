//! Text set in the font of the card, which is part of the program: the picture is the
//! same on a machine without fonts.
//!
//! Atkinson Hyperlegible was drawn for readers with low vision; its letters cannot be
//! taken for one another from afar.

use std::sync::LazyLock;

use harfrust::{Direction, ShapeOptions, ShaperData, UnicodeBuffer, script};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::shape::{Outline, Point, Segment, at};

/// How strong letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For what stands out.
    Bold,
}

/// Font units in the height of a line.
pub const UNITS_PER_EM: f32 = 1000.0;
/// Above the base line, the top of accents on capitals, in heights of a line.
pub const ASCENT: f32 = 0.95;
/// Below the base line.
pub const DESCENT: f32 = 0.29;
/// The height of capitals.
pub const CAPITALS: f32 = 0.668;
/// The height of small letters such as a, c and x.
pub const SMALL_LETTERS: f32 = 0.496;

/// One glyph of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// Its number in the font; 0 is the box for what the font lacks.
    pub id: u16,
    /// Where it stands after the beginning of the run, in font units.
    pub x: f32,
    /// Over the base line, in font units.
    pub y: f32,
    /// The letters that it stands for.
    pub letters: String,
}

/// A line of text, set.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// How strong it is.
    pub weight: Weight,
    /// The height of its line in points.
    pub size: f32,
    /// Its glyphs, in order.
    pub glyphs: Vec<Glyph>,
    /// From its beginning to its end, in points.
    pub width: f32,
}

/// A font of the family.
pub struct Face {
    /// The file.
    pub bytes: &'static [u8],
    /// Its name.
    pub name: &'static str,
    font: FontRef<'static>,
    shaper: ShaperData,
}

impl Face {
    fn new(bytes: &'static [u8], name: &'static str) -> Face {
        let font = FontRef::new(bytes).expect("the font is part of the program");
        let shaper = ShaperData::new(&font);
        Face { bytes, name, font, shaper }
    }

    /// The face of this weight.
    pub fn of(weight: Weight) -> &'static Face {
        static REGULAR: LazyLock<Face> = LazyLock::new(|| {
            let bytes = include_bytes!("font/AtkinsonHyperlegible-Regular.ttf");
            Face::new(bytes, "AtkinsonHyperlegible-Regular")
        });
        static BOLD: LazyLock<Face> = LazyLock::new(|| {
            let bytes = include_bytes!("font/AtkinsonHyperlegible-Bold.ttf");
            Face::new(bytes, "AtkinsonHyperlegible-Bold")
        });
        match weight {
            Weight::Regular => &REGULAR,
            Weight::Bold => &BOLD,
        }
    }

    /// How far it is from a glyph to the next, in font units.
    pub fn advance(&self, glyph: u16) -> f32 {
        let metrics = self.font.glyph_metrics(Size::unscaled(), LocationRef::default());
        metrics.advance_width(GlyphId::from(glyph)).unwrap_or(0.0)
    }

    /// The edge of a glyph in font units; here `y` grows upward.
    pub fn outline(&self, glyph: u16) -> Outline {
        let mut pen = Pen::default();
        if let Some(glyph) = self.font.outline_glyphs().get(GlyphId::from(glyph)) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            // What cannot be drawn stays white.
            let _ = glyph.draw(settings, &mut pen);
        }
        Outline(pen.segments)
    }
}

/// `text` on one line.
pub fn set(text: &str, weight: Weight, size: f32) -> Run {
    let face = Face::of(weight);
    let text = printable(text);
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    // The font has no letters that run the other way.
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(script::LATIN);
    let shaper = face.shaper.shaper(&face.font).build();
    let shaped = shaper.shape(buffer, ShapeOptions::new());
    let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
    let mut glyphs = Vec::with_capacity(infos.len());
    let mut x = 0.0;
    for (n, (info, position)) in infos.iter().zip(positions).enumerate() {
        let from = info.cluster as usize;
        let to = infos.get(n + 1).map_or(text.len(), |next| next.cluster as usize);
        glyphs.push(Glyph {
            id: info.glyph_id as u16,
            x: x + position.x_offset as f32,
            y: position.y_offset as f32,
            letters: text.get(from..to).unwrap_or_default().to_owned(),
        });
        x += position.x_advance as f32;
    }
    Run { text, weight, size, glyphs, width: x * size / UNITS_PER_EM }
}

/// A text without line breaks and other characters that control a machine.
pub fn printable(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_character = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    words.join(" ").chars().filter(is_character).collect()
}

/// Writes down what a glyph draws, with cubic curves only.
#[derive(Default)]
struct Pen {
    segments: Vec<Segment>,
    last: Point,
}

impl Pen {
    fn go(&mut self, segment: Segment, to: Point) {
        self.segments.push(segment);
        self.last = to;
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.go(Segment::Move(at(x, y)), at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.go(Segment::Line(at(x, y)), at(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let toward =
            |end: Point| at(end.x + (cx - end.x) * 2.0 / 3.0, end.y + (cy - end.y) * 2.0 / 3.0);
        let (from, to) = (self.last, at(x, y));
        self.go(Segment::Curve(toward(from), toward(to), to), to);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.go(Segment::Curve(at(ax, ay), at(bx, by), at(x, y)), at(x, y));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
