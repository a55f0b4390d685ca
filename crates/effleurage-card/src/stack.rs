//! The list of steps in the room that there is for it.

use super::content::{Card, Step};
use super::font::{ASCENT, Weight};
use super::list::{Density, Entry, List, WordSteps};
use super::palette::{INK, RULE};
use super::paragraph::Style;
use super::piece::Piece;
use super::shape::{Outline, Shape, at};

/// White above and below a rule, in sizes of text.
const LEAST_AIR: f32 = 0.22;
const MOST_AIR: f32 = 0.8;
/// The room of the line that tells what is missing.
const NOTE: f32 = 1.5;

/// Still read from beside the bed, in points.
const SMALLEST: f32 = 12.0;

/// The sizes to try, from one that is read from afar to the smallest that still is from
/// beside the bed; steps without strokes give way before letters become small. What comes
/// after is for sessions of many hours, whose times are too wide at any other size.
fn densities() -> impl Iterator<Item = Density> {
    let sizes = |from: u8, to: u8, words| {
        (to..=from).rev().map(move |half| Density { size: f32::from(half) / 2.0, words })
    };
    let any = [WordSteps::Apart, WordSteps::Together, WordSteps::Hidden];
    let small = sizes(27, 24, WordSteps::Apart)
        .flat_map(move |density| any.map(|words| Density { words, ..density }));
    sizes(36, 27, WordSteps::Apart)
        .chain(sizes(28, 26, WordSteps::Together))
        .chain(small)
        .chain(sizes(23, 16, WordSteps::Apart))
}

/// The steps as large as they fit; of too many, the first, and how many more there are.
pub fn list(card: &Card, width: f32, height: f32) -> Piece {
    let strokes = card.steps.iter().filter(|step| matches!(step, Step::Strokes(_))).count();
    let word_steps = card.steps.len() - strokes;
    // Thousands of steps need not be set at every size to know that they do not fit.
    let hopeless = |size: f32| strokes as f32 * size > height && size > SMALLEST;
    let mut smallest = None;
    for density in densities().filter(|density| !hopeless(density.size)) {
        if density.size < SMALLEST && smallest.is_some() {
            break;
        }
        let Some(list) = List::new(card, density, width) else { continue };
        let hidden = if density.words == WordSteps::Hidden { word_steps } else { 0 };
        let (heads, entries) = (list.heads(), list.entries());
        let stack = Stack { heads, entries, hidden, density, width };
        let spare = height - stack.height(LEAST_AIR);
        match hidden {
            0 if spare >= 0.0 => return stack.drawn(stack.airy(spare)),
            1.. if spare >= stack.note().size * NOTE => return stack.cut(card, height),
            _ => {}
        }
        smallest = Some(stack);
    }
    smallest.map_or(Piece::default(), |stack| stack.cut(card, height))
}

/// Entries below one another, with rules between those that stand apart.
struct Stack {
    heads: Piece,
    entries: Vec<Entry>,
    /// How many steps have no entry.
    hidden: usize,
    density: Density,
    width: f32,
}

impl Stack {
    /// Whether there is a rule over the entry.
    fn has_rule(&self, n: usize) -> bool {
        n > 0 && (self.entries[n - 1].apart || self.entries[n].apart)
    }

    fn rules(&self) -> usize {
        (0..self.entries.len()).filter(|n| self.has_rule(*n)).count()
    }

    /// With this air above and below each rule.
    fn height(&self, air: f32) -> f32 {
        let entries: f32 = self.entries.iter().map(|entry| entry.piece.height).sum();
        self.heads.height + entries + 2.0 * air * self.density.size * self.rules() as f32
    }

    /// The air that fills `spare` room, within bounds.
    fn airy(&self, spare: f32) -> f32 {
        let more = spare / (2.0 * self.density.size * self.rules().max(1) as f32);
        (LEAST_AIR + more).min(MOST_AIR)
    }

    fn drawn(&self, air: f32) -> Piece {
        let mut all = self.heads.clone();
        for (n, entry) in self.entries.iter().enumerate() {
            if self.has_rule(n) {
                let air = air * self.density.size;
                let y = all.height + air;
                let rule = Outline::line(at(0.0, y), at(self.width, y));
                all.shapes.push(Shape::Line(rule, RULE, 0.7));
                all.height = y + air;
            }
            let below = all.height;
            all.put(&entry.piece, 0.0, below);
            all.height += entry.piece.height;
        }
        all
    }

    /// How it is told that steps are missing.
    fn note(&self) -> Style {
        Style { weight: Weight::Bold, size: self.density.size }
    }

    /// Without the last entries, where there are too many; it is told how many steps are
    /// missing.
    fn cut(mut self, card: &Card, height: f32) -> Piece {
        let style = self.note();
        let room = height - style.size * NOTE;
        let mut missing = self.hidden;
        while self.height(LEAST_AIR) > room && self.entries.pop().is_some() {
            missing += 1;
        }
        let mut all = self.drawn(LEAST_AIR);
        let words = &card.words.more[usize::from(missing != 1)];
        let run = style.fitted(&format!("… {missing} {words}"), self.width);
        let base = all.height + style.size * (0.3 + ASCENT);
        all.shapes.push(Shape::Text(run, at(0.0, base), INK));
        all
    }
}
