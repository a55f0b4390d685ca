//! What is told before anything is rendered.

use std::fmt::Write;
use std::fs;
use std::path::{Component, Path};

use super::{batch, folder, wav};
use crate::support::{Random, stderr, stdout};
use effleurage::batch::order::orders;
use effleurage::batch::table::Table;
use effleurage::routine::builtin;

#[test]
fn twenty_wrong_rows_of_a_thousand_are_all_told_in_their_places() {
    // What is wrong, in which column, and what is said of it.
    let wrong = [
        ("routine", "calff.toml", "cannot read calff.toml"),
        ("routine", "partnr", "did you mean 'partner'?"),
        ("total", "15mm", "'15mm' is not a length of time"),
        ("total", "1s", "the track can last from"),
        ("voice", "xx", "cannot read xx"),
        ("bed", "snow.wav", "no such file"),
        ("ticks", "soft2", "soft"),
        ("talk", "much", "`much`"),
        ("legs", "middle", "middle"),
        ("count_in", "99", "is no number of ticks"),
        ("room", "cold", "cold"),
        ("gentle", "maybe", "neither on nor off"),
        ("zone", "calf", "this does not say how long"),
        ("zone", "elbow=2m", "elbow"),
        ("pace", "circles=1000", "is no pace"),
        ("formats", "wav mp4", "no format is called 'mp4'"),
        ("rate", "12", "'12' is no rate of a track"),
        ("bits", "12", "no sample has '12' bits"),
        ("channels", "5.1", "no track has '5.1' channels"),
        ("name", "../{note}", "leaves the folder"),
    ];
    let columns = [
        "routine", "note", "name", "total", "voice", "bed", "ticks", "talk", "legs", "count_in",
        "room", "gentle", "zone", "pace", "formats", "rate", "bits", "channels",
    ];
    let mut text = columns.join(",") + "\n";
    for n in 0..1_000 {
        let mistake = (n % 50 == 17).then(|| wrong[n / 50]);
        let cell = |column: &&str| match (mistake, *column) {
            (Some((wrong, value, _)), column) if wrong == column => value.to_owned(),
            (_, "routine") => "calf.toml".to_owned(),
            (_, "note") => n.to_string(),
            (_, "name") => "{routine}-{note}".to_owned(),
            _ => String::new(),
        };
        writeln!(text, "{}", columns.iter().map(cell).collect::<Vec<_>>().join(",")).unwrap();
    }
    let folder = folder("tracks.csv", &text);
    let told = batch(folder.path(), &["tracks.csv"]);
    assert_eq!(told.status.code(), Some(1));
    let told = stderr(&told);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), wrong.len(), "{told}");
    for (n, (column, _, message)) in wrong.iter().enumerate() {
        let place = format!("tracks.csv, line {}, {column}: ", 50 * n + 17 + 2);
        let is_told = lines[n].contains(&place) && lines[n].contains(&message.replace('`', "'"));
        assert!(is_told, "{place} {message}: {}", lines[n]);
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn all_that_is_wrong_in_a_row_is_told_at_once() {
    let text = "routine;total;voice;bed;formats;bits;count-in\n\
                nobody;1x;nobody;snow;ops;17;99\n\
                calf.toml;1x;nobody;snow;ops;17;99\n";
    let told = stderr(&batch(folder("tracks.csv", text).path(), &["tracks.csv"]));
    let told_of = |place: &str| told.lines().any(|line| line.contains(&format!("{place}: ")));
    for column in ["total", "formats", "bits", "count_in"] {
        assert!(told_of(&format!("lines 2-3, {column}")), "{column}\n{told}");
    }
    assert!(told_of("line 2, routine") && told_of("line 3, voice"), "{told}");
}

#[test]
fn a_mistake_in_toml_is_shown_with_its_line() {
    let text = "voice = [\"en\", \"xx\"]\n[[track]]\nroutine = [\"calf.toml\", \"self\"]\n\
                total = [\"1x\", \"15m\"]\n\n[[track]]\nroutine = \"self\"\nbeds = \"rain\"\n";
    let told = batch(folder("tracks.toml", text).path(), &["tracks.toml"]);
    assert_eq!(told.status.code(), Some(1));
    let told = stderr(&told);
    for part in [
        "tracks.toml:1:16",
        "cannot read xx",
        "tracks.toml:4:10",
        "`1x` is not a length of time",
        "tracks.toml:8:1",
        "unknown key `beds`",
        "did you mean `bed`?",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    // Each once, however many tracks have it.
    assert_eq!(told.matches("error").count(), 3, "{told}");
}

#[test]
fn tracks_of_one_name_are_refused_with_what_would_part_them() {
    let text = "routine,bed,gentle,name\nself,,on,\nself,,,\nself,,,Self-en\n";
    let told = batch(folder("tracks.csv", text).path(), &["tracks.csv"]);
    let told = stderr(&told);
    let first = "line 3, name: 'self-en.wav' is made by the row of line 2, too; \
                 they differ in {gentle}: put that into the 'name'";
    assert!(told.contains(first), "{told}");
    assert!(told.contains("line 4, name: 'Self-en.wav' is made by the row of line 2"), "{told}");
}

#[test]
fn nothing_is_written_over_what_tracks_are_made_from() {
    let text = "routine,name,bed\ncalf.toml,out/x,sea.wav\n";
    let folder = folder("tracks.csv", text);
    let second = wav((0..80_000).map(|n| 0.1 * (n as f32 * 0.2).sin()));
    fs::create_dir_all(folder.path().join("out/out")).unwrap();
    fs::write(folder.path().join("out/out/x.wav"), &second).unwrap();
    std::os::unix::fs::symlink("out/out/x.wav", folder.path().join("sea.wav")).unwrap();
    let told = batch(folder.path(), &["tracks.csv"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(stderr(&told).contains("which this would write over"), "{}", stderr(&told));
    assert_eq!(fs::read(folder.path().join("out/out/x.wav")).unwrap(), second);
}

#[test]
fn a_dry_run_tells_what_would_be_made_and_makes_nothing() {
    let text = "formats = [\"wav\", \"mp3\"]\nrate = 8000\nroutine = \"calf.toml\"\n\
                total = [\"50s\", \"1m\"]\n";
    let folder = folder("tracks.toml", text);
    let told = stdout(&batch(folder.path(), &["tracks.toml", "--dry-run"]));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 6, "{told}");
    // 400,000 frames of two bytes.
    assert_eq!(lines[1], "calf-50s-en.wav  0:00:50.000  400000   0.8");
    assert!(lines[5].starts_with("4 files, 4 of them to be made: 0:03:40.000 of sound"), "{told}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn what_is_no_table_is_told_as_such() {
    for (name, text, why) in [
        ("tracks.txt", "", "a table is a .csv or a .toml"),
        ("tracks.csv", "", "no track is asked for"),
        ("tracks.csv", "routine\n", "no track is asked for"),
        ("tracks.toml", "", "no track is asked for"),
        ("tracks.toml", "routine = ", "this is not TOML"),
        (
            "tracks.csv",
            "routine,totl\nself,3m\n",
            "no column is called 'totl'; did you mean 'total'?",
        ),
        ("tracks.csv", "routine,name\nself,\"a\nself,b\n", "close the quotation mark"),
    ] {
        let told = batch(folder(name, text).path(), &[name]);
        assert_ne!(told.status.code(), Some(0), "{why}");
        assert!(stderr(&told).contains(why), "{why}: {}", stderr(&told));
    }
}

/// Whatever is in a file, it is read or refused; and no name leaves the folder.
#[test]
fn damaged_tables_are_no_harm() {
    let csv = "routine,total,voice,name,formats,zone,note\nself,15m,en,{note}/{total},\"wav, mp3\",\
               calf=3m thigh=off,Ana\npartner,,es,,,,\n";
    let toml = "voice = [\"en\", \"es\"]\nname = \"{voice}/{note}-{total}.{ext}\"\n[[track]]\n\
                routine = [\"self\"]\ntotal = [\"15m\", 20]\ngentle = true\nnote = \"Ana\"\n";
    let pieces = [
        "\"",
        ",",
        ";",
        "\n",
        "{",
        "}",
        "..",
        "/",
        "\0",
        "[",
        "[[track]]",
        "=",
        "é",
        "\u{202e}",
        "99999999999999999999",
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let (mut read, mut refused) = (0, 0);
    for n in 0..3_000 {
        let (name, text) = if n % 2 == 0 { ("t.csv", csv) } else { ("t.toml", toml) };
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..1 + random.next() % 4 {
            let at = random.next() as usize % bytes.len();
            match random.next() % 3 {
                0 => bytes[at] = random.next() as u8,
                1 => drop(bytes.drain(at..(at + 1 + random.next() as usize % 9).min(bytes.len()))),
                _ => {
                    let piece = pieces[random.next() as usize % pieces.len()];
                    bytes.splice(at..at, piece.bytes());
                }
            }
            bytes.push(b'\n');
        }
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let Ok((table, mistakes)) = Table::read(&path) else {
            refused += 1;
            continue;
        };
        let source = |_: &Path| Ok(builtin::source("self").unwrap());
        let (orders, more) = orders(&table, &source);
        refused += usize::from(!mistakes.is_empty() || !more.is_empty());
        read += usize::from(mistakes.is_empty() && more.is_empty());
        for mistake in mistakes.iter().chain(&more) {
            assert!(table.source.text.get(mistake.place.span.clone()).is_some(), "{mistake:?}");
        }
        for file in orders.iter().flat_map(|order| &order.files) {
            let parts = Path::new(&file.name).components();
            assert!(
                parts.into_iter().all(|part| matches!(part, Component::Normal(_))),
                "{}",
                file.name
            );
        }
    }
    assert!(read > 150 && refused > 1_500, "{read} {refused}");
}
