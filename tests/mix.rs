//! The mix, at absurd rates, so that every sample can be read.

use std::path::Path;
use std::sync::Arc;

use crate::support::{self, built_in, rate};

use effleurage::body::Region;
use effleurage::cancel::CancelToken;
use effleurage::mix::{ClipSamples, Kept, Mixer, Sounds};
use effleurage::routine::words::{Motion, Pattern, TickKit};
use effleurage::session::Session;
use effleurage::timeline::{Kit, Pace, Prompt, Section, SectionKind, Tick, Timeline};
use effleurage::units::{FrameRange, Length, Position, SampleRate};
use effleurage::wav::{self, Bits, Channels, Format};

/// A timeline of `length` frames with prompts at the given places.
fn timeline(rate: SampleRate, length: u64, prompts: &[(u64, u64)]) -> Timeline {
    let range = FrameRange::new(Position(0), Length(length));
    let prompt = |(start, length): &(u64, u64)| Prompt {
        range: FrameRange::new(Position(*start), Length(*length)),
        clip: "word".to_owned(),
        text: "Word.".to_owned(),
    };
    Timeline {
        bed: None,
        levels: effleurage::timeline::Levels::USUAL,
        routine: "test".to_owned(),
        title: "Test".to_owned(),
        voice: "test".to_owned(),
        sample_rate: rate,
        sections: vec![Section {
            id: "all".to_owned(),
            title: "All".to_owned(),
            begins: None,
            kind: SectionKind::Pause,
            range,
        }],
        speech: prompts.iter().map(prompt).collect(),
        paces: Vec::new(),
        chimes: Vec::new(),
        notes: Vec::new(),
    }
}

fn with_word(samples: &[f32]) -> Sounds {
    let mut sounds = Sounds::default();
    sounds.clips.insert("word".to_owned(), samples.to_vec().into());
    sounds
}

fn mixed(timeline: &Timeline, sounds: &Sounds) -> Vec<f32> {
    let mut all = vec![9.0; timeline.length().0 as usize];
    Mixer::new(timeline, sounds).unwrap().mix(Position::START, &mut all);
    all
}

/// The bytes of a WAV file, written in blocks of `block` frames.
fn wav_bytes(
    timeline: &Timeline,
    sounds: &Sounds,
    format: Format,
    block: Option<usize>,
) -> Vec<u8> {
    let mixer = Mixer::new(timeline, sounds).unwrap();
    let mix = |at, frames: &mut [f32]| mixer.mix(at, frames);
    let source = wav::Frames { range: timeline.range(), source: &mix, block };
    let watch = wav::Watch { progress: &|_| (), cancel: CancelToken::default() };
    let mut bytes = Vec::new();
    wav::write_to_stream(
        Path::new("test"),
        &mut bytes,
        &format,
        &source,
        wav::Chunks::default(),
        &watch,
    )
    .unwrap();
    bytes
}

fn cd(bits: Bits, channels: Channels) -> Format {
    Format { rate: SampleRate::CD, bits, channels }
}

#[test]
fn a_one_frame_click_stands_at_its_event() {
    let timeline = timeline(rate(1), 8, &[(2, 1), (5, 1)]);
    assert_eq!(mixed(&timeline, &with_word(&[0.5])), [0.0, 0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0]);
}

#[test]
fn any_range_gives_the_same_frames() {
    let timeline = timeline(rate(1), 8, &[(1, 3), (5, 3)]);
    let sounds = with_word(&[0.1, 0.2, 0.3]);
    let all = mixed(&timeline, &sounds);
    assert_eq!(all, [0.0, 0.1, 0.2, 0.3, 0.0, 0.1, 0.2, 0.3]);
    for start in 0..8 {
        for length in 0..8 - start {
            let mut part = vec![9.0; length];
            Mixer::new(&timeline, &sounds).unwrap().mix(Position(start as u64), &mut part);
            assert_eq!(part, all[start..start + length], "{length} frames from {start}");
        }
    }
}

#[test]
fn silence_is_known_to_be_silence() {
    let timeline = timeline(rate(1), 8, &[(2, 2)]);
    let sounds = with_word(&[0.0, 0.0]);
    let mixer = Mixer::new(&timeline, &sounds).unwrap();
    let heard = |start| mixer.mix(Position(start), &mut [0.0; 2]);
    assert_eq!([heard(0), heard(2), heard(4)], [false, true, false]);
}

#[test]
fn ticks_drop_by_nine_decibels_under_a_word_and_never_move() {
    // A tick of 1 in every frame at 1 kHz: what comes out is the gain itself.
    let rate = rate(1_000);
    let mut timeline = timeline(rate, 2_000, &[(800, 300)]);
    let pace = Pace {
        slow_down: effleurage::units::SlowDown::NONE,
        range: FrameRange::new(Position(0), Length(2_000)),
        strokes: 20,
        pattern: Pattern::parse("X").unwrap(),
        motion: Motion::Circle,
        kit: Kit::BuiltIn(TickKit::Soft),
        counts_in: false,
        zone: Region::CALF,
        side: None,
        strokes_per_pass: 1,
        sample_rate: rate,
    };
    let tick: Tick = pace.ticks().next().unwrap().tick;
    assert_eq!(tick.length, Length(100));
    timeline.paces.push(pace);
    let mut sounds = with_word(&[0.0; 300]);
    sounds.ticks.insert(tick, vec![1.0; 100]);
    let gain = mixed(&timeline, &sounds);
    assert!(gain[..720].iter().all(|gain| *gain == 1.0), "well before the word");
    assert!(gain[800..1_100].iter().all(|gain| (gain - 0.354_813).abs() < 1e-5), "under it");
    assert!(gain[1_351..].iter().all(|gain| *gain == 1.0), "well after it");
    assert!(gain[719..801].is_sorted_by(|a, b| a >= b), "it falls before the word");
    assert!(gain[1_099..1_352].is_sorted(), "and rises after it");
    let steps = gain.windows(2).map(|pair| (pair[0] - pair[1]).abs());
    assert!(steps.fold(0.0, f32::max) < 0.02, "without a step");
}

#[test]
fn a_full_scale_16_bit_clip_passes_bit_exact() {
    let codes: Vec<i16> = (0..4_000).map(|n| (n * 17_389 % 65_536 - 32_768) as i16).collect();
    let clip: Vec<f32> = codes.iter().map(|code| f32::from(*code) / 32_768.0).collect();
    let timeline = timeline(SampleRate::CD, 4_000, &[(0, 4_000)]);
    let bytes = wav_bytes(&timeline, &with_word(&clip), cd(Bits::Sixteen, Channels::Mono), None);
    let expected: Vec<u8> = codes.iter().flat_map(|code| code.to_le_bytes()).collect();
    assert_eq!(bytes[44..], expected);
}

#[test]
fn planned_silence_is_zeros_in_every_format() {
    // A clip between two codes is dithered; the frames around it are not.
    let timeline = timeline(SampleRate::CD, 3_000, &[(1_000, 1_000)]);
    let sounds = with_word(&[0.000_01; 1_000]);
    for (bits, head) in [(Bits::Sixteen, 44), (Bits::TwentyFour, 68), (Bits::ThirtyTwo, 68)] {
        let bytes = wav_bytes(&timeline, &sounds, cd(bits, Channels::Mono), None);
        let bytes_each = usize::from(bits.count() / 8);
        let frames = |range: std::ops::Range<usize>| {
            &bytes[head + range.start * bytes_each..head + range.end * bytes_each]
        };
        assert!(frames(0..1_000).iter().chain(frames(2_000..3_000)).all(|byte| *byte == 0));
        assert!(frames(1_000..2_000).iter().any(|byte| *byte != 0));
    }
}

#[test]
fn both_channels_are_the_same() {
    let timeline = timeline(SampleRate::CD, 500, &[(0, 500)]);
    let sounds = with_word(&[0.123_456; 500]);
    for (bits, head) in [(Bits::Sixteen, 44), (Bits::TwentyFour, 68), (Bits::ThirtyTwo, 68)] {
        let mono = wav_bytes(&timeline, &sounds, cd(bits, Channels::Mono), None);
        let stereo = wav_bytes(&timeline, &sounds, cd(bits, Channels::Stereo), None);
        let bytes = usize::from(bits.count() / 8);
        let doubled: Vec<u8> =
            mono[head..].chunks(bytes).flat_map(|sample| [sample, sample].concat()).collect();
        assert_eq!(stereo[head..], doubled);
    }
}

#[test]
fn too_loud_a_mix_is_refused_and_not_clipped() {
    let told = refused(&with_word(&[0.5, 1.001]));
    assert_eq!(told, "the sound exceeds full scale at 0:00:05.000");
}

/// What is said of `sounds`, where a word of two frames is after five seconds, instead of a track.
fn refused(sounds: &Sounds) -> String {
    let timeline = timeline(SampleRate::CD, 441_000, &[(220_500, 2)]);
    let mixer = Mixer::new(&timeline, sounds).unwrap();
    let source = wav::Frames { range: timeline.range(), source: &mixer, block: None };
    let watch = wav::Watch { progress: &|_| (), cancel: CancelToken::default() };
    [Bits::Sixteen, Bits::TwentyFour, Bits::ThirtyTwo]
        .map(|bits| {
            let format = cd(bits, Channels::Mono);
            let chunks = wav::Chunks::default();
            let path = Path::new("test");
            wav::write_to_stream(path, Vec::new(), &format, &source, chunks, &watch)
                .unwrap_err()
                .to_string()
        })
        .into_iter()
        .reduce(|one, other| if one == other { one } else { format!("{one}, {other}") })
        .unwrap()
}

/// A word that is kept elsewhere, as it is there or not.
struct Elsewhere(Option<Vec<f32>>);

impl Kept for Elsewhere {
    fn length(&self) -> Length {
        Length(2)
    }

    fn fetch(&self) -> Arc<Vec<f32>> {
        Arc::new(self.0.clone().unwrap_or(vec![f32::NAN; 2]))
    }
}

#[test]
fn a_word_that_is_fetched_sounds_as_one_at_hand_and_is_never_left_out() {
    let sounds = |word: Option<&[f32]>| {
        let kept = ClipSamples::Kept(Arc::new(Elsewhere(word.map(<[f32]>::to_vec))));
        Sounds { clips: [("word".to_owned(), kept)].into(), ..Sounds::default() }
    };
    let timeline = timeline(rate(1), 5, &[(1, 2)]);
    assert_eq!(mixed(&timeline, &sounds(Some(&[0.5, -0.25]))), [0.0, 0.5, -0.25, 0.0, 0.0]);
    assert_eq!(refused(&sounds(None)), "a planned sound was lost at 0:00:05.000");
}

/// A real session, small enough for one frame at a time.
#[test]
fn blocks_of_any_size_give_the_same_bytes() {
    let session =
        Session::plan(&built_in("self-short").into(), &support::english(), rate(8_000)).unwrap();
    let session = session.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
    let sounds = session.sounds;
    let format = Format { rate: rate(8_000), bits: Bits::Sixteen, channels: Channels::Mono };
    let whole = wav_bytes(&session.timeline, &sounds, format, None);
    assert_eq!(whole.len(), 44 + 2 * 360 * 8_000);
    for block in [1, 7, 64, 4_096] {
        let blocks = wav_bytes(&session.timeline, &sounds, format, Some(block));
        assert!(blocks == whole, "blocks of {block} differ");
    }
    let again =
        Session::plan(&built_in("self-short").into(), &support::english(), rate(8_000)).unwrap();
    let again = again.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
    assert!(wav_bytes(&again.timeline, &again.sounds, format, None) == whole, "twice the same");
}

#[test]
fn sections_add_up_at_every_rate() {
    let english = support::english();
    for name in ["partner", "self", "self-short"] {
        for hz in [22_050, 44_100, 48_000] {
            let session = Session::plan(&built_in(name).into(), &english, rate(hz)).unwrap();
            let sections = session.timeline.sections.iter().map(|section| section.range.length);
            assert_eq!(sections.sum::<Length>(), session.timeline.length());
            if name == "self-short" {
                assert_eq!(session.timeline.length(), Length(360 * u64::from(hz)));
            }
        }
    }
}

/// The factor of a ducked tick, written again from what the plan promises: 9 dB down
/// while a prompt sounds, ramps of 80 ms before it and 250 ms after.
fn gain(at: u64, timeline: &Timeline) -> f64 {
    let rate = f64::from(timeline.sample_rate.hz());
    let ramp = |frames: u64, seconds: f64| {
        let x = (1.0 - frames as f64 / ((seconds * rate).round() + 1.0)).max(0.0);
        x * x * (3.0 - 2.0 * x)
    };
    let down = timeline.speech.iter().map(|prompt| {
        let (start, end) = (prompt.range.start.0, prompt.range.end_exclusive().0);
        match at {
            before if before < start => ramp(start - before, 0.08),
            after if after >= end => ramp(after + 1 - end, 0.25),
            _ => 1.0,
        }
    });
    1.0 - (1.0 - 10_f64.powf(-9.0 / 20.0)) * down.fold(0.0, f64::max)
}

#[test]
fn a_mix_is_its_planned_sounds_at_their_frames_and_nothing_else() {
    // In floats the mix comes out as it is, so what was planned can be taken away
    // again, and nothing may remain.
    let session =
        Session::plan(&built_in("self-short").into(), &support::english(), rate(8_000)).unwrap();
    let session = session.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
    let (timeline, sounds) = (&session.timeline, &session.sounds);
    let mut rest = mixed(timeline, sounds);
    for prompt in &timeline.speech {
        let at = prompt.range.start.0 as usize;
        for (n, sample) in sounds.clips[&prompt.clip].get().iter().enumerate() {
            rest[at + n] -= sample;
        }
    }
    for chime in &timeline.chimes {
        let at = chime.range.start.0 as usize;
        for (n, sample) in sounds.chimes[&chime.sound()].iter().enumerate() {
            rest[at + n] -= sample;
        }
    }
    for tick in timeline.ticks() {
        for (n, sample) in sounds.ticks[&tick.tick].iter().enumerate() {
            let at = tick.at.0 + n as u64;
            rest[at as usize] -= (f64::from(*sample) * gain(at, timeline)) as f32;
        }
    }
    let loudest = rest.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert!(loudest < 1e-6, "{loudest}");
}

#[test]
fn chimes_of_any_kind_sound_anywhere_and_nothing_gives_way_to_them() {
    use effleurage::chime;
    use effleurage::timeline::{Chime, ChimeKind};
    let session =
        Session::plan(&built_in("self-short").into(), &support::english(), rate(8_000)).unwrap();
    let session = session.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
    let before = mixed(&session.timeline, &session.sounds);
    let mut timeline = session.timeline.clone();
    let usual = timeline.chimes.len();
    for section in &session.timeline.sections {
        // Three in each, over words and ticks and one another.
        for (n, kind) in
            [ChimeKind::Soon, ChimeKind::PauseStart, ChimeKind::PauseEnd].iter().enumerate()
        {
            let length = Length(8_000 + 400 * n as u64);
            let range = FrameRange::new(section.range.start + Length(100 * n as u64), length);
            if range.end_exclusive() <= section.range.end_exclusive() {
                timeline.chimes.push(Chime { range, kind: *kind });
            }
        }
    }
    assert!(timeline.chimes.len() > usual + 20);
    let samples = |(kind, length)| chime::samples(kind, length, timeline.sample_rate);
    let kinds = chime::lengths(&timeline).into_keys();
    let chimes = kinds.map(|kind| (kind, samples(kind))).collect();
    let sounds = Sounds { chimes, ..session.sounds };
    let mut rest = mixed(&timeline, &sounds);
    for chime in &timeline.chimes[usual..] {
        let at = chime.range.start.0 as usize;
        for (n, sample) in sounds.chimes[&chime.sound()].iter().enumerate() {
            rest[at + n] -= sample;
        }
    }
    let apart = rest.iter().zip(&before).map(|(rest, before)| (rest - before).abs());
    assert!(apart.fold(0.0, f32::max) < 1e-6);
}

#[test]
fn a_lost_sound_is_noticed_before_mixing() {
    let timeline = timeline(rate(1), 8, &[(2, 2)]);
    assert!(Mixer::new(&timeline, &with_word(&[0.1, 0.2])).is_some());
    assert!(Mixer::new(&timeline, &with_word(&[0.1])).is_none(), "too short");
    assert!(Mixer::new(&timeline, &Sounds::default()).is_none(), "not there");
}

#[test]
fn voice_and_ducked_tick_together_stay_below_minus_one_decibel() {
    use effleurage::{tick, voice::level};
    let amplitude = |decibels: f64| 10_f64.powf(decibels / 20.0);
    let together = amplitude(level::CEILING.0) + amplitude(tick::LOUDEST.0 - 9.0);
    assert!(20.0 * together.log10() < -1.0, "{together}");
}

/// A track of `length` frames with a bed from the first to the last.
fn with_bed(rate: SampleRate, length: u64, prompts: &[(u64, u64)]) -> Timeline {
    let bed = Some(effleurage::timeline::Bed::of("rain", Length(length), rate));
    Timeline { bed, ..timeline(rate, length, prompts) }
}

fn sounds_with_bed(bed: &[f32], word: usize) -> Sounds {
    Sounds { bed: bed.to_vec(), ..with_word(&vec![0.0; word]) }
}

#[test]
fn a_bed_comes_up_over_four_seconds_and_goes_over_six() {
    // At 1 Hz a frame is a second: raised cosines at the middle of each, 1/2 - cos(πx)/2.
    let timeline = with_bed(rate(1), 20, &[]);
    let gains = mixed(&timeline, &sounds_with_bed(&[1.0], 1));
    let rise = [0.0381, 0.3087, 0.6913, 0.9619];
    let fall = [0.9830, 0.8536, 0.6294, 0.3706, 0.1464, 0.0170];
    let expected = rise.into_iter().chain([1.0; 10]).chain(fall);
    for (second, (gain, expected)) in gains.iter().zip(expected).enumerate() {
        assert!((f64::from(*gain) - expected).abs() < 1e-4, "second {second}: {gain}");
    }
}

#[test]
fn a_bed_repeats_without_a_seam() {
    let timeline = with_bed(rate(1), 40, &[]);
    let bed = [0.1, 0.2, 0.3];
    let frames = mixed(&timeline, &sounds_with_bed(&bed, 1));
    for second in 4..34 {
        assert_eq!(frames[second], bed[second % 3], "second {second}");
    }
}

#[test]
fn a_bed_is_half_as_loud_under_a_word_and_moves_slowly() {
    // Ramps of 0.4 and 1.2 s: at 10 Hz, 4 frames before the word and 12 after it.
    let timeline = with_bed(rate(10), 400, &[(100, 20)]);
    let gains = mixed(&timeline, &sounds_with_bed(&[1.0], 20));
    assert!(gains[40..96].iter().all(|gain| *gain == 1.0));
    // -6 dB is a factor of 0.5012.
    assert!(
        gains[100..120].iter().all(|gain| (gain - 0.5012).abs() < 1e-4),
        "{:?}",
        &gains[95..125]
    );
    assert!(gains[132..340].iter().all(|gain| *gain == 1.0));
    assert!(gains[96..101].windows(2).all(|pair| pair[0] > pair[1]), "{:?}", &gains[96..101]);
    assert!(gains[119..132].windows(2).all(|pair| pair[0] < pair[1]), "{:?}", &gains[119..133]);
}

#[test]
fn any_range_of_a_bed_gives_the_same_frames() {
    let timeline = with_bed(rate(10), 300, &[(100, 20), (130, 20)]);
    let sounds = sounds_with_bed(&[0.1, -0.2, 0.3, 0.7, -0.5], 20);
    let all = mixed(&timeline, &sounds);
    let mixer = Mixer::new(&timeline, &sounds).unwrap();
    for block in [1, 7, 64] {
        let mut blocks = Vec::new();
        while blocks.len() < all.len() {
            let mut frames = vec![9.0; block.min(all.len() - blocks.len())];
            assert!(mixer.mix(Position(blocks.len() as u64), &mut frames), "a bed is heard");
            blocks.extend(frames);
        }
        assert_eq!(blocks, all, "blocks of {block}");
    }
}

#[test]
fn a_bed_that_is_missing_is_noticed() {
    let planned = with_bed(rate(1), 20, &[]);
    assert!(Mixer::new(&planned, &Sounds::default()).is_none());
    let unplanned = timeline(rate(1), 20, &[]);
    assert!(Mixer::new(&unplanned, &sounds_with_bed(&[1.0], 1)).is_none());
}

#[test]
fn ticks_that_are_louder_give_way_by_as_much_more() {
    use effleurage::mix::Ducking;
    use effleurage::timeline::Levels;
    use effleurage::units::Decibels;
    let depth =
        |db| Ducking::of_ticks(Levels { ticks: Decibels(db), ..Levels::USUAL }, rate(1)).depth;
    assert_eq!(
        [depth(-6.0), depth(0.0), depth(6.0)],
        [Decibels(-9.0), Decibels(-9.0), Decibels(-15.0)]
    );
}
