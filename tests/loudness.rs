//! The loudness of whole tracks: reached by one gain, true, carried, and repeated.

use std::path::Path;

use crate::support::{built_in, effleurage, english, rate, stderr, stdout};
use ebur128::{EbuR128, Mode};
use effleurage::cancel::CancelToken;
use effleurage::routine::Request;
use effleurage::session::{Prepared, Session, parse_loudness};
use effleurage::units::Lufs;
use effleurage::wav::Channels;

fn session(flags: &[(&str, &str)]) -> Session {
    let request = Request::new(built_in("self-short"), flags);
    Session::plan(&request, &english(), rate(8_000)).unwrap()
}

fn prepared(flags: &[(&str, &str)], loudness: Option<(f64, Channels)>) -> Prepared {
    let mut session = session(flags);
    if let Some((asked, channels)) = loudness {
        session.bring_to(Lufs(asked), channels, &CancelToken::default()).unwrap();
    }
    session.prepare(&CancelToken::default(), &|_, _| ()).unwrap()
}

/// Loudness and true peak of the WAV file at `path`, its channels counted as the meter's author
/// counts them.
fn metered(path: &Path) -> (f64, f64) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    let samples: Vec<f32> =
        reader.samples::<i16>().map(|code| f32::from(code.unwrap()) / 32_768.0).collect();
    let channels = u32::from(spec.channels);
    let mut meter = EbuR128::new(channels, spec.sample_rate, Mode::I | Mode::TRUE_PEAK).unwrap();
    meter.add_frames_f32(&samples).unwrap();
    let peak = (0..channels).map(|n| meter.true_peak(n).unwrap()).fold(0.0, f64::max);
    (meter.loudness_global().unwrap(), 20.0 * peak.log10())
}

fn render(folder: &Path, flags: &[&str]) -> String {
    let words = ["render", "self-short", "--rate", "8000", "-o", "track.wav"];
    let output = effleurage(folder, &[&words, flags].concat());
    assert!(output.status.success(), "{output:?}");
    stderr(&output)
}

#[test]
fn a_file_is_as_loud_as_it_was_asked_to_be() {
    let scratch = tempfile::tempdir().unwrap();
    let cases: [(f64, &[&str]); 5] = [
        (-16.0, &["--channels", "2"]),
        (-16.0, &[]),
        (-18.0, &["--bed", "rain", "--channels", "2"]),
        (-16.0, &["--pan", "legs", "--tick-level", "6"]),
        (-30.0, &["--talk", "ticks"]),
    ];
    for (asked, flags) in cases {
        let loudness = asked.to_string();
        render(scratch.path(), &[&["--loudness", &loudness, "--verify"], flags].concat());
        let (loudness, peak) = metered(&scratch.path().join("track.wav"));
        assert!((loudness - asked).abs() < 0.1, "{flags:?}: {loudness} instead of {asked}");
        assert!(peak <= -1.0, "{flags:?}: {peak} dBTP");
    }
}

#[test]
fn what_becomes_softer_is_the_same_but_for_one_factor() {
    let (usual, softer) = (prepared(&[], None), prepared(&[], Some((-30.0, Channels::Mono))));
    let some = softer.sounds.ticks.iter().next().unwrap();
    let at = |samples: &[f32]| samples.iter().position(|s| s.abs() > 0.01).unwrap();
    let n = at(&usual.sounds.ticks[some.0]);
    let factor = some.1[n] / usual.sounds.ticks[some.0][n];
    let pairs = |one: &Prepared| {
        let sounds = one.sounds.clone();
        let clips = sounds.clips.values().map(|clip| clip.get().to_vec());
        let clips = clips.chain(sounds.ticks.into_values());
        clips.chain(sounds.chimes.into_values()).flatten().collect::<Vec<f32>>()
    };
    let (usual, softer) = (pairs(&usual), pairs(&softer));
    assert_eq!(usual.len(), softer.len());
    let apart = usual.iter().zip(&softer).filter(|(u, s)| (*u * factor - *s).abs() > 1e-7).count();
    assert_eq!(apart, 0);
}

#[test]
fn a_clip_that_becomes_louder_keeps_below_its_ceiling() {
    let louder = prepared(&[], Some((-13.0, Channels::Stereo)));
    for (id, clip) in &louder.sounds.clips {
        let peak = effleurage::voice::loudness::true_peak(&clip.get(), rate(8_000));
        assert!(peak.0 <= -2.0 + 1e-6, "{id}: {peak:?}");
    }
}

#[test]
fn what_was_reached_is_told_and_carried_and_made_again() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let told = render(folder, &["--loudness", "-16"]);
    let (loudness, peak) = metered(&folder.join("track.wav"));
    let line = format!(
        "the whole track: {loudness:.1} LUFS (from two loudspeakers {:.1}), true peak {peak:.1} dBTP\n",
        loudness + 3.01
    );
    assert!(told.starts_with(&line), "{told}{line}");
    let shown = stdout(&effleurage(folder, &["show", "track.wav"]));
    let line =
        format!("brought to -16 LUFS: it has {loudness:.2}, and a true peak of {peak:.2} dBTP");
    assert!(shown.contains(&line), "{shown}{line}");
    let again = "effleurage render again.toml --rate 8000 --loudness -16 -o again.wav";
    assert!(shown.contains(again), "{shown}");
    let routine = effleurage(folder, &["show", "track.wav", "--routine"]);
    std::fs::write(folder.join("again.toml"), routine.stdout).unwrap();
    let words: Vec<&str> = again.split(' ').skip(1).collect();
    assert!(effleurage(folder, &words).status.success());
    let bytes = |name| std::fs::read(folder.join(name)).unwrap();
    assert!(bytes("track.wav") == bytes("again.wav"));
    let against = ["verify", "track.wav", "--against", "self-short", "--loudness"];
    let verdict = |loudness| effleurage(folder, &[&against[..], &[loudness]].concat()).status;
    assert!(!verdict("-17").success());
    assert!(verdict("-16").success());
}

#[test]
fn what_cannot_be_that_loud_is_told_with_a_way_out_that_works() {
    let scratch = tempfile::tempdir().unwrap();
    let words = ["render", "self-short", "--rate", "8000", "--tick-level", "6", "--loudness"];
    let output = effleurage(scratch.path(), &[&words[..], &["-7"]].concat());
    let told = stderr(&output);
    let (_, rest) = told.split_once("use --loudness ").unwrap();
    let (most, rest) = rest.split_once(' ').unwrap();
    assert_eq!(rest, "or less, or softer ticks (--tick-level)\n");
    assert!(told.starts_with(&format!(
        "error: the track cannot have -7 LUFS: with its peaks below -1 dBTP it has {most}\n"
    )));
    let output = effleurage(scratch.path(), &[&words[..], &[most]].concat());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_loudness_is_read_as_people_write_it() {
    for text in ["-16", "-16.0", " -16 LUFS", "-16lufs", "\u{2212}16"] {
        assert_eq!(parse_loudness(text), Some(Lufs(-16.0)), "{text}");
    }
    for text in ["16", "0", "-41", "-5.9", "", "LUFS", "loud", "nan", "-inf"] {
        assert_eq!(parse_loudness(text), None, "{text}");
    }
}
