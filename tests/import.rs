//! Recordings into a voice of one's own, from outside.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{self, built_in, effleurage, english, stderr, stdout};

use effleurage::recording::highpass::HighPass;
use effleurage::recording::take::clock;
use effleurage::session::Session;
use effleurage::voice::{self, Recording};

const RATE: u32 = 16_000;

/// The prompts of `self-short`, and those of the built-in voice with other lengths.
fn ids(count: usize) -> Vec<String> {
    let ids = Session::prompts(&built_in("self-short").into(), &english()).unwrap();
    ids.into_iter().take(count).collect()
}

/// A folder with an empty voice called `mine`, which has these prompts.
fn folder(ids: &[String]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vocabulary = english().vocabulary;
    let prompts: String =
        ids.iter().map(|id| format!("{id} = {:?}\n", vocabulary.text(id))).collect();
    fs::create_dir(folder.path().join("mine")).unwrap();
    let head = "format = \"effleurage-voice/1\"\nname = \"Mine\"\nlanguage = \"en\"\nspeaker = \
                \"I\"\nlicence = \"CC0-1.0\"\n[prompts]\n";
    fs::write(folder.path().join("mine/manifest.toml"), format!("{head}{prompts}")).unwrap();
    folder
}

/// The built-in clip of a prompt.
fn spoken(id: &str) -> Vec<f32> {
    let clip = english().clip(id).unwrap().unwrap();
    let Recording { rate, samples } = voice::recording(&clip).unwrap();
    voice::resample::resample(&samples, rate, support::rate(RATE))
}

fn without_rumble(samples: &[f32]) -> Vec<f32> {
    let mut filter = HighPass::new(support::rate(RATE));
    samples.iter().map(|sample| filter.next(*sample)).collect()
}

/// Numbers between -1 and 1 that only look like chance.
struct Chance(u32);

impl Chance {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// A take of these prompts in a room with noise of `noise` dBFS and a rumble: levels differ
/// by 6 dB to both sides, pauses last 0.9 to 2 s. And where each begins, in frames.
fn take(ids: &[String], noise: f32) -> (Vec<f32>, Vec<usize>) {
    let mut chance = Chance(7);
    let (mut samples, mut starts) = (vec![0.0; RATE as usize], Vec::new());
    for id in ids {
        let gain = 10_f32.powf(6.0 * chance.next() / 20.0);
        starts.push(samples.len());
        samples.extend(spoken(id).iter().map(|x| x * gain * 0.5));
        let pause = (1.45 + 0.55 * chance.next()) * RATE as f32;
        samples.resize(samples.len() + pause as usize, 0.0);
    }
    let hiss = 10_f32.powf(noise / 20.0) * 3_f32.sqrt();
    for (n, sample) in samples.iter_mut().enumerate() {
        let rumble = 0.02 * (std::f32::consts::TAU * 30.0 * n as f32 / RATE as f32).sin();
        *sample += hiss * chance.next() + rumble;
    }
    (samples, starts)
}

/// Writes a mono WAV file of 16 bits.
fn wav(path: &Path, samples: &[f32]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn import(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let words = [&["voice", "import", "--into", "mine"], arguments].concat();
    let output = effleurage(folder, &words);
    (output.status.code(), stdout(&output), stderr(&output))
}

/// The names in the voice, sorted.
fn names(folder: &Path) -> Vec<String> {
    support::names(&folder.join("mine"))
}

fn clip(folder: &Path, id: &str) -> Vec<f32> {
    let mut reader = hound::WavReader::open(folder.join(format!("mine/{id}.wav"))).unwrap();
    assert_eq!((reader.spec().channels, reader.spec().sample_rate), (1, RATE));
    reader.samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32_768.0).collect()
}

/// The best correlation of two sounds, and by how many frames the second lies later. Two seconds
/// tell that.
fn correlation(one: &[f32], other: &[f32]) -> (f32, i64) {
    let product = |one: &[f32], other: &[f32], lag: i64| {
        let (skip_one, skip_other) = ((-lag).max(0) as usize, lag.max(0) as usize);
        let pairs = one.iter().skip(skip_one).zip(other.iter().skip(skip_other));
        pairs.map(|(a, b)| a * b).sum::<f32>()
    };
    // Every third frame, of which the filters left the tones that matter.
    let start: Vec<f32> = one.iter().copied().take(32_000).collect();
    let at = |lag: i64| {
        let (skip_one, skip_other) = ((-lag).max(0) as usize, lag.max(0) as usize);
        let pairs = start.iter().skip(skip_one).zip(other.iter().skip(skip_other));
        (pairs.step_by(3).map(|(a, b)| a * b).sum::<f32>(), lag)
    };
    let lag = (-2_400..=2_400).map(at).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap().1;
    let energy = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>().sqrt();
    (product(one, other, lag) / (energy(one) * energy(other)), lag)
}

#[test]
fn a_long_take_becomes_a_voice() {
    let ids = ids(usize::MAX);
    let folder = folder(&ids);
    let (samples, _) = take(&ids, -50.0);
    wav(&folder.path().join("take.wav"), &samples);
    let before = fs::read(folder.path().join("take.wav")).unwrap();

    // Without a terminal and without --yes, nothing but the table.
    let (code, table, told) = import(folder.path(), &["take.wav"]);
    let sure = told.strip_prefix("nothing was written; ").unwrap_or_else(|| panic!("{told}"));
    let (_, command) = sure.split_once("to write them: effleurage ").unwrap();
    assert_eq!(command, "voice import take.wav --into mine --yes\n");
    assert_eq!(code, Some(0));
    let rows = table.lines().skip_while(|row| !row.starts_with(" line")).skip(1);
    assert_eq!(rows.take_while(|row| !row.is_empty()).count(), ids.len(), "{table}");
    assert_eq!(names(folder.path()), ["manifest.toml"]);

    let doubted = import_all(folder.path());
    assert!(doubted.len() <= 2, "{doubted:?}");
    assert!(before == fs::read(folder.path().join("take.wav")).unwrap());
    assert!(before == fs::read(folder.path().join("mine/originals/take.wav")).unwrap());
    for id in &ids {
        let (source, clip) = (without_rumble(&spoken(id)), clip(folder.path(), id));
        let (alike, lag) = correlation(&source, &clip);
        let rate = f64::from(RATE);
        let start = -lag as f64 / rate;
        let end = start + (clip.len() as f64 - source.len() as f64) / rate;
        println!("{id}: {alike:.3}, from {start:+.3} s to its end {end:+.3} s");
        assert!(alike > 0.97, "{id}: {alike}");
        // The source has margins of 60 ms: nothing but those may be lost.
        assert!((-0.03..0.03).contains(&start), "{id} begins {start} s late");
        // But a voice fades out, and its last breath may be softer than the noise.
        assert!((-0.1..0.2).contains(&end), "{id} ends {end} s late");
    }
    // Its places were measured for another voice; where a change is asked for, they give way.
    let render =
        ["render", "self-short", "--voice", "mine", "--talk", "full", "--rate", "8000", "-q"];
    let output = effleurage(folder.path(), &render);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn noise_is_borne_up_to_a_point() {
    let ids = ids(12);
    for noise in [-90.0, -60.0, -45.0, -40.0] {
        let folder = folder(&ids);
        wav(&folder.path().join("take.wav"), &take(&ids, noise).0);
        let (code, table, told) = import(folder.path(), &["take.wav"]);
        assert_eq!(code, Some(0), "{noise} dBFS\n{table}{told}");
    }
}

/// Imports a take with a yes to the sure lines, and then to each of the others, as somebody
/// would who has listened to them; tells what was in doubt.
fn import_all(folder: &Path) -> Vec<String> {
    let (_, table, _) = import(folder, &["take.wav"]);
    let is_doubted = |row: &&str| row.contains(" s? ");
    let doubted =
        table.lines().filter(is_doubted).map(|row| row.split_whitespace().nth(1).unwrap());
    let doubted: Vec<String> = doubted.map(str::to_owned).collect();
    let yes_to = doubted.join(",");
    let arguments = ["take.wav", "--yes", "--yes-to", &yes_to];
    let asked = if doubted.is_empty() { &arguments[..2] } else { &arguments };
    import(folder, asked);
    doubted
}

#[test]
fn a_missing_line_is_named_and_may_be_recorded_alone() {
    let ids = ids(12);
    let folder = folder(&ids);
    let mut said = ids.clone();
    let missing = said.remove(4);
    wav(&folder.path().join("take.wav"), &take(&said, -50.0).0);
    let (code, table, told) = import(folder.path(), &["take.wav"]);
    assert_eq!(
        (code, told.as_str()),
        (
            Some(0),
            "nothing was written; 11 lines are sure; to write them: effleurage voice import take.wav \
             --into mine --yes\n"
        )
    );
    let row = table.lines().find(|row| row.contains(&missing)).unwrap();
    assert!(row.split_whitespace().take(3).eq(["5", missing.as_str(), "missing"]), "{table}");
    assert!(
        table.contains(
            "\n1 line is missing: record it into a file called after its prompt, and import that.\n"
        ),
        "{table}"
    );
    import_all(folder.path());
    // The way out that was told.
    wav(&folder.path().join(format!("{missing}.wav")), &spoken(&missing));
    let (code, _, told) = import(folder.path(), &[&format!("{missing}.wav")]);
    assert_eq!((code, told.as_str()), (Some(0), "mine: 1 new clip; 0 of 12 lines have none yet\n"));
    said_as_they_should(folder.path(), &ids);
}

#[track_caller]
fn said_as_they_should(folder: &Path, ids: &[String]) {
    for id in ids {
        let alike = correlation(&without_rumble(&spoken(id)), &clip(folder, id)).0;
        assert!(alike > 0.9, "{id}: {alike}");
    }
}

#[test]
fn of_a_line_said_twice_the_last_counts() {
    let ids = ids(12);
    let folder = folder(&ids);
    let mut said = ids.clone();
    said.insert(4, ids[4].clone());
    let (samples, starts) = take(&said, -50.0);
    wav(&folder.path().join("take.wav"), &samples);
    let (_, table, _) = import(folder.path(), &["take.wav"]);
    let left = clock(starts[4] as f64 / f64::from(RATE) + 0.06);
    let left = format!("\nLeft out, as no line or said again: {left} (");
    assert!(table.contains(&left), "{left}{table}");
    import_all(folder.path());
    said_as_they_should(folder.path(), &ids);
}

#[test]
fn lines_in_another_order_are_known_by_their_sounds() {
    let ids = ids(12);
    let folder = folder(&ids);
    let mut said = ids.clone();
    said.swap(6, 7);
    said.swap(1, 10);
    wav(&folder.path().join("take.wav"), &take(&said, -50.0).0);
    assert_eq!(import(folder.path(), &["take.wav", "--yes"]).0, Some(0));
    // Every line that is there is the right one.
    let names = names(folder.path());
    let is_there = |id: &&String| names.contains(&format!("{id}.wav"));
    let written: Vec<String> = ids.iter().filter(is_there).cloned().collect();
    assert!(written.len() >= 10, "{written:?}");
    said_as_they_should(folder.path(), &written);
}

/// The words of a line that only its author has are said by no other voice.
#[test]
fn what_is_not_sure_is_not_written_without_a_yes_to_it() {
    let ids = ids(12);
    let folder = folder(&ids);
    let manifest = folder.path().join("mine/manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let line = format!("{} = {:?}", ids[8], english().vocabulary.text(&ids[8]));
    let own = "We rest for a while.";
    fs::write(&manifest, text.replace(&line, &format!("{} = {own:?}", ids[8]))).unwrap();
    wav(&folder.path().join("take.wav"), &take(&ids, -50.0).0);
    let (code, table, told) = import(folder.path(), &["take.wav", "--yes"]);
    assert_eq!(code, Some(0));
    let count = "1 line that is not sure was not written; the table tells why\n";
    assert!(told.ends_with(count), "{told}");
    assert!(table.contains("no voice here says the same to compare; it"), "{table}");
    assert_eq!(names(folder.path()).len(), 11 + 2, "{table}");
    // A yes to it is taken, and it is not said to be left.
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("mine")).unwrap();
    fs::copy(&manifest, copy.path().join("mine/manifest.toml")).unwrap();
    fs::copy(folder.path().join("take.wav"), copy.path().join("take.wav")).unwrap();
    let (_, agreed, told) = import(copy.path(), &["take.wav", "--yes", "--yes-to", &ids[8]]);
    let yes = "\n1 line is not sure (?), and written: you said yes to it.\n";
    assert!(agreed.contains(yes) && !agreed.contains("not written"), "{agreed}");
    assert_eq!(told, "mine: 12 new clips; 0 of 12 lines have none yet\n");
    // The way out that is told works as it stands.
    let command = format!("If it says “{own}”: effleurage ");
    let (_, command) = table.split_once(&command).unwrap_or_else(|| panic!("{table}"));
    let words: Vec<&str> = command.lines().next().unwrap().split(' ').collect();
    assert!(effleurage(folder.path(), &words).status.success());
    said_as_they_should(folder.path(), &ids);
}

/// A program that hears the words makes a line sure, and another one doubtful.
#[cfg(unix)]
#[test]
fn a_recogniser_may_tell_what_is_said() {
    let ids = ids(6);
    let folder = folder(&ids);
    wav(&folder.path().join("take.wav"), &take(&ids, -50.0).0);
    let hears = |words: &str| {
        let command = format!("sh -c 'test -s \"$1\" && echo \"[00:00] {words}\"' sh {{wav}}");
        import(folder.path(), &["take.wav", "--listen", &command])
    };
    let second = english().vocabulary.text(&ids[1]).to_owned();
    let (code, table, told) = hears(&second);
    // All are heard as the second line: that alone is sure.
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("nothing was written; 1 line is sure; to write them: "), "{told}");
    assert!(table.contains(&format!("line 2, “{second}”; “{second}” was recognised")), "{table}");
    let (_, table, told) = hears("");
    assert!(told.starts_with("nothing was written; 6 lines are sure"), "{told}{table}");
    let (code, _, told) = import(folder.path(), &["take.wav", "--listen", "no-such-program {wav}"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("take.wav: --listen: `no-such-program` cannot be started"), "{told}");
    let (code, _, told) = import(folder.path(), &["take.wav", "--listen", "cat"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("it has no {wav}, where the sound file goes"), "{told}");
}

/// Whoever stops it while another program listens finds nothing left behind.
#[cfg(unix)]
#[test]
fn a_stop_while_a_recogniser_listens_leaves_nothing() {
    let ids = ids(3);
    let folder = folder(&ids);
    wav(&folder.path().join("take.wav"), &take(&ids, -50.0).0);
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let listen = "sh -c 'touch listens; exec sleep 60' sh {wav}";
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_effleurage"))
        .args(["voice", "import", "take.wav", "--into", "mine", "--yes", "--listen", listen])
        .current_dir(folder.path())
        .env("TMPDIR", &scratch)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while !folder.path().join("listens").exists() {
        assert!(program.try_wait().unwrap().is_none(), "it ended before it was stopped");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 1);
    std::process::Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    assert!(!program.wait().unwrap().success());
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 0);
    assert_eq!(names(folder.path()), ["manifest.toml"]);
}

#[test]
fn a_yes_to_some_lines_tells_of_those_that_are_left() {
    let ids = ids(5);
    let folder = folder(&ids);
    wav(&folder.path().join("take.wav"), &take(&ids, -50.0).0);
    let (code, table, told) = import(folder.path(), &["take.wav", "--yes-to", &ids[1]]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!table.contains("not sure"), "{table}");
    assert_eq!(
        told,
        "mine: 1 new clip; 4 of 5 lines have none yet\n4 lines are sure and were not written; to \
         write them: effleurage voice import take.wav --into mine --yes\n"
    );
}

#[test]
fn a_yes_to_a_line_that_is_not_there_is_refused() {
    let ids = ids(5);
    let folder = folder(&ids);
    let said = [0, 1, 3, 4].map(|n: usize| ids[n].clone());
    wav(&folder.path().join("take.wav"), &take(&said, -50.0).0);
    let refused = |line: &str| import(folder.path(), &["take.wav", "--yes-to", line]).2;
    assert_eq!(
        refused(&ids[2]),
        format!(
            "error: nothing was imported: --yes-to {}: this line was not found in take.wav\nhelp: \
             record it into a file of its own, and import that\n",
            ids[2]
        )
    );
    assert_eq!(
        refused("alwys-up"),
        "error: nothing was imported: --yes-to alwys-up: no line is called that\nhelp: did you \
         mean `always-up`?\n"
    );
}

#[test]
fn a_take_may_have_some_of_the_lines() {
    let ids = ids(12);
    let folder = folder(&ids);
    wav(&folder.path().join("take.wav"), &take(&ids[2..7], -50.0).0);
    let (code, table, told) = import(folder.path(), &["take.wav", "--yes", "--lines", "3-7"]);
    assert_eq!(told, "mine: 5 new clips; 7 of 12 lines have none yet\n", "{table}");
    assert_eq!(code, Some(0));
}

#[test]
fn files_are_named_by_id_or_number() {
    let ids = ids(5);
    let folder = folder(&ids);
    let phone = folder.path().join("phone");
    fs::create_dir(&phone).unwrap();
    let called = [
        format!("{}.wav", ids[0]),
        "2.wav".to_owned(),
        format!("003 {}.wav", ids[2]),
        "Line 4.WAV".to_owned(),
    ];
    for (id, name) in ids.iter().zip(&called) {
        wav(&phone.join(name), &spoken(id));
    }
    fs::write(phone.join("notes.txt"), "no sound").unwrap();
    fs::write(phone.join("._2.wav"), "of a Mac").unwrap();
    let (code, out, told) = import(folder.path(), &["phone"]);
    assert_eq!(told, "mine: 4 new clips; 1 of 5 lines have none yet\n");
    assert_eq!((code, out.as_str()), (Some(0), ""));
    for id in &ids[..4] {
        assert!(
            correlation(&without_rumble(&spoken(id)), &clip(folder.path(), id)).0 > 0.99,
            "{id}"
        );
    }
    // What is there stays, unless asked; and then is kept. The same recording is kept once.
    let again = format!("phone/{}", called[1]);
    let (_, _, told) = import(folder.path(), &[&again]);
    assert_eq!(
        told,
        format!(
            "mine/{}.wav: left as it is; --replace replaces it\nmine: 0 new clips; 1 of 5 lines \
             have none yet\n",
            ids[1]
        )
    );
    assert_eq!(import(folder.path(), &[&again, "--replace"]).0, Some(0));
    let originals = folder.path().join("mine/originals");
    assert!(originals.join("2.wav").exists() && !originals.join("2-2.wav").exists());
    assert!(originals.join(format!("{}.wav", ids[1])).exists());
}

/// Levelling hides it from whoever looks at the clip: what was too loud is no longer loud.
#[test]
fn a_bad_recording_is_told_of_when_it_is_imported() {
    let ids = ids(2);
    let folder = folder(&ids);
    let loud: Vec<f32> = spoken(&ids[0]).iter().map(|x| (20.0 * x).clamp(-1.0, 1.0)).collect();
    wav(&folder.path().join("1.wav"), &loud);
    let soft: Vec<f32> = spoken(&ids[1]).iter().map(|x| 0.01 * x).collect();
    wav(&folder.path().join("2.wav"), &soft);
    let (code, _, told) = import(folder.path(), &["1.wav", "2.wav"]);
    let told: Vec<&str> = told.lines().collect();
    let [loud, noisy, soft, done] = told[..] else { panic!("{told:?}") };
    assert!(loud.starts_with(&format!("{}: too loud in ", ids[0])), "{loud}");
    assert!(loud.ends_with(" places; record it again, further from the microphone"), "{loud}");
    // What is 20 times as loud has a noise 26 dB nearer to what was cut off.
    assert!(noisy.ends_with(" dB above the noise; record it again in a quieter room"), "{noisy}");
    assert_eq!(soft, format!("{}: too quiet; record it again, nearer to the microphone", ids[1]));
    assert_eq!(done, "mine: 2 new clips; 0 of 2 lines have none yet");
    assert_eq!(code, Some(0));
    // A check of the voice looks at what the clips were made of.
    let check = || stdout(&effleurage(folder.path(), &["voice", "check", "mine"]));
    assert!(check().contains("  originals/1.wav: too loud in "), "{}", check());
    assert!(check().contains("  originals/2.wav: too quiet; record it again"), "{}", check());
    // A better recording takes the place of a bad one, which is kept and no longer meant.
    fs::create_dir(folder.path().join("better")).unwrap();
    wav(&folder.path().join("better/1.wav"), &spoken(&ids[0]));
    assert_eq!(import(folder.path(), &["better/1.wav", "--replace"]).0, Some(0));
    assert!(!check().contains("too loud"), "{}", check());
    // One under a name that was taken is kept beside it, and is meant once the clip is made of it.
    fs::create_dir(folder.path().join("worse")).unwrap();
    let file = format!("{}.wav", ids[1]);
    let worse: Vec<f32> = spoken(&ids[1]).iter().map(|x| (20.0 * x).clamp(-1.0, 1.0)).collect();
    for (place, samples) in [("better", spoken(&ids[1])), ("worse", worse)] {
        wav(&folder.path().join(place).join(&file), &samples);
        let from = format!("{place}/{file}");
        assert_eq!(import(folder.path(), &[&from, "--replace"]).0, Some(0));
    }
    let told = check();
    let original = told.lines().find(|line| line.contains(": too loud in ")).unwrap();
    assert!(original.starts_with(&format!("  originals/{}-", ids[1])), "{told}");
}

/// A clip of other words is seen by how long it lasts, where the voice has a pace.
#[test]
fn a_clip_that_does_not_fit_its_words_is_doubted() {
    let ids = ids(8);
    let folder = folder(&ids);
    let mine = folder.path().join("mine");
    for id in &ids {
        wav(&mine.join(format!("{id}.wav")), &spoken(id));
    }
    let long = ids.iter().max_by_key(|id| spoken(id).len()).unwrap();
    let short = ids.iter().min_by_key(|id| spoken(id).len()).unwrap();
    fs::rename(mine.join(format!("{long}.wav")), mine.join("x")).unwrap();
    fs::rename(mine.join(format!("{short}.wav")), mine.join(format!("{long}.wav"))).unwrap();
    fs::rename(mine.join("x"), mine.join(format!("{short}.wav"))).unwrap();
    let check = effleurage(folder.path(), &["voice", "check", "mine"]);
    let table = stdout(&check);
    let doubted = table.matches(" s; listen whether it says them").count();
    assert_eq!((doubted, check.status.code()), (2, Some(1)), "{table}");
}

/// The whole refusal of an import that leaves the voice as it was.
#[track_caller]
fn refusal(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let before = names(folder);
    let (code, out, told) = import(folder, arguments);
    assert_eq!((out.as_str(), names(folder)), ("", before));
    (code, told)
}

#[test]
fn bad_recordings_are_explained() {
    let ids = ids(3);
    let folder = folder(&ids);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("take.m4a"), "no sound at all").unwrap();
    fs::write(at("1.m4a"), "no sound at all").unwrap();
    fs::write(at("2.wav"), "").unwrap();
    fs::create_dir(at("empty")).unwrap();
    wav(&at("silence.wav"), &vec![0.0; 80_000]);
    fs::File::create(at("large.wav")).unwrap().set_len((1 << 30) + 1).unwrap();
    let refused = |arguments: &[&str]| refusal(folder.path(), arguments);
    let convert = "save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)";
    let clip = "error: cannot use the clip";
    assert_eq!(
        refused(&["take.m4a"]).1,
        format!("{clip} take.m4a: this is no sound file that can be read\nhelp: {convert}\n")
    );
    assert_eq!(
        refused(&["1.m4a", "2.wav"]),
        (
            Some(1),
            format!(
                "error: nothing was imported\n  1.m4a: this is no sound file that can be read; \
                 {convert}\n  2.wav: there is no sound in the file; record it again, nearer to \
                 the microphone\n"
            )
        )
    );
    assert_eq!(
        refused(&["large.wav"]).1,
        format!(
            "{clip} large.wav: the file is larger than 1 GiB\nhelp: cut it in two in a pause, and \
             import one after the other with --lines\n"
        )
    );
    assert_eq!(
        refused(&["empty"]).1,
        "error: cannot read empty: there is no sound file in it\nhelp: name the folder or the \
         files that the phone made\n"
    );
    assert_eq!(
        refused(&["nothing"]),
        (
            Some(3),
            "error: cannot read nothing: no such file or directory\nhelp: check its name and the \
             folder you are in\n"
                .to_owned()
        )
    );
    assert!(refused(&["silence.wav"]).1.starts_with(
        "error: nothing was imported: silence.wav: no voice stands out from the noise\nhelp: "
    ));
}

#[test]
fn a_take_of_three_hours_is_too_long() {
    let folder = folder(&ids(3));
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 4_000,
        bits_per_sample: 8,
        sample_format: hound::SampleFormat::Int,
    };
    let path = folder.path().join("long.wav");
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    (0..3 * 3_600 * 4_000).for_each(|_| writer.write_sample(1_i8).unwrap());
    writer.finalize().unwrap();
    assert_eq!(
        refusal(folder.path(), &["long.wav"]).1,
        "error: cannot use the clip long.wav: a long take lasts two hours at most, at 48000 \
         frames a second\nhelp: cut it in two in a pause, and import one after the other with \
         --lines\n"
    );
}

#[test]
fn bad_names_are_all_told_at_once() {
    let ids = ids(3);
    let folder = folder(&ids);
    let phone = folder.path().join("phone");
    fs::create_dir(&phone).unwrap();
    let help = format!(
        "help: name each file after its prompt ({}.m4a) or its number in the script (1.m4a); one \
         long take is imported alone\n",
        ids[0]
    );
    for name in ["2.wav", "9.wav", "Recording 5.m4a"] {
        fs::write(phone.join(name), "").unwrap();
    }
    let file = format!("{}.wav", ids[1]);
    fs::write(phone.join(&file), "").unwrap();
    let expected = [
        "error: nothing was imported".to_owned(),
        "  phone/9.wav: there is no line 9; the script has 3".to_owned(),
        format!("  phone/{file}: phone/2.wav is `{}`, too; keep one of the two", ids[1]),
        "  phone/Recording 5.m4a: its name is no prompt and no number".to_owned(),
        help,
    ];
    assert_eq!(refusal(folder.path(), &["phone"]), (Some(1), expected.join("\n")));
    for n in 0..10_000 {
        fs::write(phone.join(format!("{}.wav", 10 + n)), "").unwrap();
    }
    let (_, told) = refusal(folder.path(), &["phone"]);
    assert_eq!(told.lines().count(), 100);
    assert!(told.contains("\n  … and 9906 more\nhelp: "), "{told}");
}

#[test]
fn names_that_a_messenger_gave_are_asked_about_in_one_message() {
    let ids = ids(3);
    let folder = folder(&ids);
    let phone = folder.path().join("phone");
    fs::create_dir(&phone).unwrap();
    for n in 1..=200 {
        fs::write(phone.join(format!("PTT-20261130-WA{n:04}.opus")), "OggS").unwrap();
    }
    let (code, told) = refusal(folder.path(), &["phone"]);
    assert_eq!(
        (code, told.lines().collect::<Vec<_>>()),
        (
            Some(1),
            vec![
                "error: nothing was imported: which lines are these 200? Their names are no \
                 prompts and no numbers: phone/PTT-20261130-WA0001.opus, \
                 phone/PTT-20261130-WA0002.opus, phone/PTT-20261130-WA0003.opus, \
                 phone/PTT-20261130-WA0004.opus, … to phone/PTT-20261130-WA0200.opus",
                &format!(
                    "help: name each file after its prompt ({}.m4a) or its number in the script \
                     (1.m4a); one long take is imported alone",
                    ids[0]
                ),
            ]
        )
    );
}

#[test]
fn bad_voices_are_explained() {
    let ids = ids(3);
    let folder = folder(&ids);
    wav(&folder.path().join("1.wav"), &spoken(&ids[0]));
    let into = |voice: &str| {
        let output = effleurage(folder.path(), &["voice", "import", "1.wav", "--into", voice]);
        assert!(output.stdout.is_empty());
        stderr(&output)
    };
    assert_eq!(
        into("en"),
        "error: en is not written: this is a voice that is built in\nhelp: name the folder of \
         your own voice; ./en if it is called so\n"
    );
    fs::create_dir(folder.path().join("other")).unwrap();
    let help = format!("help: {}\n", support::what_a_voice_is());
    assert_eq!(
        into("other"),
        format!("error: cannot read other: there is no manifest.toml in it\n{help}")
    );
    fs::write(folder.path().join("other/manifest.toml"), b"name = \"x\"\n\xff\n").unwrap();
    assert_eq!(
        into("other"),
        "error: cannot read other/manifest.toml: line 2 is not UTF-8 text\nhelp: save the file as \
         UTF-8\n"
    );
    let manifest = fs::read_to_string(folder.path().join("mine/manifest.toml")).unwrap();
    let leaving = manifest + "\"../../x\" = \"Out.\"\n";
    fs::write(folder.path().join("other/manifest.toml"), leaving).unwrap();
    assert!(into("other").starts_with("error: `../../x` cannot be the name of a prompt\n"));
    assert_eq!(fs::read_dir(folder.path().join("other")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn links_are_followed_from_outside_and_never_written_through() {
    use std::os::unix::fs::symlink;
    let ids = ids(3);
    let folder = folder(&ids);
    let at = |name: &str| folder.path().join(name);
    wav(&at("source.wav"), &spoken(&ids[0]));
    symlink(at("source.wav"), at("1.wav")).unwrap();
    fs::write(at("precious"), "precious").unwrap();
    let target = at("mine").join(format!("{}.wav", ids[0]));
    symlink(at("precious"), &target).unwrap();
    let refused = |what: &str, why: &str| {
        let told = format!(
            "error: mine/{what} is not written: {why}\nhelp: move it away, and try again\n"
        );
        assert_eq!(refusal(folder.path(), &["1.wav", "--replace"]), (Some(2), told));
    };
    refused(&format!("{}.wav", ids[0]), "this is a link");
    fs::remove_file(&target).unwrap();
    symlink(at("."), at("mine/originals")).unwrap();
    refused("originals", "this is no folder");
    fs::remove_file(at("mine/originals")).unwrap();
    assert_eq!(import(folder.path(), &["1.wav"]).0, Some(0));
    assert_eq!(fs::read_to_string(at("precious")).unwrap(), "precious");
    let kept: PathBuf = at("mine/originals/1.wav");
    assert!(!kept.is_symlink() && kept.is_file());
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_are_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let ids = ids(3);
    let folder = folder(&ids);
    let phone = folder.path().join("phone");
    fs::create_dir(&phone).unwrap();
    wav(&phone.join("1.wav"), &spoken(&ids[0]));
    fs::copy(phone.join("1.wav"), phone.join(OsStr::from_bytes(b"\xff.wav"))).unwrap();
    let (code, told) = refusal(folder.path(), &["phone"]);
    assert!(told.contains("phone/\u{fffd}.wav: its name is not UTF-8 text; rename it\n"), "{told}");
    assert_eq!(code, Some(1));
}

/// A limit on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_voice_as_it_was() {
    let ids = ids(2);
    let folder = folder(&ids);
    for (n, id) in ids.iter().enumerate() {
        wav(&folder.path().join(format!("{}.wav", n + 1)), &spoken(id));
    }
    let program = env!("CARGO_BIN_EXE_effleurage");
    let command = format!("ulimit -f 8; exec {program} voice import 1.wav 2.wav --into mine");
    let mut shell = std::process::Command::new("sh");
    let output = shell.current_dir(folder.path()).args(["-c", &command]).output().unwrap();
    assert_eq!(
        stderr(&output),
        format!(
            "error: cannot write mine/{}.wav: file too large\nhelp: make room on the disk, and \
             try again\n",
            ids[0]
        )
    );
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(names(folder.path()), ["manifest.toml"]);
}
