//! Two legs from behind, as the giver sees them and as one's own are felt: the left one
//! on the left, the soles at the bottom, the thighs at the top.
//!
//! The edge of a leg is a smooth curve through the points of a table.

use super::content::{Card, SIDES};
use super::font::{CAPITALS, SMALL_LETTERS, Weight};
use super::palette::{GREY, INK, PAPER, SKIN, look, on_leg};
use super::paragraph::Style;
use super::shape::{Outline, Point, Segment, Shape, at};
use effleurage_core::body::Region;
use effleurage_core::routine::words::Leg;

/// A place of the edges of a left leg: how far down, the outer edge, the inner edge.
type Row = (f32, f32, f32);

/// Those of the hip, above the leg, where it is massaged.
const HIP_EDGES: [Row; 4] =
    [(-86.0, 12.0, 106.0), (-62.0, 3.0, 110.0), (-34.0, -2.0, 110.0), (-10.0, -0.5, 104.0)];
/// Those of the leg.
const EDGES: [Row; 19] = [
    (0.0, 1.0, 98.0),
    (60.0, 3.0, 95.0),
    (130.0, 9.5, 87.0),
    (190.0, 17.0, 79.5),
    (226.0, 20.0, 77.5),
    (262.0, 20.5, 79.0),
    (300.0, 17.0, 81.0),
    (340.0, 10.5, 86.5),
    (378.0, 11.0, 88.5),
    (430.0, 22.0, 79.0),
    (484.0, 32.5, 67.5),
    (514.0, 35.5, 64.5),
    (534.0, 31.5, 68.5),
    (554.0, 34.0, 66.5),
    (574.0, 30.0, 69.5),
    (598.0, 30.0, 68.0),
    (622.0, 30.0, 61.0),
    (650.0, 23.5, 72.0),
    (672.0, 25.0, 75.5),
];
/// The places of regions in the table of edges, from the bottom up.
const REGION_EDGES: [(Region, usize, usize); 5] = [
    (Region::FOOT, 13, 18),
    (Region::ANKLE, 10, 13),
    (Region::CALF, 6, 10),
    (Region::KNEE, 4, 6),
    (Region::THIGH, 0, 4),
];
/// The sole, within the foot: where its middle is, how far across and down.
const SOLE: (Point, f32, f32) = (at(47.5, 640.0), 16.0, 27.0);
/// The letter of the foot stands above it.
const FOOT_LETTER: Point = at(49.0, 580.0);
/// The toes: where, how far across and down.
const TOES: [(f32, f32, f32, f32); 5] = [
    (67.5, 683.0, 8.8, 13.0),
    (52.5, 685.5, 5.9, 10.0),
    (43.0, 682.5, 5.3, 9.0),
    (34.5, 677.5, 4.9, 8.2),
    (27.5, 670.0, 4.5, 7.2),
];
const KNEE: usize = 5;
const HEEL: usize = 13;
const LEG_WIDTH: f32 = 100.0;
const BETWEEN: f32 = 26.0;
const HEIGHT: f32 = 697.0;

/// The picture, `width` wide, and how high it is.
pub fn legs(card: &Card, width: f32) -> (Vec<Shape>, f32) {
    let scale = width / (2.0 * LEG_WIDTH + BETWEEN);
    let drawing = Drawing::of(card);
    let mut shapes: Vec<Shape> =
        SIDES.iter().flat_map(|leg| drawing.leg(card, *leg, scale)).collect();
    shapes.extend(arrow(width / 2.0, at(70.0 - drawing.top, 500.0 - drawing.top), scale));
    (shapes, (HEIGHT - drawing.top) * scale)
}

/// The edges that are drawn.
struct Drawing {
    rows: Vec<Row>,
    /// So many of them are above the leg.
    above: usize,
    /// Where the uppermost is.
    top: f32,
}

impl Drawing {
    fn of(card: &Card) -> Drawing {
        let hip = SIDES.iter().any(|leg| card.uses(*leg, Region::HIP));
        let above = if hip { &HIP_EDGES[..] } else { &[] };
        let top = above.first().map_or(0.0, |row| row.0);
        Drawing { rows: [above, &EDGES[..]].concat(), above: above.len(), top }
    }

    /// Where every region is that is stroked on `leg`, from the bottom up, and the middle of
    /// it.
    fn regions(&self, card: &Card, leg: Leg) -> Vec<(Region, Outline, Point)> {
        let mut places: Vec<(Region, usize, usize)> = REGION_EDGES
            .iter()
            .map(|(region, top, bottom)| (*region, top + self.above, bottom + self.above))
            .collect();
        places.push((Region::HIP, 0, self.above));
        let parts = places.into_iter().map(|(region, top, bottom)| {
            let outline = closed(&self.rows, top, bottom);
            let foot = region == Region::FOOT;
            (region, outline, if foot { FOOT_LETTER } else { centre(&self.rows, top, bottom) })
        });
        let (middle, across, down) = SOLE;
        let sole = (Region::SOLE, Outline::ellipse(middle, across, down), at(middle.x, middle.y));
        // The sole lies on the foot.
        let all = parts.chain([sole]).filter(|(region, ..)| card.uses(leg, *region));
        all.collect()
    }

    /// One leg: its skin, its regions, its edge, its letters.
    fn leg(&self, card: &Card, leg: Leg, scale: f32) -> Vec<Shape> {
        let place = |p: Point| match leg {
            Leg::Right => at((2.0 * LEG_WIDTH + BETWEEN - p.x) * scale, (p.y - self.top) * scale),
            Leg::Left | Leg::Both => at(p.x * scale, (p.y - self.top) * scale),
        };
        let put = |outline: Outline| outline.mapped(place);
        let edge = |outline: Outline, width| Shape::Line(put(outline), INK, width);
        let rows = &self.rows;
        let whole = closed(rows, 0, rows.len() - 1);
        let mut shapes = Vec::new();
        for (x, y, across, down) in TOES {
            let toe = Outline::ellipse(at(x, y), across, down);
            shapes.extend([Shape::Fill(put(toe.clone()), SKIN), edge(toe, 1.1)]);
        }
        shapes.push(Shape::Fill(put(whole.clone()), SKIN));
        shapes.push(Shape::Line(put(crease(rows, KNEE + self.above, 0.55)), GREY, 0.9));
        let regions = self.regions(card, leg);
        for (region, outline, _) in &regions {
            shapes.extend(area(*region, put(outline.clone())));
        }
        shapes.push(Shape::Line(put(crease(rows, HEEL + self.above, 0.8)), GREY, 0.9));
        shapes.push(edge(whole, 1.5));
        let letters = card.regions();
        for (region, _, middle) in regions {
            let letter = letters.get(&region).map_or('?', |(letter, _)| *letter);
            shapes.extend(badge(on_leg(letter, leg), place(middle)));
        }
        shapes
    }
}

/// The colour and the lines of a region.
pub fn area(region: Region, outline: Outline) -> Vec<Shape> {
    let look = look(region);
    let lines = look.hatch.across(&outline, 5.0);
    let lines = lines.into_iter().map(|line| Shape::Line(line, look.line, 1.1));
    let fill = [Shape::Fill(outline.clone(), look.fill)];
    fill.into_iter().chain(lines).chain([Shape::Line(outline.clone(), INK, 1.1)]).collect()
}

/// The letter of a region on a white disc.
pub fn badge(letter: char, centre: Point) -> Vec<Shape> {
    const RADIUS: f32 = 9.0;
    let letter = Style { weight: Weight::Bold, size: 14.0 }.set(&letter.to_string());
    let disc = Outline::ellipse(centre, RADIUS, RADIUS);
    let low = letter.text.chars().all(|c| "acegmnopqrsuvwxyz".contains(c));
    let height = letter.size * if low { SMALL_LETTERS } else { CAPITALS };
    let start = at(centre.x - letter.width / 2.0, centre.y + height / 2.0);
    vec![
        Shape::Fill(disc.clone(), PAPER),
        Shape::Line(disc, INK, 1.0),
        Shape::Text(letter, start, INK),
    ]
}

fn centre(rows: &[Row], top: usize, bottom: usize) -> Point {
    let (from, to) = (rows[top].0, rows[bottom].0);
    let middle = rows[top..=bottom].iter().map(|(_, outer, inner)| (outer + inner) / 2.0);
    at(middle.sum::<f32>() / (bottom - top + 1) as f32, (from + to) / 2.0 + 3.0)
}

/// The way is always up: an arrow between the legs, from the lower to the upper end.
pub fn arrow(x: f32, ends: Point, scale: f32) -> Vec<Shape> {
    let (top, bottom) = (ends.x * scale, ends.y * scale);
    let head = [at(x, top - 9.0), at(x - 6.5, top + 5.0), at(x + 6.5, top + 5.0)];
    vec![
        Shape::Line(Outline::line(at(x, bottom), at(x, top + 4.0)), INK, 3.0),
        Shape::Fill(Outline::polygon(&head), INK),
    ]
}

/// The part of a leg between two rows of the table.
fn closed(rows: &[Row], top: usize, bottom: usize) -> Outline {
    let mut segments = vec![Segment::Move(outer(&rows[top]))];
    segments.extend((top..bottom).map(|n| edge(rows, outer, n, n + 1)));
    segments.push(cut(outer(&rows[bottom]), inner(&rows[bottom])));
    segments.extend((top..bottom).rev().map(|n| edge(rows, inner, n + 1, n)));
    segments.push(cut(inner(&rows[top]), outer(&rows[top])));
    segments.push(Segment::Close);
    Outline(segments)
}

fn outer(row: &Row) -> Point {
    at(row.1, row.0)
}

fn inner(row: &Row) -> Point {
    at(row.2, row.0)
}

/// The curve from one row to a neighbour. Its slope at a row is that from the row before
/// to the row after, so that curves go on smoothly.
fn edge(rows: &[Row], side: fn(&Row) -> Point, from: usize, to: usize) -> Segment {
    let side = |row: usize| side(&rows[row]);
    let slope = |row: usize| {
        let (before, after) = (side(row.saturating_sub(1)), side((row + 1).min(rows.len() - 1)));
        (after.x - before.x) / (after.y - before.y)
    };
    let third = (side(to).y - side(from).y) / 3.0;
    let toward = |row: usize, by: f32| at(side(row).x + slope(row) * by, side(row).y + by);
    Segment::Curve(toward(from, third), toward(to, -third), side(to))
}

/// Across a leg, sagging a little, for legs are round.
fn cut(from: Point, to: Point) -> Segment {
    let sag = 0.09 * (to.x - from.x).abs();
    let part = |share: f32| at(from.x + (to.x - from.x) * share, from.y + sag);
    Segment::Curve(part(0.25), part(0.75), to)
}

/// A fold of the skin, over a share of the width.
fn crease(rows: &[Row], row: usize, share: f32) -> Outline {
    let (from, to) = (outer(&rows[row]), inner(&rows[row]));
    let aside = (to.x - from.x) * (1.0 - share) / 2.0;
    let sag = 3.0;
    let (from, to) = (at(from.x + aside, from.y + sag), at(to.x - aside, to.y + sag));
    Outline(vec![Segment::Move(from), cut(from, to)])
}
