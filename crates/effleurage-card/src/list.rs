//! The steps of a session, one below the other, at a given size.

use super::content::{Card, Row, SIDES, Step, StrokeStep, WordStep};
use super::font::{ASCENT, CAPITALS, DESCENT, Run, Weight};
use super::palette::{GREY, INK, ZoneLook, look, on_leg};
use super::paragraph::Style;
use super::piece::Piece;
use super::shape::{Outline, Shape, at};

/// What is shown, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Density {
    /// The size of most text, in points.
    pub size: f32,
    /// How steps without strokes are shown.
    pub words: WordSteps,
}

/// How steps without strokes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordSteps {
    /// Each on a line of its own.
    Apart,
    /// One after the other on the same lines.
    Together,
    /// Not at all.
    Hidden,
}

/// A step in the list, or several without strokes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it looks like.
    pub piece: Piece,
    /// Whether it stands apart from what is above and below it.
    pub apart: bool,
}

/// The list of a card at some density, `width` wide.
pub struct List<'a> {
    card: &'a Card,
    density: Density,
    width: f32,
    columns: Columns,
}

impl<'a> List<'a> {
    /// Measures the columns; `None` where they are too wide.
    pub fn new(card: &'a Card, density: Density, width: f32) -> Option<List<'a>> {
        let columns = Columns::of(card, density.size);
        (columns.width() <= width).then_some(List { card, density, width, columns })
    }

    /// The heads of the columns.
    pub fn heads(&self) -> Piece {
        let style = Style { weight: Weight::Regular, size: (self.density.size * 0.78).max(10.5) };
        let mut piece = Piece { height: style.size * (ASCENT + DESCENT), ..Piece::default() };
        for (head, right) in self.columns.heads.iter().zip(self.columns.rights(self.width)) {
            let run = style.set(head);
            let start = at(right - run.width, style.size * ASCENT);
            piece.shapes.push(Shape::Text(run, start, GREY));
        }
        piece
    }

    /// Every step that is shown, in order.
    pub fn entries(&self) -> Vec<Entry> {
        let both_words = |a: &Step, b: &Step| matches!((a, b), (Step::Words(_), Step::Words(_)));
        self.card.steps.chunk_by(both_words).flat_map(|steps| self.like(steps)).collect()
    }

    /// Steps without strokes, or one with strokes.
    fn like(&self, steps: &[Step]) -> Vec<Entry> {
        if let [Step::Strokes(step)] = steps {
            return vec![Entry { piece: self.strokes(step), apart: true }];
        }
        let words = steps.iter().filter_map(|step| match step {
            Step::Words(step) => Some(step),
            Step::Strokes(_) => None,
        });
        let pieces: Vec<Piece> = match self.density.words {
            WordSteps::Apart => words.map(|step| self.words(step)).collect(),
            WordSteps::Together => vec![self.joined(words)],
            WordSteps::Hidden => Vec::new(),
        };
        pieces.into_iter().map(|piece| Entry { piece, apart: false }).collect()
    }

    /// Steps without strokes, one after the other: times stand out of the titles.
    fn joined<'s>(&self, steps: impl Iterator<Item = &'s WordStep>) -> Piece {
        let size = self.density.size;
        let (time, word) = (Weight::Bold, Weight::Regular);
        let space = size * 0.25;
        let (mut x, mut piece) = (0.0, Piece { height: self.line(), ..Piece::default() });
        let texts = steps.flat_map(|step| {
            let title = step.title.split_whitespace().map(|text| (text, word));
            [(step.begins.as_str(), time)].into_iter().chain(title)
        });
        for (text, weight) in texts {
            let run = Style { weight, size }.fitted(text, self.width);
            x += if weight == time && x > 0.0 { 2.5 * space } else { 0.0 };
            if x > 0.0 && x + run.width > self.width {
                x = 0.0;
                piece.height += self.line();
            }
            let end = x + run.width + space;
            let base = piece.height - self.line() + size * ASCENT;
            piece.shapes.push(Shape::Text(run, at(x, base), INK));
            x = end;
        }
        piece
    }

    fn line(&self) -> f32 {
        self.density.size * 1.24
    }

    /// What every step begins with: its time, and room for its title after it.
    fn heading(&self, begins: &str, title: &str, style: Style, most: usize) -> Piece {
        let time = Style { weight: Weight::Bold, ..style }.set(begins);
        let indent = self.columns.name;
        let lines = style.wrapped(title, self.width - indent, most);
        let line = style.size * 1.2;
        let base = style.size * ASCENT;
        let mut shapes = vec![Shape::Text(time, at(0.0, base), INK)];
        let height = line * lines.len().max(1) as f32;
        for (n, run) in lines.into_iter().enumerate() {
            shapes.push(Shape::Text(run, at(indent, base + line * n as f32), INK));
        }
        Piece { shapes, height }
    }

    fn words(&self, step: &WordStep) -> Piece {
        let style = Style { weight: Weight::Regular, size: self.density.size };
        self.heading(&step.begins, &step.title, style, 2)
    }

    fn strokes(&self, step: &StrokeStep) -> Piece {
        let size = self.density.size;
        let style = Style { weight: Weight::Bold, size: size * 1.12 };
        let mut piece = self.heading(&step.begins, &step.title, style, 2);
        for manner in &step.manners {
            let style = Style { weight: Weight::Regular, size };
            let indent = self.columns.name;
            for run in style.wrapped(&manner.title, self.width - indent, 2) {
                piece.shapes.push(Shape::Text(run, at(indent, piece.height + size * ASCENT), INK));
                piece.height += self.line();
            }
            for row in &manner.rows {
                let shapes = self.row(row);
                piece.shapes.extend(shapes.iter().map(|shape| shape.moved(0.0, piece.height)));
                piece.height += self.line();
            }
        }
        piece
    }

    /// A zone: its sign for each leg, its name, its figures.
    fn row(&self, row: &Row) -> Vec<Shape> {
        let size = self.density.size;
        let style = Style { weight: Weight::Regular, size };
        let base = size * ASCENT;
        let mut shapes = Vec::new();
        let legs = SIDES.iter().zip(&row.begins).filter(|(_, begins)| begins.is_some());
        for (n, (leg, _)) in legs.enumerate() {
            let letter = on_leg(row.letter, *leg);
            shapes.extend(chip(look(row.zone), letter, size, n as f32 * size * CHIP_STEP));
        }
        let name = style.set(&row.name);
        shapes.push(Shape::Text(name, at(self.columns.name, base), INK));
        let cells = self.columns.cells(row);
        for (cell, right) in cells.into_iter().zip(self.columns.rights(self.width)) {
            let run = style.set(&cell);
            let start = at(right - run.width, base);
            shapes.push(Shape::Text(run, start, INK));
        }
        shapes
    }
}

/// From one sign of a zone to the next, and how large it is, in sizes of text.
const CHIP_STEP: f32 = 1.22;
const CHIP: f32 = 1.08;

/// The sign of a zone: its colour and its letter.
fn chip(look: &ZoneLook, letter: char, size: f32, x: f32) -> Vec<Shape> {
    let side = size * CHIP;
    let top = size * (ASCENT - CAPITALS / 2.0) - side / 2.0;
    let square = Outline::rounded(at(x, top), side, side, side * 0.22);
    let letter: Run = Style { weight: Weight::Bold, size: size * 0.92 }.set(&letter.to_string());
    // On one line with its neighbour, capital or not.
    let base = top + (side + CAPITALS * letter.size) / 2.0;
    let start = at(x + (side - letter.width) / 2.0, base);
    vec![
        Shape::Fill(square.clone(), look.fill),
        Shape::Line(square, INK, 0.8),
        Shape::Text(letter, start, look.ink),
    ]
}

/// How wide the columns are.
struct Columns {
    /// Where titles and the names of zones begin, and where the latter end.
    name: f32,
    name_end: f32,
    /// Which legs have times of their own.
    legs: Vec<usize>,
    heads: Vec<String>,
    widths: Vec<f32>,
    gap: f32,
}

impl Columns {
    fn of(card: &Card, size: f32) -> Columns {
        let style = Style { weight: Weight::Regular, size };
        let width = |text: &str| style.set(text).width;
        let widest = |texts: &mut dyn Iterator<Item = f32>| texts.fold(0.0, f32::max);
        let legs: Vec<usize> = (0..2).filter(|n| card.uses_leg(SIDES[*n])).collect();
        let words = &card.words;
        let mut heads: Vec<String> = match legs.as_slice() {
            [_] => vec![words.begins.clone()],
            _ => vec![words.left.clone(), words.right.clone()],
        };
        heads.extend([&words.lasts, &words.strokes, &words.per_minute].map(String::clone));
        let times = card.steps.iter().map(|step| match step {
            Step::Words(step) => width(&step.begins),
            Step::Strokes(step) => {
                Style { weight: Weight::Bold, size: size * 1.12 }.set(&step.begins).width
            }
        });
        let time = widest(&mut times.into_iter());
        let chips = size * CHIP_STEP * legs.len().max(1) as f32;
        let name = time.max(chips) + size * 0.5;
        let name_end = name + widest(&mut card.rows().map(|row| width(&row.name)));
        let mut columns =
            Columns { name, name_end, legs, heads, widths: Vec::new(), gap: size * 0.6 };
        let head = Style { weight: Weight::Regular, size: (size * 0.78).max(10.5) };
        let heads = columns.heads.iter().map(|text| head.set(text).width);
        let mut widths: Vec<f32> = heads.collect();
        for row in card.rows() {
            for (known, cell) in widths.iter_mut().zip(columns.cells(row)) {
                *known = known.max(width(&cell));
            }
        }
        columns.widths = widths;
        columns
    }

    /// The figures of a row, in the order of the heads.
    fn cells(&self, row: &Row) -> Vec<String> {
        let none = || "–".to_owned();
        let begins = self.legs.iter().map(|n| row.begins[*n].clone().unwrap_or_else(none));
        begins.chain([&row.lasts, &row.strokes, &row.per_minute].map(String::clone)).collect()
    }

    fn width(&self) -> f32 {
        self.name_end + self.widths.iter().map(|width| width + self.gap).sum::<f32>()
    }

    /// Where each column of figures ends; what room is left is shared among them.
    fn rights(&self, width: f32) -> Vec<f32> {
        let spare = (width - self.width()).max(0.0) / self.widths.len() as f32;
        let mut right = self.name_end;
        let next = |column: &f32| {
            right += self.gap + spare + column;
            right
        };
        self.widths.iter().map(next).collect()
    }
}
