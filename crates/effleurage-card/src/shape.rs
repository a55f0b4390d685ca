//! What a page is made of: filled outlines, lines and texts, in points from its upper
//! left corner.

use super::font::Run;
use super::paper::Paper;

/// A place on the page; `y` grows downward.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// A place on the page.
pub const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// Red, green and blue, as sRGB has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// How light it looks, from 0 for black to 100 for white: the L* of CIE 1976.
    pub fn lightness(self) -> f32 {
        let linear = |part: u8| {
            let part = f32::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2);
        if luminance > 216.0 / 24_389.0 {
            116.0 * luminance.cbrt() - 16.0
        } else {
            luminance * 24_389.0 / 27.0
        }
    }
}

/// A stretch of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Begins elsewhere.
    Move(Point),
    /// Straight on.
    Line(Point),
    /// A cubic Bézier curve: two control points, then its end.
    Curve(Point, Point, Point),
    /// Back to where it began.
    Close,
}

/// The edge of something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline(pub Vec<Segment>);

/// How far the control points of a quarter of a circle stand, in radii.
const QUARTER: f32 = 0.552_284_8;

impl Outline {
    /// A straight line.
    pub fn line(from: Point, to: Point) -> Outline {
        Outline(vec![Segment::Move(from), Segment::Line(to)])
    }

    /// A closed shape with straight sides.
    pub fn polygon(corners: &[Point]) -> Outline {
        let mut segments: Vec<Segment> = corners.iter().copied().map(Segment::Line).collect();
        if let Some(first) = segments.first_mut() {
            *first = Segment::Move(corners[0]);
        }
        segments.push(Segment::Close);
        Outline(segments)
    }

    /// A rectangle with corners of `radius`.
    pub fn rounded(corner: Point, width: f32, height: f32, radius: f32) -> Outline {
        let (left, top) = (corner.x, corner.y);
        let (right, bottom) = (left + width, top + height);
        let (r, c) = (radius, radius * (1.0 - QUARTER));
        Outline(vec![
            Segment::Move(at(left + r, top)),
            Segment::Line(at(right - r, top)),
            Segment::Curve(at(right - c, top), at(right, top + c), at(right, top + r)),
            Segment::Line(at(right, bottom - r)),
            Segment::Curve(at(right, bottom - c), at(right - c, bottom), at(right - r, bottom)),
            Segment::Line(at(left + r, bottom)),
            Segment::Curve(at(left + c, bottom), at(left, bottom - c), at(left, bottom - r)),
            Segment::Line(at(left, top + r)),
            Segment::Curve(at(left, top + c), at(left + c, top), at(left + r, top)),
            Segment::Close,
        ])
    }

    /// An ellipse.
    pub fn ellipse(centre: Point, across: f32, down: f32) -> Outline {
        let unit = Outline::rounded(at(-1.0, -1.0), 2.0, 2.0, 1.0);
        unit.mapped(|p| at(centre.x + p.x * across, centre.y + p.y * down))
    }

    /// The same with every point put through `map`.
    pub fn mapped(&self, map: impl Fn(Point) -> Point) -> Outline {
        let segment = |segment: &Segment| match *segment {
            Segment::Move(to) => Segment::Move(map(to)),
            Segment::Line(to) => Segment::Line(map(to)),
            Segment::Curve(a, b, to) => Segment::Curve(map(a), map(b), map(to)),
            Segment::Close => Segment::Close,
        };
        Outline(self.0.iter().map(segment).collect())
    }
}

/// One thing on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled outline.
    Fill(Outline, Colour),
    /// A line of some width, with round ends.
    Line(Outline, Colour, f32),
    /// A line of text that begins at the point, on its base line.
    Text(Run, Point, Colour),
}

impl Shape {
    /// The same, elsewhere.
    pub fn moved(&self, right: f32, down: f32) -> Shape {
        let shift = |p: Point| at(p.x + right, p.y + down);
        match self {
            Shape::Fill(outline, colour) => Shape::Fill(outline.mapped(shift), *colour),
            Shape::Line(outline, colour, width) => {
                Shape::Line(outline.mapped(shift), *colour, *width)
            }
            Shape::Text(run, point, colour) => Shape::Text(run.clone(), shift(*point), *colour),
        }
    }
}

/// A page, ready to be written in any format.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What it is printed on.
    pub paper: Paper,
    /// Its name.
    pub title: String,
    /// All that it says, for those who cannot see it.
    pub description: String,
    /// The language of its words, as BCP 47 writes it.
    pub language: String,
    /// What is on it; later shapes lie over earlier ones.
    pub shapes: Vec<Shape>,
}

impl Page {
    /// Every text with the place where it begins.
    pub fn texts(&self) -> impl Iterator<Item = (&Run, Point)> {
        self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text(run, point, _) => Some((run, *point)),
            _ => None,
        })
    }
}
