//! The first seconds of a session, before the rest: so that somebody hears something while
//! forty clips are still to be decoded.

use std::time::Duration;

use effleurage_core::timeline::{Prompt, Timeline};
use effleurage_core::units::{FrameRange, Position};
use effleurage_engine::cancel::CancelToken;
use effleurage_engine::error::Result;
use effleurage_engine::session::{Prepared, Session};

/// Makes the sounds of the first `seconds` ready, all of them where there are none given.
/// With them comes where words are that are not ready, in order: it is quiet there.
pub fn prepare(mut session: Session, seconds: Option<u32>) -> Result<(Prepared, Vec<FrameRange>)> {
    let whole = session.timeline.speech.clone();
    if let Some(seconds) = seconds {
        let needed = needed(&session.timeline, seconds);
        session.timeline.speech.retain(|prompt| needed.contains(&prompt.clip));
    }
    let mut prepared = session.prepare(&CancelToken::default(), &|_, _| ())?;
    let unready = whole.iter().filter(|prompt| !prepared.sounds.clips.contains_key(&prompt.clip));
    let unready = unready.map(|prompt| prompt.range).collect();
    for prompt in &whole {
        let silence = || vec![0.0; prompt.range.length.0 as usize];
        prepared.sounds.clips.entry(prompt.clip.clone()).or_insert_with(silence);
    }
    prepared.timeline.speech = whole;
    Ok((prepared, unready))
}

/// The clips of the first seconds; and those that are said over a chime, for these decide
/// how loud all others may be.
pub fn needed(timeline: &Timeline, seconds: u32) -> Vec<String> {
    let end = timeline.sample_rate.length_of(Duration::from_secs(seconds.into()));
    let end = Position::START + end;
    let over_a_chime = |prompt: &Prompt| {
        let chimes = &timeline.chimes;
        chimes.iter().any(|chime| chime.range.intersection(prompt.range).is_some())
    };
    let needed = timeline.speech.iter();
    let needed = needed.filter(|prompt| prompt.range.start < end || over_a_chime(prompt));
    needed.map(|prompt| prompt.clip.clone()).collect()
}
