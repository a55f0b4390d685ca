//! The page's own files, which are part of the program.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use include_dir::{Dir, include_dir};

use super::reply;

static PAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web/page");

/// What is written anew.
const BUILD: &str = "build.js";

/// The page itself.
pub async fn index() -> Response {
    let page = PAGE.get_file("index.html").and_then(|file| file.contents_utf8());
    reply::of(StatusCode::OK, "text/html; charset=utf-8", page.unwrap_or_default())
}

/// What a page may offer to speak: by the voices' names, what they are called and the
/// language that they speak.
pub type Voices = BTreeMap<String, Told>;

/// What is told of a voice.
#[derive(serde::Serialize)]
pub struct Told {
    /// What people read.
    pub name: String,
    /// As BCP 47 writes it.
    pub language: String,
}

/// The module that tells the page who answers, and which voices there are.
pub fn build(voices: &Voices) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    let voices = serde_json::to_string(voices).unwrap_or_default();
    let text = format!(
        "export const VERSION = {version:?};\nexport const VOICES_AT = \"\";\n\
         export const VOICES = {voices};\nexport const ANSWERS = \"there\";\n"
    );
    reply::of(StatusCode::OK, "text/javascript; charset=utf-8", text)
}

/// A file that lies at the top: the manifest, an icon.
pub fn at_top(name: &str) -> Option<Response> {
    ["icon", "manifest"].iter().any(|top| name.starts_with(top)).then(|| file(name)).flatten()
}

/// A module, a style, a text.
pub async fn of_page(Path(name): Path<String>) -> Response {
    let there = Some(name).filter(|name| name != BUILD).and_then(|name| file(&name));
    there.unwrap_or_else(|| reply::plain(StatusCode::NOT_FOUND, "the page has no such file"))
}

fn file(name: &str) -> Option<Response> {
    let kind = match name.rsplit('.').next()? {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    };
    Some(reply::of(StatusCode::OK, kind, PAGE.get_file(name)?.contents()))
}
