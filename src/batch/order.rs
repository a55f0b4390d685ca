//! A row, understood: a routine with its changes, a voice, and the files to be made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::table::columns::{self, SOUNDS};
use super::table::{Mistake, Row, Table};
use super::{name, plan};
use crate::cancel::CancelToken;
use crate::cover::{Cover, DRAWN, Wanted};
use crate::diagnostic::Source;
use crate::encode::{self, ENCODERS, Instead, Refusal};
use crate::error::{Error, Result};
use crate::routine::tags::{TAGS, Tag};
use crate::routine::words::{Pan, Word};
use crate::routine::{Request, builtin, suggest};
use crate::session::{self, Session};
use crate::units::{Lufs, SampleRate};
use crate::voice::{self, Disk, Pack};
use crate::wav::{Bits, Channels, RATES_HZ};

/// What is made of one row.
pub struct Order {
    /// The index of its row.
    pub row: usize,
    /// What is rendered, as the row calls it.
    pub named: String,
    /// The same, read.
    pub routine: Arc<Source>,
    /// The voice, by name or place.
    pub voice: String,
    /// What is changed.
    pub flags: Vec<Source>,
    /// How loud each whole track is, if that is asked for.
    pub loudness: Option<Lufs>,
    /// The cover of its copies.
    pub cover: Option<Wanted>,
    /// Whether its WAV files tell broadcasters how loud they are.
    pub for_broadcast: bool,
    /// The files.
    pub files: Vec<Ordered>,
}

/// A file to be made.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// Its path in the folder, with `/`.
    pub name: String,
    /// What kind of file it is.
    pub kind: Kind,
}

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// WAV.
    Wav(crate::wav::Format),
    /// A smaller one.
    Copy(encode::Format),
}

impl Kind {
    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        match self {
            Kind::Wav(format) => format.rate,
            Kind::Copy(format) => format.rate(),
        }
    }

    /// How many channels.
    pub fn channels(&self) -> Channels {
        match self {
            Kind::Wav(format) => format.channels,
            Kind::Copy(format) => format.channels(),
        }
    }

    /// What it is called in a table.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Wav(_) => WAV,
            Kind::Copy(format) => format.encoder().name(),
        }
    }
}

/// The format that is made where none is asked for.
const WAV: &str = "wav";
/// What parts the words of a cell that holds several.
const BETWEEN: [char; 4] = [',', ';', ' ', '\t'];

/// How a routine is read by its name or its path.
pub type Reading<'a> = &'a dyn Fn(&Path) -> Result<Source>;

/// What all rows of `table` ask for, and every mistake that can be told without planning them.
pub fn orders(table: &Table, read: Reading<'_>) -> (Vec<Order>, Vec<Mistake>) {
    let mut reader = Reader { table, read, routines: BTreeMap::new() };
    let mut mistakes = Vec::new();
    let mut taken = name::Taken::default();
    let mut orders: Vec<Order> = Vec::new();
    for n in 0..table.rows.len() {
        let Some(order) = reader.order(n, &mut mistakes) else { continue };
        let names = order.files.iter().map(|file| &file.name);
        mistakes.extend(names.filter_map(|name| taken.take(name, n, &table.rows)).take(1));
        orders.push(order);
    }
    let names = orders.iter().flat_map(|order| order.files.iter().map(move |file| (order, file)));
    let both = name::both_file_and_folder(names.clone().map(|(_, file)| file.name.as_str()));
    if let Some(both) = both
        && let Some((order, _)) = names.clone().find(|(_, file)| file.name == both)
    {
        let message = format!("`{both}` is a file here and a folder in another row");
        let row = &table.rows[order.row];
        mistakes.push(row.mistake("name", message, "call one of the two otherwise"));
    }
    (orders, mistakes)
}

struct Reader<'a> {
    table: &'a Table,
    read: Reading<'a>,
    /// Those that were read, each once; nothing where one cannot be read.
    routines: BTreeMap<String, std::result::Result<Arc<Source>, (String, String)>>,
}

impl Reader<'_> {
    /// What the row with the index `n` asks for, and every mistake in it; without the files
    /// that are at fault, and nothing where it names no routine.
    fn order(&mut self, n: usize, mistakes: &mut Vec<Mistake>) -> Option<Order> {
        let row = &self.table.rows[n];
        let mut keep = |mistake| mistakes.push(mistake);
        let routine = self.routine(row).map_err(&mut keep).ok();
        let rate = rate(row).map_err(&mut keep).ok();
        let bits = bits(row).map_err(&mut keep).ok();
        let channels = channels(row).map_err(&mut keep).ok();
        let loudness = loudness(row).map_err(&mut keep).ok().flatten();
        let for_broadcast = for_broadcast(row).map_err(&mut keep).ok();
        let words = formats(row).map_err(&mut keep).ok();
        let names = words.as_ref().and_then(|words| {
            let endings: Vec<&str> = words.iter().map(Format::name).collect();
            name::names(row, n + 1, &endings).map_err(&mut keep).ok()
        });
        let kinds = match (words, rate, bits, channels) {
            (Some(words), Some(rate), Some(bits), Some(channels)) => {
                let kind = |format: &Format| format.kind(row, rate, bits, channels);
                let kinds: Vec<_> = words.iter().map(kind).collect();
                kinds.into_iter().filter_map(|kind| kind.map_err(&mut keep).ok()).collect()
            }
            _ => Vec::new(),
        };
        let flags = self.flags(row, n + 1);
        let Some(routine) = routine else {
            mistakes.extend(plan::of_flags(&flags, row));
            return None;
        };
        let files = names
            .unwrap_or_default()
            .into_iter()
            .zip(kinds)
            .map(|(name, kind)| Ordered { name, kind });
        Some(Order {
            row: n,
            named: row.text("routine").unwrap_or_default().to_owned(),
            routine,
            voice: self.voice(row),
            flags,
            loudness,
            cover: row.text("cover").map(|cover| Wanted::of(self.cover(cover).as_ref())),
            for_broadcast: for_broadcast.unwrap_or(false),
            files: files.collect(),
        })
    }

    fn routine(&mut self, row: &Row) -> std::result::Result<Arc<Source>, Mistake> {
        let refused = |(why, help): (String, String)| row.mistake("routine", why, help);
        let name = row.text("routine").unwrap_or_default();
        if name.is_empty() || name == "-" {
            let help = "write the name of a built-in routine, or of a file beside the table";
            return Err(refused(("no routine is named".to_owned(), help.to_owned())));
        }
        let read = || {
            let path = self.beside(name, |path| builtin::source(path).is_some());
            let told = |error: Error| (error.to_string(), error.help());
            (self.read)(Path::new(&path)).map(Arc::new).map_err(told)
        };
        if let Some(known) = self.routines.get(name) {
            return known.clone().map_err(refused);
        }
        let found = read();
        self.routines.insert(name.to_owned(), found.clone());
        found.map_err(refused)
    }

    /// The voice of a row, or the voices, with commas.
    fn voice(&self, row: &Row) -> String {
        let named = |name: &str| voice::built_in_names().any(|known| known == name);
        let voices = row.text("voice").unwrap_or(name::VOICE).split(',');
        voices.map(|voice| self.beside(voice.trim(), named)).collect::<Vec<_>>().join(",")
    }

    /// The file of this name beside the table, if there is one and the name `is_known` by
    /// nothing else.
    fn beside(&self, name: &str, is_known: impl Fn(&str) -> bool) -> String {
        let path = self.table.folder.join(name);
        if !is_known(name) && path.exists() { path.display().to_string() } else { name.to_owned() }
    }

    /// The cover of a row: one that is drawn, or a file beside the table.
    fn cover(&self, cover: &str) -> String {
        self.beside(cover, |cover| cover == DRAWN)
    }

    /// What a row changes, and what its tracks are called, in the order of the flags of
    /// `render`; `number` is that of the row.
    fn flags(&self, row: &Row, number: usize) -> Vec<Source> {
        let several = ["zone", "pace"].into_iter().flat_map(|column| {
            let words = row.text(column).unwrap_or_default().split(BETWEEN);
            let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            words.sort_unstable();
            words.into_iter().map(move |word| Source::flag(format!("--{column}"), word))
        });
        let setting = |column: &'static str| {
            let text = row.text(column)?;
            let is_sound = SOUNDS.contains(&column);
            let text = if is_sound { self.beside(text, |_| false) } else { text.to_owned() };
            Some(Source::flag(columns::setting(column)?.flag(), text))
        };
        let tag = |tag: &Tag| {
            let text = name::tag(row, number, row.text(tag.key)?);
            Some(Source::flag(format!("--{}", tag.key), text))
        };
        let settings = columns::ALL.into_iter().filter_map(setting);
        several.chain(settings).chain(TAGS.iter().filter_map(tag)).collect()
    }
}

/// The row's word for what it is made into.
enum Format {
    Wav,
    Copy(&'static dyn encode::Encoder),
}

impl Format {
    fn name(&self) -> &'static str {
        match self {
            Format::Wav => WAV,
            Format::Copy(encoder) => encoder.name(),
        }
    }

    fn kind(
        &self,
        row: &Row,
        rate: SampleRate,
        bits: Bits,
        channels: Channels,
    ) -> std::result::Result<Kind, Mistake> {
        let Format::Copy(encoder) = self else {
            return Ok(Kind::Wav(crate::wav::Format { rate, bits, channels }));
        };
        let refused = |Refusal { why, instead }| match instead {
            Instead::Rate(rate) => row.mistake("rate", why, format!("give {}", rate.hz())),
            Instead::Bits(bits) => row.mistake("bits", why, format!("give {}", bits.count())),
        };
        encode::Format::new(*encoder, rate, bits, channels).map(Kind::Copy).map_err(refused)
    }
}

fn formats(row: &Row) -> std::result::Result<Vec<Format>, Mistake> {
    let written = row.text("formats").unwrap_or(WAV).to_lowercase();
    let mut words: Vec<&str> = written.split(BETWEEN).filter(|word| !word.is_empty()).collect();
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(*word));
    let format = |word: &&str| match *word {
        WAV => Ok(Format::Wav),
        other => encode::named(other).map(Format::Copy).ok_or_else(|| {
            let all = [WAV].into_iter().chain(ENCODERS.into_iter().map(|encoder| encoder.name()));
            let message = format!("no format is called `{other}`");
            row.mistake("formats", message, suggest::advice(other, all))
        }),
    };
    if words.is_empty() {
        let help = "write wav, flac, mp3, opus, m4a or m4b, or several of them";
        return Err(row.mistake("formats", "no format is named", help));
    }
    words.iter().map(format).collect()
}

fn for_broadcast(row: &Row) -> std::result::Result<bool, Mistake> {
    match row.text("broadcast").unwrap_or("off") {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        other => {
            let message = format!("`{other}` is neither on nor off");
            Err(row.mistake("broadcast", message, "say on or off"))
        }
    }
}

fn rate(row: &Row) -> std::result::Result<SampleRate, Mistake> {
    let Some(text) = row.text("rate") else { return Ok(SampleRate::CD) };
    let hz: Option<u32> = text.parse().ok().filter(|hz| RATES_HZ.contains(hz));
    hz.and_then(SampleRate::new).ok_or_else(|| {
        let help = "give frames a second from 8000 to 192000, like 44100 or 48000";
        row.mistake("rate", format!("`{text}` is no rate of a track"), help)
    })
}

fn bits(row: &Row) -> std::result::Result<Bits, Mistake> {
    let text = row.text("bits").unwrap_or("16");
    Bits::parse(text).ok_or_else(|| {
        row.mistake("bits", format!("no sample has `{text}` bits"), "give 16, 24 or 32")
    })
}

fn channels(row: &Row) -> std::result::Result<Channels, Mistake> {
    let Some(text) = row.text("channels") else { return Ok(usual_channels(row)) };
    Channels::parse(text).ok_or_else(|| {
        row.mistake("channels", format!("no track has `{text}` channels"), "give 1 or 2")
    })
}

fn loudness(row: &Row) -> std::result::Result<Option<Lufs>, Mistake> {
    let Some(text) = row.text("loudness") else { return Ok(None) };
    session::parse_loudness(text).map(Some).ok_or_else(|| {
        let (least, most) = (session::LOUDNESS_LUFS.start(), session::LOUDNESS_LUFS.end());
        let message = format!("no whole track has a loudness of `{text}`");
        row.mistake("loudness", message, format!("give LUFS from {least} to {most}, like -16"))
    })
}

/// As of a single track, as far as the row tells.
fn usual_channels(row: &Row) -> Channels {
    let has_sides = row.text("pan").is_some_and(|pan| pan == Pan::Legs.word());
    if has_sides { Channels::Stereo } else { Channels::Mono }
}

impl Order {
    /// The request of which its tracks are made.
    pub fn request(&self) -> Request<'static> {
        // Where there is no folder any more, relative paths stay as they are.
        let here = std::env::current_dir().unwrap_or_default();
        let request = Request::of((*self.routine).clone(), self.flags.clone(), &Disk);
        Request { here, ..request }
    }

    /// Its session at a `rate`, as loud as it is asked to be.
    ///
    /// # Errors
    ///
    /// As of [`Session::plan`] and [`Session::bring_to`].
    pub fn session(
        &self,
        request: &Request<'_>,
        pack: &Pack,
        rate: SampleRate,
        cancel: &CancelToken,
    ) -> Result<Session> {
        let mut session = Session::plan(request, pack, rate)?;
        if let Some(asked) = self.loudness {
            session.bring_to(asked, self.channels(), cancel)?;
        }
        Ok(session)
    }

    /// How many channels its files have.
    pub fn channels(&self) -> Channels {
        self.files.first().map_or(Channels::Mono, |file| file.kind.channels())
    }

    /// The cover of its copies, where it asks for one.
    ///
    /// # Errors
    ///
    /// Where the file holds none.
    pub fn picture(&self, session: &Session, pack: &Pack) -> Result<Option<Cover>> {
        let picture = |wanted: &Wanted| wanted.picture(&session.timeline, pack);
        self.cover.as_ref().map(picture).transpose()
    }

    /// The rates of its files, each once, in their order; of none, the usual one.
    pub fn rates(&self) -> Vec<SampleRate> {
        if self.files.is_empty() {
            return vec![SampleRate::CD];
        }
        let mut rates: Vec<SampleRate> = Vec::new();
        for file in &self.files {
            if !rates.contains(&file.kind.rate()) {
                rates.push(file.kind.rate());
            }
        }
        rates
    }

    /// Why its file with the index `n` is not made, and what to do.
    pub fn refused(&self, n: usize, why: &str, help: &str) -> Error {
        let (path, why, help) = ((&self.files[n].name).into(), why.to_owned(), help.to_owned());
        Error::Refused { path, why, help }
    }

    /// The paths of its files in `folder`.
    pub fn paths(&self, folder: &Path) -> Vec<PathBuf> {
        self.files.iter().map(|file| folder.join(&file.name)).collect()
    }
}
