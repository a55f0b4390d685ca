//! `verify` passes what is as planned, and finds each kind of damage wherever it is.

use std::fs;
use std::path::Path;

use crate::support::{Random, built_in, effleurage, english, package, rate, stderr, stdout};
use effleurage::cancel::CancelToken;
use effleurage::diagnostic::Source;
use effleurage::mix::{ClipSamples, Event, Mixer};
use effleurage::routine::Request;
use effleurage::session::{self, Prepared, Session};
use effleurage::units::Position;
use effleurage::verify::Report;
use effleurage::wav::{Bits, Channels, Format, Watch};

/// Every place is tried with this many kinds of each damage.
const PLACES: usize = 50;
const ROUTINES: [&str; 3] = ["partner", "self", "self-short"];
/// Where the samples of a 16-bit file begin.
const HEAD: usize = 44;

/// A session, the chunks behind its sound, and its file at 16 bits.
struct Track {
    prepared: Prepared,
    chunks: Vec<u8>,
    file: Vec<u8>,
    folder: tempfile::TempDir,
}

impl Track {
    fn new(request: &Request<'_>, hz: u32) -> Track {
        let pack = english();
        let session = Session::plan(request, &pack, rate(hz)).unwrap();
        let chunks = session.chunks(request, &pack).unwrap();
        let prepared = session.prepare(&CancelToken::default(), &|_, _| ()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut track = Track { prepared, chunks, file: Vec::new(), folder };
        track.file = track.rendered(Bits::Sixteen, Channels::Mono);
        track
    }

    fn evening() -> Track {
        let text = fs::read_to_string(package("tests/changes/evening.toml")).unwrap();
        Track::new(&Request::new(Source::file("evening.toml", text), &[]), 8_000)
    }

    fn rendered(&self, bits: Bits, channels: Channels) -> Vec<u8> {
        let path = self.folder.path().join("rendered.wav");
        let format = Format { rate: self.prepared.timeline.sample_rate, bits, channels };
        let watch = Watch { progress: &|_| (), cancel: CancelToken::default() };
        session::render_to_file(
            &self.prepared,
            self.prepared.timeline.range(),
            &path,
            &format,
            effleurage::wav::Chunks::behind(&self.chunks),
            &watch,
        )
        .unwrap();
        fs::read(path).unwrap()
    }

    fn mixer(&self) -> Mixer<'_> {
        Mixer::new(&self.prepared.timeline, &self.prepared.sounds).unwrap()
    }

    fn verified(&self, file: &[u8]) -> Report {
        let path = self.folder.path().join("damaged.wav");
        fs::write(&path, file).unwrap();
        session::verify(&self.prepared, &path, &self.chunks, false, &CancelToken::default())
            .unwrap()
    }

    fn samples(&self) -> Vec<i16> {
        let frames = self.prepared.timeline.length().0 as usize;
        let bytes = &self.file[HEAD..HEAD + 2 * frames];
        bytes.chunks(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
    }

    /// The same file with other samples, its header true to them.
    fn with_samples(&self, samples: &[i16]) -> Vec<u8> {
        let mut file = self.file[..HEAD].to_vec();
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file[40..44].copy_from_slice(&(2 * samples.len() as u32).to_le_bytes());
        file.extend(&self.chunks);
        let riff = file.len() as u32 - 8;
        file[4..8].copy_from_slice(&riff.to_le_bytes());
        file
    }

    /// Adds `sound` times `gain` at `place`.
    fn add(samples: &mut [i16], place: usize, sound: &[f32], gain: f32) {
        for (sample, sound) in samples[place..].iter_mut().zip(sound) {
            *sample = (f32::from(*sample) + sound * gain * 32_768.0).round() as i16;
        }
    }
}

/// Every miss with its place; of the whole file, it is at its start.
fn misses(report: &Report) -> Vec<(u64, String)> {
    let all = report.checks.iter().flat_map(|check| &check.misses);
    all.map(|miss| (miss.at.map_or(0, |at| at.0), miss.what.clone())).collect()
}

fn start(event: &Event<'_>) -> usize {
    event.range().start.since(Position::START).0 as usize
}

/// `routine` passes with changes or none, at three rates, each time in another of the six
/// ways to store samples. The three routines together have every pair of these.
fn passes(routine: &str) {
    const GENTLE: &[(&str, &str)] = &[("--gentle", ""), ("--count-in", "3"), ("--legs", "right")];
    const CALM: &[(&str, &str)] = &[("--total", "20m"), ("--bed", "rain"), ("--ticks", "wood")];
    let bits = [Bits::Sixteen, Bits::TwentyFour, Bits::ThirtyTwo];
    let channels = [Channels::Mono, Channels::Stereo];
    let nth = ROUTINES.iter().position(|known| *known == routine).unwrap();
    for (n, flags) in [&[], GENTLE, CALM].into_iter().enumerate() {
        for (m, hz) in [8_000, 11_025, 16_000].into_iter().enumerate() {
            let track = Track::new(&Request::new(built_in(routine), flags), hz);
            let (bits, channels) = (bits[(n + m + nth) % 3], channels[(n + m + nth / 2) % 2]);
            let report = track.verified(&track.rendered(bits, channels));
            assert_eq!(misses(&report), [], "{routine} {flags:?} at {hz}, {bits:?} {channels:?}");
        }
    }
}

#[test]
fn the_softest_voice_under_the_loudest_rain_passes() {
    let loud = [("--voice-level", "-20"), ("--tick-level", "6"), ("--bed", "rain")];
    let flags = [&loud[..], &[("--bed-level", "12"), ("--slow-down", "50%")]].concat();
    let track = Track::new(&Request::new(built_in("self-short"), &flags), 8_000);
    assert_eq!(misses(&track.verified(&track.file)), []);
}

#[test]
fn the_plan_of_half_a_day_can_be_read_back() {
    let request = Request::new(built_in("self"), &[("--total", "12h")]);
    let session = Session::plan(&request, &english(), rate(8_000)).unwrap();
    let chunks = session.chunks(&request, &english()).unwrap();
    let timeline = &session.timeline;
    let events = timeline.ticks().count() + timeline.speech.len() + timeline.chimes.len();
    let provenance = effleurage::provenance::Provenance::in_chunks(&chunks).unwrap();
    assert_eq!(provenance.plan.events.len(), events);
}

#[test]
fn a_plan_that_was_taken_out_is_missed() {
    let track = Track::evening();
    let plain = Track { chunks: Vec::new(), ..Track::evening() };
    let file = plain.with_samples(&track.samples());
    assert_eq!(misses(&track.verified(&file)), [(0, "it carries none".to_owned())]);
    let told = "it carries one, and should be plain".to_owned();
    assert_eq!(misses(&plain.verified(&track.file)), [(0, told)]);
}

#[test]
fn chunks_of_markers_that_were_added_are_found() {
    let track = Track::evening();
    let mut more = Track::evening();
    effleurage::riff::push(&mut more.chunks, *b"cue ", &[0; 4]);
    let told = "1 chunks of markers or texts too many".to_owned();
    let file = more.with_samples(&track.samples());
    assert_eq!(misses(&track.verified(&file)), [(0, told)]);
    // What other programs add, such as tags, is theirs.
    let mut tagged = Track::evening();
    effleurage::riff::push(&mut tagged.chunks, *b"id3 ", &[0; 4]);
    let file = tagged.with_samples(&track.samples());
    assert_eq!(misses(&track.verified(&file)), []);
}

#[test]
fn noise_instead_of_everything_is_told_in_a_few_lines() {
    let track = Track::evening();
    let mut random = Random(9);
    let noise: Vec<i16> = track.samples().iter().map(|_| random.next() as i16 / 4).collect();
    let found = misses(&track.verified(&track.with_samples(&noise)));
    assert!((1..60).contains(&found.len()), "{found:?}");
}

#[test]
fn the_self_massage_passes() {
    passes("self");
}

#[test]
fn the_short_self_massage_passes() {
    passes("self-short");
}

#[test]
fn the_partner_massage_passes() {
    passes("partner");
}

#[test]
fn a_frame_that_is_dropped_or_added_is_found() {
    let track = Track::evening();
    let frames = track.samples().len();
    let mut random = Random(1);
    for n in 0..2 * PLACES {
        let mut samples = track.samples();
        let at = random.below(frames);
        let what = match n % 2 {
            0 => {
                samples.remove(at);
                "it ends 1 frames early"
            }
            _ => {
                samples.insert(at, samples[at]);
                "it goes on for 1 frames more"
            }
        };
        let found = misses(&track.verified(&track.with_samples(&samples)));
        assert!(found.iter().any(|(_, told)| told == what), "{at}: {found:?}");
        // What stands behind that place is late or early, and what stands before is not.
        let way = if n % 2 == 0 { "1 frame early" } else { "1 frame late" };
        // A sound around that place may be told of itself.
        let mixer = track.mixer();
        let events = mixer.events();
        let around = |event: &&Event<'_>| event.range().end_exclusive().0 as usize > at;
        if let Some(next) = events.iter().find(around).map(start) {
            assert!(
                found.iter().any(|(place, told)| told.contains(way) && *place >= next as u64),
                "{at}: {found:?}"
            );
        }
        assert!(found.iter().all(|(place, _)| *place == 0 || *place + 8_000 * 10 > at as u64));
    }
}

#[test]
fn a_frame_dropped_here_and_added_there_is_found() {
    let track = Track::evening();
    let mut random = Random(2);
    for _ in 0..PLACES {
        let mut samples = track.samples();
        let first = random.below(samples.len() - 8_000 * 20);
        let dropped = samples.remove(first);
        samples.insert(first + 8_000 * 15, dropped);
        let found = misses(&track.verified(&track.with_samples(&samples)));
        assert!(found.iter().any(|(_, told)| told.contains("1 frame early")), "{first}: {found:?}");
    }
}

#[test]
fn a_tick_that_moved_by_one_frame_is_found() {
    let track = Track::evening();
    let mixer = track.mixer();
    let events = mixer.events();
    let ticks: Vec<&Event<'_>> = events.iter().filter(|e| matches!(e, Event::Tick(_))).collect();
    let mut random = Random(3);
    for n in 0..PLACES {
        let tick = ticks[random.below(ticks.len())];
        let (late, way) = if n % 2 == 0 { (1, "late") } else { (-1, "early") };
        let sound = mixer.alone(tick);
        let mut samples = track.samples();
        Track::add(&mut samples, start(tick), &sound, -1.0);
        Track::add(&mut samples, start(tick).strict_add_signed(late), &sound, 1.0);
        let found = misses(&track.verified(&track.with_samples(&samples)));
        let [(place, told)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*place, start(tick) as u64);
        assert!(told.ends_with(&format!(" is 1 frame {way}")), "{told}");
    }
}

#[test]
fn a_clip_that_was_swapped_is_found() {
    let track = Track::evening();
    let mixer = track.mixer();
    let events = mixer.events();
    let prompts: Vec<&Event<'_>> =
        events.iter().filter(|e| matches!(e, Event::Prompt(_))).collect();
    let clips: Vec<(&String, &ClipSamples)> = track.prepared.sounds.clips.iter().collect();
    let mut random = Random(4);
    for _ in 0..PLACES {
        let place = prompts[random.below(prompts.len())];
        let Event::Prompt(prompt) = place else { unreachable!() };
        let (id, other) = clips[random.below(clips.len())];
        if *id == prompt.clip {
            continue;
        }
        let own = mixer.alone(place);
        let mut samples = track.samples();
        Track::add(&mut samples, start(place), &own, -1.0);
        let other = other.get();
        Track::add(&mut samples, start(place), &other[..other.len().min(own.len())], 1.0);
        let found = misses(&track.verified(&track.with_samples(&samples)));
        let told = format!("the prompt `{}` is not heard in its place", prompt.clip);
        assert!(found.contains(&(start(place) as u64, told)), "{id}: {found:?}");
    }
}

#[test]
fn a_gain_that_changed_by_half_a_decibel_is_found() {
    let track = Track::evening();
    let mixer = track.mixer();
    let events = mixer.events();
    let mut random = Random(5);
    for n in 0..PLACES {
        let event = &events[random.below(events.len())];
        let (gain, told) = if n % 2 == 0 { (0.5, "too loud") } else { (-0.5, "too soft") };
        let factor = 10_f32.powf(gain / 20.0) - 1.0;
        let mut samples = track.samples();
        Track::add(&mut samples, start(event), &mixer.alone(event), factor);
        let found = misses(&track.verified(&track.with_samples(&samples)));
        let here =
            |(place, what): &&(u64, String)| *place == start(event) as u64 && what.ends_with(told);
        let what = &found.iter().find(here).unwrap_or_else(|| panic!("{found:?}")).1;
        assert!(what.contains("0.5") || what.contains("0.4"), "{what}");
    }
    // And of all of it at once.
    let louder = 10_f32.powf(0.5 / 20.0);
    let samples: Vec<i16> =
        track.samples().iter().map(|sample| (f32::from(*sample) * louder).round() as i16).collect();
    let found = misses(&track.verified(&track.with_samples(&samples)));
    assert!(found.iter().any(|(_, told)| told.contains("dB too loud")), "{found:?}");
}

#[test]
fn a_file_that_was_cut_off_is_found() {
    let track = Track::evening();
    let mut random = Random(6);
    for _ in 0..PLACES {
        let kept = random.below(track.file.len());
        let found = misses(&track.verified(&track.file[..kept]));
        assert!(!found.is_empty(), "{kept} bytes of {}", track.file.len());
        if kept > HEAD {
            let told = format!("{} bytes are missing at its end", track.file.len() - kept);
            assert!(found.contains(&(0, told)), "{kept}: {found:?}");
        }
    }
}

/// What a track says of itself, and where in its chunks that begins.
fn provenance_of(track: &Track) -> (String, usize) {
    let provenance = track.chunks.windows(8).rposition(|w| w.starts_with(b"effl")).unwrap();
    let packed = &track.chunks[provenance + 8..];
    assert_eq!(&packed[..4], b"zlib");
    let mut json = String::new();
    let mut unpacked = flate2::read::ZlibDecoder::new(&packed[4..]);
    std::io::Read::read_to_string(&mut unpacked, &mut json).unwrap();
    (json, provenance)
}

/// Tracks of an earlier version tell of no background, and are none the worse.
#[test]
fn a_plan_of_an_earlier_format_is_held_against_what_it_tells() {
    let flags = [("--bed", "rain"), ("--legs", "left")];
    let track = Track::new(&Request::new(built_in("self-short"), &flags), 8_000);
    let (json, provenance) = provenance_of(&track);
    let verified = |json: serde_json::Value| {
        let content = [b"json", json.to_string().as_bytes()].concat();
        let mut chunks = track.chunks[..provenance].to_vec();
        effleurage::riff::push(&mut chunks, *b"effl", &content);
        let mut file = track.file[..track.file.len() - track.chunks.len()].to_vec();
        file.extend(&chunks);
        let riff = file.len() as u32 - 8;
        file[4..8].copy_from_slice(&riff.to_le_bytes());
        misses(&track.verified(&file))
    };
    let mut old: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(old["plan"]["events"][0]["track"], "bed");
    old["plan"]["events"].as_array_mut().unwrap().remove(0);
    let told = verified(old.clone());
    assert!(told[0].1.contains("its number of events is"), "{told:?}");
    old["plan"]["format"] = "effleurage-plan/1".into();
    assert_eq!(verified(old), []);
}

#[test]
fn a_plan_that_was_edited_is_found() {
    let track = Track::evening();
    let frames = track.samples().len();
    let content = HEAD + 2 * frames + track.chunks.len();
    assert_eq!(content, track.file.len());
    let (json, provenance) = provenance_of(&track);
    let plan = json.find("\"plan\"").unwrap();
    let digits: Vec<usize> = json
        .bytes()
        .enumerate()
        .filter(|(n, byte)| *n > plan && byte.is_ascii_digit())
        .map(|(n, _)| n)
        .collect();
    let mut random = Random(7);
    for _ in 0..PLACES {
        // A digit, somewhere in the plan, becomes the next one; the chunk is whole.
        let at = digits[random.below(digits.len())];
        let mut bytes = json.clone().into_bytes();
        bytes[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
        let edited = [b"json", bytes.as_slice()].concat();
        let mut chunks = track.chunks[..provenance].to_vec();
        effleurage::riff::push(&mut chunks, *b"effl", &edited);
        let edited = Track { chunks, folder: tempfile::tempdir().unwrap(), ..Track::evening() };
        let file = edited.with_samples(&track.samples());
        let found = misses(&track.verified(&file));
        let around = &json[at.saturating_sub(30)..at + 10];
        assert!(
            found.iter().any(|(_, told)| told.contains("its ") || told.contains("plan")),
            "{around}"
        );
    }
}

#[test]
fn markers_and_texts_that_were_edited_are_found() {
    let track = Track::evening();
    let behind = HEAD + 2 * track.samples().len();
    for (id, told) in [
        (&b"cue "[..], "cue points are not those of its plan"),
        (b"adtl", "labels are not those of its plan"),
        (b"INAM", "title, comment and software are not those of its plan"),
    ] {
        let chunks = &track.file[behind..];
        let at = behind + chunks.windows(4).position(|window| window == id).unwrap() + 14;
        let mut file = track.file.clone();
        file[at] ^= 1;
        assert_eq!(misses(&track.verified(&file)), [(0, told.to_owned())]);
    }
}

#[test]
fn what_nobody_planned_is_found() {
    let track = Track::evening();
    let mixer = track.mixer();
    let frames = track.samples().len();
    let silent = |at: usize| {
        let mut block = vec![0.0; 800];
        !mixer.mix(Position(at as u64), &mut block)
    };
    let mut random = Random(8);
    let mut tried = 0;
    while tried < PLACES {
        let at = random.below(frames - 8_000);
        if !silent(at) {
            continue;
        }
        tried += 1;
        let mut samples = track.samples();
        samples[at + 400] += 1;
        let found = misses(&track.verified(&track.with_samples(&samples)));
        let [(place, told)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*place, (at + 400) as u64);
        assert!(told.contains("for 0 ms, by up to -90 dBFS"), "{told}");
    }
}

/// Renders `self-short` and runs `verify` with these arguments; its words and exit code.
fn verify(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = effleurage(folder, &[&["verify"], arguments].concat());
    (stdout(&output) + &stderr(&output), output.status.code())
}

#[test]
fn the_command_tells_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    let render = run(&["render", "self-short", "--rate", "8000", "--verify", "--legs", "left"]);
    let sound = "\
self-short.wav: as planned
  structure  RIFF, with fmt, data, cue, LIST, LIST, effl
  plan       27 sections, 67 events, as its routine has it
  markers    markers and texts, as planned
  frames     1800000 (0:03:45.000)
";
    let told = stderr(&render);
    assert!(told.contains(sound), "{told}");
    let (again, code) = verify(folder.path(), &["self-short.wav"]);
    assert!(told.ends_with(&again) && code == Some(0), "{again}");
    let (json, code) = verify(folder.path(), &["self-short.wav", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["as_planned"].as_bool(), code), (Some(true), Some(0)));
    // Against what it is, and against what it is not.
    let against = ["self-short.wav", "--against", "self-short", "--legs", "left"];
    assert_eq!(verify(folder.path(), &against), (again, Some(0)));
    let (other, code) = verify(folder.path(), &["self-short.wav", "--against", "self-short"]);
    assert_eq!(code, Some(1));
    assert!(other.contains("this is another one: "), "{other}");
    // The same sections, of which some are shorter.
    let longer = ["--against", "self-short", "--legs", "left", "--zone", "calf=3m"];
    let (other, code) = verify(folder.path(), &[&["self-short.wav"], &longer[..]].concat());
    assert_eq!(code, Some(1));
    let plan = [&["plan"], &longer[1..], &["--rate", "8000", "--format", "json"]].concat();
    let plan = stdout(&effleurage(folder.path(), &plan));
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let frames = plan["frames"].as_u64().unwrap();
    let told = format!("its length in frames is 1800000 instead of {frames}\n");
    assert!(other.contains(&told), "{other}");
    let told = format!("it ends {} frames early\n", frames - 1_800_000);
    assert!(other.contains(&told), "{other}");
}

#[test]
fn a_file_that_was_cut_off_is_told_as_such_without_its_routine() {
    let folder = tempfile::tempdir().unwrap();
    let render = ["render", "self-short", "--rate", "8000", "-q", "-o", "whole.wav"];
    assert!(effleurage(folder.path(), &render).status.success());
    let whole = fs::read(folder.path().join("whole.wav")).unwrap();
    fs::write(folder.path().join("cut.wav"), &whole[..1_000_000]).unwrap();
    let (told, code) = verify(folder.path(), &["cut.wav"]);
    let missing = whole.len() - 1_000_000;
    assert_eq!(
        told,
        format!(
            "cut.wav: 3 things are not as planned\n  structure  RIFF, with fmt, data\n\
             miss: structure: {missing} bytes are missing at its end\n\
             miss: structure: the chunk `data` reaches beyond the end of the file\n\
             miss: plan: it says nothing of itself: another program made or changed it, or \
             `render --plain`\n"
        )
    );
    assert_eq!(code, Some(1));
}

#[test]
fn what_cannot_be_verified_is_told_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    let plain = ["render", "self-short", "--rate", "8000", "--plain", "-o", "plain.wav"];
    assert!(run(&plain).status.success());
    let (told, code) = verify(folder.path(), &["plain.wav"]);
    assert_eq!(
        told,
        "error: cannot read plain.wav: it says nothing of itself: another program made or \
         changed it, or `render --plain`\nhelp: tell what it should be, with --against ROUTINE\n"
    );
    assert_eq!(code, Some(3));
    let (told, code) = verify(folder.path(), &["plain.wav", "--against", "self-short"]);
    assert!(told.starts_with("plain.wav: as planned\n") && code == Some(0), "{told}");
    let (told, code) = verify(folder.path(), &["plain.wav", "--legs", "left"]);
    assert_eq!(
        told,
        "error: --legs left: a file is held against its own routine; name the routine that this \
         changes, with --against\n"
    );
    assert_eq!(code, Some(2));
    fs::write(folder.path().join("text.wav"), "no sound").unwrap();
    let (told, code) = verify(folder.path(), &["text.wav"]);
    assert_eq!(
        told,
        "error: cannot read text.wav: it is no WAV file that effleurage writes, and no \
         copy of one\nhelp: name a track that effleurage made\n"
    );
    assert_eq!(code, Some(3));
    let pipe = run(&["render", "self-short", "--verify", "-o", "-"]);
    assert_eq!(
        stderr(&pipe),
        "error: - is not written: what is written to a stream cannot be verified\nhelp: name a \
         file with -o, or leave --verify out\n"
    );
    assert_eq!(pipe.status.code(), Some(2));
}

/// That it is another session says all; where its sections are says nothing then.
#[test]
fn another_session_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let made = effleurage(folder.path(), &["render", "self-short", "--rate", "8000"]);
    assert!(made.status.success());
    let (told, code) = verify(folder.path(), &["self-short.wav", "--against", "partner"]);
    assert_eq!(
        told,
        "self-short.wav: 1 thing is not as planned\n  structure  RIFF, with fmt, data, cue, LIST, \
         LIST, effl\nmiss: session: this is another one: \"Leg self-massage in six minutes\" \
         (`self-short`, 0:06:00.000, 44 sections) instead of \"Partner leg massage\" (`partner`, \
         0:17:27.000, 65 sections)\n"
    );
    assert_eq!(code, Some(1));
    // The same steps, but longer: where they are is told.
    let (told, _) =
        verify(folder.path(), &["self-short.wav", "--against", "self-short", "--zone", "calf=3m"]);
    assert!(told.contains("miss: plan: it lacks the change \""), "{told}");
    assert!(!told.contains("Outcome"), "{told}");
    let (told, _) = verify(folder.path(), &["self-short.mp3"]);
    assert!(told.starts_with("error: cannot read self-short.mp3: no such file"), "{told}");
    effleurage(folder.path(), &["render", "self-short", "-o", "copy.flac"]);
    let (told, code) = verify(folder.path(), &["copy.flac"]);
    assert!(told.contains("a copy carries no plan, and there is no copy.wav beside it"), "{told}");
    assert_eq!(code, Some(3));
}
