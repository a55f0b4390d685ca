//! The room in which the voice speaks: heard, and nothing else is different.

use crate::support::{built_in, english, rate};
use effleurage::cancel::CancelToken;
use effleurage::routine::Request;
use effleurage::session::{Prepared, Session};
use effleurage::timeline::Timeline;
use effleurage::units::Position;
use effleurage::voice::loudness::{loudness, true_peak};

fn prepared(flags: &[(&str, &str)], hz: u32) -> Prepared {
    let request = Request::new(built_in("self-short"), flags);
    let session = Session::plan(&request, &english(), rate(hz)).unwrap();
    session.prepare(&CancelToken::default(), &|_, _| ()).unwrap()
}

const WARM: &[(&str, &str)] = &[("--room", "warm")];

#[test]
fn a_plan_does_not_know_of_the_room() {
    for hz in [8_000, 44_100] {
        for flags in [&[][..], &[("--time-left", "1m"), ("--count-in", "3"), ("--total", "20m")]] {
            let plan = |flags: &[(&str, &str)]| -> Timeline {
                let request = Request::new(built_in("self"), flags);
                Session::plan(&request, &english(), rate(hz)).unwrap().timeline
            };
            assert_eq!(plan(&[flags, WARM].concat()), plan(flags));
        }
    }
}

#[test]
fn words_in_the_room_are_as_long_and_as_loud_as_without() {
    let rate = rate(22_050);
    let (dry, warm) = (prepared(&[], rate.hz()), prepared(WARM, rate.hz()));
    assert_eq!(dry.sounds.clips.len(), warm.sounds.clips.len());
    for (id, clip) in &warm.sounds.clips {
        let (clip, before) = (clip.get(), dry.sounds.clips[id].get());
        assert_eq!(clip.len(), before.len(), "{id}");
        let lufs = loudness(&clip, rate).unwrap().0;
        assert!((lufs + 16.0).abs() < 0.1, "{id}: {lufs} LUFS");
        assert!(true_peak(&clip, rate).0 <= -2.0 + 1e-6, "{id}");
        assert_ne!(*clip, *before, "{id}");
        // The first sound is where it was: 60 ms of margin come before it.
        let first = |clip: &[f32]| clip.iter().position(|sample| sample.abs() > 1e-9);
        assert_eq!(first(&clip), first(&before), "{id}");
        assert!(clip[clip.len() - 1].abs() < 1e-4, "{id} ends in nothing");
    }
}

#[test]
fn only_the_voice_is_in_the_room() {
    let (dry, warm) = (prepared(&[], 8_000), prepared(WARM, 8_000));
    assert_eq!(dry.sounds.ticks, warm.sounds.ticks);
    assert_eq!(dry.sounds.chimes, warm.sounds.chimes);
    let mix = |prepared: &Prepared| {
        let mixer = effleurage::mix::Mixer::new(&prepared.timeline, &prepared.sounds).unwrap();
        let mut all = vec![0.0; prepared.timeline.length().0 as usize];
        mixer.mix(Position::START, &mut all);
        all
    };
    let (dry, heard) = (mix(&dry), mix(&warm));
    let spoken = |n: usize| {
        let inside = |prompt: &effleurage::timeline::Prompt| {
            (prompt.range.start.0..prompt.range.end_exclusive().0).contains(&(n as u64))
        };
        warm.timeline.speech.iter().any(inside)
    };
    let differs = (0..dry.len()).filter(|n| dry[*n].to_bits() != heard[*n].to_bits());
    let (inside, outside): (Vec<usize>, Vec<usize>) = differs.partition(|n| spoken(*n));
    assert!(!inside.is_empty());
    assert_eq!(outside, Vec::<usize>::new());
}
