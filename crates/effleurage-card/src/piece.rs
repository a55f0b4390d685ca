//! A part of the page, before it has its place.

use super::shape::Shape;

/// Shapes, drawn from the upper left corner of the room that they take.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// What it looks like.
    pub shapes: Vec<Shape>,
    /// How much room it takes, from top to bottom.
    pub height: f32,
}

impl Piece {
    /// Puts the shapes of `other` into this one, `right` and `down` from its corner.
    pub fn put(&mut self, other: &Piece, right: f32, down: f32) {
        self.shapes.extend(other.shapes.iter().map(|shape| shape.moved(right, down)));
    }
}
