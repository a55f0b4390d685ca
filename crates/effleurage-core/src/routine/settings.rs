//! Every setting, once: what a file and the command line call it, how it is written, what it
//! is, and what is told of it.
//!
//! To add one is one entry here, a line in `template.txt`, and its use where routines are
//! customised. From this table come the keys of a file and their schema, the flags, the
//! reader, what a layer of [`Changes`](super::Changes) holds, and what a flattened file
//! repeats.

/// Hands the table to a macro. An entry is:
///
/// - what an editor shows of the key, and the key itself, `_` for the `-` of its flag;
/// - what it becomes; what the schema says of it; how the
///   [`Validator`](super::validator::Validator) reads it;
/// - what the flag's value is called, nothing where the flag is a switch; whether the value
///   may begin with a hyphen; and what is told of the flag.
macro_rules! settings {
    ($use:ident) => {
        $use! {
            /// How long the whole track lasts. Zones stretch or shrink in proportion.
            total: Duration, DurationText, duration();
            "TIME", true, "How long the whole track lasts; zones stretch or shrink in proportion";

            /// By how much strokes slow toward the end of each zone, such as "10%".
            slow_down: SlowDown, PercentText, slow_down();
            "PERCENT", false, "Let strokes slow toward the end of each zone, like 10%";

            /// Which legs to massage: "left", "right" or "both".
            legs: Leg, OneOf<Leg>, one_of("legs");
            "LEGS", false, "Massage only one leg: left or right (or both)";

            /// Which leg comes first where both do.
            first: Side, OneOf<Side>, one_of("first");
            "SIDE", false, "The leg that comes first: left or right";

            /// How much is said: "full", "brief", or "ticks" for nothing but warnings.
            talk: Talk, OneOf<Talk>, one_of("talk");
            "AMOUNT", false, "How much is said: full, brief, or ticks for nothing but warnings";

            /// For varicose or spider veins: light circles instead of pressing and kneading.
            gentle: bool, OnOff, on_off();
            "", false, "For varicose or spider veins: light circles, and nothing presses";

            /// Say the warnings in one sentence.
            i_know_the_warnings: bool, OnOff, on_off();
            "", false, "Say the warnings in one sentence";

            /// How many ticks count in before the first stroke of a zone.
            count_in: u64, CountOrOff, count_in();
            "N", true, "Ticks that count in before the first stroke of a zone, 1 to 8, or off";

            /// Whether the middle of a zone is told.
            halfway: bool, OnOff, on_off();
            "ON/OFF", false, "Whether the middle of a zone is told: on or off";

            /// What tells that a zone ends soon: "bell" for a soft bell, a length of time for words
            /// so long before the end, or "off".
            closing_cue: ClosingCue, ClosingCueText, closing_cue();
            "CUE", false,
            "What tells that a zone ends soon: bell, words so long before the end, like 10s, or off";

            /// Every how often the time that is left is told in long zones.
            time_left: Option<Duration>, DurationOrOff, duration_or_off();
            "TIME", false, "Tell the time that is left in long zones, at this cadence, like 1m";

            /// Every how often a reminder is said in long zones.
            remind_every: Option<Duration>, DurationOrOff, duration_or_off();
            "TIME", false,
            "Say a reminder now and then in long zones, at this cadence, like 45s, or off";

            /// Louder or softer ticks, in decibels.
            tick_level: Decibels, DecibelText, decibels(-30.0, 6.0);
            "DB", true, "Louder or softer ticks, -30 to +6 decibels";

            /// A louder or softer voice, in decibels.
            voice_level: Decibels, DecibelText, decibels(-20.0, 4.0);
            "DB", true, "A louder or softer voice, -20 to +4 decibels";

            /// What ticks sound like: "soft", "wood", "drop", or a sound file beside this one.
            ticks: TickSound, SoundText, tick_sound();
            "SOUND", false, "The sound of the ticks: soft, wood, drop, or a short sound file";

            /// The background: "rain", "brown", "waves", "pad", a sound file beside this one, or
            /// "off".
            bed: BedSound, BedText, bed();
            "SOUND", false, "A quiet background: rain, brown, waves, pad, a sound file, or off";

            /// A louder or softer background, in decibels.
            bed_level: Decibels, DecibelText, decibels(-30.0, 12.0);
            "DB", true, "A louder or softer background, -30 to +12 decibels";

            /// The room in which the voice speaks: "warm", a small one, or "off".
            room: Room, OneOf<Room>, one_of_or_off("room", Room::Off);
            "ROOM", false, "A small room for the voice: warm, or off";

            /// Where ticks come from in a track of two channels: "legs", those of the left leg from
            /// the left and those of the right from the right, or "off".
            pan: Pan, OneOf<Pan>, one_of_or_off("pan", Pan::Off);
            "FROM", false, "In stereo, ticks of a leg come from its side: legs, or off";
        }
    };
}
pub(super) use settings;

/// What there is to tell of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key in a file; its flag has `-` for `_`.
    pub key: &'static str,
    /// What the flag's value is called; empty where the flag is a switch.
    pub value_name: &'static str,
    /// Whether the value may begin with a hyphen.
    pub may_be_negative: bool,
    /// What is told of the flag.
    pub help: &'static str,
}

impl Setting {
    /// Whether its flag takes no value: to name it turns it on.
    pub fn is_switch(&self) -> bool {
        self.value_name.is_empty()
    }

    /// Its flag, such as `--slow-down`.
    pub fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }
}

macro_rules! table {
    ($($(#[$doc:meta])* $key:ident: $type:ty, $schema:ty, $read:ident($($with:expr),*);
        $value:literal, $negative:literal, $help:literal;)+) => {
        /// Every setting, in the order in which they are told.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            key: stringify!($key),
            value_name: $value,
            may_be_negative: $negative,
            help: $help,
        }),+];
    };
}
settings!(table);
