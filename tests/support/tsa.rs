//! A timestamp authority in this process: RFC 3161 over HTTP, signing with `tests/vectors/timestamp/ec.key`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use countersign::certificate::{Authority, Certificate};
use countersign::key::{HashAlgorithm, PrivateKey};
use countersign::trust::Validity;
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};

use super::log::http::{Answer, serve};

/// The authority. It ends when it is dropped.
pub struct Tsa {
    state: Arc<State>,
    address: std::net::SocketAddr,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    stop: AtomicBool,
    stamped: AtomicUsize,
    /// Answered in place of a timestamp.
    status: Mutex<Option<u16>>,
}

impl Tsa {
    /// Starts one on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let thread = std::thread::spawn({
            let state = Arc::clone(&state);
            move || {
                let shared = Arc::clone(&state);
                serve(&listener, &state.stop, move |question| {
                    if let Some(status) = *shared.status.lock().unwrap() {
                        return Some(Answer::error(status, "told to fail"));
                    }
                    let serial = shared.stamped.fetch_add(1, Ordering::SeqCst) + 1;
                    let response = response(&question.body, u8::try_from(serial).unwrap());
                    Some(Answer::bytes(200, "application/timestamp-reply", response))
                });
            }
        });
        Self {
            state,
            address,
            thread: Some(thread),
        }
    }

    /// The address of its service.
    pub fn url(&self) -> String {
        format!("http://{}/api/v1/timestamp", self.address)
    }

    /// How many timestamps it has made.
    pub fn stamped(&self) -> usize {
        self.state.stamped.load(Ordering::SeqCst)
    }

    /// Every further request is answered with `status`.
    pub fn fail(&self, status: u16) {
        *self.state.status.lock().unwrap() = Some(status);
    }

    /// What trusts it, and all others of this kind.
    pub fn authority() -> Authority {
        let chain = vec![certificate("inter"), certificate("root")];
        Authority::new(chain, Validity::ALWAYS, "").unwrap()
    }
}

impl Drop for Tsa {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(super::vectors::path(&format!("timestamp/{name}"))).unwrap()
}

fn certificate(name: &str) -> Certificate {
    Certificate::chain_from_pem(&vector(&format!("{name}.crt")))
        .unwrap()
        .remove(0)
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    der::Length::try_from(value.len())
        .unwrap()
        .encode_to_vec(&mut out)
        .unwrap();
    out.extend_from_slice(value);
    out
}

fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

fn oid(text: &str) -> Vec<u8> {
    tlv(6, ObjectIdentifier::new_unwrap(text).as_bytes())
}

/// The elements of a `TimeStampReq`, all of them short.
fn elements(request: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &request[2..];
    let mut found = vec![];
    while !rest.is_empty() {
        let (one, after) = rest.split_at(2 + usize::from(rest[1]));
        found.push(one.to_vec());
        rest = after;
    }
    found
}

/// A granted `TimeStampResp` (RFC 3161 section 2.4.2).
fn response(request: &[u8], serial: u8) -> Vec<u8> {
    const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
    let [_, imprint, nonce, _] = <[Vec<u8>; 4]>::try_from(elements(request)).unwrap();
    let sha256 = seq(&[oid("2.16.840.1.101.3.4.2.1"), vec![5, 0]]);
    let info = seq(&[
        tlv(2, &[1]),
        oid("1.2.3"),
        imprint,
        tlv(2, &[serial]),
        tlv(0x18, b"20270101000000Z"),
        nonce,
    ]);
    let signer = certificate("ec");
    let parsed = x509_cert::Certificate::from_der(signer.der()).unwrap();
    let parsed = parsed.tbs_certificate();
    let id = seq(&[tlv(4, &HashAlgorithm::Sha256.digest(signer.der()))]);
    let attributes = [
        seq(&[oid("1.2.840.113549.1.9.3"), set(&[oid(TST_INFO)])]),
        seq(&[
            oid("1.2.840.113549.1.9.4"),
            set(&[tlv(4, &HashAlgorithm::Sha256.digest(&info))]),
        ]),
        seq(&[oid("1.2.840.113549.1.9.16.2.47"), set(&[seq(&[seq(&[id])])])]),
    ];
    let key: PrivateKey = countersign::key::import::import(&vector("ec.key"), None).unwrap();
    let signed = seq(&[
        tlv(2, &[1]),
        seq(&[
            parsed.issuer().to_der().unwrap(),
            parsed.serial_number().to_der().unwrap(),
        ]),
        sha256.clone(),
        tlv(0xa0, &attributes.concat()),
        seq(&[oid("1.2.840.10045.4.3.2")]),
        tlv(4, &key.sign(&set(&attributes)).unwrap()),
    ]);
    let data = seq(&[
        tlv(2, &[3]),
        set(&[sha256]),
        seq(&[oid(TST_INFO), tlv(0xa0, &tlv(4, &info))]),
        tlv(0xa0, signer.der()),
        set(&[signed]),
    ]);
    seq(&[
        seq(&[tlv(2, &[0])]),
        seq(&[oid("1.2.840.113549.1.7.2"), tlv(0xa0, &data)]),
    ])
}
