//! An embedded OCI registry (distribution specification v1.1) for trying things out and for tests. Not for production.
//!
//! It serves plain HTTP on loopback addresses only, keeps everything in memory or in a directory, and has no users.
//! Manifests, blobs (in one go, in chunks, mounted), tags, referrers with filter and pages, deletes; `If-Match` and
//! `If-None-Match` are honoured when a manifest is put, so that writers can be safe against each other.
//!
//! For tests, [`Control`] gives the log of requests, changes the [`Options`] of the running registry and injects
//! [`Rule`]s: faults on chosen requests.

mod blobs;
mod control;
mod directory;
mod faults;
mod lists;
mod manifests;
mod reply;
mod route;
mod storage;
mod upload;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

pub use control::{Control, Options, Seen};
pub use faults::{Fault, Rule};
pub use storage::{Storage, StorageError};

use control::Shared;
use reply::{Body, Reply};

/// Connections served at once; further ones wait.
const MAX_CONNECTIONS: usize = 512;
/// How long a connection may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a stop waits for requests under way.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// A registry that is bound to its address and not yet serving.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

/// Why a registry can't start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Reachable from elsewhere.
    #[error("{0} is not a loopback address: this registry has no users and no TLS and serves 127.0.0.1 and ::1 only")]
    NotLoopback(SocketAddr),
    /// The address can't be bound.
    #[error("can't listen on {address}: {source}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Server {
    /// Binds a loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// The address is not loopback or can't be bound.
    pub async fn bind(address: SocketAddr, storage: Storage) -> Result<Self, ServerError> {
        if !address.ip().is_loopback() {
            return Err(ServerError::NotLoopback(address));
        }
        let bind = |source| ServerError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        Ok(Self {
            listener,
            shared: Arc::new(Shared::new(address, storage)),
        })
    }

    /// The address it is bound to.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// The handle for tests; it stays usable while the registry runs and after.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.shared))
    }

    /// Serves until `stop` is done, then lets requests under way finish for a moment.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let (stopping, stopped) = watch::channel(false);
        let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next() => continue,
                accepted = self.listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // Out of descriptors: some connection has to end first.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let (shared, slots, stopped) = (Arc::clone(&self.shared), Arc::clone(&slots), stopped.clone());
            connections.spawn(async move {
                let _slot = slots.acquire().await;
                connection(shared, stream, stopped).await;
            });
        }
        let _ = stopping.send(true);
        let _ = tokio::time::timeout(STOP_TIMEOUT, async { while connections.join_next().await.is_some() {} }).await;
        // What is left of an upload goes with its connection.
        connections.shutdown().await;
    }
}

/// Serves one connection until it ends or the registry stops.
async fn connection(shared: Arc<Shared>, stream: TcpStream, mut stopped: watch::Receiver<bool>) {
    let service = service_fn(move |request| serve(Arc::clone(&shared), request));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed by an injected fault")]
struct Closed;

/// Answers one request, with the faults that apply to it.
async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Closed> {
    let number = shared.arrived(&request);
    let fault = shared.fault_for(&request);
    shared.wait().await;
    let mut after = None;
    match fault {
        None => {}
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        Some(Fault::Hang) => match std::future::pending::<Infallible>().await {},
        Some(Fault::Close) => return Err(Closed),
        Some(Fault::Answer { status, headers, body }) => {
            shared.answered(number, status);
            return Ok(Reply::raw(status, headers, body));
        }
        Some(fault) => after = Some(fault),
    }
    let response = match route::dispatch(&shared, request).await {
        Ok(reply) => reply,
        Err(error) => error.into_reply(),
    }
    .into_response();
    shared.wait().await;
    let response = match after {
        Some(Fault::CloseAfter) => return Err(Closed),
        Some(Fault::HangAfter) => match std::future::pending::<Infallible>().await {},
        Some(Fault::Truncate(length)) => reply::truncated(response, length).await,
        Some(Fault::Corrupt) => reply::corrupted(response).await,
        _ => response,
    };
    shared.answered(number, response.status().as_u16());
    Ok(response)
}

#[cfg(test)]
mod tests;
