//! Columns that become tags.

use std::fs;

use super::{batch, folder};
use crate::support::stderr;
use id3::TagLike;

#[test]
fn tags_are_filled_with_what_their_rows_say() {
    let table = "routine,rate,formats,bed,note,artist,title,album,track\n\
                 calf.toml,8000,mp3,rain,Ana,Clinic,\"{title}, {bed}\",\"{artist} for {note}: {title}\",{row}/2\n\
                 calf.toml,8000,mp3,,Eva,Clinic,\"{title}, {bed}\",\"{artist} for {note}: {title}\",{row}/2\n";
    let folder = folder("tracks.csv", table);
    let told = batch(folder.path(), &["tracks.csv"]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    for (name, title, album, track) in [
        ("calf-en-rain.mp3", "The calf, rain", "Clinic for Ana: The calf, rain", "1/2"),
        ("calf-en.mp3", "The calf", "Clinic for Eva: The calf", "2/2"),
    ] {
        let tag = id3::Tag::read_from_path(folder.path().join("out").join(name)).unwrap();
        let number = tag.get("TRCK").and_then(|frame| frame.content().text());
        assert_eq!((tag.title(), tag.album(), number), (Some(title), Some(album), Some(track)));
    }
}

#[test]
fn other_tags_make_a_file_anew() {
    let table = |artist: &str| {
        format!("routine,rate,formats,artist\ncalf.toml,8000,wav flac mp3 opus,{artist}\n")
    };
    let folder = folder("tracks.csv", &table("A"));
    let run = |sum: &str| {
        let told = stderr(&batch(folder.path(), &["tracks.csv", "--verify"]));
        assert!(told.contains(sum), "{sum}\n{told}");
    };
    run("4 files: 4 made, 0 there already");
    run("4 files: 0 made, 4 there already");
    fs::write(folder.path().join("tracks.csv"), table("B")).unwrap();
    run("4 files: 4 made, 0 there already");
}

#[test]
fn a_cover_and_a_broadcast_are_asked_for_by_a_row() {
    let table =
        "routine,rate,formats,cover,broadcast\ncalf.toml,8000,wav mp3 opus m4a m4b flac,card,on\n";
    let folder = folder("tracks.csv", table);
    let run = |sum: &str| {
        let told = stderr(&batch(folder.path(), &["tracks.csv", "--verify"]));
        assert!(told.contains(sum), "{sum}\n{told}");
    };
    run("6 files: 6 made, 0 there already");
    run("6 files: 0 made, 6 there already");
    let wav = fs::read(folder.path().join("out/calf-en.wav")).unwrap();
    assert_eq!(&wav[12..16], b"bext");
    let tag = id3::Tag::read_from_path(folder.path().join("out/calf-en.mp3")).unwrap();
    assert_eq!(tag.pictures().count(), 1);
    // Only copies have a cover, and only WAV files tell how loud they are.
    fs::write(folder.path().join("tracks.csv"), table.replace(",card,", ",,")).unwrap();
    run("6 files: 5 made, 1 there already");
    fs::write(folder.path().join("tracks.csv"), table.replace(",card,on", ",,off")).unwrap();
    run("6 files: 1 made, 5 there already");
}

#[test]
fn mistakes_stand_in_their_columns() {
    let table = "routine,year,title,track,cover,broadcast\n\
                 calf.toml,26,{titel},{row}/0,,\n\
                 calf.toml,,,,calf.toml,maybe\n";
    let told = stderr(&batch(folder("tracks.csv", table).path(), &["tracks.csv"]));
    for place in [
        "line 2, year: '26' is no year",
        "line 2, title: no field of a tag is called '{titel}'",
        "line 2, track: '1/0' is no place of a track",
        "line 3, cover: cannot read calf.toml: it is no PNG and no JPEG picture",
        "line 3, broadcast: 'maybe' is neither on nor off",
    ] {
        assert!(told.contains(place), "{place}\n{told}");
    }
}
