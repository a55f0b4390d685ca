//! Plans a routine and prints when each part of it begins.
//!
//! cargo run --release --example plan -- self-short

use std::error::Error;

use effleurage::routine::{Request, builtin};
use effleurage::session::Session;
use effleurage::units::{Position, SampleRate, clock};
use effleurage::voice;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "self-short".to_owned());
    let source = builtin::source(&name).ok_or("no built-in routine is called that")?;
    let english = voice::open("en".as_ref())?;
    // The changes are the flags of the command line.
    let request = Request::new(source, &[("--legs", "left")]);
    let session = Session::plan(&request, &english, SampleRate::CD)?;
    for section in &session.timeline.sections {
        let since = section.range.start.since(Position::START);
        println!("{}  {}", clock(SampleRate::CD.duration_of(since)), section.title);
    }
    Ok(())
}
