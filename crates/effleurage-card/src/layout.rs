//! Where everything stands on the page.

use super::column::column;
use super::content::{Card, SIDES};
use super::font::{ASCENT, CAPITALS, DESCENT, Weight};
use super::leg::legs;
use super::palette::{GREY, INK, PAPER};
use super::paper::Paper;
use super::paragraph::Style;
use super::piece::Piece;
use super::shape::{Outline, Page, Shape, at};
use super::square::square;
use super::stack::list;
use effleurage_core::body::Region;

/// Printers leave this much white.
const MARGIN: f32 = 32.0;
/// The legs, and the room between them and the list.
const LEGS_WIDTH: f32 = 146.0;
const LEGS_GAP: f32 = 20.0;
/// Between the parts of the page.
const GAP: f32 = 14.0;
/// A title longer than this is cut.
const MOST_TITLE_LINES: usize = 2;

/// `card` on one sheet of `paper`, or as a cover.
pub fn page(card: &Card, paper: Paper) -> Page {
    let shapes = match paper {
        Paper::Square => square(card, paper.points().0).shapes,
        Paper::A4 | Paper::Letter => sheet(card, paper).shapes,
    };
    Page {
        paper,
        title: super::font::printable(&card.title),
        description: card.description(),
        language: card.language.clone(),
        shapes,
    }
}

/// All of it, to be printed.
fn sheet(card: &Card, paper: Paper) -> Piece {
    let (width, height) = paper.points();
    let inner = width - 2.0 * MARGIN;
    let header = header(card, inner);
    let warnings = warnings(card, inner);
    let top = MARGIN + header.height + GAP;
    let bottom = height - MARGIN - warnings.height - GAP;
    let white =
        Outline::polygon(&[at(0.0, 0.0), at(width, 0.0), at(width, height), at(0.0, height)]);
    let mut sheet = Piece { shapes: vec![Shape::Fill(white, PAPER)], height };
    sheet.put(&header, MARGIN, MARGIN);
    sheet.put(&figure(card, bottom - top), MARGIN, top);
    let list_left = MARGIN + LEGS_WIDTH + LEGS_GAP;
    sheet.put(&list(card, width - MARGIN - list_left, bottom - top), list_left, top);
    sheet.put(&warnings, MARGIN, bottom + GAP);
    sheet
}

/// The title, and how long it takes in all.
fn header(card: &Card, width: f32) -> Piece {
    let clock = Style { weight: Weight::Bold, size: 30.0 }.set(&card.lasts);
    let in_all = Style { weight: Weight::Regular, size: 13.0 }.set(&card.words.in_all);
    let title = Style { weight: Weight::Bold, size: 30.0 };
    let aside = clock.width.max(in_all.width);
    let lines = title.wrapped(&card.title, width - aside - 24.0, MOST_TITLE_LINES);
    let line = title.size * 1.1;
    let base = title.size * CAPITALS;
    let mut shapes = Vec::new();
    let title_height = base + line * lines.len().saturating_sub(1) as f32;
    for (n, run) in lines.into_iter().enumerate() {
        shapes.push(Shape::Text(run, at(0.0, base + line * n as f32), INK));
    }
    let (clock_left, in_all_left) = (width - clock.width, width - in_all.width);
    let clock_height = base + in_all.size * 1.25;
    shapes.push(Shape::Text(clock, at(clock_left, base), INK));
    shapes.push(Shape::Text(in_all, at(in_all_left, clock_height), GREY));
    let height = title_height.max(clock_height) + 11.0;
    shapes.push(Shape::Line(Outline::line(at(0.0, height), at(width, height)), INK, 1.6));
    Piece { shapes, height }
}

/// The legs with their names above and the way below.
fn figure(card: &Card, height: f32) -> Piece {
    let name = Style { weight: Weight::Bold, size: 14.0 };
    let under = Style { weight: Weight::Bold, size: 14.0 };
    let name_height = name.size * 1.5;
    let under_lines = under.wrapped(&card.words.upward, LEGS_WIDTH, 2);
    let under_height = under.size * (0.5 + 1.2 * under_lines.len() as f32);
    let drawing = if card.regions().keys().any(Region::is_own) { column } else { legs };
    let (_, full) = drawing(card, LEGS_WIDTH);
    let room = height - name_height - under_height;
    let width = LEGS_WIDTH * (room / full).min(1.0);
    let aside = (LEGS_WIDTH - width) / 2.0;
    let (drawn, drawn_height) = drawing(card, width);
    let mut shapes: Vec<Shape> =
        drawn.iter().map(|shape| shape.moved(aside, name_height)).collect();
    for (n, (leg, word)) in SIDES.iter().zip([&card.words.left, &card.words.right]).enumerate() {
        let run = name.fitted(word, width / 2.0);
        let centre = aside + width * (0.22 + 0.56 * n as f32);
        let colour = if card.uses_leg(*leg) { INK } else { GREY };
        let start = at(centre - run.width / 2.0, name.size * CAPITALS);
        shapes.push(Shape::Text(run, start, colour));
    }
    let below = name_height + drawn_height + under.size * 0.5;
    for (n, run) in under_lines.into_iter().enumerate() {
        let base = below + under.size * (ASCENT + 1.2 * n as f32);
        let start = at((LEGS_WIDTH - run.width) / 2.0, base);
        shapes.push(Shape::Text(run, start, INK));
    }
    Piece { shapes, height: below + under_height }
}

/// What must be known before, in a frame at the foot of the page.
fn warnings(card: &Card, width: f32) -> Piece {
    const INSET: f32 = 12.0;
    const MOST_LINES: usize = 9;
    let head = Style { weight: Weight::Bold, size: 16.0 };
    let text = Style { weight: Weight::Regular, size: 13.5 };
    let line = text.size * 1.27;
    let lines = text.wrapped(&card.warnings.join(" "), width - 2.0 * INSET, MOST_LINES);
    let sign = head.size * 1.15;
    let mut y = INSET - 2.0 + head.size * ASCENT;
    let mut shapes = sign_of_danger(INSET, y, sign);
    let run = head.fitted(&card.words.before, width - 3.0 * INSET - sign);
    shapes.push(Shape::Text(run, at(INSET + sign + 7.0, y), INK));
    y += head.size * DESCENT + 5.0;
    for run in lines {
        shapes.push(Shape::Text(run, at(INSET, y + text.size * ASCENT * 0.9), INK));
        y += line;
    }
    let height = y + INSET - 3.0;
    let frame = Outline::rounded(at(0.0, 0.0), width, height, 7.0);
    shapes.insert(0, Shape::Line(frame, INK, 1.8));
    Piece { shapes, height }
}

/// A triangle with an exclamation mark, on the line at `base`.
fn sign_of_danger(x: f32, base: f32, width: f32) -> Vec<Shape> {
    let height = width * 0.88;
    let bottom = base + 1.5;
    let corners = [at(x, bottom), at(x + width, bottom), at(x + width / 2.0, bottom - height)];
    let mark = Style { weight: Weight::Bold, size: width * 0.72 }.set("!");
    let start = at(x + (width - mark.width) / 2.0, bottom - height * 0.12);
    let triangle = Outline::polygon(&corners);
    vec![
        Shape::Fill(triangle.clone(), INK),
        Shape::Line(triangle, INK, 1.5),
        Shape::Text(mark, start, PAPER),
    ]
}
