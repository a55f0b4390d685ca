//! What pages brought, and the sessions that were made ready for them.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use effleurage_page::{About, Planned, Refusal, View, plan};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Semaphore;

use super::address::{Asked, Routine};
use super::made::Ready;
use super::site::{Told, Voices};
use crate::diagnostic::Source;
use crate::error::{Error, Result};
use crate::files::{Bytes, Files, Unread, first};
use crate::routine::{Request, builtin};
use crate::units::SampleRate;
use crate::voice::{Cache, Pack};
use crate::wav::Format;

/// Routine files that are kept at most.
const MOST_ROUTINES: usize = 32;
/// Sounds that are kept at most, each of 128 MiB at most.
const MOST_SOUNDS: usize = 2;
/// Sessions that are kept ready; what is still read of an older one lives as long as it is.
const MOST_READY: usize = 3;
/// Sessions that are alive at most, each of some tens of megabytes.
const MOST_ALIVE: usize = 8;
/// Copies that are made at once, at most.
const MOST_COPIES: usize = 4;
/// What a routine file of a page is called.
const OWN_FILE: &str = "your-file.toml";

/// All that is kept between two requests.
pub struct Counter {
    places: Vec<(String, PathBuf)>,
    voices: Voices,
    remembers: bool,
    routines: Mutex<Newest<Arc<str>>>,
    sounds: Mutex<Newest<Arc<[u8]>>>,
    ready: Mutex<VecDeque<(Key, Session)>>,
    alive: Arc<Semaphore>,
    /// Whoever mixes, one for each processor.
    pub mixing: Arc<Semaphore>,
    /// Whoever makes a copy, which takes seconds: one processor is left for those who listen.
    pub copying: Arc<Semaphore>,
    /// Whoever plans.
    pub planning: Arc<Semaphore>,
}

/// A session and its rate.
type Key = (Asked, SampleRate);
/// A session that is being made or was; nothing where too many are alive.
type Made = Option<std::result::Result<Arc<Ready>, Arc<Refusal>>>;
/// Made once, whoever waits for it, and even if nobody does any more.
type Session = Shared<BoxFuture<'static, Made>>;

impl Counter {
    /// Offers `voices`; without those that cannot be opened, where nobody has named them.
    ///
    /// # Errors
    ///
    /// Where a voice that was named cannot be opened.
    pub fn new(voices: &[PathBuf], named: bool, remembers: bool) -> Result<Counter> {
        let mut places = Vec::new();
        let mut told = Voices::new();
        for place in voices {
            let pack = match crate::voice::open(place) {
                Ok(pack) => pack,
                Err(error) if named => return Err(error),
                Err(_) => continue,
            };
            if !told.contains_key(&pack.id) {
                let (name, language) = (pack.manifest.name.clone(), pack.manifest.language);
                told.insert(pack.id.clone(), Told { name, language });
                places.push((pack.id, place.clone()));
            }
        }
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Counter {
            places,
            voices: told,
            remembers,
            routines: Mutex::new(Newest::of(MOST_ROUTINES)),
            sounds: Mutex::new(Newest::of(MOST_SOUNDS)),
            ready: Mutex::default(),
            alive: Arc::new(Semaphore::new(MOST_ALIVE)),
            mixing: Arc::new(Semaphore::new(processors)),
            copying: Arc::new(Semaphore::new((processors - 1).clamp(1, MOST_COPIES))),
            planning: Arc::new(Semaphore::new(processors)),
        })
    }

    /// The voices that may be asked for.
    pub fn voices(&self) -> &Voices {
        &self.voices
    }

    /// Keeps a routine file.
    pub fn keep_routine(&self, id: String, text: &str) {
        lock(&self.routines).put(id, text.into());
    }

    /// Keeps a sound. What was made with an older one of its name is made again.
    pub fn keep_sound(&self, name: String, bytes: &[u8]) {
        lock(&self.sounds).put(name, bytes.into());
        lock(&self.ready).clear();
    }

    /// What there is to choose, in the words of a voice.
    ///
    /// # Errors
    ///
    /// Where there is no such voice.
    pub fn about(&self, voice: &str) -> Result<About> {
        About::of(&self.pack(voice)?)
    }

    /// Plans what is asked for; `use_it` sees the plan and who speaks it.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    pub fn plan<T>(
        &self,
        asked: &Asked,
        use_it: impl FnOnce(View, &Planned, &Pack) -> Result<T>,
    ) -> std::result::Result<T, Box<Refusal>> {
        let told = |error: Error| Box::new(Refusal::of(&error));
        let pack = self.pack(&asked.voice).map_err(told)?;
        let files = self.files();
        let request = self.request(asked, &files).map_err(told)?;
        let (view, planned) = plan(&request, &pack, SampleRate::CD, &Format::usual, asked.width)?;
        use_it(view, &planned, &pack).map_err(told)
    }

    /// The session that is asked for, at `rate`, with all its sounds.
    pub async fn session(self: &Arc<Self>, asked: &Asked, rate: SampleRate) -> Made {
        let session = {
            let mut ready = lock(&self.ready);
            let key = (asked.key(), rate);
            let known = ready.iter().position(|(known, _)| *known == key);
            let known = known.and_then(|n| ready.remove(n)).map(|(_, session)| session);
            // What was refused may be possible now, with what the page has put since.
            let usable = |session: &Session| !matches!(session.peek(), Some(None | Some(Err(_))));
            let session = known.filter(usable).unwrap_or_else(|| self.begun(asked.clone(), rate));
            ready.push_front((key, session.clone()));
            ready.truncate(MOST_READY);
            session
        };
        session.await
    }

    fn begun(self: &Arc<Self>, asked: Asked, rate: SampleRate) -> Session {
        let Ok(permit) = self.alive.clone().try_acquire_owned() else {
            return std::future::ready(None).boxed().shared();
        };
        let counter = self.clone();
        let made = tokio::task::spawn_blocking(move || {
            let pack = counter.pack(&asked.voice)?;
            let files = counter.files();
            let request = counter.request(&asked, &files)?;
            Ready::make(&request, &pack, rate, permit)
        });
        let lost = |_| Err(Error::Ours { what: "making it ready failed".to_owned() });
        let made = async move {
            let made = made.await.unwrap_or_else(lost);
            Some(made.map(Arc::new).map_err(|error| Arc::new(Refusal::of(&error))))
        };
        made.boxed().shared()
    }

    /// One of the voices that are offered, and no other file by its name.
    fn pack(&self, voice: &str) -> Result<Pack> {
        let place = self.places.iter().find(|(id, _)| id == voice);
        let (_, place) = place.ok_or_else(|| Error::Unreadable {
            path: voice.into(),
            why: "no voice is called that here".to_owned(),
            help: "choose one that the page offers".to_owned(),
        })?;
        let pack = crate::voice::open(place)?;
        Ok(if self.remembers { pack.remembering(Cache::of_user()) } else { pack })
    }

    fn request<'a>(&self, asked: &Asked, files: &'a Brought) -> Result<Request<'a>> {
        let (name, source) = match &asked.routine {
            Routine::Named(name) => (name, builtin::source(name)),
            Routine::Own(id) => {
                let text = lock(&self.routines).get(id);
                (id, text.map(|text| Source::file(OWN_FILE, text.as_ref())))
            }
        };
        let source = source.ok_or_else(|| Error::Unreadable {
            path: name.into(),
            why: "no routine is called that here".to_owned(),
            help: "choose one on the page".to_owned(),
        })?;
        let flags = asked.flags.iter();
        let flags = flags.map(|(flag, value)| Source::flag(flag.as_str(), value.as_str()));
        Ok(Request::of(source, flags.collect(), files))
    }

    fn files(&self) -> Brought {
        Brought(lock(&self.sounds).clone())
    }
}

/// The sounds that pages brought, and no other file.
struct Brought(Newest<Arc<[u8]>>);

impl Files for Brought {
    fn read(&self, name: &Path, limit: u64) -> std::result::Result<Option<Bytes>, Unread> {
        let file = name.to_str().and_then(|name| self.0.get(name));
        let file = file.ok_or_else(|| Unread {
            why: "this file is not here".to_owned(),
            help: "choose it on the page, or name a sound that is built in".to_owned(),
        })?;
        Ok(Some(first(&file, limit)))
    }
}

/// The newest of what was put, each by its name.
#[derive(Clone)]
struct Newest<T> {
    most: usize,
    all: VecDeque<(String, T)>,
}

impl<T: Clone> Newest<T> {
    fn of(most: usize) -> Newest<T> {
        Newest { most, all: VecDeque::new() }
    }

    fn put(&mut self, name: String, value: T) {
        self.all.retain(|(known, _)| *known != name);
        self.all.push_front((name, value));
        self.all.truncate(self.most);
    }

    fn get(&self, name: &str) -> Option<T> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
