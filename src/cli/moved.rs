//! The sounds of a track's own routine, which may lie elsewhere by now.

use std::path::{Path, PathBuf};

use crate::files::{Bytes, Files, Unread};
use crate::voice::Disk;

/// A setting that may name a sound file, what it names, and where that is now.
struct Sound {
    setting: &'static str,
    named: PathBuf,
    told: Option<PathBuf>,
}

/// The sounds that a routine names.
pub struct Moved(Vec<Sound>);

impl Moved {
    /// Those of `routine`, the text of a file; `told` is where a person says that the sound of
    /// a setting is.
    pub fn of(routine: &str, told: impl Fn(&str) -> Option<PathBuf>) -> Moved {
        let file: toml::Table = toml::from_str(routine).unwrap_or_default();
        let sound = |setting| {
            let named = file.get(setting)?.as_str()?.into();
            Some(Sound { setting, named, told: told(setting) })
        };
        Moved(["ticks", "bed"].into_iter().filter_map(sound).collect())
    }
}

impl Files for Moved {
    /// Where a person says it is; else where the routine says it is, from the folder of the
    /// track; else in the folder that the program runs in.
    fn read(&self, path: &Path, limit: u64) -> Result<Option<Bytes>, Unread> {
        let sound = self.0.iter().find(|sound| path.ends_with(&sound.named));
        if let Some(told) = sound.and_then(|sound| sound.told.as_ref()) {
            return match Disk.read(told, limit) {
                Ok(None) => {
                    let Unread { why, help } = Unread::missing();
                    Err(Unread { why: format!("{}: {why}", told.display()), help })
                }
                found => found,
            };
        }
        let here = path.file_name().map(Path::new);
        for place in [Some(path), here].into_iter().flatten() {
            if let Some(bytes) = Disk.read(place, limit)? {
                return Ok(Some(bytes));
            }
        }
        let setting = sound.map_or("bed", |sound| sound.setting);
        Err(Unread {
            why: "it lies neither where the routine says, seen from the track, nor in this folder"
                .to_owned(),
            help: format!("tell where it is, with --{setting} FILE"),
        })
    }
}
