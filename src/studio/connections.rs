//! Connections: so many at once, and none that hesitates for ever.

use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use crate::cancel::CancelToken;

/// A page and its player need six; some people have several devices.
const MOST_CONNECTIONS: usize = 64;
/// Who has not said what it wants by then is not waited for.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Who takes not one byte for so long is let go. A player that pauses asks again.
const STALLED_AFTER: Duration = Duration::from_secs(60);
/// How often it is asked whether to stop.
const STOP_WITHIN: Duration = Duration::from_millis(50);
/// After a failure of the system, such as no free file handles.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers everybody who comes to `listener`, until it is cancelled.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    cancel: &CancelToken,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut stop = pin!(cancelled(cancel));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => return Ok(()),
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Where there is no room, the connection is closed at once.
        if let Ok(permit) = room.clone().try_acquire_owned() {
            let router = router.clone();
            tokio::spawn(async move {
                one(stream, router).await;
                drop(permit);
            });
        }
    }
}

/// What goes wrong with one connection is for whoever made it.
async fn one(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED_AFTER));
    let stream = TokioIo::new(Box::pin(stream));
    let service = TowerToHyperService::new(router);
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(stream, service)
        .await;
}

async fn cancelled(cancel: &CancelToken) {
    while cancel.signal().is_none() {
        tokio::time::sleep(STOP_WITHIN).await;
    }
}
