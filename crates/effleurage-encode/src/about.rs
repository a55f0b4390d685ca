//! What a copy says of itself.

use effleurage_core::tags::Tags;
use effleurage_core::timeline::Timeline;
use effleurage_engine::cover::Cover;

/// What a copy says of itself.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The session, of which come its chapters.
    pub timeline: &'a Timeline,
    /// Title, artist and the like.
    pub tags: &'a Tags,
    /// The picture that players show beside it.
    pub cover: Option<&'a Cover>,
}
