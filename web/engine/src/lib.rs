//! The engine as WebAssembly, for a page and for Node.
//!
//! A page gives the files of a voice one by one (`put`), asks for a session
//! (`open`) and reads any bytes of its track (`bytes`). These two
//! leave an answer, text or bytes, in memory that the page may read until the next call.

mod abi;
mod request;

use effleurage_core::routine::Request;
use effleurage_core::timeline::document;
use effleurage_engine::error::{Error, Result};
use effleurage_engine::session::{Prepared, Session};
use effleurage_engine::voice::{InMemory, Pack};
use effleurage_engine::wav::{Format, Track};

use request::Asked;

/// What a page has given by now, and what was made of it.
#[derive(Default)]
struct Engine {
    files: InMemory,
    /// The voice that was opened last: its clips are decoded once.
    pack: Option<Pack>,
    track: Option<Ready>,
}

/// A session of which any bytes can be had.
struct Ready {
    session: Prepared,
    format: Format,
    chunks: Vec<u8>,
    size: u64,
}

impl Engine {
    /// Keeps a file of the voice.
    fn put(&mut self, name: String, file: Vec<u8>) {
        self.pack = None;
        self.files.0.insert(name, file);
    }

    /// Plans what is `asked`, makes its sounds ready, and tells the plan as JSON.
    fn open(&mut self, asked: &Asked) -> std::result::Result<Vec<u8>, String> {
        self.track = None;
        let format = asked.format()?;
        let request = asked.request()?;
        let (ready, plan) = self.ready(asked, &request, format).map_err(|error| told(&error))?;
        self.track = Some(ready);
        Ok(plan)
    }

    fn ready(
        &mut self,
        asked: &Asked,
        request: &Request<'_>,
        format: Format,
    ) -> Result<(Ready, Vec<u8>)> {
        let known = self.pack.take().filter(|pack| pack.id == asked.voice);
        let files = Box::new(self.files.clone());
        let pack =
            known.map_or_else(|| Pack::new(&asked.voice, asked.voice.as_ref(), files), Ok)?;
        let pack = self.pack.insert(pack);
        let session = Session::plan(request, pack, format.rate)?;
        let chunks = session.chunks(request, pack)?;
        let outcomes = session.outcomes(request, pack);
        let mut plan = Vec::new();
        document::json(&session.timeline, &outcomes, &mut plan)
            .map_err(|error| Error::Ours { what: error.to_string() })?;
        let session = session.prepare(&|| None, &|_, _| ())?;
        let size = Track::new(&session.mixer()?, format, &chunks)?.size();
        Ok((Ready { session, format, chunks, size }, plan))
    }

    /// How many bytes the track has; none where no session is open.
    fn size(&self) -> u64 {
        self.track.as_ref().map_or(0, |ready| ready.size)
    }

    /// Bytes of the track.
    fn bytes(&self, from: u64, to: u64) -> Result<Vec<u8>> {
        let Some(ready) = &self.track else { return Ok(Vec::new()) };
        let mixer = ready.session.mixer()?;
        Track::new(&mixer, ready.format, &ready.chunks)?.bytes(from..to)
    }
}

/// An error as a person reads it.
fn told(error: &Error) -> String {
    match error.help() {
        help if help.is_empty() => error.to_string(),
        help => format!("{error}\nhelp: {help}"),
    }
}
