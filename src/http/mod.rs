//! The HTTP/1.1 client of every service: registries, Rekor, timestamp authorities, TUF repositories.
//!
//! It lies directly on hyper, with its pool and our connector, so that TLS is set up only when a TLS connection is
//! made, each request says how much of the answer is read, addresses are judged where names are resolved, and
//! credentials stay with their origin:
//!
//! - An answer's head, body and time are bounded; compressed answers are neither asked for nor accepted.
//! - One retry policy: connection errors, 408, 429, 500 and 502–504, with jitter and `Retry-After`, within the
//!   deadline. 429 also lowers the number of requests to that server at once.
//! - Redirects are followed here: never from https to http; to another origin without credentials.
//! - A server can't lead to link-local or metadata addresses, nor from elsewhere to this host.

mod address;
mod body;
mod client;
mod connect;
mod error;
mod gate;
mod message;
mod origin;
mod proxy;
mod retry;
mod tls;
mod untrusted;
mod url;

pub use ::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
pub use bytes::Bytes;

pub use address::Place;
pub use body::{Incoming, Outgoing};
pub use client::{Answer, Client, Config};
pub use error::Error;
pub use message::{Exchange, MAX_ERROR_BODY, Observer, Request, Response};
pub use origin::Origin;
pub use tls::TlsOptions;
pub use untrusted::shown;
pub use url::{encode, redacted, resolve};
