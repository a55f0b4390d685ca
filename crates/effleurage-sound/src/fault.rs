//! Why a clip cannot be used.

/// What is wrong with a clip.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClipFault {
    /// No format that we read.
    NotAudio,
    /// The format is known, but not what is in it.
    Unsupported(String),
    /// The bytes are not what their format promises.
    Malformed(String),
    /// It ends before its end.
    Truncated,
    /// It holds no sound at all.
    Empty,
    /// Nothing in it can be heard.
    Silent,
    /// It is longer than a prompt can be.
    TooLong,
    /// The file is larger than a prompt can be.
    TooLarge,
    /// It is longer than a take of many lines can be.
    TakeTooLong,
    /// The file is larger than a take of many lines can be.
    TakeTooLarge,
    /// It is longer than a tick can be.
    TickTooLong,
    /// It is longer than the loop of a background can be.
    BedTooLong,
    /// It is shorter than the loop of a background can be.
    BedTooShort,
}

impl ClipFault {
    /// One file holds more than one recording, and which is meant, nobody can tell.
    pub fn several() -> ClipFault {
        ClipFault::Unsupported("several recordings in one file".to_owned())
    }

    /// What is wrong, as a sentence goes on after the file's name.
    pub fn why(&self) -> String {
        match self {
            ClipFault::NotAudio => "this is no sound file that can be read".to_owned(),
            ClipFault::Unsupported(what) => format!("this kind of sound cannot be read ({what})"),
            ClipFault::Malformed(what) => format!("the file is damaged ({what})"),
            ClipFault::Truncated => "the file is cut off before its end".to_owned(),
            ClipFault::Empty => "there is no sound in the file".to_owned(),
            ClipFault::Silent => "the recording is silent".to_owned(),
            ClipFault::TooLong => "the recording is longer than a minute".to_owned(),
            ClipFault::TooLarge => "the file is larger than 128 MiB".to_owned(),
            ClipFault::TakeTooLong => {
                "a long take lasts two hours at most, at 48000 frames a second".to_owned()
            }
            ClipFault::TakeTooLarge => "the file is larger than 1 GiB".to_owned(),
            ClipFault::TickTooLong => "a tick lasts two seconds at most".to_owned(),
            ClipFault::BedTooLong => "a background lasts five minutes at most".to_owned(),
            ClipFault::BedTooShort => "a background lasts a second at least".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            ClipFault::NotAudio | ClipFault::Unsupported(_) => {
                "save it as WAV, FLAC, MP3, Ogg Vorbis, Opus or M4A (AAC)"
            }
            ClipFault::Malformed(_) | ClipFault::Truncated => "copy or record it again",
            ClipFault::Empty | ClipFault::Silent => "record it again, nearer to the microphone",
            ClipFault::TickTooLong => "cut it to one short sound",
            ClipFault::BedTooLong => "cut it; it is repeated without a seam for as long as needed",
            ClipFault::BedTooShort => "take a longer recording",
            ClipFault::TakeTooLong | ClipFault::TakeTooLarge => {
                "cut it in two in a pause, and import one after the other with --lines"
            }
            ClipFault::TooLong | ClipFault::TooLarge => "cut it into prompts of a minute at most",
        }
    }
}
