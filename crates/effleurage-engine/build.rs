//! Lists the clips of the built-in voices, so that they become part of the program; and
//! names the code that prepares clips, so that it trusts only what it made itself.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The voices that become part of the program, unless `EFFLEURAGE_BUILT_IN` names others;
/// `en` must be among them. The others are found by name when the program runs.
const BUILT_IN: &str = "en,es";

fn main() {
    let engine = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let package = engine.join("../..");
    name_code(&package);
    if env::var_os("CARGO_FEATURE_BUILT_IN_VOICES").is_none() {
        return;
    }
    let folder = fs::canonicalize(package.join("voice-clips")).unwrap();
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-env-changed=EFFLEURAGE_BUILT_IN");
    let built_in = env::var("EFFLEURAGE_BUILT_IN").unwrap_or_else(|_| BUILT_IN.to_owned());
    let voices = built_in.split(',').filter(|name| !name.is_empty());
    let voices = voices.map(|name| voice(&folder.join(name)));
    let table = Path::new(&env::var("OUT_DIR").unwrap()).join("built_in_voices.rs");
    fs::write(table, format!("&[\n{}]", voices.collect::<String>())).unwrap();
}

/// Sets `EFFLEURAGE_CODE` to what changes with everything that a prepared clip or a computed
/// sound depends on besides the clip and the plan: our code, and that of the libraries.
fn name_code(package: &Path) {
    let mut files = all(&package.join("crates/effleurage-sound/src"));
    let core = package.join("crates/effleurage-core/src");
    files.extend(all(&core.join("tick")));
    let ours = ["chime.rs", "fade.rs", "timeline/pace.rs", "units.rs"];
    files.extend(ours.map(|file| core.join(file)));
    files.push(package.join("Cargo.lock"));
    let mut hash = DefaultHasher::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        hash.write(&fs::read(&file).unwrap());
    }
    let target = env::var("TARGET").unwrap();
    println!("cargo::rustc-env=EFFLEURAGE_CODE={target} {:016x}", hash.finish());
}

/// A voice with its files: `("en", &[("always-up.flac", include_bytes!(…)), …])`.
fn voice(folder: &Path) -> String {
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = sorted(folder).into_iter().filter(|file| file.is_file());
    let entry = |file: PathBuf| {
        format!("({:?}, include_bytes!({:?}).as_slice()),\n", name(&file), file.to_str().unwrap())
    };
    format!("({:?}, &[\n{}]),\n", name(folder), files.map(entry).collect::<String>())
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Every file in `folder` and in those inside of it.
fn all(folder: &Path) -> Vec<PathBuf> {
    let files = sorted(folder)
        .into_iter()
        .flat_map(|path| if path.is_dir() { all(&path) } else { vec![path] });
    files.collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
