//! The cover of a track: what is massaged, what it is called and how long it is, told apart
//! even where it is as small as a stamp.

use super::column::column;
use super::content::Card;
use super::font::{ASCENT, CAPITALS, Weight};
use super::leg::legs;
use super::palette::{BACKGROUND, INK};
use super::paragraph::Style;
use super::piece::Piece;
use super::shape::{Outline, Shape, at};
use effleurage_core::body::Region;

/// White at the edges, which some players round off.
const MARGIN: f32 = 22.0;
const LEGS_WIDTH: f32 = 92.0;
const GAP: f32 = 16.0;
/// The sizes of the title, the first of which fits on so many lines.
const TITLE_SIZES: [f32; 4] = [40.0, 34.0, 28.0, 23.0];
const MOST_TITLE_LINES: usize = 5;
const CLOCK_SIZE: f32 = 58.0;

/// What is on a cover of this side.
pub fn square(card: &Card, side: f32) -> Piece {
    let corners = [at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side)];
    let ground = Shape::Fill(Outline::polygon(&corners), BACKGROUND);
    let mut sheet = Piece { shapes: vec![ground], height: side };
    let inner = side - 2.0 * MARGIN;
    let width = inner - LEGS_WIDTH - GAP;
    let clock = Style { weight: Weight::Bold, size: CLOCK_SIZE };
    let clock = clock.fitted(&card.lasts, width);
    let base = side - MARGIN;
    let room = inner - CLOCK_SIZE * (CAPITALS + 0.4);
    sheet.put(&title(card, width, room), MARGIN, MARGIN);
    sheet.shapes.push(Shape::Text(clock, at(MARGIN, base), INK));
    let figure = figure(card, inner);
    let down = MARGIN + (inner - figure.height) / 2.0;
    sheet.put(&figure, side - MARGIN - LEGS_WIDTH, down);
    sheet
}

/// The title as large as it fits, and its words whole.
fn title(card: &Card, width: f32, height: f32) -> Piece {
    let set = |size: f32| {
        let style = Style { weight: Weight::Bold, size };
        let most = ((height / (size * 1.12)) as usize).min(MOST_TITLE_LINES);
        (size, style.wrapped(&card.title, width, most))
    };
    let longest = card.title.split(' ');
    let fits = |(size, lines): &(f32, Vec<super::font::Run>)| {
        let style = Style { weight: Weight::Bold, size: *size };
        let is_whole = longest.clone().all(|word| style.set(word).width <= width);
        is_whole && lines.last().is_none_or(|line| !line.text.ends_with('…'))
    };
    let smallest = TITLE_SIZES[TITLE_SIZES.len() - 1];
    let found = TITLE_SIZES.into_iter().map(set).find(fits);
    let (size, lines) = found.unwrap_or_else(|| set(smallest));
    let mut piece = Piece::default();
    for run in lines {
        piece.shapes.push(Shape::Text(run, at(0.0, piece.height + size * ASCENT * 0.9), INK));
        piece.height += size * 1.12;
    }
    piece
}

/// The legs, or whatever regions there are.
fn figure(card: &Card, height: f32) -> Piece {
    let drawing = if card.regions().keys().any(Region::is_own) { column } else { legs };
    let (_, full) = drawing(card, LEGS_WIDTH);
    let width = LEGS_WIDTH * (height / full).min(1.0);
    let (shapes, height) = drawing(card, width);
    let aside = (LEGS_WIDTH - width) / 2.0;
    let shapes = shapes.iter().map(|shape| shape.moved(aside, 0.0)).collect();
    Piece { shapes, height }
}
