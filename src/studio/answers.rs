//! Which address is answered by what.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Redirect, Response};
use axum::routing::{get, put};
use effleurage_page::{Refusal, svg};
use http_range_header::parse_range_header;

use super::address::Asked;
use super::counter::Counter;
use super::guard::{self, Guard};
use super::made::Ready;
use super::{made, reply, site};
use crate::encode;
use crate::routine::request;
use crate::units::SampleRate;

/// The largest sound.
const LARGEST_SOUND: usize = 128 << 20;
/// Within so long: 128 MiB at 1 MiB a second.
const BROUGHT_WITHIN: Duration = Duration::from_secs(130);
/// Sounds that are being brought at once.
const SOUNDS_AT_ONCE: usize = 1;

type Shared = State<Arc<Counter>>;

/// All addresses, behind the secret of `guard`.
pub fn router(counter: Arc<Counter>, guard: Guard) -> Router {
    let at = |path: &str| format!("/{}{path}", guard.secret());
    let bringing = Arc::new(tokio::sync::Semaphore::new(SOUNDS_AT_ONCE));
    let sound = move |counter: Shared, name: Path<String>, body: Body| {
        bring_sound(counter, name, body, bringing.clone())
    };
    Router::new()
        .route(&at("/"), get(site::index))
        .route(&at(""), get(Redirect::permanent(&at("/"))))
        .route(&at("/app/page/build.js"), get(build))
        .route(&at("/app/page/{*file}"), get(site::of_page))
        .route(&at("/about.json"), get(about))
        .route(&at("/view.json"), get(view))
        .route(&at("/qr.svg"), get(qr))
        .route(&at("/track.wav"), get(track))
        .route(&at("/own/{id}"), put(bring_routine))
        .route(&at("/sound/{name}"), put(sound))
        .route(&at("/{file}"), get(file))
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .with_state(counter)
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn(reply::guarded))
}

async fn nothing() -> Response {
    reply::plain(StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn not_so() -> Response {
    reply::plain(StatusCode::METHOD_NOT_ALLOWED, "this address is not asked for like that")
}

async fn build(State(counter): Shared) -> Response {
    site::build(counter.voices())
}

async fn about(State(counter): Shared, RawQuery(query): RawQuery) -> Response {
    let Some(voice) = value(query, "voice") else {
        return reply::plain(StatusCode::BAD_REQUEST, "name a voice: about.json?voice=en");
    };
    match planning(counter, move |counter| counter.about(&voice)).await {
        Ok(about) => reply::json(StatusCode::OK, &about),
        Err(error) => reply::refused(&Refusal::of(&error)),
    }
}

async fn view(State(counter): Shared, RawQuery(query): RawQuery) -> Response {
    let asked = match Asked::parse(&query.unwrap_or_default()) {
        Ok(asked) => asked,
        Err(why) => return reply::plain(StatusCode::BAD_REQUEST, &why),
    };
    match planning(counter, move |counter| counter.plan(&asked, |view, _, _| Ok(view))).await {
        Ok(view) => reply::json(StatusCode::OK, &view),
        Err(refusal) => reply::refused(&refusal),
    }
}

async fn qr(RawQuery(query): RawQuery) -> Response {
    let Some(text) = value(query, "text") else {
        return reply::plain(StatusCode::BAD_REQUEST, "name a text: qr.svg?text=…");
    };
    match svg(&text) {
        Some(code) => reply::of(StatusCode::OK, "image/svg+xml", code),
        None => reply::refused(&Refusal {
            text: "this is too long for a QR code".to_owned(),
            ..Refusal::default()
        }),
    }
}

async fn track(State(counter): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let asked = match Asked::parse(&query.unwrap_or_default()) {
        Ok(asked) => asked,
        Err(why) => return reply::plain(StatusCode::BAD_REQUEST, &why),
    };
    let ready = match ready(&counter, &asked, SampleRate::CD).await {
        Ok(ready) => ready,
        Err(refused) => return refused,
    };
    let size = ready.size();
    let range = headers.get(header::RANGE).map(|range| part(range, size));
    let (status, range) = match range {
        None | Some(Part::Whole) => (StatusCode::OK, 0..size),
        Some(Part::Of(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(Part::Beyond) => {
            let mut beyond =
                reply::plain(StatusCode::RANGE_NOT_SATISFIABLE, "the track is not as long");
            set(&mut beyond, header::CONTENT_RANGE, format!("bytes */{size}"));
            return beyond;
        }
    };
    let length = range.end - range.start;
    let told = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
    let body = made::track(ready, range, counter.mixing.clone());
    let mut reply = reply::saved_as(reply::of(status, "audio/wav", body), asked.save.as_deref());
    set(&mut reply, header::CONTENT_LENGTH, length.to_string());
    set(&mut reply, header::ACCEPT_RANGES, "bytes".to_owned());
    if status == StatusCode::PARTIAL_CONTENT {
        set(&mut reply, header::CONTENT_RANGE, told);
    }
    reply
}

/// What is asked for of a file.
enum Part {
    Whole,
    Of(std::ops::Range<u64>),
    Beyond,
}

/// One range is answered; what is no range of bytes, or several, by the whole file
/// (RFC 9110, section 14.2).
fn part(header: &HeaderValue, size: u64) -> Part {
    let Ok(asked) =
        header.to_str().map_err(drop).and_then(|text| parse_range_header(text).map_err(drop))
    else {
        return Part::Whole;
    };
    match asked.validate(size) {
        Ok(ranges) => match ranges.as_slice() {
            [one] => Part::Of(*one.start()..one.end() + 1),
            _ => Part::Whole,
        },
        Err(_) => Part::Beyond,
    }
}

/// A copy, a file that is made from the plan, or one that lies at the top of the page.
async fn file(
    State(counter): Shared,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    if let Some(file) = site::at_top(&name) {
        return file;
    }
    let encoder = name.strip_prefix("track.").and_then(encode::named);
    let kind = match name.as_str() {
        "track.mp3" => "audio/mpeg",
        "track.opus" => "audio/ogg",
        "track.flac" => "audio/flac",
        "plan.json" => "application/json",
        "plan.svg" => "image/svg+xml",
        "captions.vtt" => "text/vtt; charset=utf-8",
        "card.pdf" => "application/pdf",
        "routine.toml" => "application/toml",
        _ => return nothing().await,
    };
    let asked = match Asked::parse(&query.unwrap_or_default()) {
        Ok(asked) => asked,
        Err(why) => return reply::plain(StatusCode::BAD_REQUEST, &why),
    };
    let save = asked.save.clone();
    let reply = match encoder {
        Some(encoder) => copy(counter, &asked, encoder, kind).await,
        None => of_plan(counter, asked, name, kind).await,
    };
    reply::saved_as(reply, save.as_deref())
}

async fn copy(
    counter: Arc<Counter>,
    asked: &Asked,
    encoder: &'static dyn encode::Encoder,
    kind: &'static str,
) -> Response {
    let ready = match ready(&counter, asked, made::rate(encoder)).await {
        Ok(ready) => ready,
        Err(refused) => return refused,
    };
    match made::copy(ready, encoder, counter.copying.clone()).await {
        Ok((size, body)) => {
            let mut reply = reply::of(StatusCode::OK, kind, body);
            set(&mut reply, header::CONTENT_LENGTH, size.to_string());
            reply
        }
        Err(error) => reply::plain(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

async fn of_plan(
    counter: Arc<Counter>,
    asked: Asked,
    name: String,
    kind: &'static str,
) -> Response {
    let made = planning(counter, move |counter| {
        counter.plan(&asked, |_, planned, pack| planned.file(&name, pack))
    });
    match made.await {
        Ok(Some(file)) => reply::of(StatusCode::OK, kind, file),
        Ok(None) => nothing().await,
        Err(refusal) => reply::refused(&refusal),
    }
}

async fn bring_routine(State(counter): Shared, Path(id): Path<String>, body: Body) -> Response {
    let bytes = match brought(body, request::LARGEST_BYTES as usize).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused,
    };
    match str::from_utf8(&bytes) {
        Ok(text) => {
            counter.keep_routine(id, text);
            reply::of(StatusCode::NO_CONTENT, "text/plain", Body::empty())
        }
        Err(_) => reply::plain(StatusCode::BAD_REQUEST, "a routine file is UTF-8 text"),
    }
}

/// What a page brings, if it is not too large and comes in time.
async fn brought(body: Body, most: usize) -> Result<Bytes, Response> {
    let too_large = || {
        let sentence = format!("this is larger than {} MiB; cut it, or choose another", most >> 20);
        reply::plain(StatusCode::PAYLOAD_TOO_LARGE, &sentence)
    };
    match tokio::time::timeout(BROUGHT_WITHIN, axum::body::to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(reply::plain(StatusCode::REQUEST_TIMEOUT, "it took too long; try again")),
    }
}

/// One after the other, so that memory holds only one that is not kept yet.
async fn bring_sound(
    State(counter): Shared,
    Path(name): Path<String>,
    body: Body,
    bringing: Arc<tokio::sync::Semaphore>,
) -> Response {
    let Ok(_only) = bringing.try_acquire() else {
        return reply::later("another sound is being brought; try again soon");
    };
    match brought(body, LARGEST_SOUND).await {
        Ok(bytes) => {
            counter.keep_sound(name, &bytes);
            reply::of(StatusCode::NO_CONTENT, "text/plain", Body::empty())
        }
        Err(refused) => refused,
    }
}

/// The session that is asked for, with all its sounds, or why it cannot be had.
async fn ready(
    counter: &Arc<Counter>,
    asked: &Asked,
    rate: SampleRate,
) -> Result<Arc<Ready>, Response> {
    match counter.session(asked, rate).await {
        Some(Ok(ready)) => Ok(ready),
        Some(Err(refusal)) => Err(reply::refused(&refusal)),
        None => Err(reply::later("too many sessions are open; try again soon")),
    }
}

/// The value of one name in a query.
fn value(query: Option<String>, name: &str) -> Option<String> {
    let query = query?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    // As forms write it.
    let value = value.replace('+', " ");
    percent_encoding::percent_decode_str(&value).decode_utf8().ok().map(String::from)
}

fn set(reply: &mut Response, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        reply.headers_mut().insert(name, value);
    }
}

/// Plans, on a thread that others need not wait for, once so few do that one may.
async fn planning<T: Send + 'static>(
    counter: Arc<Counter>,
    plan: impl FnOnce(&Counter) -> T + Send + 'static,
) -> T {
    let permit = counter.planning.clone().acquire_owned().await;
    let planned = tokio::task::spawn_blocking(move || {
        let planned = plan(&counter);
        drop(permit);
        planned
    });
    match planned.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(planned) => planned,
        // As it would have without another thread.
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The program ends; nobody is answered any more.
        Err(Err(_)) => std::future::pending().await,
    }
}
