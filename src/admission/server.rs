//! The HTTPS server of the webhook, and the plain one of its probes.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody as _, to_bytes};
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
use crate::policy::budget::Budget;

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
/// Most bytes of all reviews that are read or answered at one time. Those that come meanwhile wait.
const MAX_BODIES: usize = 24 << 20;
/// Most memory of all reviews that are answered at one time, by [`weight`], and of one of them.
const MAX_WEIGHTS: usize = 48 << 20;
const MAX_WEIGHT: u64 = 32 << 20;

/// The routes of the webhook: `/validate`, `/mutate` (also `/validations` and `/mutations`, policy-controller's), and
/// those of [`probes`].
pub fn routes(handler: Arc<Handler>) -> Router {
    let reviews = Reviews {
        handler: Arc::clone(&handler),
        bodies: Budget::of(MAX_BODIES),
        weights: Budget::of(MAX_WEIGHTS),
    };
    Router::new()
        .route("/validate", post(validate))
        .route("/validations", post(validate))
        .route("/mutate", post(mutate))
        .route("/mutations", post(mutate))
        .with_state(reviews)
        .merge(probes(handler))
}

/// What answers reviews, and how much more of them it takes now.
#[derive(Clone)]
struct Reviews {
    handler: Arc<Handler>,
    bodies: Budget,
    weights: Budget,
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

async fn validate(State(reviews): State<Reviews>, request: Request) -> Response {
    answer(&reviews, Call::Validate, request).await
}

async fn mutate(State(reviews): State<Reviews>, request: Request) -> Response {
    answer(&reviews, Call::Mutate, request).await
}

async fn answer(reviews: &Reviews, call: Call, request: Request) -> Response {
    let started = Instant::now();
    let timeout = request.uri().query().and_then(timeout_of);
    let patience = timeout.map_or(HEAD, |timeout| timeout.min(HEAD));
    let body = request.into_body();
    let length = body.size_hint().upper().unwrap_or(MAX_REVIEW as u64);
    if length > MAX_REVIEW as u64 {
        return too_large();
    }
    let Ok(_reading) = tokio::time::timeout(patience, reviews.bodies.take(length)).await else {
        return busy();
    };
    let body = match tokio::time::timeout(HEAD, to_bytes(body, MAX_REVIEW)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return too_large(),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "the review did not arrive").into_response(),
    };
    let weight = weight(&body);
    if weight > MAX_WEIGHT {
        return too_large();
    }
    // Whoever waits here has its body, and whoever works needs no other, so that none waits for another for ever.
    let Ok(_working) = tokio::time::timeout(patience, reviews.weights.take(weight)).await else {
        return busy();
    };
    let left = timeout.map(|timeout| timeout.saturating_sub(started.elapsed()));
    match reviews.handler.answer(call, &body, left).await {
        Ok(response) => {
            let body = response.to_json().to_string();
            ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
        }
        Err(reason) => (StatusCode::BAD_REQUEST, reason).into_response(),
    }
}

/// How many bytes a JSON text takes, once read, at most: small objects take most, as each is a node of a tree.
fn weight(json: &[u8]) -> u64 {
    let of = |byte: &u8| match byte {
        b'{' => 640,
        b'[' => 192,
        b',' | b':' => 64,
        _ => 1,
    };
    json.iter().map(of).sum()
}

fn too_large() -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, "the review is too large").into_response()
}

/// The API server applies its failure policy.
fn busy() -> Response {
    let reason = "the webhook is busy with other reviews; try again";
    (StatusCode::SERVICE_UNAVAILABLE, reason).into_response()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_weighs_what_it_takes_and_those_of_an_api_server_are_light() {
        let dense = |item: &str| format!("[{}]", vec![item; 1000].join(","));
        for (item, each) in [("{\"\":0}", 600), ("[0]", 200), ("0", 32), ("{}", 32), ("\"a\"", 60)] {
            let text = dense(item);
            assert!(weight(text.as_bytes()) >= 1000 * each, "{item}");
        }
        // Both states of an object of the largest size that etcd takes, with a container for every 200 bytes.
        let container = format!("{{\"name\":\"{0}\",\"image\":\"{0}\"}},", "x".repeat(85));
        let large = container.repeat(3 << 20 >> 8);
        assert!(weight(large.as_bytes()) <= MAX_WEIGHT);
        assert!(weight(dense("{\"\":0}").repeat(1000).as_bytes()) > MAX_WEIGHT);
    }
}
