//! `effleurage studio` as a browser meets it, and as somebody does who should not.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{effleurage, program, stdout};

/// A studio that ends with the test.
struct Studio {
    process: Child,
    host: String,
    secret: String,
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What was answered.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

impl Studio {
    fn open(folder: &Path) -> Studio {
        let mut process = program(folder);
        let mut process = process.args(["studio"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("On this machine:  http://").unwrap();
        let (host, secret) = address.trim_end_matches('/').split_once('/').unwrap();
        Studio { process, host: host.to_owned(), secret: secret.to_owned() }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Asks for a path behind the secret.
    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.raw(method, &format!("/{}/{path}", self.secret), &self.host, headers, body)
    }

    fn raw(
        &self,
        method: &str,
        path: &str,
        host: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut stream = self.connect();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        // Whoever is refused early may find the door closed.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: answer[end + 4..].to_vec() }
    }
}

#[test]
fn a_studio_gives_what_the_program_writes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| effleurage(folder.path(), arguments);
    let studio = Studio::open(folder.path());
    let asked = "self-short&zone=calf=30s&ticks=wood&voice=es";
    let flags = ["self-short", "--zone", "calf=30s", "--ticks", "wood", "--voice", "es"];

    let plan = run(&[&["plan"], &flags[..], &["--format", "json"]].concat());
    assert_eq!(studio.get(&format!("plan.json?{asked}")).text(), stdout(&plan));
    let drawn = run(&[&["plan"], &flags[..], &["--format", "svg"]].concat());
    assert_eq!(studio.get(&format!("plan.svg?{asked}")).text(), stdout(&drawn));
    run(&[&["card"], &flags[..], &["-o", "card.pdf"]].concat());
    let card = fs::read(folder.path().join("card.pdf")).unwrap();
    assert!(studio.get(&format!("card.pdf?{asked}")).body == card);

    let also = ["-o", "track.wav", "--also", "mp3,opus,flac,vtt"];
    let rendered = run(&[&["render"], &flags[..], &also].concat());
    assert!(rendered.status.success());
    let file = |ending: &str| fs::read(folder.path().join(format!("track.{ending}"))).unwrap();
    for ending in ["mp3", "opus", "flac"] {
        let copy = studio.get(&format!("track.{ending}?{asked}&save=my%20track.{ending}"));
        assert!(copy.status == 200 && copy.body == file(ending), "{ending}");
        assert_eq!(
            copy.header("content-disposition"),
            Some(format!("attachment; filename*=UTF-8''my%20track.{ending}").as_str())
        );
    }
    let captions = studio.get(&format!("captions.vtt?{asked}"));
    assert_eq!(captions.body, file("vtt"));

    let wav = file("wav");
    let track = format!("track.wav?{asked}");
    let whole = studio.get(&track);
    assert!(whole.status == 200 && whole.body == wav);
    let end = wav.len() - 1;
    for (range, from, to) in [
        ("0-1".to_owned(), 0, 1),
        ("1-44".to_owned(), 1, 44),
        ("262143-524288".to_owned(), 262_143, 524_288),
        (format!("{}-", end - 70_001), end - 70_001, end),
        ("-333".to_owned(), end - 332, end),
        (format!("{end}-{}", end + 1000), end, end),
    ] {
        let part = studio.ask("GET", &track, &[("Range", &format!("bytes={range}"))], b"");
        assert_eq!(part.status, 206, "{range}");
        let told = format!("bytes {from}-{to}/{}", wav.len());
        assert_eq!(part.header("content-range"), Some(told.as_str()));
        assert!(part.body == wav[from..=to], "{range}");
    }
    let beyond = format!("bytes={}-", wav.len());
    let beyond = studio.ask("GET", &track, &[("Range", &beyond)], b"");
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{}", wav.len()).as_str()));
    let head = studio.ask("HEAD", &track, &[], b"");
    assert_eq!(head.header("content-length"), Some(wav.len().to_string().as_str()));
    assert!(head.body.is_empty());
}

#[test]
fn a_studio_shows_the_page_and_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret.wav"), "secret").unwrap();
    let studio = Studio::open(folder.path());
    let page = studio.get("");
    assert_eq!(page.status, 200);
    // A slash is easily lost.
    let without = studio.raw("GET", &format!("/{}", studio.secret), &studio.host, &[], b"");
    assert_eq!(without.status, 308);
    assert_eq!(without.header("location"), Some(format!("/{}/", studio.secret).as_str()));
    // Whatever the page names is there, but for the engine, which is here.
    let page = page.text();
    let named = page.split('"').filter(|word| {
        word.starts_with("app/")
            || word.starts_with("icon") && word.contains('.')
            || word.ends_with(".webmanifest")
    });
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 3, "{named:?}");
    for file in named {
        assert_eq!(studio.get(file).status, 200, "{file}");
    }
    let build = studio.get("app/page/build.js").text();
    assert!(build.contains("ANSWERS = \"there\"") && build.contains("\"pt-BR\""), "{build}");

    for path in [
        "../Cargo.toml",
        "app/page/../../Cargo.toml",
        "app/page/%2e%2e/%2e%2e/Cargo.toml",
        "app/page//etc/passwd",
        "app/page/..%2f..%2fetc%2fpasswd",
        "secret.wav",
        "voice-clips/en/manifest.toml",
        "track.exe?self",
    ] {
        assert_eq!(studio.get(path).status, 404, "{path}");
    }
    for (asked, why) in [
        ("self&bed=/etc/passwd", "this file is not here"),
        ("self&bed=secret.wav", "this file is not here"),
        ("self&voice=/tmp", "no voice is called that here"),
        ("/etc/passwd", "no routine is called that here"),
        ("own=0000", "no routine is called that here"),
        ("self&verbose", "no flag is called '--verbose'"),
        ("self&zone=clf=3m", "did you mean 'calf'?"),
    ] {
        for file in ["view.json", "plan.json", "track.wav", "track.mp3"] {
            let refused = studio.get(&format!("{file}?{asked}&save=x"));
            assert_eq!(refused.status, 422, "{file} {asked}");
            assert_eq!(refused.header("content-disposition"), None);
            assert!(refused.text().contains(why), "{asked}: {}", refused.text());
        }
    }
    let extends = "name = \"x\"\nextends = \"/etc/passwd\"\n";
    assert_eq!(studio.ask("PUT", "own/00ab", &[], extends.as_bytes()).status, 204);
    let refused = studio.get("view.json?own=00ab");
    assert!(refused.status == 422 && !refused.text().contains("root"), "{}", refused.text());
}

#[test]
fn a_studio_keeps_what_a_page_brings() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::open(folder.path());
    let routine = "name = \"mine\"\nextends = \"self-short\"\nbed = \"sea 1.wav\"\n";
    assert_eq!(studio.ask("PUT", "own/ab12", &[], routine.as_bytes()).status, 204);
    assert_eq!(studio.get("view.json?own=ab12").status, 422);
    let bed = sea();
    assert_eq!(studio.ask("PUT", "sound/sea%201.wav", &[], &bed).status, 204);
    assert_eq!(studio.get("view.json?own=ab12").status, 200);

    fs::write(folder.path().join("your-file.toml"), routine).unwrap();
    fs::write(folder.path().join("sea 1.wav"), bed).unwrap();
    let rendered = effleurage(folder.path(), &["render", "your-file.toml", "-o", "x.wav"]);
    assert!(rendered.status.success());
    let track = studio.get("track.wav?own=ab12");
    assert!(track.body == fs::read(folder.path().join("x.wav")).unwrap());

    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(studio.ask("PUT", "own/ab13", &[], &large).status, 413);
    assert_eq!(studio.ask("PUT", "own/ab14", &[], b"\xff\xfe").status, 400);
    assert_eq!(studio.ask("DELETE", "own/ab12", &[], b"").status, 405);
}

/// A second of something that is heard.
fn sea() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for n in 0..16_000 {
        writer.write_sample(((f64::from(n) * 0.31).sin() * 9_000.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

#[test]
fn a_studio_lets_nobody_in_who_does_not_know_its_address() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::open(folder.path());
    let (host, path) = (&studio.host, format!("/{}/about.json?voice=en", studio.secret));
    assert_eq!(studio.raw("GET", &path, host, &[], b"").status, 200);
    let foreign = studio.raw("GET", &path, "evil.example", &[], b"");
    assert_eq!(foreign.status, 403);
    assert_eq!(
        foreign.text(),
        "this is not the name of this server; use the address that it printed\n"
    );
    for path in ["/", "/about.json?voice=en", "/00000000000000000000000000000000/", "/favicon.ico"]
    {
        assert_eq!(studio.raw("GET", path, host, &[], b"").status, 403, "{path}");
    }
    for headers in [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        assert_eq!(studio.ask("PUT", "own/ab12", &[headers], b"name = \"x\"").status, 403);
        assert_eq!(studio.ask("GET", "about.json?voice=en", &[headers], b"").status, 403);
    }
    // What is let in tells the browser to keep the address to itself.
    let page = studio.get("");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

/// More connections than there is room for are closed, and those that hesitate are let go.
#[test]
fn a_studio_has_room_again_after_many_came_and_said_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::open(folder.path());
    let mut idle: Vec<TcpStream> = (0..300).map(|_| studio.connect()).collect();
    // Some ask for something first.
    let asked = format!("GET /{}/ HTTP/1.1\r\nHost: {}\r\n\r\n", studio.secret, studio.host);
    for stream in idle.iter_mut().take(30) {
        stream.write_all(asked.as_bytes()).unwrap();
        assert!(stream.read(&mut [0; 100]).unwrap() > 0);
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let closed = idle.iter().filter(|stream| {
        stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        is_closed(stream)
    });
    assert!(closed.count() >= 200);
    // Longer than anybody may hesitate.
    std::thread::sleep(Duration::from_secs(11));
    assert_eq!(studio.get("").status, 200);
    drop(idle);
}

fn is_closed(mut stream: &TcpStream) -> bool {
    match stream.read(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => {
            !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
        }
    }
}

#[cfg(unix)]
#[test]
fn a_studio_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut studio = Studio::open(folder.path());
    // Somebody reads a track, slowly.
    let mut reader = studio.connect();
    let asked = format!(
        "GET /{}/track.wav?self-short HTTP/1.1\r\nHost: {}\r\n\r\n",
        studio.secret, studio.host
    );
    reader.write_all(asked.as_bytes()).unwrap();
    reader.read_exact(&mut [0; 1000]).unwrap();
    Command::new("kill").args(["-INT", &studio.process.id().to_string()]).status().unwrap();
    assert!(studio.process.wait().unwrap().success());
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let studio = Studio::open(folder.path());
    let port = studio.host.rsplit(':').next().unwrap();
    let second = effleurage(folder.path(), &["studio", "--port", port]);
    assert_eq!(second.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(second.stderr).unwrap(),
        format!(
            "error: cannot serve the page at {}: address already in use\n\
             help: choose another --port, or leave it out for any that is free\n",
            studio.host
        )
    );
}
