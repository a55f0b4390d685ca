//! The page, answered by the program itself: for a browser on this machine, or on phones in
//! the same network.
//!
//! What is asked and answered is told in `web/README.md`, "Who answers". `guard` lets
//! nobody in who does not know the secret; `connections` bounds how many come at once and
//! how long they may hesitate; `counter` keeps what they brought and what was made for
//! them; `answers` has an answer to each address.

mod address;
mod answers;
mod connections;
mod counter;
mod guard;
mod made;
mod reply;
mod site;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use counter::Counter;
use guard::Guard;

/// What is offered, and to whom.
pub struct Options {
    /// 0 for any that is free.
    pub port: u16,
    /// Whether other devices in the same network may come.
    pub lan: bool,
    /// Voices by name or place.
    pub voices: Vec<PathBuf>,
    /// Whether somebody has named them: each must be there then.
    pub named: bool,
    /// Whether clips that were prepared are remembered.
    pub remembers: bool,
}

/// A door that is open, and at which nobody is served yet.
pub struct Studio {
    listener: TcpListener,
    guard: Guard,
    counter: Counter,
    port: u16,
    outside: Option<IpAddr>,
}

impl Studio {
    /// Opens the door.
    ///
    /// # Errors
    ///
    /// Where the port is taken, a voice cannot be read, or no other device could come.
    pub fn open(options: &Options) -> Result<Studio> {
        let counter = Counter::new(&options.voices, options.named, options.remembers)?;
        let outside = if options.lan { Some(own_address()?) } else { None };
        let at = if options.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let wanted = SocketAddr::from((at, options.port));
        let taken = |why: std::io::Error| Error::NotServed {
            at: wanted.to_string(),
            why: crate::error::reason(&why),
            help: "choose another --port, or leave it out for any that is free".to_owned(),
        };
        let listener = TcpListener::bind(wanted).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        let port = listener.local_addr().map_err(taken)?.port();
        let hosts = [Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), outside];
        let mut hosts: Vec<String> =
            hosts.into_iter().flatten().map(|ip| SocketAddr::new(ip, port).to_string()).collect();
        hosts.push(format!("localhost:{port}"));
        if port == USUAL_PORT {
            // Browsers leave it out.
            let bare = |host: &String| host.strip_suffix(":80").map(str::to_owned);
            hosts.extend(hosts.iter().filter_map(bare).collect::<Vec<_>>());
        }
        let guard = Guard::new(hosts)?;
        Ok(Studio { listener, guard, counter, port, outside })
    }

    /// The address of the page on this machine.
    pub fn address(&self) -> String {
        self.address_at(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// The address of the page for other devices, where they may come.
    pub fn address_outside(&self) -> Option<String> {
        self.outside.map(|ip| self.address_at(ip))
    }

    fn address_at(&self, ip: IpAddr) -> String {
        format!("http://{}/{}/", SocketAddr::new(ip, self.port), self.guard.secret())
    }

    /// Serves whoever comes, until it is cancelled.
    ///
    /// # Errors
    ///
    /// Where the system has no threads.
    pub fn serve(self, cancel: &CancelToken) -> Result<()> {
        let threads = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(MOST_AT_WORK)
            .enable_all()
            .build();
        let ours = |why: std::io::Error| Error::Ours { what: why.to_string() };
        let runtime = threads.map_err(ours)?;
        let router = answers::router(Arc::new(self.counter), self.guard);
        let served = runtime.block_on(connections::serve(self.listener, router, cancel));
        // What is still being made for somebody stops soon; nobody waits for it.
        runtime.shutdown_background();
        served.map_err(ours)
    }
}

/// The port of HTTP, which an address need not name.
const USUAL_PORT: u16 = 80;
/// So many threads read, mix and encode at most: more than may be at work, and all that wait.
const MOST_AT_WORK: usize = 128;

/// The address of this machine in the network that leads to others. Nothing is sent: to
/// connect a socket for datagrams only chooses the way.
fn own_address() -> Result<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0));
    // An address for documentation (RFC 5737), behind which nobody is.
    let chosen = socket.and_then(|socket| {
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    });
    match chosen {
        Ok(address) if !address.ip().is_loopback() => Ok(address.ip()),
        _ => Err(Error::NotServed {
            at: "an address for other devices".to_owned(),
            why: "this machine is in no network".to_owned(),
            help: "connect it to the Wi-Fi of the phone, or leave --lan out".to_owned(),
        }),
    }
}
