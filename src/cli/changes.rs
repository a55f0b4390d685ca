//! The flags that change a routine: the same words as in a file.

use clap::Args;

use crate::diagnostic::Source;

/// What a person changes; judged where the keys of files are judged, so that a mistake is
/// told in the same words.
#[derive(Args, Default)]
#[command(next_help_heading = "Make it yours")]
pub struct Changes {
    /// How long zones last: calf=3m, left.thigh=30s, knuckles.calf=40strokes, knee=off
    #[arg(long, value_name = "ZONE=TIME")]
    zone: Vec<String>,
    /// How long the whole track lasts; zones stretch or shrink in proportion
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    total: Option<String>,
    /// Strokes a minute: circles=18 for a technique, 0.9x for all
    #[arg(long, value_name = "PACE")]
    pace: Vec<String>,
    /// Let strokes slow toward the end of each zone, like 10%
    #[arg(long, value_name = "PERCENT")]
    slow_down: Option<String>,
    /// Massage only one leg: left or right (or both)
    #[arg(long, value_name = "LEGS")]
    legs: Option<String>,
    /// The leg that comes first: left or right
    #[arg(long, value_name = "SIDE")]
    first: Option<String>,
    /// How much is said: full, brief, or ticks for nothing but warnings
    #[arg(long, value_name = "AMOUNT")]
    talk: Option<String>,
    /// For varicose or spider veins: light circles, and nothing presses
    #[arg(long)]
    gentle: bool,
    /// Say the warnings in one sentence
    #[arg(long)]
    i_know_the_warnings: bool,
    /// Ticks that count in before the first stroke of a zone, 1 to 8, or off
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    count_in: Option<String>,
    /// Whether the middle of a zone is told: on or off
    #[arg(long, value_name = "ON/OFF")]
    halfway: Option<String>,
    /// How long before its end the end of a zone is told, like 10s, or off
    #[arg(long, value_name = "TIME")]
    closing_cue: Option<String>,
    /// Tell the time that is left in long zones, at this cadence, like 1m
    #[arg(long, value_name = "TIME")]
    time_left: Option<String>,
    /// Louder or softer ticks, -30 to +6 decibels
    #[arg(long, value_name = "DB", allow_hyphen_values = true)]
    tick_level: Option<String>,
    /// A louder or softer voice, -20 to +4 decibels
    #[arg(long, value_name = "DB", allow_hyphen_values = true)]
    voice_level: Option<String>,
    /// The sound of the ticks: soft, wood, drop, or a short sound file
    #[arg(long, value_name = "SOUND")]
    ticks: Option<String>,
    /// A quiet background: rain, brown, a sound file, or off
    #[arg(long, value_name = "SOUND")]
    bed: Option<String>,
    /// A louder or softer background, -30 to +12 decibels
    #[arg(long, value_name = "DB", allow_hyphen_values = true)]
    bed_level: Option<String>,
}

impl Changes {
    /// Each flag with its value, in an order that does not depend on the person's.
    pub fn flags(&self) -> Vec<Source> {
        let switch = |on: bool| on.then(String::new);
        let single = [
            ("--total", self.total.clone()),
            ("--slow-down", self.slow_down.clone()),
            ("--legs", self.legs.clone()),
            ("--first", self.first.clone()),
            ("--talk", self.talk.clone()),
            ("--gentle", switch(self.gentle)),
            ("--i-know-the-warnings", switch(self.i_know_the_warnings)),
            ("--count-in", self.count_in.clone()),
            ("--halfway", self.halfway.clone()),
            ("--closing-cue", self.closing_cue.clone()),
            ("--time-left", self.time_left.clone()),
            ("--tick-level", self.tick_level.clone()),
            ("--voice-level", self.voice_level.clone()),
            ("--ticks", self.ticks.clone()),
            ("--bed", self.bed.clone()),
            ("--bed-level", self.bed_level.clone()),
        ];
        let many = |name: &'static str, values: &[String]| {
            let mut values = values.to_vec();
            values.sort();
            values.into_iter().map(move |value| (name, value)).collect::<Vec<_>>()
        };
        let single = single.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let all = many("--zone", &self.zone).into_iter().chain(many("--pace", &self.pace));
        all.chain(single).map(|(name, value)| Source::flag(name, value)).collect()
    }
}
