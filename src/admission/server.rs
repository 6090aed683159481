//! The HTTPS server of the webhook, and the plain one of its probes.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::handler::{Call, Handler, timeout_of};
use super::review::MAX_REVIEW;

/// Most connections at once.
const MAX_CONNECTIONS: usize = 1024;
/// Longest wait for a TLS handshake or the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// Longest wait for the next request on a connection that had one.
const IDLE: Duration = Duration::from_secs(120);
/// How long a connection may wait for a place before others are asked again to make room.
const AGAIN: Duration = Duration::from_secs(1);
/// Longest wait for requests that are under way when the server stops.
const GRACE: Duration = Duration::from_secs(20);

/// The routes of the webhook: `/validate`, `/mutate` (also `/validations` and `/mutations`, policy-controller's), and
/// those of [`probes`].
pub fn routes(handler: Arc<Handler>) -> Router {
    Router::new()
        .route("/validate", post(validate))
        .route("/validations", post(validate))
        .route("/mutate", post(mutate))
        .route("/mutations", post(mutate))
        .with_state(Arc::clone(&handler))
        .merge(probes(handler))
}

/// `/healthz`, `/readyz` and `/metrics`. None of them asks another service.
pub fn probes(handler: Arc<Handler>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(handler)
}

async fn ready(State(handler): State<Arc<Handler>>) -> Response {
    if handler.is_ready() {
        "ok".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "policies were not read yet").into_response()
    }
}

async fn metrics(State(handler): State<Arc<Handler>>) -> Response {
    let page = handler.metrics_page();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], page).into_response()
}

async fn validate(State(handler): State<Arc<Handler>>, request: Request) -> Response {
    answer(handler, Call::Validate, request).await
}

async fn mutate(State(handler): State<Arc<Handler>>, request: Request) -> Response {
    answer(handler, Call::Mutate, request).await
}

async fn answer(handler: Arc<Handler>, call: Call, request: Request) -> Response {
    let timeout = request.uri().query().and_then(timeout_of);
    let body = match tokio::time::timeout(HEAD, to_bytes(request.into_body(), MAX_REVIEW)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return (StatusCode::PAYLOAD_TOO_LARGE, "the review is too large").into_response(),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "the review did not arrive").into_response(),
    };
    match handler.answer(call, &body, timeout).await {
        Ok(response) => {
            let body = response.to_json().to_string();
            ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
        }
        Err(reason) => (StatusCode::BAD_REQUEST, reason).into_response(),
    }
}

/// A listening server.
pub struct Server {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    routes: Router,
}

impl Server {
    /// Listens at `address`; without `tls` in plain HTTP.
    ///
    /// # Errors
    /// The address can't be used.
    pub async fn bind(address: SocketAddr, tls: Option<TlsAcceptor>, routes: Router) -> std::io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address).await?,
            tls,
            routes,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` is done, then finishes what is under way, for at most 20 seconds.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let (crowding, crowded) = watch::channel(());
        tokio::pin!(stop);
        loop {
            // At the limit, those who wait stay in the kernel's queue, and connections that were served make room.
            if places.available_permits() == 0 {
                crowding.send_replace(());
            }
            let place = tokio::select! {
                () = &mut stop => break,
                place = Arc::clone(&places).acquire_owned() => place,
                () = tokio::time::sleep(AGAIN) => continue,
            };
            let Ok(place) = place else { break };
            let stream = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(_) => {
                        // Out of descriptors, or a connection that went away: the next one may do.
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        continue;
                    }
                },
            };
            let (tls, routes) = (self.tls.clone(), self.routes.clone());
            let signals = Signals {
                stopped: stopped.clone(),
                crowded: crowded.clone(),
            };
            tokio::spawn(async move {
                connection(stream, tls, routes, signals).await;
                drop(place);
            });
        }
        let _ = stopping.send(true);
        let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(GRACE, places.acquire_many(all)).await;
    }
}

/// When a connection is to end, once nothing is under way on it.
struct Signals {
    /// The server stops.
    stopped: watch::Receiver<bool>,
    /// There is no place for another connection.
    crowded: watch::Receiver<()>,
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, routes: Router, signals: Signals) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(TokioIo::new(stream), routes, signals).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, tls.accept(stream)).await {
                serve(TokioIo::new(stream), routes, signals).await;
            }
        }
    }
}

async fn serve<S>(stream: TokioIo<S>, routes: Router, mut signals: Signals)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |request| {
        seen.store(true, Ordering::Relaxed);
        routes.call(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(64 << 10)
        .serve_connection(stream, service);
    // One who connects and asks nothing takes the place of another.
    let silent = async {
        tokio::time::sleep(HEAD).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let ending = async {
        loop {
            tokio::select! {
                _ = signals.stopped.wait_for(|stopped| *stopped) => return,
                // One that has not asked yet is about to, or ends by itself.
                changed = signals.crowded.changed() => if changed.is_err() || asked.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    };
    tokio::pin!(connection, silent, ending);
    tokio::select! {
        // A peer that breaks off is nobody's failure.
        _ = connection.as_mut() => return,
        () = silent.as_mut() => return,
        () = ending.as_mut() => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection.as_mut() => {}
        () = silent => {}
        () = tokio::time::sleep(GRACE) => {}
    }
}
