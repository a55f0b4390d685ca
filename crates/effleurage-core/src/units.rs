//! The units everything else is counted in.
//!
//! Time is a whole number of frames: an instant is a [`Position`], a duration
//! is a [`Length`], and a stretch of time is a half-open [`FrameRange`].
//! Seconds exist only where people write or read them;
//! [`SampleRate::length_of`] is the one place where they become frames.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::time::Duration;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// Frames per second, in hertz. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(NonZeroU32);

impl SampleRate {
    /// The rate of a track unless asked otherwise, that of the compact disc.
    pub const CD: SampleRate = SampleRate(NonZeroU32::new(44_100).unwrap());
    /// At which Opus files are decoded (RFC 7845, section 5.1).
    pub const OPUS: SampleRate = SampleRate(NonZeroU32::new(48_000).unwrap());

    /// A rate of `hz` frames per second, or `None` for zero.
    pub const fn new(hz: u32) -> Option<SampleRate> {
        match NonZeroU32::new(hz) {
            Some(hz) => Some(SampleRate(hz)),
            None => None,
        }
    }

    /// Frames per second.
    pub const fn hz(self) -> u32 {
        self.0.get()
    }

    /// The whole number of frames nearest to `duration`; half a frame counts up.
    ///
    /// This is the only rounding from seconds to frames in the program.
    pub fn length_of(self, duration: Duration) -> Length {
        let frames = round_div(duration.as_nanos() * u128::from(self.hz()), NANOS_PER_SECOND);
        Length(frames as u64)
    }

    /// How long `length` takes to play, to the nearest nanosecond.
    pub fn duration_of(self, length: Length) -> Duration {
        let hz = u128::from(self.hz());
        let frames = u128::from(length.0);
        let nanos = round_div((frames % hz) * NANOS_PER_SECOND, hz);
        Duration::from_secs((frames / hz) as u64) + Duration::from_nanos(nanos as u64)
    }

    /// `length` made longer, if need be, to fill whole seconds.
    pub fn whole_seconds(self, length: Length) -> Length {
        Length(length.0.next_multiple_of(u64::from(self.hz())))
    }
}

/// `numerator / denominator` to the nearest whole number, half up.
pub fn round_div(numerator: u128, denominator: u128) -> u128 {
    (2 * numerator + denominator) / (2 * denominator)
}

/// An instant, in frames from the start of the track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// A duration, in frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(pub u64);

impl Position {
    /// The first frame of the track.
    pub const START: Position = Position(0);

    /// The frames from `earlier` to here; zero if `earlier` is in fact later.
    pub fn since(self, earlier: Position) -> Length {
        Length(self.0.saturating_sub(earlier.0))
    }

    /// The instant `length` before this one, or `None` before the track's start.
    pub fn before(self, length: Length) -> Option<Position> {
        self.0.checked_sub(length.0).map(Position)
    }
}

impl Length {
    /// No time at all.
    pub const ZERO: Length = Length(0);

    /// This length less `other`, or `None` where `other` is longer.
    pub fn checked_sub(self, other: Length) -> Option<Length> {
        self.0.checked_sub(other.0).map(Length)
    }

    /// `k`/`n` of this length, to the nearest frame, half up. `n` is not zero.
    pub fn fraction(self, k: u64, n: u64) -> Length {
        Length(round_div(u128::from(self.0) * u128::from(k), u128::from(n)) as u64)
    }
}

impl Add<Length> for Position {
    type Output = Position;
    fn add(self, length: Length) -> Position {
        Position(self.0 + length.0)
    }
}

impl AddAssign<Length> for Position {
    fn add_assign(&mut self, length: Length) {
        self.0 += length.0;
    }
}

impl Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0 + other.0)
    }
}

impl std::iter::Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::ZERO, Add::add)
    }
}

/// A stretch of time: `start` is inside, [`end_exclusive`](Self::end_exclusive) is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRange {
    /// The first frame inside.
    pub start: Position,
    /// How many frames are inside.
    pub length: Length,
}

impl FrameRange {
    /// The range of `length` frames from `start` on.
    pub fn new(start: Position, length: Length) -> FrameRange {
        FrameRange { start, length }
    }

    /// The first frame after the range.
    pub fn end_exclusive(self) -> Position {
        self.start + self.length
    }

    /// The frames that are in both ranges, or `None` where they do not meet.
    pub fn intersection(self, other: FrameRange) -> Option<FrameRange> {
        let start = self.start.max(other.start);
        let end = self.end_exclusive().min(other.end_exclusive());
        (start < end).then(|| FrameRange::new(start, end.since(start)))
    }

    /// Whether every frame of `other` is inside this range.
    pub fn contains_range(self, other: FrameRange) -> bool {
        self.start <= other.start && other.end_exclusive() <= self.end_exclusive()
    }

    /// The range in pieces of `length`, at least one frame; the last may be shorter.
    pub fn pieces(self, length: Length) -> impl Iterator<Item = FrameRange> {
        let end = self.end_exclusive();
        let piece = move |start: Position| {
            let length = end.since(start).0.min(length.0.max(1));
            (length > 0).then(|| FrameRange::new(start, Length(length)))
        };
        std::iter::successors(piece(self.start), move |last| piece(last.end_exclusive()))
    }
}

/// A change of level, in decibels. Zero changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Decibels(pub f64);

impl Decibels {
    /// The factor that multiplies samples: 10^(dB / 20).
    ///
    /// Computed by `libm`, so that it is the same number on every machine.
    pub fn as_amplitude(self) -> f64 {
        libm::pow(10.0, self.0 / 20.0)
    }

    /// The change of level that multiplying by `amplitude` makes.
    pub fn from_amplitude(amplitude: f64) -> Decibels {
        Decibels(20.0 * libm::log10(amplitude))
    }
}

impl Add for Decibels {
    type Output = Decibels;
    fn add(self, other: Decibels) -> Decibels {
        Decibels(self.0 + other.0)
    }
}

impl Neg for Decibels {
    type Output = Decibels;
    fn neg(self) -> Decibels {
        Decibels(-self.0)
    }
}

/// Loudness relative to full scale, K-weighted, as ITU-R BS.1770-5 defines it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Lufs(pub f64);

impl Sub for Lufs {
    type Output = Decibels;
    /// The gain that brings `other` to `self`: one loudness unit is one decibel.
    fn sub(self, other: Lufs) -> Decibels {
        Decibels(self.0 - other.0)
    }
}

/// Strokes (whole patterns) a minute, kept exactly in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StrokeRate {
    thousandths: NonZeroU32,
}

impl StrokeRate {
    /// Twenty a minute: that of a slow circle.
    pub const USUAL: StrokeRate = StrokeRate { thousandths: NonZeroU32::new(20_000).unwrap() };

    /// The rate nearest to `per_minute`, from 1 to 240; `None` outside.
    pub fn per_minute(per_minute: f64) -> Option<StrokeRate> {
        let thousandths = NonZeroU32::new((per_minute * 1000.0).round() as u32)?;
        (1.0..=240.0).contains(&per_minute).then_some(StrokeRate { thousandths })
    }

    /// Strokes a minute.
    pub fn as_per_minute(self) -> f64 {
        f64::from(self.thousandths.get()) / 1000.0
    }

    /// The whole number of strokes nearest to what fits in `duration`; at least one.
    pub fn strokes_in(self, duration: Duration) -> u64 {
        let strokes = duration.as_nanos() * u128::from(self.thousandths.get());
        round_div(strokes, 60_000 * NANOS_PER_SECOND).max(1) as u64
    }

    /// How long `strokes` last, to the nearest nanosecond.
    pub fn duration_of(self, strokes: u64) -> Duration {
        let nanos = u128::from(strokes) * 60_000 * NANOS_PER_SECOND;
        let nanos = round_div(nanos, u128::from(self.thousandths.get()));
        Duration::from_nanos(nanos.try_into().unwrap_or(u64::MAX))
    }
}

impl StrokeRate {
    /// This rate times `factor`, or `None` outside 1 to 240.
    pub fn scaled(self, factor: Factor) -> Option<StrokeRate> {
        let thousandths = u64::from(self.thousandths.get()) * u64::from(factor.thousandths);
        StrokeRate::per_minute(round_div(u128::from(thousandths), 1000) as f64 / 1000.0)
    }
}

/// How many times as fast, kept exactly in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    thousandths: u32,
}

impl Factor {
    /// The factor nearest to `times`, from 0.25 to 4; `None` outside.
    pub fn new(times: f64) -> Option<Factor> {
        let thousandths = (times * 1000.0).round() as u32;
        (0.25..=4.0).contains(&times).then_some(Factor { thousandths })
    }

    /// So many times `duration`.
    pub fn of(self, duration: Duration) -> Duration {
        duration * self.thousandths / 1000
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x", f64::from(self.thousandths) / 1000.0)
    }
}

/// By how much strokes are slower at the end of a zone than at its start, kept exactly
/// in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlowDown {
    thousandths: u32,
}

impl SlowDown {
    /// An even pace.
    pub const NONE: SlowDown = SlowDown { thousandths: 0 };

    /// The slowing nearest to `percent`, from 0 to 50; `None` outside.
    pub fn percent(percent: f64) -> Option<SlowDown> {
        let thousandths = (percent * 10.0).round() as u32;
        (0.0..=50.0).contains(&percent).then_some(SlowDown { thousandths })
    }

    /// Where slot `k` of `n` stands in a stretch of `length`, half up; `n` is not zero.
    ///
    /// The distance from slot to slot grows evenly: with the slowing *p*, slots stand at
    /// `length · ((1 - a)·x + a·x²)`, where `x = k/n` and `a = p / (2 - p)`, so that the
    /// pace at the end is `(1 - a) / (1 + a) = 1 - p` of that at the start.
    pub fn position(self, length: Length, k: u64, n: u64) -> Length {
        let (k, n, p) = (u128::from(k), u128::from(n), u128::from(self.thousandths));
        let share = k * n * (2000 - 2 * p) + p * k * k;
        Length(round_div(u128::from(length.0) * share, n * n * (2000 - p)) as u64)
    }

    /// The rates at the very start and the very end of a stretch whose mean rate this is:
    /// a stroke takes `1 - a` and `1 + a` of its mean there.
    pub fn range(self, mean: f64) -> (f64, f64) {
        let p = f64::from(self.thousandths);
        (mean * (2000.0 - p) / (2000.0 - 2.0 * p), mean * (2000.0 - p) / 2000.0)
    }

    /// The least whole number of frames from one of `n` slots of `length` to the next.
    pub fn closest(self, length: Length, n: u64) -> Length {
        let p = u128::from(self.thousandths);
        let frames = u128::from(length.0) * (2000 - 2 * p) / (u128::from(n) * (2000 - p));
        Length(frames as u64)
    }
}

impl fmt::Display for SlowDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.thousandths) / 10.0)
    }
}

impl fmt::Display for Decibels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+} dB", self.0)
    }
}

impl fmt::Display for StrokeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_per_minute())
    }
}

/// An instant as people read it on a player: `h:mm:ss.mmm`, to the nearest millisecond.
pub fn clock(duration: Duration) -> String {
    let millis = round_div(duration.as_nanos(), 1_000_000);
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours}:{minutes:02}:{seconds:02}.{millis:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(hz: u32) -> SampleRate {
        SampleRate::new(hz).unwrap()
    }

    #[test]
    fn seconds_become_frames_half_up() {
        // At 1 Hz a frame is a second, so halves are easy to see.
        let cases = [(0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2)];
        for (millis, frames) in cases {
            assert_eq!(rate(1).length_of(Duration::from_millis(millis)), Length(frames));
        }
        // 1/3 s at 44.1 kHz is 14,700 frames but for the last nanosecond.
        assert_eq!(rate(44_100).length_of(Duration::from_nanos(333_333_333)), Length(14_700));
        let day = Duration::from_secs(86_400);
        assert_eq!(rate(192_000).length_of(day), Length(86_400 * 192_000));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert_eq!(rate(1).length_of(Duration::from_secs(u64::MAX)), Length(u64::MAX));
        assert_eq!(rate(1).duration_of(Length(u64::MAX)), Duration::from_secs(u64::MAX));
        assert_eq!(Length(u64::MAX).fraction(1, 1), Length(u64::MAX));
    }

    #[test]
    fn frames_to_seconds_and_back_is_lossless() {
        for hz in [1, 7, 8_000, 11_025, 44_100, 48_000, 192_000] {
            for frames in [0, 1, 2, 1_000, 44_099, 44_100, 1_000_003, 1 << 40] {
                let length = Length(frames);
                assert_eq!(rate(hz).length_of(rate(hz).duration_of(length)), length);
            }
        }
    }

    #[test]
    fn decibels_and_amplitudes_agree_with_the_table() {
        // 20·log10(x), IEC 60027-3: +20 dB is ten times the amplitude.
        for (db, amplitude) in
            [(0.0, 1.0), (20.0, 10.0), (-20.0, 0.1), (6.0206, 2.0), (-9.0, 0.354_813)]
        {
            assert!((Decibels(db).as_amplitude() - amplitude).abs() < 1e-5, "{db} dB");
            assert!((Decibels::from_amplitude(amplitude).0 - db).abs() < 1e-4, "{amplitude}");
        }
    }

    #[test]
    fn ranges_are_half_open() {
        let range = |start, length| FrameRange::new(Position(start), Length(length));
        assert_eq!(range(2, 3).end_exclusive(), Position(5));
        assert_eq!(range(0, 5).intersection(range(5, 5)), None);
        assert_eq!(range(0, 6).intersection(range(5, 5)), Some(range(5, 1)));
        assert!(range(0, 5).contains_range(range(2, 3)));
        assert!(!range(0, 5).contains_range(range(2, 4)));
    }

    #[test]
    fn a_stroke_rate_counts_whole_strokes() {
        let rate = StrokeRate::per_minute(20.0).unwrap();
        assert_eq!(rate.strokes_in(Duration::from_secs(122)), 41); // 40.67
        assert_eq!(rate.strokes_in(Duration::from_millis(1)), 1);
        assert_eq!(rate.duration_of(41), Duration::from_secs(123));
        assert_eq!(StrokeRate::per_minute(0.99), None);
        assert_eq!(StrokeRate::per_minute(240.001), None);
        assert_eq!(StrokeRate::per_minute(f64::NAN), None);
        assert_eq!(StrokeRate::per_minute(72.5).unwrap().as_per_minute(), 72.5);
    }

    #[test]
    fn a_pace_that_slows_ends_slower_by_just_as_much() {
        // a = 0.2 / 1.8 = 1/9: of 10 slots in 900 frames, the first is
        // 900·(8/9·0.1 + 1/9·0.01) = 81 frames long; the last 900·(8/9·0.1 + 1/9·0.19) = 99.
        let slower = SlowDown::percent(20.0).unwrap();
        let at = |k| slower.position(Length(900), k, 10).0;
        assert_eq!((at(0), at(1), at(9), at(10)), (0, 81, 801, 900));
        assert_eq!(slower.closest(Length(900), 10), Length(80));
        // A stroke takes 8/9 of the mean at first, and 10/9 at last.
        let (first, last) = slower.range(20.0);
        assert!((first - 22.5).abs() < 1e-9 && (last - 18.0).abs() < 1e-9);
        for k in 0..=7 {
            let even = SlowDown::NONE.position(Length(1_003), k, 7);
            assert_eq!(even, Length(1_003).fraction(k, 7));
        }
        let day = Length(86_400 * 192_000);
        let slots = 240 * 60 * 24 * 16;
        assert_eq!(SlowDown::percent(50.0).unwrap().position(day, slots, slots), day);
        assert_eq!(SlowDown::percent(50.1), None);
        assert_eq!(SlowDown::percent(f64::NAN), None);
    }

    #[test]
    fn a_rate_may_be_scaled_within_its_limits() {
        let twenty = StrokeRate::per_minute(20.0).unwrap();
        let scaled = |factor| twenty.scaled(Factor::new(factor).unwrap());
        assert_eq!(scaled(0.9), StrokeRate::per_minute(18.0));
        assert_eq!(StrokeRate::per_minute(1.0).unwrap().scaled(Factor::new(0.25).unwrap()), None);
        assert_eq!((Factor::new(0.2), Factor::new(4.1), Factor::new(f64::NAN)), (None, None, None));
    }

    #[test]
    fn the_clock_reads_like_a_player() {
        assert_eq!(clock(Duration::ZERO), "0:00:00.000");
        assert_eq!(clock(Duration::from_micros(3_723_999_500)), "1:02:04.000");
    }
}
