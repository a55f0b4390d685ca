//! The engine as WebAssembly, for a page and for Node.
//!
//! A page gives the files of a voice one by one (`put`), reads what there is to choose
//! (`about`), plans a session (`plan`, `file`) and opens it (`open`). Before it reads any bytes
//! of the track (`bytes`), it asks which clips these lack (`lacks`), gives them, and has each
//! made ready (`make`). A copy (`copy`) is written by the page while it is encoded. Each leaves
//! an answer, text or bytes, in memory that the page may read until the next call.

mod abi;
mod copy;
mod request;
mod shelf;
mod sounds;
mod words;

use effleurage_core::routine::Request;
use effleurage_core::timeline::document;
use effleurage_core::units::{FrameRange, Position};
use effleurage_engine::error::{Error, Result};
use effleurage_engine::session::{Prepared, Session, Speaking};
use effleurage_engine::voice::{Forgetful, Pack};
use effleurage_engine::wav::{Format, Track};
use effleurage_page::{About, Planned, Refusal, plan, told};

use request::{Asked, Kind};
use shelf::Shelf;
use sounds::OwnSounds;
use words::{Clips, Unready};

/// What a page has given by now, and what was made of it.
#[derive(Default)]
struct Engine {
    files: Shelf,
    sounds: OwnSounds,
    /// The voice of the last plan, as long as no file of it is new.
    pack: Option<Pack>,
    planned: Option<Planned>,
    track: Option<Ready>,
}

/// A session of which any bytes can be had.
struct Ready {
    session: Prepared,
    format: Format,
    chunks: Vec<u8>,
    size: u64,
    /// The voice that speaks it, and how its clips are made ready.
    voice: String,
    speaking: Speaking,
    unready: Unready,
}

impl Engine {
    /// Keeps a file of the voice, or a sound of the person's own.
    fn put(&mut self, name: String, file: Vec<u8>) {
        if let Some(name) = name.strip_prefix(sounds::FOLDER) {
            return self.sounds.put(name, file);
        }
        self.pack = None;
        self.files.put(name, file);
    }

    /// The routines and the settings, in the words of a voice.
    fn about(&mut self, voice: &str) -> std::result::Result<Vec<u8>, String> {
        let about = self.pack(voice).and_then(About::of);
        about.map_err(|error| told(&error)).map(|about| json(&about))
    }

    /// Plans what is `asked`, for a page to show; or tells what is wrong, both as JSON.
    fn plan(&mut self, asked: &Asked) -> std::result::Result<Vec<u8>, Vec<u8>> {
        self.planned = None;
        let text = |text| json(&Refusal { text, ..Refusal::default() });
        let kind = asked.kind().map_err(text)?;
        let sounds = self.sounds.clone();
        let request = asked.request(&sounds).map_err(text)?;
        let pack = self.pack(&asked.voice).map_err(|error| json(&Refusal::of(&error)))?;
        let (view, planned) =
            plan(&request, pack, kind.rate, &|timeline| kind.format(timeline), asked.width)
                .map_err(|refusal| json(&refusal))?;
        self.planned = Some(planned);
        Ok(json(&view))
    }

    /// A file that is made from the plan: `plan.json`, `plan.svg`, `captions.vtt`, `card.pdf`
    /// or `routine.toml`.
    fn file(&mut self, name: &str) -> std::result::Result<Vec<u8>, String> {
        let planned = self.planned.as_ref().ok_or("nothing is planned yet")?;
        let pack = self.pack.as_ref().ok_or("no voice is there yet")?;
        let file = planned.file(name, pack).map_err(|error| told(&error))?;
        file.ok_or_else(|| format!("no file is called `{name}`"))
    }

    /// Plans what is `asked`, makes all of it ready but the words, and tells the plan as JSON.
    /// The words that are ready since the session before are ready now.
    fn open(&mut self, asked: &Asked) -> std::result::Result<Vec<u8>, String> {
        // Whatever becomes of this, the session before is gone.
        let before = self.track.take();
        let kind = asked.kind()?;
        let sounds = self.sounds.clone();
        let request = asked.request(&sounds)?;
        let opened = self.opened(asked, &request, kind, before);
        let (ready, plan) = opened.map_err(|error| told(&error))?;
        self.track = Some(ready);
        Ok(plan)
    }

    fn opened(
        &mut self,
        asked: &Asked,
        request: &Request<'_>,
        kind: Kind,
        before: Option<Ready>,
    ) -> Result<(Ready, Vec<u8>)> {
        let pack = self.pack(&asked.voice)?;
        let session = Session::plan(request, pack, kind.rate)?;
        let format = kind.format(&session.timeline);
        let chunks = session.chunks(request, pack)?;
        let outcomes = session.outcomes(request, pack);
        let mut plan = Vec::new();
        document::json(&session.timeline, &outcomes, &mut plan)
            .map_err(|error| Error::Ours { what: error.to_string() })?;
        let (mut session, speaking) = session.without_words();
        let voice = asked.voice.clone();
        let same = before.filter(|before| before.voice == voice && before.speaking == speaking);
        let unready = Unready::of(&mut session, same.map(Ready::words).unwrap_or_default());
        let size = Track::new(&session.mixer()?, format, &chunks)?.size();
        Ok((Ready { session, format, chunks, size, voice, speaking, unready }, plan))
    }

    /// Makes one of the clips ready that the track [lacks](Engine::lacks), once its file was
    /// given.
    fn make(&mut self, clip: &str) -> Result<()> {
        let Some(mut ready) = self.track.take() else { return Ok(()) };
        let made = self.clip(clip, &ready);
        let made = made.map(|samples| ready.unready.fill(&mut ready.session, clip, samples));
        self.track = Some(ready);
        match made? {
            true => Ok(()),
            false => Err(Error::Ours {
                what: format!("`{clip}` is not said, or not as long as planned"),
            }),
        }
    }

    fn clip(&mut self, clip: &str, ready: &Ready) -> Result<Vec<f32>> {
        let pack = self.pack(&ready.voice)?;
        let lost = || Error::Ours { what: format!("no clip is called `{clip}`") };
        let made = pack.clip_source(clip)?.ok_or_else(lost)?;
        let made = ready.speaking.clip(&made);
        // What was decoded is not needed again, and the voice would keep it.
        self.pack = self.pack.take().map(|pack| pack.remembering(Forgetful));
        made.map(|clip| clip.samples)
    }

    /// The voice, as far as its files were given.
    fn pack(&mut self, voice: &str) -> Result<&Pack> {
        let known = self.pack.take().filter(|pack| pack.id == voice);
        let pack = match known {
            Some(pack) => pack,
            None => Pack::new(voice, voice.as_ref(), Box::new(self.files.clone()))?,
        };
        Ok(self.pack.insert(pack))
    }

    /// How many bytes the track has; none where no session is open.
    fn size(&self) -> u64 {
        self.track.as_ref().map_or(0, |ready| ready.size)
    }

    /// Encodes the track in a smaller file, for the page to write.
    fn copy(&self, ending: &str) -> Result<()> {
        let nothing = || Error::Ours { what: "no session is open".to_owned() };
        let ready = self.track.as_ref().ok_or_else(nothing)?;
        ready.whole(0, ready.size)?;
        copy::write(ready, ending)
    }

    /// The clips that sound in these bytes of the track and are not ready, the first first.
    fn lacks(&self, from: u64, to: u64) -> Vec<&str> {
        self.track.as_ref().map_or(Vec::new(), |ready| ready.lacks(from, to))
    }

    /// Bytes of the track.
    fn bytes(&self, from: u64, to: u64) -> Result<Vec<u8>> {
        let Some(ready) = &self.track else { return Ok(Vec::new()) };
        ready.whole(from, to)?;
        let mixer = ready.session.mixer()?;
        Track::new(&mixer, ready.format, &ready.chunks)?.bytes(from..to)
    }
}

impl Ready {
    /// The words that are ready.
    fn words(self) -> Clips {
        let Ready { session, unready, .. } = self;
        let mut clips = session.sounds.clips;
        clips.retain(|clip, _| !unready.has(clip));
        clips
    }

    /// Fails where words of these bytes are not ready.
    fn whole(&self, from: u64, to: u64) -> Result<()> {
        match self.lacks(from, to).first() {
            None => Ok(()),
            Some(clip) => {
                let what = format!("`{clip}` was not made ready before the track was read");
                Err(Error::Ours { what })
            }
        }
    }

    fn lacks(&self, from: u64, to: u64) -> Vec<&str> {
        let to = to.min(self.size);
        if from >= to {
            return Vec::new();
        }
        // Where the header ends does not matter: a little more is looked at than is asked for.
        let frame = self.format.bytes_per_frame();
        let first = Position(from.saturating_sub(LONGEST_HEADER) / frame);
        self.unready.within(FrameRange::new(first, Position(to.div_ceil(frame)).since(first)))
    }
}

/// No header of a WAV file that is written here is longer.
const LONGEST_HEADER: u64 = 128;
fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // Texts and numbers only: this cannot fail.
    serde_json::to_vec(value).unwrap_or_default()
}
