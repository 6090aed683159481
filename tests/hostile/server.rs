//! A server that answers with whatever bytes a test likes.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// All of the head and the body.
    pub raw: String,
}

impl Seen {
    pub fn authorization(&self) -> Option<&str> {
        self.raw.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("authorization").then_some(value)
        })
    }
}

/// What to answer.
pub enum Reply {
    /// Status, headers and body; the length is added.
    Full(u16, Vec<(String, String)>, Vec<u8>),
    /// A status and headers, then a chunked body without end.
    Endless(u16, Vec<(String, String)>),
    /// A status and headers, then a body of which a byte comes now and then.
    Trickle(u16, Vec<(String, String)>),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, then further ones without end.
    RawEndless(Vec<u8>, Vec<u8>),
}

impl Reply {
    pub fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        Self::Full(status, owned(headers), body.into())
    }

    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, &[("Content-Type", "application/json")], body)
    }

    pub fn endless(status: u16, headers: &[(&str, &str)]) -> Self {
        Self::Endless(status, owned(headers))
    }

    pub fn not_found() -> Self {
        Self::json(404, r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}"#)
    }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect()
}

/// A running server; its thread ends with the test process.
pub struct Server {
    pub address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers each request as `answer` says.
    pub fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1:0", answer)
    }

    pub fn on(address: &str, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { address, seen }
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Whether any request held one of the test's secrets.
    pub fn saw_secret(&self) -> bool {
        self.seen()
            .iter()
            .any(|seen| seen.raw.contains(super::PASSWORD) || seen.raw.contains(super::PASSWORD_BASE64))
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Seen) -> Reply, log: &Mutex<Vec<Seen>>) {
    while let Some(seen) = read(&mut stream) {
        log.lock().unwrap().push(seen.clone());
        let head_only = seen.method == "HEAD";
        match answer(&seen) {
            Reply::Full(status, headers, body) => {
                let mut bytes = head(status, &headers, &format!("Content-Length: {}", body.len()));
                if !head_only {
                    bytes.extend(body);
                }
                if stream.write_all(&bytes).is_err() {
                    return;
                }
            }
            Reply::Endless(status, headers) => {
                let _ = stream.write_all(&head(status, &headers, "Transfer-Encoding: chunked"));
                if head_only {
                    continue;
                }
                let mut chunk = b"10000\r\n".to_vec();
                chunk.extend([b'x'; 0x10000]);
                chunk.extend(b"\r\n");
                while stream.write_all(&chunk).is_ok() {}
                return;
            }
            Reply::Trickle(status, headers) => {
                let _ = stream.write_all(&head(status, &headers, "Content-Length: 100000"));
                while stream.write_all(b"x").is_ok() {
                    std::thread::sleep(std::time::Duration::from_millis(100));
                }
                return;
            }
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Reply::RawEndless(bytes, more) => {
                let _ = stream.write_all(&bytes);
                while stream.write_all(&more).is_ok() {}
                return;
            }
        }
    }
}

fn head(status: u16, headers: &[(String, String)], length: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\n{length}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// A request with its body; `None` at the end of the connection.
fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut raw = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(at) = raw.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => raw.extend_from_slice(&buffer[..count]),
        }
    };
    let text = String::from_utf8_lossy(&raw[..end]).into_owned();
    let length = text
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")
                .map(|n| n.parse::<usize>().unwrap())
        })
        .unwrap_or(0);
    while raw.len() < end + length {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => raw.extend_from_slice(&buffer[..count]),
        }
    }
    let mut words = text.split(' ');
    Some(Seen {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        raw: String::from_utf8_lossy(&raw).into_owned(),
    })
}
