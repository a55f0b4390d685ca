//! Reads ten seconds from the middle of a track that was never written: any bytes of a file
//! can be had from its plan, as a server does that is asked for a range.
//!
//! cargo run --release --example range

use std::error::Error;

use effleurage::cancel::CancelToken;
use effleurage::routine::{Request, builtin};
use effleurage::session::Session;
use effleurage::units::SampleRate;
use effleurage::voice;
use effleurage::wav::{Bits, Channels, Format, Track};

fn main() -> Result<(), Box<dyn Error>> {
    let source = builtin::source("partner").ok_or("it is built in")?;
    let request = Request::new(source, &[]);
    let spanish = voice::open("es".as_ref())?;
    let session = Session::plan(&request, &spanish, SampleRate::CD)?;
    let chunks = session.chunks(&request, &spanish)?;
    // Nobody stops it, and no clip is too quiet.
    let prepared = session.prepare(&CancelToken::default(), &|_, _| ())?;
    let mixer = prepared.mixer()?;
    let format = Format { rate: SampleRate::CD, bits: Bits::Sixteen, channels: Channels::Mono };
    let track = Track::new(&mixer, format, &chunks)?;
    let second = format.bytes_per_frame() * u64::from(format.rate.hz());
    let middle = track.size() / 2;
    let bytes = track.bytes(middle..middle + 10 * second)?;
    println!("{} of {} bytes, from {middle} on", bytes.len(), track.size());
    Ok(())
}
