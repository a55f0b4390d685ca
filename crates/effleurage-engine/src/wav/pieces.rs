//! Pieces of a track, made side by side and taken in order.

use rayon::prelude::*;

use super::writer::{Stopped, Watch};
use crate::error::Error;
use crate::units::{FrameRange, Length, Position};

/// Pieces that every core has before it at a time.
const EACH: usize = 4;

/// Cuts `range` into pieces of so many `frames`. Each is made by `make`, on whatever core is
/// free, and taken by `take`, one after the other and in order, while the next are made.
///
/// Both get a place for what is made, which is used again and again: memory does not grow
/// with the range. `make` finds in it whatever an earlier piece has left there.
///
/// # Errors
///
/// What `make` and `take` return, the first of the track first, and
/// [`Error::Interrupted`](crate::error::Error::Interrupted).
pub fn in_order<T: Default + Send>(
    range: FrameRange,
    frames: Length,
    watch: &Watch<'_>,
    make: impl Fn(FrameRange, &mut T) -> Result<(), Error> + Sync,
    mut take: impl FnMut(&T) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let batch = EACH * rayon::current_num_threads();
    let mut pieces = range.pieces(frames);
    let (mut now, mut next) = (Batch::default(), Batch::default());
    now.make(&mut pieces, batch, &make);
    while !now.made.is_empty() {
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| next.make(&mut pieces, batch, &make));
            now.take(range.start, watch, &mut take)
        })?;
        std::mem::swap(&mut now, &mut next);
    }
    Ok(())
}

/// Pieces in a row, and the places for what is made of them.
#[derive(Default)]
struct Batch<T> {
    made: Vec<(FrameRange, Result<(), Error>)>,
    places: Vec<T>,
}

impl<T: Default + Send> Batch<T> {
    fn make(
        &mut self,
        pieces: &mut impl Iterator<Item = FrameRange>,
        most: usize,
        make: &(impl Fn(FrameRange, &mut T) -> Result<(), Error> + Sync),
    ) {
        let ranges: Vec<FrameRange> = pieces.take(most).collect();
        self.places.resize_with(ranges.len().max(self.places.len()), T::default);
        let made = ranges.into_par_iter().zip(&mut self.places);
        made.map(|(range, place)| (range, make(range, place))).collect_into_vec(&mut self.made);
    }

    fn take(
        &mut self,
        start: Position,
        watch: &Watch<'_>,
        take: &mut impl FnMut(&T) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        for ((range, made), place) in self.made.drain(..).zip(&self.places) {
            watch.cancel.check().and(made).map_err(Stopped::Told)?;
            take(place)?;
            (watch.progress)(range.end_exclusive().since(start));
        }
        Ok(())
    }
}
