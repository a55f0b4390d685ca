//! Who is let in: whoever knows the secret in the address, and asks for this machine by a name
//! of its own. So no other page of the browser can ask, whatever name it gives this machine
//! ("DNS rebinding").

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::reply;
use crate::error::{Error, Result};

/// Bytes of the secret: nobody guesses one of 2^128.
const SECRET_BYTES: usize = 16;

/// Hosts and a secret.
#[derive(Clone)]
pub struct Guard {
    hosts: Vec<String>,
    secret: String,
}

impl Guard {
    /// Lets those in who ask for one of `hosts`, each with its port.
    ///
    /// # Errors
    ///
    /// Where the system has no random numbers.
    pub fn new(hosts: Vec<String>) -> Result<Guard> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(|why| Error::Ours { what: why.to_string() })?;
        let secret = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Guard { hosts, secret })
    }

    /// The first part of every path.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    fn refusal(&self, path: &str, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        let told = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = told(header::HOST).unwrap_or_default();
        if !self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return Some("this is not the name of this server; use the address that it printed");
        }
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if !same(first.as_bytes(), self.secret.as_bytes()) {
            return Some("the address is not whole; use the one that the program printed");
        }
        let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("?"));
        let own = format!("http://{host}");
        let foreign = origin.is_some_and(|origin| !origin.eq_ignore_ascii_case(&own));
        // A link in a letter may lead here, but nothing of another page may read or write.
        let follows_a_link = *method == Method::GET
            && headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
        let site = headers.get("sec-fetch-site");
        let crosses = site.is_some_and(|site| site != "same-origin" && site != "none");
        (foreign || crosses && !follows_a_link).then_some("another page asked for this")
    }
}

/// Whether both are the same, in a time that does not tell how much of them is.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differences == 0
}

/// Passes a request on, or refuses it.
pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.refusal(request.uri().path(), request.method(), request.headers()) {
        Some(why) => reply::plain(StatusCode::FORBIDDEN, why),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn refused(path: &str, method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let guard = Guard {
            hosts: vec!["127.0.0.1:7070".to_owned(), "localhost:7070".to_owned()],
            secret: "00ff".to_owned(),
        };
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        guard.refusal(path, &method, &headers.collect()).is_some()
    }

    #[test]
    fn only_whoever_knows_the_secret_and_comes_from_here_is_let_in() {
        const HOST: (&str, &str) = ("host", "127.0.0.1:7070");
        let get = |path, headers: &[_]| refused(path, Method::GET, headers);
        assert!(!get("/00ff/", &[HOST]));
        assert!(!get("/00ff/track.wav", &[("host", "LOCALHOST:7070")]));
        assert!(!get("/00ff/", &[HOST, ("origin", "http://127.0.0.1:7070")]));
        assert!(!get("/00ff/", &[HOST, ("sec-fetch-site", "same-origin")]));
        let link = [HOST, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        assert!(!get("/00ff/", &link));

        assert!(get("/00ff/", &[]));
        assert!(get("/00ff/", &[("host", "evil.example:7070")]));
        assert!(get("/00ff/", &[("host", "127.0.0.1")]));
        for path in ["/", "/00fe/", "/00", "/00ff0/", "/x/00ff/", "/00FF/", "//"] {
            assert!(get(path, &[HOST]), "{path}");
        }
        for origin in ["http://evil.example", "null", "https://127.0.0.1:7070", "http://127.0.0.1"]
        {
            assert!(get("/00ff/", &[HOST, ("origin", origin)]), "{origin}");
        }
        assert!(get("/00ff/", &[HOST, ("sec-fetch-site", "cross-site")]));
        assert!(get("/00ff/", &[HOST, ("sec-fetch-site", "same-site")]));
        assert!(refused("/00ff/own/0", Method::PUT, &link));
    }
}
