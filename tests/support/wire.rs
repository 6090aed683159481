//! Bare HTTP/1.1 over TCP, a connection per request: enough to stage a registry without the code under test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A response.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// A header by its name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Sends a request to `address` (`127.0.0.1:5000`) and reads the whole response.
#[track_caller]
pub fn request(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut stream = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || matches!(method, "PUT" | "POST" | "PATCH") {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    receive(BufReader::new(stream), method)
}

pub fn get(address: &str, path: &str) -> Response {
    // docker-registry converts a manifest to schema 1 for a client that accepts anything.
    request(
        address,
        "GET",
        path,
        &[("Accept", countersign::oci::media_type::ACCEPT_MANIFESTS)],
        &[],
    )
}

fn receive(mut reader: impl BufRead, method: &str) -> Response {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .unwrap_or_else(|| panic!("status line {line:?}"));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap();
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut response = Response {
        status,
        headers,
        body: Vec::new(),
    };
    if method == "HEAD" {
        return response;
    }
    if response
        .header("transfer-encoding")
        .is_some_and(|v| v.eq_ignore_ascii_case("chunked"))
    {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).unwrap();
            if size == 0 {
                break;
            }
            response.body.extend_from_slice(&chunk[..size]);
        }
    } else if let Some(length) = response.header("content-length").map(|v| v.parse().unwrap()) {
        response.body = vec![0; length];
        reader.read_exact(&mut response.body).unwrap();
    } else {
        reader.read_to_end(&mut response.body).unwrap();
    }
    response
}

/// Uploads a blob in one go.
#[track_caller]
pub fn push_blob(address: &str, repository: &str, digest: &str, bytes: &[u8]) {
    let started = request(address, "POST", &format!("/v2/{repository}/blobs/uploads/"), &[], &[]);
    assert_eq!(started.status, 202, "{}", String::from_utf8_lossy(&started.body));
    let location = started.header("location").unwrap();
    let path = match location.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/').unwrap()..],
        None => location,
    };
    let path = format!("{path}{}digest={digest}", if path.contains('?') { '&' } else { '?' });
    let done = request(
        address,
        "PUT",
        &path,
        &[("Content-Type", "application/octet-stream")],
        bytes,
    );
    assert_eq!(done.status, 201, "{}", String::from_utf8_lossy(&done.body));
}

/// Puts a manifest under a tag or digest.
#[track_caller]
pub fn push_manifest(address: &str, repository: &str, reference: &str, media_type: &str, bytes: &[u8]) -> Response {
    let path = format!("/v2/{repository}/manifests/{reference}");
    let done = request(address, "PUT", &path, &[("Content-Type", media_type)], bytes);
    assert_eq!(done.status, 201, "{}", String::from_utf8_lossy(&done.body));
    done
}
