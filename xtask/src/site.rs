//! The folder of the page. What may change lies under a name that changes with it, so that
//! no browser ever mixes two versions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::files::{self, relative};
use crate::voices;

/// What lies at the top; the rest of `web/page` goes below the version.
const AT_TOP: [&str; 6] =
    ["index.html", "sw.js", "manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png"];
/// What is written anew.
const BUILD_FILE: &str = "page/build.js";
/// The line of the service worker that tells of a build.
const BUILD_LINE: &str = "const BUILD = { version: \"dev\", voices: \"\", files: [\"\"] };";

/// Where the page tells which parts it consists of, so that a browser fetches all of them at
/// once, and not as it comes to know of them.
const PARTS_LINE: &str = "<!-- parts -->";
const ENGINE: &str = "engine/effleurage.wasm";
/// The modules that not every reader needs at once: what Workers run, and other languages.
const LATER: [&str; 2] = ["page/worker.js", "page/texts/"];

/// Files by where they lie in the folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Writes the page into `folder`, in the place of what is there; tells what it has become.
pub fn write(root: &Path, engine: Vec<u8>, folder: &Path) -> Result<String, String> {
    let page = root.join("web/page");
    let mut app = Files::new();
    let mut top = Files::new();
    for path in files::all(&page)? {
        let name = relative(&page, &path);
        match AT_TOP.contains(&name.as_str()) {
            true => top.insert(name, files::read(&path)?),
            false => app.insert(format!("page/{name}"), files::read(&path)?),
        };
    }
    app.insert("engine/engine.js".to_owned(), files::read(&root.join("web/engine/engine.js"))?);
    app.insert(ENGINE.to_owned(), engine);
    let (voices, table) = all_voices(&root.join("voice-clips"))?;
    let voices_at = format!("voices-{}", hash([&voices]));
    app.insert(BUILD_FILE.to_owned(), build_file("", &voices_at, &table));
    let version = hash([&app, &top]);
    app.insert(BUILD_FILE.to_owned(), build_file(&version, &voices_at, &table));
    replace(&mut top, "index.html", PARTS_LINE, &preloads(&app))?;

    let mut all: Files =
        voices.into_iter().map(|(name, file)| (format!("{voices_at}/{name}"), file)).collect();
    let app_at = format!("app-{version}");
    all.extend(app.into_iter().map(|(name, file)| (format!("{app_at}/{name}"), file)));
    replace(&mut top, "index.html", "\"app/", &format!("\"{app_at}/"))?;
    // Clips are kept once they are needed; what a plan needs of any voice, from the first.
    let needed = |name: &&String| name.starts_with(&app_at) || !name.ends_with(".opus");
    let kept = all.keys().filter(needed).chain(top.keys());
    let kept: Vec<&str> = kept.map(String::as_str).filter(|name| *name != "sw.js").collect();
    let build = format!(
        "const BUILD = {{ version: {version:?}, voices: {voices_at:?}, files: {kept:?} }};"
    );
    replace(&mut top, "sw.js", BUILD_LINE, &build)?;
    all.extend(top);
    put(&all, folder)?;
    let bytes: usize = all.values().map(Vec::len).sum();
    let (count, size) = (all.len(), bytes as f64 / 1e6);
    Ok(format!("{}: version {version}, {count} files, {size:.1} MB", folder.display()))
}

/// The files of all voices, and a table of them for the page.
fn all_voices(folder: &Path) -> Result<(Files, String), String> {
    let mut voices = Files::new();
    let mut table = String::new();
    for voice in voices::folders(folder)? {
        let id = relative(folder, &voice);
        let manifest = files::read_text(&voice.join("manifest.toml"))?;
        let told = |key| value(&manifest, key).ok_or_else(|| format!("{id} tells no {key}"));
        table +=
            &format!("  {id:?}: {{ name: {}, language: {} }},\n", told("name")?, told("language")?);
        for file in voices::files(&voice)? {
            voices.insert(format!("{id}/{}", relative(&voice, &file)), files::read(&file)?);
        }
    }
    Ok((voices, table))
}

/// The quoted value of a key at the top of a manifest.
fn value<'a>(manifest: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = manifest.lines().take_while(|line| !line.starts_with('['));
    lines.find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('=')).map(str::trim)
}

/// A line for the engine, and one for each module of the page.
fn preloads(app: &Files) -> String {
    let is_later = |name: &str| LATER.iter().any(|later| name.starts_with(later));
    let modules = app.keys().filter(|name| name.starts_with("page/") && name.ends_with(".js"));
    let modules = modules.filter(|name| !is_later(name) || name.ends_with("/en.js"));
    let modules = modules.map(|name| format!("<link rel=\"modulepreload\" href=\"app/{name}\">"));
    let engine = format!(
        "<link rel=\"preload\" href=\"app/{ENGINE}\" as=\"fetch\" type=\"application/wasm\" \
         crossorigin>"
    );
    std::iter::once(engine).chain(modules).collect::<Vec<_>>().join("\n")
}

fn build_file(version: &str, voices_at: &str, table: &str) -> Vec<u8> {
    format!(
        "export const VERSION = {version:?};\nexport const VOICES_AT = \"{voices_at}/\";\n\
         export const VOICES = {{\n{table}}};\nexport const ANSWERS = \"here\";\n"
    )
    .into_bytes()
}

/// Replaces what a file has once at least.
fn replace(files: &mut Files, name: &str, old: &str, new: &str) -> Result<(), String> {
    let file = files.get_mut(name).ok_or_else(|| format!("there is no {name}"))?;
    let text = String::from_utf8_lossy(file);
    if !text.contains(old) {
        return Err(format!("{name} has no {old}"));
    }
    *file = text.replace(old, new).into_bytes();
    Ok(())
}

/// A folder that holds these files and nothing else.
fn put(all: &Files, folder: &Path) -> Result<(), String> {
    if folder.exists() {
        // Nobody's folder is emptied by a slip of the finger.
        if !folder.join("sw.js").exists() && files::all(folder)?.iter().any(|file| file.is_file()) {
            return Err(format!("{} holds something else; name a new folder", folder.display()));
        }
        fs::remove_dir_all(folder)
            .map_err(|error| format!("{} cannot be emptied: {error}", folder.display()))?;
    }
    all.iter().try_for_each(|(name, file)| files::write(&folder.join(name), file))
}

/// Names and contents in 64 bits (FNV-1a): it tells versions apart, and guards nothing.
fn hash<'a>(all: impl IntoIterator<Item = &'a Files>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (name, file) in all.into_iter().flatten() {
        add(name.as_bytes());
        add(file);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_changes_with_names_and_contents_and_where_one_ends() {
        let files = |pairs: &[(&str, &str)]| -> Files {
            pairs
                .iter()
                .map(|(name, file)| ((*name).to_owned(), file.as_bytes().to_vec()))
                .collect()
        };
        let hashes = [
            hash([&files(&[])]),
            hash([&files(&[("a", "b")])]),
            hash([&files(&[("a", "c")])]),
            hash([&files(&[("ab", "")])]),
            hash([&files(&[("", "ab")])]),
        ];
        let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
        assert_eq!(different.len(), hashes.len());
    }

    #[test]
    fn a_manifest_tells_of_its_voice() {
        let manifest = "format = \"x\"\nname = \"A voice\"\n[prompts]\nlanguage = \"no\"\n";
        assert_eq!(value(manifest, "name"), Some("\"A voice\""));
        assert_eq!(value(manifest, "language"), None);
    }
}
