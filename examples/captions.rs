//! Writes what is spoken in a session, and when, as captions for a video player.
//!
//! cargo run --release --example captions > captions.vtt

use std::error::Error;
use std::io;

use effleurage::routine::{Request, builtin};
use effleurage::session::Session;
use effleurage::units::SampleRate;
use effleurage::{sidecar, voice};

fn main() -> Result<(), Box<dyn Error>> {
    let source = builtin::source("self").ok_or("it is built in")?;
    let english = voice::open("en".as_ref())?;
    let request = Request::new(source, &[("--total", "10m")]);
    let session = Session::plan(&request, &english, SampleRate::CD)?;
    sidecar::captions(&session.timeline, &mut io::stdout())?;
    Ok(())
}
