//! The sounds of a track's own routine, which may lie elsewhere by now.

use std::path::{Path, PathBuf};

use crate::files::{Bytes, Files, Unread};
use crate::voice::Disk;

/// A sound that a routine names: by which setting, how it is written, where that is seen from
/// the track, and where it is told to be now.
struct Sound {
    setting: &'static str,
    written: PathBuf,
    said: PathBuf,
    told: Option<PathBuf>,
}

/// The sounds that the routine of a track names.
pub struct Moved(Vec<Sound>);

/// The settings that may name a sound.
pub const SETTINGS: [&str; 2] = ["ticks", "bed"];

impl Moved {
    /// Those of `routine`, the text in the file at `track`; `told` is where a person says that
    /// the sound of a setting is.
    pub fn of(routine: &str, track: &Path, told: impl Fn(&str) -> Option<PathBuf>) -> Moved {
        let file: toml::Table = toml::from_str(routine).unwrap_or_default();
        let folder = track.parent().unwrap_or(Path::new(""));
        let sound = |setting| {
            let written = PathBuf::from(file.get(setting)?.as_str()?);
            Some(Sound { setting, said: folder.join(&written), written, told: told(setting) })
        };
        Moved(SETTINGS.into_iter().filter_map(sound).collect())
    }

    /// Whether the routine says anything of `setting`.
    pub fn has(&self, setting: &str) -> bool {
        self.0.iter().any(|sound| sound.setting == setting && sound.said.extension().is_some())
    }
}

impl Files for Moved {
    /// Where a person says it is; else where the routine says it is, from the folder of the
    /// track, or from the one that the program runs in; else there, by its name alone.
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Bytes>, Unread> {
        let sound = self.0.iter().find(|sound| sound.said.components().eq(path.components()));
        if let Some(told) = sound.and_then(|sound| sound.told.as_ref()) {
            return match Disk.read(told, limit) {
                Ok(None) => {
                    let Unread { why, help } = Unread::missing();
                    Err(Unread { why: format!("{}: {why}", told.display()), help })
                }
                found => found,
            };
        }
        let written = sound.map(|sound| sound.written.as_path());
        let name = path.file_name().map(Path::new);
        for place in [Some(path), written, name].into_iter().flatten() {
            if let Some(bytes) = Disk.read(place, limit)? {
                return Ok(Some(bytes));
            }
        }
        let setting = sound.map_or("bed", |sound| sound.setting);
        let name = name.unwrap_or(path).display();
        Err(Unread {
            why: format!("{name} lies neither beside the track nor in this folder"),
            help: format!("tell where it is, with --{setting} FILE"),
        })
    }
}
