//! What an answer looks like, whoever gives it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use effleurage_page::Refusal;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a name as it is (RFC 8187, section 3.2.1).
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// One sentence.
pub fn plain(status: StatusCode, sentence: &str) -> Response {
    of(status, "text/plain; charset=utf-8", format!("{sentence}\n"))
}

/// One sentence for whoever asks too much at once.
pub fn later(sentence: &str) -> Response {
    let mut reply = plain(StatusCode::SERVICE_UNAVAILABLE, sentence);
    reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    reply
}

/// Why there is no session.
pub fn refused(refusal: &Refusal) -> Response {
    json(StatusCode::UNPROCESSABLE_ENTITY, refusal)
}

/// A value that was made for the page.
pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Response {
    // Texts and numbers only: this cannot fail.
    of(status, "application/json", serde_json::to_vec(value).unwrap_or_default())
}

/// A whole answer of a kind.
pub fn of(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// Lets the browser keep an answer as a file called `name`.
pub fn saved_as(mut reply: Response, name: Option<&str>) -> Response {
    // What was refused is shown, and not saved.
    let name = name.filter(|name| !name.is_empty() && reply.status().is_success());
    let value = name
        .map(|name| format!("attachment; filename*=UTF-8''{}", utf8_percent_encode(name, NAME)));
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        reply.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    reply
}

/// Tells the browser with every answer to keep it to itself: the address has a secret.
pub async fn guarded(request: Request, next: Next) -> Response {
    let mut reply = next.run(request).await;
    let headers = reply.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    reply
}
