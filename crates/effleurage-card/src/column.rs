//! Regions besides those of the leg, as boxes on top of each other: the lowest at the
//! bottom, the left side on the left.

use super::content::{Card, SIDES};
use super::font::Weight;
use super::leg::{area, arrow, badge};
use super::palette::{INK, SKIN, on_leg};
use super::paragraph::Style;
use super::shape::{Outline, Shape, at};

const BOX_WIDTH: f32 = 96.0;
const BETWEEN: f32 = 34.0;
/// A box with its name, and so much of all regions together at most.
const STEP: f32 = 100.0;
const HIGHEST: f32 = 690.0;
/// How much of a step is the box.
const BOX: f32 = 0.74;
const NAME_SIZE: f32 = 12.0;
/// A name that is smaller than this cannot be read, and the list tells it as well.
const SMALLEST_NAME: f32 = 6.0;
/// A box that is lower than this has no room for its letter.
const LOWEST_WITH_LETTER: f32 = 20.0;

/// The picture, `width` wide, and how high it is.
pub fn column(card: &Card, width: f32) -> (Vec<Shape>, f32) {
    let scale = width / (2.0 * BOX_WIDTH + BETWEEN);
    let regions = card.regions();
    let step = STEP.min(HIGHEST / regions.len().max(1) as f32) * scale;
    let (across, down) = (BOX_WIDTH * scale, step * BOX);
    let name_size = NAME_SIZE.min((step - down) * 0.75);
    let height = step * regions.len() as f32;
    let mut shapes = Vec::new();
    for (n, (region, (letter, title))) in regions.iter().enumerate() {
        let top = height - step * n as f32 - down;
        if name_size >= SMALLEST_NAME {
            let run = Style { weight: Weight::Bold, size: name_size }.fitted(title, across);
            shapes.push(Shape::Text(run, at(0.0, top - name_size * 0.3), INK));
        }
        for (side, leg) in SIDES.into_iter().enumerate() {
            let left = (BOX_WIDTH + BETWEEN) * scale * side as f32;
            let outline = Outline::rounded(at(left, top), across, down, 8.0_f32.min(down / 3.0));
            if !card.uses(leg, *region) {
                shapes.push(Shape::Fill(outline.clone(), SKIN));
                shapes.push(Shape::Line(outline, INK, 1.1));
                continue;
            }
            shapes.extend(area(*region, outline));
            if down >= LOWEST_WITH_LETTER {
                let middle = at(left + across / 2.0, top + down / 2.0);
                shapes.extend(badge(on_leg(*letter, leg), middle));
            }
        }
    }
    let ends = at((step - down) / scale + 12.0, height / scale - 16.0);
    shapes.extend(arrow(width / 2.0, ends, scale));
    (shapes, height)
}
