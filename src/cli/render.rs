//! `effleurage render`: the track.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::also::{self, Also};
use super::copies::{self, Copies};
use super::output::Output;
use super::signals;
use super::sound_files::{self, Kind, SoundFile};
use super::tags::Tags;
use super::{Planned, sources};
use crate::cancel::CancelToken;
use crate::cover::{Cover, Wanted};
use crate::encode;
use crate::error::{self, Error, Result};
use crate::provenance::Reached;
use crate::routine::{Request, duration};
use crate::session::{self, Prepared, Session};
use crate::timeline::Timeline;
use crate::units::{Decibels, FrameRange, Lufs, Position, SampleRate, clock};
use crate::voice::Pack;
use crate::wav::{Bits, Channels, Format};

#[derive(clap::Args)]
pub struct Arguments {
    /// A built-in routine (see `effleurage routines`), a file, or - for standard input
    routine: PathBuf,
    /// The file to write, .wav, .flac, .mp3, .opus, .m4a or .m4b, or - for standard output (WAV)
    /// [default: the routine's name with .wav]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Beside it, and named after it; one or several with commas
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = Also::parser())]
    also: Vec<Also>,
    #[command(flatten)]
    planned: Planned,
    /// Bits a sample: 16 and 24 are integers, 32 is floating point
    #[arg(long, default_value = "16", value_name = "BITS", value_parser = bits)]
    bits: Bits,
    /// 1, or 2: the same on both, but for --pan, and for a background of your own in stereo
    /// [default: 1, with --pan 2]
    #[arg(long, value_name = "N", value_parser = channels)]
    channels: Option<Channels>,
    /// How loud the whole track is, like -16 (LUFS, integrated), as a meter tells of its channels;
    /// usually only the voice has its loudness
    #[arg(long, value_name = "LUFS", value_parser = loudness, allow_hyphen_values = true)]
    loudness: Option<Lufs>,
    #[command(flatten)]
    tags: Tags,
    /// The picture that players show beside its copies: card (drawn: the legs, the title, the
    /// length), or a PNG or JPEG file
    #[arg(long, value_name = "PICTURE", help_heading = "What players show of it")]
    cover: Option<PathBuf>,
    /// Tell broadcasters in the WAV file how loud it is (EBU Tech 3285: bext, version 2)
    #[arg(long)]
    broadcast: bool,
    /// Leave out the plan, markers and title that a WAV file carries behind its sound
    #[arg(long)]
    plain: bool,
    /// Only what sounds from here on, like 3:20, as a WAV file without plan and markers
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with_all = ["also", "verify"])]
    from: Option<Duration>,
    /// Only what sounds before this, like 3:40
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with_all = ["also", "verify"])]
    to: Option<Duration>,
    /// Read the finished WAV file again and hold it against its plan
    #[arg(long)]
    verify: bool,
}

fn bits(text: &str) -> std::result::Result<Bits, &'static str> {
    Bits::parse(text).ok_or("give 16, 24 or 32")
}

fn channels(text: &str) -> std::result::Result<Channels, &'static str> {
    Channels::parse(text).ok_or("give 1 or 2")
}

/// The loudness of a whole track.
pub fn loudness(text: &str) -> std::result::Result<Lufs, String> {
    let (least, most) = (session::LOUDNESS_LUFS.start(), session::LOUDNESS_LUFS.end());
    let help = || format!("give LUFS from {least} to {most}, like -16");
    session::parse_loudness(text).ok_or_else(help)
}

fn time(text: &str) -> std::result::Result<Duration, String> {
    let told = |fault: duration::Fault| format!("{}; {}", fault.message(text), fault.help(text));
    duration::parse(text).map_err(told)
}

pub fn run(arguments: &Arguments, output: &Output) -> Result<ExitCode> {
    let since = Instant::now();
    let Arguments { planned, bits, .. } = arguments;
    let mut request = planned.spoken.request(&arguments.routine)?;
    request.flags.extend(arguments.tags.flags());
    let pack = planned.spoken.pack()?;
    let named = arguments.output.as_deref().unwrap_or(Path::new(""));
    let rate = copies::rate(named, planned.rate);
    let mut session = Session::plan(&request, &pack, rate)?;
    output.warnings(&session.warnings);
    let track = Track::of(arguments, &session, rate)?;
    let also = also::targets(&arguments.also, &track.path);
    also::check_names(&track.path, track.is_file, &also)?;
    track.protect_sources(arguments, &session, &pack, &also, output)?;
    let copies = also::copies(&also, rate, *bits, track.format.channels)?;
    track.format.check_size(track.range.length)?;
    // Only where there is something to tidy up; elsewhere a signal has its usual
    // effect, even on a program that waits for a pipe.
    let cancel = &if track.is_file { signals::catch() } else { CancelToken::default() };
    if let Some(asked) = arguments.loudness {
        let reached = session.bring_to(asked, track.format.channels, cancel)?;
        output.say(&told(&reached, track.format.channels));
    }
    let wanted = arguments.cover.as_deref().map(Wanted::of);
    let cover = wanted.map(|wanted| wanted.picture(&session.timeline, &pack)).transpose()?;
    let cover = cover.as_ref();
    track.warnings(arguments, &copies).iter().for_each(|warning| output.say(warning));
    let chunks = track.chunks(arguments, &session, &request, &pack)?;
    let outcomes = if arguments.also.iter().any(|also| also.name() == "json") {
        session.outcomes(&request, &pack)
    } else {
        Vec::new()
    };
    let quiet = |path: &Path, missing: Decibels| output.say(&quiet_clip(path, missing));
    let prepared = session.prepare(cancel, &quiet)?;
    let clips = prepared.sounds.clips.len();
    output.detail(|| format!("{clips} clips ready after {:.2?}", since.elapsed()));
    // Its plan may be refused where that of the track is not.
    let (other, refused) =
        split(at_other_rate(&copies, arguments.loudness, &request, &pack, rate, cancel));
    let session = |format: &encode::Format| match &other {
        Some(other) if format.rate() == other.timeline.sample_rate => Some(other),
        _ => Some(&prepared).filter(|_| format.rate() == rate),
    };
    let copies = copies.iter().filter_map(|(path, format)| {
        let session = session(format)?;
        Some(SoundFile { session, path, kind: Kind::Copy(*format, cover) })
    });
    let files: Vec<_> =
        [track.sound_file(&prepared, &chunks, cover)].into_iter().chain(copies).collect();
    let mut results = sound_files::make(&files, output, cancel, since);
    if cancel.signal().is_none() && results.first().is_some_and(Result::is_ok) {
        results.push(also::write(&also, &track.path, &prepared.timeline, &outcomes, output));
    }
    results.extend(refused.map(Err));
    error::all(results)?;
    if !arguments.verify {
        return Ok(ExitCode::SUCCESS);
    }
    let report = session::verify(&prepared, &track.path, &chunks, false, cancel)?;
    let told = report.text(&track.path.display().to_string(), rate);
    if report.misses() == 0 {
        output.say(told.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    output.insist(told.trim_end());
    Ok(ExitCode::FAILURE)
}

/// The track that is asked for.
struct Track {
    path: PathBuf,
    is_stream: bool,
    is_file: bool,
    format: Format,
    /// What it is instead of a WAV file.
    copy: Option<encode::Format>,
    /// What sounds in it.
    range: FrameRange,
    is_part: bool,
    for_broadcast: bool,
}

impl Track {
    fn of(arguments: &Arguments, session: &Session, rate: SampleRate) -> Result<Track> {
        let Arguments { bits, .. } = arguments;
        let channels = arguments.channels.unwrap_or_else(|| Channels::usual(&session.timeline));
        let is_part = arguments.from.or(arguments.to).is_some();
        let ending = if is_part { "-part" } else { "" };
        let default = || PathBuf::from(format!("{}{ending}.wav", session.timeline.routine));
        let path = arguments.output.clone().unwrap_or_else(default);
        let is_stream = path == Path::new("-");
        let is_file = !is_stream && !is_device(&path);
        let format = Format { rate, bits: *bits, channels };
        let copy = copies::format(&path, rate, *bits, channels)?;
        let range = part(arguments, &path, &session.timeline)?;
        let for_broadcast = arguments.broadcast;
        let track = Track { path, is_stream, is_file, format, copy, range, is_part, for_broadcast };
        if is_part && track.copy.is_some() {
            return Err(track.not_in_parts());
        }
        if arguments.verify && !is_file { Err(track.not_verified()) } else { Ok(track) }
    }

    fn not_in_parts(self) -> Error {
        let why = "only WAV files are made in part".to_owned();
        let help = "give it a name that ends in .wav, or leave --from and --to out".to_owned();
        Error::Refused { path: self.path, why, help }
    }

    fn not_verified(self) -> Error {
        let why = "what is written to a stream cannot be verified".to_owned();
        let help = "name a file with -o, or leave --verify out".to_owned();
        Error::Refused { path: self.path, why, help }
    }

    /// Nothing takes the place of what the track is made from, nor of anything that is
    /// no sound.
    fn protect_sources(
        &self,
        arguments: &Arguments,
        session: &Session,
        pack: &Pack,
        also: &[(Also, PathBuf)],
        output: &Output,
    ) -> Result<()> {
        let cover = arguments.cover.as_deref().map(Wanted::of);
        let cover = cover.iter().filter_map(|cover| Some(cover.file()?.to_owned()));
        let files: Vec<PathBuf> = session.files.iter().cloned().chain(cover).collect();
        let protect =
            |path: &Path| sources::protect(path, "track", &arguments.routine, &files, pack);
        if self.is_stream {
            output.check_binary_output()?
        } else {
            protect(&self.path).and_then(|()| refuse_other_formats(&self.path))?
        }
        also.iter().try_for_each(|(_, path)| protect(path))
    }

    /// What stands behind its sound, if it is a WAV file that can hold it.
    fn chunks(
        &self,
        arguments: &Arguments,
        session: &Session,
        request: &Request<'_>,
        pack: &Pack,
    ) -> Result<Vec<u8>> {
        if self.copy.is_some() {
            return Ok(Vec::new());
        }
        self.format.check_size(self.range.length)?;
        if arguments.plain || self.is_part {
            return Ok(Vec::new());
        }
        let chunks = session.chunks(request, pack)?;
        self.format.check_size_with(self.range.length, chunks.len())?;
        Ok(chunks)
    }

    fn sound_file<'a>(
        &'a self,
        session: &'a Prepared,
        chunks: &'a [u8],
        cover: Option<&'a Cover>,
    ) -> SoundFile<'a> {
        let Track { format, range, for_broadcast, .. } = *self;
        let wav = Kind::Wav { format, range, chunks, for_broadcast };
        let kind = self.copy.map_or(wav, |copy| Kind::Copy(copy, cover));
        SoundFile { session, path: &self.path, kind }
    }

    /// What is asked for and has no place.
    fn warnings(&self, arguments: &Arguments, copies: &Copies) -> Vec<String> {
        let path = self.path.display();
        let cover = (arguments.cover.is_some() && self.copy.is_none() && copies.is_empty())
            .then(|| format!("warning: {path} has no place for a cover; a copy has: --also mp3"));
        let broadcast = (arguments.broadcast && self.copy.is_some()).then(|| {
            format!(
                "warning: {path} does not tell how loud it is; with --broadcast, a WAV file does"
            )
        });
        cover.into_iter().chain(broadcast).collect()
    }
}

/// What is asked for of a track: all, or what lies between two times.
fn part(arguments: &Arguments, path: &Path, timeline: &Timeline) -> Result<FrameRange> {
    let end = timeline.range().end_exclusive();
    let at = |time: Duration| Position::START + timeline.sample_rate.length_of(time);
    let from = arguments.from.map_or(Position::START, at);
    let to = arguments.to.map_or(end, at).min(end);
    if from < to {
        return Ok(FrameRange::new(from, to.since(from)));
    }
    let shown = |at: Position| clock(timeline.sample_rate.duration_of(at.since(Position::START)));
    let why = format!("nothing sounds from {} to {}", shown(from), shown(to));
    let help = format!("the track lasts {}; give two times within it", shown(end));
    Err(Error::Refused { path: path.to_owned(), why, help })
}

/// The session at the rate that copies have and the track has not, where there is one. To
/// plan and mix it anew is exact and costs no sound.
fn at_other_rate(
    copies: &[(PathBuf, encode::Format)],
    loudness: Option<Lufs>,
    request: &Request<'_>,
    pack: &Pack,
    rate: SampleRate,
    cancel: &CancelToken,
) -> Result<Option<Prepared>> {
    let mut formats = copies.iter().map(|(_, format)| format);
    let Some(other) = formats.find(|other| other.rate() != rate) else { return Ok(None) };
    let mut session = Session::plan(request, pack, other.rate())?;
    if let Some(asked) = loudness {
        session.bring_to(asked, other.channels(), cancel)?;
    }
    session.prepare(cancel, &|_, _| ()).map(Some)
}

/// What there is, and why there is not.
fn split<T>(result: Result<Option<T>>) -> (Option<T>, Option<Error>) {
    match result {
        Ok(value) => (value, None),
        Err(error) => (None, Some(error)),
    }
}

/// What came of the loudness that was asked for.
fn told(reached: &Reached, channels: Channels) -> String {
    let Reached { loudness, true_peak, .. } = reached;
    // As many people hear it, and as no meter of a file tells.
    let twice = format!(" (from two loudspeakers {:.1})", loudness + 3.01);
    let twice = if channels == Channels::Mono { twice } else { String::new() };
    format!("the whole track: {loudness:.1} LUFS{twice}, true peak {true_peak:.1} dBTP")
}

/// What is said of a clip that comes out quieter than it should.
pub fn quiet_clip(path: &Path, missing: Decibels) -> String {
    format!(
        "warning: {} comes out {:.1} dB quieter than the rest: its peaks stand too far above \
         its voice; record it again, without knocks and further from the microphone",
        path.display(),
        missing.0
    )
}

fn is_device(target: &Path) -> bool {
    std::fs::metadata(target).is_ok_and(|target| !target.is_file())
}

fn refuse_other_formats(target: &Path) -> Result<()> {
    let extension = target.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    // A WAV file under another name would mislead whatever plays it, and a text of that name
    // would be lost. But a name may have a dot: "my.evening", "28.11.2026".
    let digits = extension.bytes().all(|byte| byte.is_ascii_digit());
    if copies::is_sound(&extension) || digits || extension.chars().count() > LONGEST_ENDING {
        return Ok(());
    }
    let why = "no track is such a file".to_owned();
    let help = format!("give it a name that ends in {}", copies::endings());
    Err(Error::Refused { path: target.to_owned(), why, help })
}

/// What is longer is no ending, but a part of a name.
const LONGEST_ENDING: usize = 5;
