//! Two legs from behind, as the giver sees them and as one's own are felt: the left one
//! on the left, the soles at the bottom, the thighs at the top.
//!
//! The edge of a leg is a smooth curve through the points of a table.

use super::content::{Card, SIDES};
use super::font::{CAPITALS, SMALL_LETTERS, Weight};
use super::palette::{self, GREY, INK, PAPER, SKIN, ZoneLook};
use super::paragraph::Style;
use super::shape::{Outline, Point, Segment, Shape, at};
use crate::routine::words::{Leg, Zone};

/// Where the edges of a left leg are: how far down, the outer edge, the inner edge.
const EDGES: [(f32, f32, f32); 19] = [
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
/// The zones' places in the table of edges, from the bottom up.
const ZONE_EDGES: [(Zone, usize, usize); 4] =
    [(Zone::Ankle, 10, 13), (Zone::Calf, 6, 10), (Zone::Knee, 4, 6), (Zone::Thigh, 0, 4)];
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
    let mut shapes: Vec<Shape> = SIDES.iter().flat_map(|leg| drawn(card, *leg, scale)).collect();
    shapes.extend(arrow(width / 2.0, at(70.0, 500.0), scale));
    (shapes, HEIGHT * scale)
}

/// One leg: its skin, its zones, its edge, its letters.
fn drawn(card: &Card, leg: Leg, scale: f32) -> Vec<Shape> {
    let place = |p: Point| match leg {
        Leg::Right => at((2.0 * LEG_WIDTH + BETWEEN - p.x) * scale, p.y * scale),
        Leg::Left | Leg::Both => at(p.x * scale, p.y * scale),
    };
    let put = |outline: Outline| outline.mapped(place);
    let edge = |outline: Outline, width| Shape::Line(put(outline), INK, width);
    let whole = closed(0, EDGES.len() - 1);
    let mut shapes = Vec::new();
    for (x, y, across, down) in TOES {
        let toe = Outline::ellipse(at(x, y), across, down);
        shapes.extend([Shape::Fill(put(toe.clone()), SKIN), edge(toe, 1.1)]);
    }
    shapes.push(Shape::Fill(put(whole.clone()), SKIN));
    shapes.push(Shape::Line(put(crease(KNEE, 0.55)), GREY, 0.9));
    for (zone, top, bottom) in ZONE_EDGES.into_iter().filter(|(zone, ..)| card.uses(leg, *zone)) {
        let look = palette::look(zone);
        let outline = put(closed(top, bottom));
        shapes.push(Shape::Fill(outline.clone(), look.fill));
        let lines = look.hatch.across(&outline, 5.0);
        shapes.extend(lines.into_iter().map(|line| Shape::Line(line, look.line, 1.1)));
        shapes.push(Shape::Line(outline, INK, 1.1));
    }
    shapes.push(Shape::Line(put(crease(HEEL, 0.8)), GREY, 0.9));
    shapes.push(edge(whole, 1.5));
    for (zone, top, bottom) in ZONE_EDGES.into_iter().filter(|(zone, ..)| card.uses(leg, *zone)) {
        shapes.extend(badge(palette::look(zone), leg, place(centre(top, bottom))));
    }
    shapes
}

/// The letter of a zone on a white disc.
fn badge(look: &ZoneLook, leg: Leg, centre: Point) -> Vec<Shape> {
    const RADIUS: f32 = 9.0;
    let letter = Style { weight: Weight::Bold, size: 14.0 }.set(&look.letter_on(leg).to_string());
    let disc = Outline::ellipse(centre, RADIUS, RADIUS);
    let low = matches!(letter.text.as_str(), "a" | "c");
    let height = letter.size * if low { SMALL_LETTERS } else { CAPITALS };
    let start = at(centre.x - letter.width / 2.0, centre.y + height / 2.0);
    vec![
        Shape::Fill(disc.clone(), PAPER),
        Shape::Line(disc, INK, 1.0),
        Shape::Text(letter, start, INK),
    ]
}

fn centre(top: usize, bottom: usize) -> Point {
    let (from, to) = (EDGES[top].0, EDGES[bottom].0);
    let middle = EDGES[top..=bottom].iter().map(|(_, outer, inner)| (outer + inner) / 2.0);
    at(middle.sum::<f32>() / (bottom - top + 1) as f32, (from + to) / 2.0 + 3.0)
}

/// The way is always up: an arrow between the legs, from the lower to the upper end.
fn arrow(x: f32, ends: Point, scale: f32) -> Vec<Shape> {
    let (top, bottom) = (ends.x * scale, ends.y * scale);
    let head = [at(x, top - 9.0), at(x - 6.5, top + 5.0), at(x + 6.5, top + 5.0)];
    vec![
        Shape::Line(Outline::line(at(x, bottom), at(x, top + 4.0)), INK, 3.0),
        Shape::Fill(Outline::polygon(&head), INK),
    ]
}

/// The part of a leg between two rows of the table.
fn closed(top: usize, bottom: usize) -> Outline {
    let mut segments = vec![Segment::Move(outer(top))];
    segments.extend((top..bottom).map(|n| edge(outer, n, n + 1)));
    segments.push(cut(outer(bottom), inner(bottom)));
    segments.extend((top..bottom).rev().map(|n| edge(inner, n + 1, n)));
    segments.push(cut(inner(top), outer(top)));
    segments.push(Segment::Close);
    Outline(segments)
}

fn outer(row: usize) -> Point {
    at(EDGES[row].1, EDGES[row].0)
}

fn inner(row: usize) -> Point {
    at(EDGES[row].2, EDGES[row].0)
}

/// The curve from one row to a neighbour. Its slope at a row is that from the row before
/// to the row after, so that curves go on smoothly.
fn edge(side: fn(usize) -> Point, from: usize, to: usize) -> Segment {
    let slope = |row: usize| {
        let (before, after) = (side(row.saturating_sub(1)), side((row + 1).min(EDGES.len() - 1)));
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
fn crease(row: usize, share: f32) -> Outline {
    let (from, to) = (outer(row), inner(row));
    let aside = (to.x - from.x) * (1.0 - share) / 2.0;
    let sag = 3.0;
    let (from, to) = (at(from.x + aside, from.y + sag), at(to.x - aside, to.y + sag));
    Outline(vec![Segment::Move(from), cut(from, to)])
}
