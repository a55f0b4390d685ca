//! Cues, counting in, slowing down, and how it sounds.

use std::time::Duration;

use super::Customised;
use crate::diagnostic::Diagnostic;
use crate::routine::duration::plain;
use crate::routine::phrases::Phrases;
use crate::routine::spanned::Spanned;
use crate::routine::words::{Talk, Word};
use crate::routine::{BedSound, Changes, ClosingCue, TickSound, Vocabulary};

/// Sets what guides the hands besides the author's words.
pub fn change(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let phrases = Phrases::of(vocabulary);
    let Customised { routine, asked, .. } = work;
    let guidance = &mut routine.guidance;
    let written = guidance.clone();
    // Fewer words mean fewer cues, unless they are asked for by name.
    guidance.halfway &= guidance.talk == Talk::Full;
    if guidance.talk == Talk::Ticks {
        guidance.closing_cue = ClosingCue::Off;
    }
    guidance.remind_every = guidance.remind_every.filter(|_| guidance.talk == Talk::Full);
    if let Some(halfway) = changes.top(|layer| &layer.halfway) {
        guidance.halfway = halfway.value;
    }
    if let Some(count_in) = changes.top(|layer| &layer.count_in) {
        guidance.count_in = count_in.value;
    }
    if let Some(slow_down) = changes.top(|layer| &layer.slow_down) {
        guidance.slow_down = slow_down.value;
    }
    if let Some(cue) = changes.top(|layer| &layer.closing_cue) {
        guidance.closing_cue = cue.value;
        let spoken = match cue.value {
            ClosingCue::Spoken(left) => Some(left),
            ClosingCue::Off | ClosingCue::Bell => None,
        };
        work.mistakes.extend(unsaid(&cue.with(spoken), &phrases));
    }
    if let Some(cadence) = changes.top(|layer| &layer.time_left) {
        guidance.time_left = cadence.value.map(|every| cadence.with(every));
        work.mistakes.extend(unsaid(cadence, &phrases));
    }
    if let Some(cadence) = changes.top(|layer| &layer.remind_every) {
        guidance.remind_every = cadence.value;
    }
    let halfway = changes.top(|layer| &layer.halfway).is_some();
    asked.follow("halfway", on_off(written.halfway), on_off(guidance.halfway), halfway);
    let closing = changes.top(|layer| &layer.closing_cue).is_some();
    let cues = [written.closing_cue, guidance.closing_cue].map(closing_cue);
    asked.follow("closing cue", &cues[0], &cues[1], closing);
    let reminders = changes.top(|layer| &layer.remind_every).is_some();
    if !routine.remind.is_empty() {
        let cadences = [written.remind_every, guidance.remind_every].map(lasts);
        asked.follow("reminders, every", &cadences[0], &cadences[1], reminders);
    }
    if reminders && routine.remind.is_empty() && guidance.remind_every.is_some() {
        let note = "reminders: the routine has none, so nothing is said now and then";
        work.notes.push(vocabulary.title(note).to_owned());
    }
    let every =
        |cadence: &Option<Spanned<Duration>>| lasts(cadence.as_ref().map(|every| every.value));
    asked.set("time left, every", every(&written.time_left), every(&guidance.time_left));
    asked.set("count-in", count(written.count_in), count(guidance.count_in));
    asked.set("slow-down", written.slow_down, guidance.slow_down);
}

fn count(ticks: u64) -> String {
    if ticks == 0 { "off".to_owned() } else { ticks.to_string() }
}

/// Sets how it sounds.
pub fn sound(work: &mut Customised, changes: &Changes, vocabulary: &Vocabulary) {
    let Customised { routine, asked, .. } = &mut *work;
    let sound = &mut routine.sound;
    let written = sound.clone();
    let set = |level: &mut _, wanted: Option<&Spanned<_>>| {
        if let Some(wanted) = wanted {
            *level = wanted.value;
        }
    };
    set(&mut sound.tick_level, changes.top(|layer| &layer.tick_level));
    set(&mut sound.voice_level, changes.top(|layer| &layer.voice_level));
    set(&mut sound.bed_level, changes.top(|layer| &layer.bed_level));
    sound.room = changes.top(|layer| &layer.room).map_or(sound.room, |room| room.value);
    sound.pan = changes.top(|layer| &layer.pan).map_or(sound.pan, |pan| pan.value);
    sound.ticks = changes.top(|layer| &layer.ticks).cloned().unwrap_or(sound.ticks.clone());
    sound.bed = changes.top(|layer| &layer.bed).cloned().unwrap_or(sound.bed.clone());
    asked.set("tick level", written.tick_level, sound.tick_level);
    asked.set("voice level", written.voice_level, sound.voice_level);
    asked.set("bed level", written.bed_level, sound.bed_level);
    asked.set("ticks", tick_name(&written.ticks), tick_name(&sound.ticks));
    asked.set("bed", bed_name(&written.bed), bed_name(&sound.bed));
    asked.set("room", written.room, sound.room);
    asked.set("pan", written.pan, sound.pan);
    if *sound.bed == BedSound::Off && sound.bed_level != written.bed_level {
        let note = "bed level: nothing is in the background, so it changes nothing";
        work.notes.push(vocabulary.title(note).to_owned());
    }
}

/// What the voice cannot say.
fn unsaid(at: &Spanned<Option<Duration>>, phrases: &Phrases) -> Option<Diagnostic> {
    let time = at.value.filter(|time| phrases.left(*time).is_none())?;
    let known: Vec<String> = phrases.all_left().map(plain).collect();
    let message = format!("the voice cannot say that {} are left", plain(time));
    let help = format!("it can say {}", known.join(", "));
    Some(Diagnostic::error(at.span.clone(), message).help(help).possible(known))
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn lasts(duration: Option<Duration>) -> String {
    duration.map_or("off".to_owned(), plain)
}

fn closing_cue(cue: ClosingCue) -> String {
    match cue {
        ClosingCue::Bell => "bell".to_owned(),
        ClosingCue::Off => "off".to_owned(),
        ClosingCue::Spoken(left) => plain(left),
    }
}

fn tick_name(ticks: &TickSound) -> String {
    match ticks {
        TickSound::BuiltIn(kit) => kit.word().to_owned(),
        TickSound::File(path) => path.display().to_string(),
    }
}

fn bed_name(bed: &BedSound) -> String {
    match bed {
        BedSound::Off => "off".to_owned(),
        BedSound::Noise(noise) => noise.word().to_owned(),
        BedSound::File(path) => path.display().to_string(),
    }
}
