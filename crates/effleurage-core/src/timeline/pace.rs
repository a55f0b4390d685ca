//! The ticks of a zone, in closed form.
//!
//! A zone of *n* strokes, each of *m* slots, is a grid of *n·m* slots; slot *s*
//! stands at `start + round(s·L / (n·m))`, or further on where strokes slow down
//! ([`SlowDown::position`]). Nothing is added up, so nothing drifts, and the ticks of any stretch of time can be told without telling those before.

use std::time::Duration;

use crate::body::Region;
use crate::routine::words::{Motion, Pattern, Side, Slot, TickKit};
use crate::units::{FrameRange, Length, Position, SampleRate, SlowDown};

/// What a tick says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sound {
    /// Draw a circle.
    Circle,
    /// Press.
    Press,
    /// Let go.
    Release,
    /// Wait: this many more, and the first stroke begins.
    Count,
}

impl Sound {
    /// The sound's name in a cue sheet.
    pub fn name(self) -> &'static str {
        match self {
            Sound::Circle => "circle",
            Sound::Press => "press",
            Sound::Release => "release",
            Sound::Count => "count",
        }
    }

    /// How many milliseconds it rings in a kit that is computed.
    fn rings(self, kit: TickKit) -> u64 {
        let [circle, press, release, count] = match kit {
            TickKit::Soft => [115, 95, 75, 45],
            TickKit::Wood => [75, 75, 55, 35],
            TickKit::Drop => [95, 90, 65, 40],
        };
        match self {
            Sound::Circle => circle,
            Sound::Press => press,
            Sound::Release => release,
            Sound::Count => count,
        }
    }
}

/// Where the sound of a tick comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kit {
    /// It is computed.
    BuiltIn(TickKit),
    /// It is a person's own clip, always the same and never at another pitch.
    Own {
        /// All of the clip, in frames.
        length: Length,
    },
}

impl Kit {
    /// How long `sound` rings where there is room.
    fn rings(self, sound: Sound, rate: SampleRate) -> Length {
        match self {
            Kit::BuiltIn(kit) => rate.length_of(Duration::from_millis(sound.rings(kit))),
            Kit::Own { length } => length,
        }
    }
}

/// A height of tone, in cents (hundredths of a semitone) above [`Pitch::LOWEST_HZ`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pitch {
    /// Cents above the lowest tone.
    pub cents: u16,
}

impl Pitch {
    /// The tone at the very bottom of the leg.
    pub const LOWEST_HZ: f64 = 400.0;
    /// From the bottom of the leg to its top: 400 to 900 Hz.
    const LEG_CENTS: u64 = 1404;

    /// The tone of stroke `stroke` (from 0) of a pass of `of` up `zone`.
    ///
    /// The regions of a leg share the range as they share the leg: one further up begins
    /// and ends no lower.
    pub fn in_pass(zone: Region, stroke: u64, of: u64) -> Pitch {
        let (bottom, top) = zone.pitch_span();
        let climbed = (top - bottom) * stroke * Self::LEG_CENTS / (of.max(2) - 1);
        Pitch { cents: ((bottom * Self::LEG_CENTS + climbed) / 100) as u16 }
    }
}

/// How a tick sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick {
    /// Where its sound comes from.
    pub kit: Kit,
    /// What it says.
    pub sound: Sound,
    /// Whether it is marked.
    pub accent: bool,
    /// How high it is.
    pub pitch: Pitch,
    /// How long it rings.
    pub length: Length,
}

/// A tick with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickEvent {
    /// Its first frame.
    pub at: Position,
    /// How it sounds.
    pub tick: Tick,
    /// The stroke it belongs to, counted from 0 within its zone.
    pub stroke: u64,
    /// The side from which it comes; none is the middle.
    pub side: Option<Side>,
}

impl TickEvent {
    /// From its first frame to its last.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(self.at, self.tick.length)
    }
}

/// How the strokes of a zone are paced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The zone's frames.
    pub range: FrameRange,
    /// Whole strokes; at least one.
    pub strokes: u64,
    /// The ticks of a stroke.
    pub pattern: Pattern,
    /// What the hands do.
    pub motion: Motion,
    /// What the ticks sound like.
    pub kit: Kit,
    /// Whether this is no stroking yet: its ticks count in the first stroke. They are
    /// computed even where the kit is a person's own, so that none is taken for a stroke.
    pub counts_in: bool,
    /// Where.
    pub zone: Region,
    /// The side from which its ticks come; none is the middle.
    pub side: Option<Side>,
    /// Strokes to a pass; at least one.
    pub strokes_per_pass: u64,
    /// By how much strokes are slower at its end.
    pub slow_down: SlowDown,
    /// Frames a second.
    pub sample_rate: SampleRate,
}

impl Pace {
    /// Every tick, in order.
    pub fn ticks(&self) -> impl Iterator<Item = TickEvent> + use<'_> {
        (0..self.slots()).filter_map(|slot| self.tick(slot))
    }

    /// The ticks of the first pass. Every pass repeats their sounds.
    pub fn first_pass(&self) -> impl Iterator<Item = TickEvent> + use<'_> {
        self.ticks().take_while(|event| event.stroke < self.strokes_per_pass)
    }

    /// The ticks that have a frame in `range`, in order.
    pub fn ticks_in(&self, range: FrameRange) -> impl Iterator<Item = TickEvent> + use<'_> {
        // A tick ends before the next slot begins, so one slot back is enough.
        let first = self.first_slot_from(range.start).saturating_sub(1);
        let after = self.first_slot_from(range.end_exclusive());
        let ticks = (first..after).filter_map(|slot| self.tick(slot));
        ticks.filter(move |tick| tick.range().intersection(range).is_some())
    }

    /// All slots of the zone.
    fn slots(&self) -> u64 {
        self.strokes * self.pattern.slots().len() as u64
    }

    fn slot_start(&self, slot: u64) -> Position {
        self.range.start + self.slow_down.position(self.range.length, slot, self.slots())
    }

    /// The first slot that starts at or after `position`.
    fn first_slot_from(&self, position: Position) -> u64 {
        let (mut low, mut high) = (0, self.slots());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.slot_start(middle) < position { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn tick(&self, slot: u64) -> Option<TickEvent> {
        let pattern = self.pattern.slots();
        let stroke = slot / pattern.len() as u64;
        let accent = match pattern[(slot % pattern.len() as u64) as usize] {
            Slot::Silent => return None,
            strength => strength == Slot::Strong,
        };
        let tick = self.sounding(stroke % self.strokes_per_pass, accent);
        Some(TickEvent { at: self.slot_start(slot), tick, stroke, side: self.side })
    }

    /// The tick of stroke `stroke` (from 0) of a pass.
    fn sounding(&self, stroke: u64, accent: bool) -> Tick {
        let sound = match (self.motion, accent) {
            _ if self.counts_in => Sound::Count,
            (Motion::Circle, _) => Sound::Circle,
            (Motion::Press, true) => Sound::Press,
            (Motion::Press, false) => Sound::Release,
        };
        let kit = match self.kit {
            Kit::Own { .. } if self.counts_in => Kit::BuiltIn(TickKit::Soft),
            kit => kit,
        };
        let climbed = if self.counts_in { 0 } else { stroke };
        let pitch = match kit {
            Kit::BuiltIn(_) => Pitch::in_pass(self.zone, climbed, self.strokes_per_pass),
            Kit::Own { .. } => Pitch { cents: 0 },
        };
        let length = kit.rings(sound, self.sample_rate).min(self.closest());
        Tick { kit, sound, accent, pitch, length }
    }

    /// The least number of frames between two slots.
    fn closest(&self) -> Length {
        self.slow_down.closest(self.range.length, self.slots())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(start: u64, length: u64, strokes: u64, pattern: &str, hz: u32) -> Pace {
        Pace {
            range: FrameRange::new(Position(start), Length(length)),
            strokes,
            pattern: Pattern::parse(pattern).unwrap(),
            motion: Motion::Press,
            kit: Kit::BuiltIn(TickKit::Soft),
            counts_in: false,
            zone: Region::CALF,
            side: None,
            strokes_per_pass: 3,
            slow_down: SlowDown::NONE,
            sample_rate: SampleRate::new(hz).unwrap(),
        }
    }

    #[test]
    fn strokes_stand_where_arithmetic_puts_them() {
        // 120 s at 72.5 a minute and 44.1 kHz: 145 strokes, k·5,292,000/145 rounded.
        let pace = pace(1_000, 5_292_000, 145, "X", 44_100);
        let at: Vec<u64> = pace.ticks().map(|tick| tick.at.0 - 1_000).collect();
        assert_eq!(at.len(), 145);
        // 5,292,000/145 = 36,496.55…; twice 72,993.10…; 144 times 5,255,503.45…
        assert_eq!((at[0], at[1], at[2], at[144]), (0, 36_497, 72_993, 5_255_503));
    }

    #[test]
    fn a_pattern_divides_its_stroke() {
        let ticks: Vec<_> = pace(0, 60, 2, "XxXx..", 1).ticks().collect();
        let shown: Vec<_> = ticks.iter().map(|t| (t.at.0, t.stroke, t.tick.sound)).collect();
        use Sound::{Press, Release};
        let expected = [
            (0, 0, Press),
            (5, 0, Release),
            (10, 0, Press),
            (15, 0, Release),
            (30, 1, Press),
            (35, 1, Release),
            (40, 1, Press),
            (45, 1, Release),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_tick_ends_before_the_next_begins() {
        // 10 ms apart: shorter than a press rings.
        let ticks: Vec<_> = pace(0, 1_003, 100, "X", 1_000).ticks().collect();
        for pair in ticks.windows(2) {
            assert!(pair[0].range().end_exclusive() <= pair[1].at);
        }
    }

    #[test]
    fn a_tick_rings_as_long_as_its_kit_says() {
        // At 1 kHz a frame is a millisecond; there is a second from tick to tick.
        let lengths = |kit, counts_in| {
            let pace = Pace { kit, counts_in, ..pace(0, 4_000, 2, "Xx", 1_000) };
            pace.ticks().take(2).map(|event| event.tick.length.0).collect::<Vec<_>>()
        };
        assert_eq!(lengths(Kit::BuiltIn(TickKit::Soft), false), [95, 75]);
        assert_eq!(lengths(Kit::BuiltIn(TickKit::Wood), false), [75, 55]);
        assert_eq!(lengths(Kit::BuiltIn(TickKit::Drop), false), [90, 65]);
        assert_eq!(lengths(Kit::BuiltIn(TickKit::Wood), true), [35, 35]);
        assert_eq!(lengths(Kit::Own { length: Length(640) }, false), [640, 640]);
        assert_eq!(lengths(Kit::Own { length: Length(1_640) }, false), [1_000, 1_000]);
    }

    #[test]
    fn a_persons_own_clip_stays_at_its_pitch() {
        let own = Kit::Own { length: Length(2) };
        let pace = Pace { kit: own, ..pace(0, 700, 7, "X", 1) };
        assert!(pace.ticks().all(|event| event.tick.kit == own && event.tick.pitch.cents == 0));
    }

    #[test]
    fn counting_in_is_another_sound_that_does_not_climb() {
        let lowest = Pitch::in_pass(Region::CALF, 0, 3);
        for kit in [Kit::BuiltIn(TickKit::Wood), Kit::Own { length: Length(2) }] {
            let pace = Pace { kit, counts_in: true, ..pace(0, 700, 7, "Xx", 1) };
            let heard = pace.ticks().map(|event| event.tick);
            let computed = |tick: &Tick| matches!(tick.kit, Kit::BuiltIn(_));
            let mut wrong = heard.filter(|tick| {
                tick.sound != Sound::Count || tick.pitch != lowest || !computed(tick)
            });
            assert_eq!(wrong.next(), None);
        }
    }

    #[test]
    fn any_stretch_of_time_has_the_ticks_that_sound_in_it() {
        let pace = pace(50, 997, 13, "Xx.", 100);
        let all: Vec<_> = pace.ticks().collect();
        for start in (0..1_100).step_by(7) {
            let range = FrameRange::new(Position(start), Length(30));
            let expected: Vec<_> =
                all.iter().copied().filter(|t| t.range().intersection(range).is_some()).collect();
            assert_eq!(pace.ticks_in(range).collect::<Vec<_>>(), expected, "from {start}");
        }
    }

    #[test]
    fn the_pitch_climbs_with_the_pass_and_starts_low_again() {
        let cents: Vec<u16> = pace(0, 700, 7, "X", 1).ticks().map(|t| t.tick.pitch.cents).collect();
        assert!(cents[0] < cents[1] && cents[1] < cents[2]);
        assert_eq!(cents[3..6], cents[0..3]);
        assert_eq!(cents[6], cents[0]);
    }

    #[test]
    fn higher_up_the_leg_is_higher_in_pitch() {
        let low = |zone| Pitch::in_pass(zone, 0, 6).cents;
        let high = |zone| Pitch::in_pass(zone, 5, 6).cents;
        let up_the_leg = Region::BUILT_IN.windows(2);
        for (below, above) in up_the_leg.map(|pair| (pair[0], pair[1])) {
            assert!(low(below) <= low(above) && high(below) <= high(above), "{below}, {above}");
        }
        assert_eq!((low(Region::SOLE), high(Region::THIGH)), (0, 1404));
        assert_eq!(Pitch::in_pass(Region::ANKLE, 0, 1).cents, 0);
    }
}
