//! Any bytes of a track can be had without the others, and are those of its file.

use std::path::Path;

use crate::support::{built_in, english, rate};
use effleurage::cancel::CancelToken;
use effleurage::routine::Request;
use effleurage::session::{self, Prepared, Session};
use effleurage::wav::{Bits, Channels, Format, Track, Watch};
use proptest::prelude::*;

fn session() -> (Prepared, Vec<u8>) {
    let request = Request::new(built_in("self-short"), &[("--bed", "rain"), ("--legs", "left")]);
    let pack = english();
    let session = Session::plan(&request, &pack, rate(8_000)).unwrap();
    // An odd number of frames has a byte of padding with 24 bits and one channel.
    let chunks = session.chunks(&request, &pack).unwrap();
    (session.prepare(&CancelToken::default(), &|_, _| ()).unwrap(), chunks)
}

#[test]
fn any_range_of_bytes_is_that_of_the_file() {
    let (prepared, chunks) = session();
    let mixer = prepared.mixer().unwrap();
    for bits in [Bits::Sixteen, Bits::TwentyFour, Bits::ThirtyTwo] {
        for channels in [Channels::Mono, Channels::Stereo] {
            let format = Format { rate: prepared.timeline.sample_rate, bits, channels };
            let watch = Watch { progress: &|_| (), cancel: CancelToken::default() };
            let mut file = Vec::new();
            let name = Path::new("track.wav");
            session::render_to_stream(
                &prepared,
                prepared.timeline.range(),
                name,
                &mut file,
                &format,
                effleurage::wav::Chunks::behind(&chunks),
                &watch,
            )
            .unwrap();
            let track = Track::new(&mixer, format, &chunks).unwrap();
            let size = file.len() as u64;
            assert_eq!(track.size(), size);
            let edges = [0, 1, 43, 44, 45, 68, 69, 4096, size - 1, size, size + 9];
            for (n, from) in edges.into_iter().enumerate() {
                for to in &edges[n..] {
                    let found = track.bytes(from..(*to).min(from + 100_000)).unwrap();
                    let to = (*to).min(from + 100_000).min(size) as usize;
                    let from = (from as usize).min(to);
                    assert!(found == file[from..to], "{from}..{to} of {bits:?} {channels:?}");
                }
            }
            let mut random = proptest::test_runner::TestRunner::deterministic();
            let ranges = (0..size, 0..50_000_u64);
            random
                .run(&ranges, |(from, count)| {
                    let to = (from + count).min(size);
                    let found = track.bytes(from..from + count).unwrap();
                    prop_assert!(found == file[from as usize..to as usize], "{}..{}", from, to);
                    Ok(())
                })
                .unwrap();
        }
    }
}
