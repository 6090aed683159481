use std::collections::HashMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use ::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::body::{Incoming as Received, Outgoing};
use super::connect::{Connector, Shared};
use super::gate::Gate;
use super::message::{Exchange, MAX_ERROR_BODY, Observer, Request, Response};
use super::proxy::Proxies;
use super::tls::{Tls, TlsOptions, advice, is_tls};
use super::url::{redacted, resolve};
use super::{Error, Origin, retry};

/// Most redirects of one request.
const MAX_REDIRECTS: usize = 5;
/// Most headers of an answer.
const MAX_HEADERS: usize = 100;
/// Most bytes of an answer's head.
const MAX_HEAD: usize = 64 << 10;
/// Longest wait for the head of an answer.
const HEAD: Duration = Duration::from_secs(60);

/// How a client behaves.
#[derive(Clone)]
pub struct Config {
    /// TLS.
    pub tls: TlsOptions,
    /// When all must be done.
    pub deadline: Option<Instant>,
    /// How many times a request is tried again.
    pub retries: u32,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Is told of each request.
    pub observer: Option<Observer>,
    /// Contact only servers that [`Client::name`] named, and those that they choose.
    pub offline: bool,
    /// Whether proxies of the environment are used.
    pub proxies: bool,
    /// Most requests to one server at once.
    pub concurrency: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            tls: TlsOptions::default(),
            deadline: None,
            retries: 4,
            user_agent: concat!("countersign/", env!("CARGO_PKG_VERSION")).into(),
            observer: None,
            offline: false,
            proxies: true,
            concurrency: 16,
        }
    }
}

/// An HTTP/1.1 client with one connection pool. Cheap to clone and to make: nothing is read or resolved before the
/// first request.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    config: Config,
    shared: Arc<Shared>,
    pool: legacy::Client<Connector, Outgoing>,
    gates: Mutex<HashMap<Origin, Arc<Gate>>>,
}

/// An answer whose body is still to be read.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Where the answer came from, after redirects.
    pub uri: Uri,
    /// The body.
    pub body: Received,
    deadline: Option<Instant>,
}

impl Answer {
    /// Reads the body, of which at most `limit` bytes are kept and the rest is left unread.
    ///
    /// # Errors
    /// The connection broke before the end, or the time is over.
    pub async fn cut(self, limit: usize) -> Result<Response, Error> {
        let late = Error::Timeout {
            method: self.body.method().clone(),
            url: redacted(&self.uri),
            last: Some(self.status.to_string()),
        };
        let body = self.body.collect(limit, true);
        let body = match self.deadline {
            None => body.await?,
            Some(deadline) => tokio::time::timeout_at(deadline.into(), body)
                .await
                .unwrap_or(Err(late))?,
        };
        Ok(Response {
            status: self.status,
            headers: self.headers,
            body,
            uri: self.uri,
            attempts: 1,
        })
    }
}

impl Client {
    /// A client that behaves as `config` says.
    pub fn new(config: Config) -> Self {
        let proxies = if config.proxies {
            Proxies::from_environment()
        } else {
            Proxies::None
        };
        let shared = Arc::new(Shared::new(Tls::new(config.tls.clone()), proxies));
        let pool = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(config.concurrency)
            .http1_max_headers(MAX_HEADERS)
            .http1_max_buf_size(MAX_HEAD)
            .build(Connector(Arc::clone(&shared)));
        Self(Arc::new(Inner {
            config,
            shared,
            pool,
            gates: Mutex::new(HashMap::new()),
        }))
    }

    /// When all must be done.
    pub fn deadline(&self) -> Option<Instant> {
        self.0.config.deadline
    }

    /// Whether only named servers are contacted.
    pub fn is_offline(&self) -> bool {
        self.0.config.offline
    }

    /// How many times a failed request is tried again (`--retries`).
    pub fn retries(&self) -> u32 {
        self.0.config.retries
    }

    /// How TLS is done.
    pub fn tls(&self) -> &TlsOptions {
        &self.0.config.tls
    }

    /// Notes that the user named the server at `origin`: it may be contacted offline and may lie on this host.
    pub fn name(&self, origin: &Origin) {
        self.0.shared.name(origin);
    }

    /// Sends `request` and reads the whole answer, under the limits, redirect rules and retry policy of this client.
    ///
    /// # Errors
    /// No answer was had ([`Error`]); an answer of any status is `Ok`, also the last one of a failed retry.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        let mut attempt = 1;
        let mut last = None;
        loop {
            let outcome = self.in_time(&request, &last, self.attempt(&request, attempt)).await;
            let wait = match self.wait(&request, &outcome, attempt, &mut last) {
                Ok(Some(wait)) => wait,
                Ok(None) => return outcome,
                Err(error) => return Err(error),
            };
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &Request, attempts: u32) -> Result<Response, Error> {
        let answer = self.follow(request).await?;
        let Answer {
            status,
            headers,
            uri,
            body,
            deadline: _,
        } = answer;
        let cut = !status.is_success() && !request.whole_errors;
        let limit = if cut {
            request.limit.min(MAX_ERROR_BODY)
        } else {
            request.limit
        };
        let body = body.collect(limit, cut).await?;
        Ok(Response {
            status,
            headers,
            body,
            uri,
            attempts,
        })
    }

    /// Sends `request` and returns once the head of a success or of a final failure is there. Reading the body is not
    /// tried again.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn open(&self, request: Request) -> Result<Answer, Error> {
        let mut attempt = 1;
        let mut last = None;
        loop {
            let outcome = self.in_time(&request, &last, self.follow(&request)).await;
            let status = match &outcome {
                Ok(answer) => Ok((answer.status, &answer.headers)),
                Err(error) => Err(error),
            };
            match self.decide(&request, status, attempt, &mut last)? {
                None => return outcome,
                Some(wait) => tokio::time::sleep(wait).await,
            }
            attempt += 1;
        }
    }

    /// Sends `request` with a body of `length` bytes that is read while it is sent. It is sent once: neither tried
    /// again nor redirected.
    ///
    /// # Errors
    /// As [`Client::send`], and when the body's source fails.
    pub async fn upload(&self, request: Request, body: Outgoing) -> Result<Response, Error> {
        let sent = async {
            let origin = self.admit(&request.uri, request.chosen_by.as_ref())?;
            let answer = self
                .exchange(&request, &request.uri, &origin, request.headers.clone(), body)
                .await?;
            let cut = !answer.status.is_success();
            let limit = if cut {
                request.limit.min(MAX_ERROR_BODY)
            } else {
                request.limit
            };
            Ok(Response {
                status: answer.status,
                headers: answer.headers,
                body: answer.body.collect(limit, cut).await?,
                uri: answer.uri,
                attempts: 1,
            })
        };
        self.in_time(&request, &None, sent).await
    }

    async fn in_time<T>(
        &self,
        request: &Request,
        last: &Option<String>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(deadline) = self.0.config.deadline else {
            return work.await;
        };
        match tokio::time::timeout_at(deadline.into(), work).await {
            Ok(result) => result,
            Err(_) => Err(Error::Timeout {
                method: request.method.clone(),
                url: redacted(&request.uri),
                last: last.clone(),
            }),
        }
    }

    fn wait(
        &self,
        request: &Request,
        outcome: &Result<Response, Error>,
        attempt: u32,
        last: &mut Option<String>,
    ) -> Result<Option<Duration>, Error> {
        let status = match outcome {
            Ok(response) => Ok((response.status, &response.headers)),
            Err(error) => Err(error),
        };
        self.decide(request, status, attempt, last)
    }

    /// How long to wait before the next try; `None` when the outcome is final.
    fn decide(
        &self,
        request: &Request,
        outcome: Result<(StatusCode, &HeaderMap), &Error>,
        attempt: u32,
        last: &mut Option<String>,
    ) -> Result<Option<Duration>, Error> {
        let asked = match outcome {
            Ok((status, headers)) if retry::is_transient(status) => {
                *last = Some(status.to_string());
                retry::asked(headers, SystemTime::now()).map(|wait| (wait, status))
            }
            Err(error) if error.is_transient() => {
                *last = Some(error.to_string());
                None
            }
            _ => return Ok(None),
        };
        if request.first_contact && matches!(outcome, Err(Error::Interrupted { unanswered: true, .. })) {
            return Ok(None);
        }
        if attempt > request.retries.unwrap_or(self.0.config.retries) {
            return Ok(None);
        }
        let own = retry::backoff(attempt);
        let wait = asked.map_or(own, |(wait, _)| wait.max(own));
        let left = self
            .0
            .config
            .deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| wait >= left) {
            return match asked {
                Some((wait, status)) => Err(Error::AskedToWait {
                    url: redacted(&request.uri),
                    status,
                    seconds: wait.as_secs(),
                }),
                None => Ok(None),
            };
        }
        Ok(Some(wait))
    }

    /// One try: the request and the redirects that it meets.
    async fn follow(&self, request: &Request) -> Result<Answer, Error> {
        let mut uri = request.uri.clone();
        let mut headers = request.headers.clone();
        let mut origin = self.admit(&uri, request.chosen_by.as_ref())?;
        let first = origin.clone();
        for _ in 0..=MAX_REDIRECTS {
            let body = Outgoing::from(request.body.clone());
            let answer = self.exchange(request, &uri, &origin, headers.clone(), body).await?;
            if !request.follow || !is_redirect(answer.status, &request.method) {
                return Ok(answer);
            }
            let Some(location) = answer.headers.get(header::LOCATION) else {
                return Ok(answer);
            };
            let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
            let refused = |reason| Error::Redirect {
                url: redacted(&uri),
                to: super::shown(location.split('?').next().unwrap_or_default(), 200),
                reason,
            };
            let next = resolve(&uri, &location).ok_or_else(|| refused("it is not a URI"))?;
            let target = Origin::of(&next).ok_or_else(|| refused("it is not an http or https address"))?;
            if first.is_https() && !target.is_https() {
                return Err(refused("it leads from https to http"));
            }
            if target != origin {
                if request.secret_body {
                    return Err(refused(
                        "the request holds credentials and the redirect leads to another server",
                    ));
                }
                drop_secrets(&mut headers);
            }
            self.admit(&next, Some(&origin))?;
            (uri, origin) = (next, target);
        }
        Err(Error::Redirect {
            url: redacted(&request.uri),
            to: redacted(&uri),
            reason: "there are too many in a row",
        })
    }

    /// Whether `uri` may be contacted at all.
    fn admit(&self, uri: &Uri, chosen_by: Option<&Origin>) -> Result<Origin, Error> {
        let origin = Origin::of(uri).ok_or_else(|| Error::InvalidUrl {
            url: redacted(uri),
            reason: "it is not an absolute http or https address without user name",
        })?;
        match chosen_by {
            Some(by) if *by != origin => {
                if self.0.config.offline && !self.0.shared.knows(by) {
                    return Err(Error::Offline { origin });
                }
                self.0.shared.choose(&origin, by);
            }
            Some(_) => {}
            None if self.0.config.offline => {
                if !self.0.shared.knows(&origin) {
                    return Err(Error::Offline { origin });
                }
            }
            None => self.0.shared.name(&origin),
        }
        Ok(origin)
    }

    /// One request and the head of its answer.
    async fn exchange(
        &self,
        request: &Request,
        uri: &Uri,
        origin: &Origin,
        mut headers: HeaderMap,
        body: Outgoing,
    ) -> Result<Answer, Error> {
        if let Ok(agent) = HeaderValue::from_str(&self.0.config.user_agent) {
            headers.insert(header::USER_AGENT, agent);
        }
        if !origin.is_https()
            && let Some(authorization) = self.0.shared.proxies().via(uri)?.and_then(|via| via.authorization)
        {
            headers.insert(header::PROXY_AUTHORIZATION, authorization);
        }
        let gate = self.gate(origin);
        let place = gate.enter().await;
        let mut outgoing = ::http::Request::new(body);
        *outgoing.method_mut() = request.method.clone();
        *outgoing.uri_mut() = uri.clone();
        *outgoing.headers_mut() = headers;
        let started = Instant::now();
        let answer = match tokio::time::timeout(HEAD, self.0.pool.request(outgoing)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failure(error, &request.method, uri)),
            Err(_) => Err(Error::Interrupted {
                method: request.method.clone(),
                url: redacted(uri),
                reason: format!("no answer within {} s", HEAD.as_secs()),
                not_http: false,
                unanswered: false,
            }),
        };
        match &answer {
            Ok(answer) if answer.status() == StatusCode::TOO_MANY_REQUESTS => gate.throttled(place),
            _ => {
                drop(place);
                gate.passed();
            }
        }
        self.observe(&request.method, uri, started.elapsed(), &answer);
        let (head, body) = answer?.into_parts();
        self.received(request, uri, head, body)
    }

    fn received(
        &self,
        request: &Request,
        uri: &Uri,
        head: ::http::response::Parts,
        body: Incoming,
    ) -> Result<Answer, Error> {
        let encoding = head.headers.get(header::CONTENT_ENCODING);
        if let Some(encoding) = encoding.filter(|e| !e.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Error::Encoded {
                url: redacted(uri),
                encoding: super::shown(&String::from_utf8_lossy(encoding.as_bytes()), 40),
            });
        }
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            uri: uri.clone(),
            body: Received::new(body, request.method.clone(), uri.clone()),
            deadline: self.0.config.deadline,
        })
    }

    fn observe(
        &self,
        method: &Method,
        uri: &Uri,
        elapsed: Duration,
        answer: &Result<::http::Response<Incoming>, Error>,
    ) {
        let Some(observer) = &self.0.config.observer else {
            return;
        };
        observer(&Exchange {
            method,
            url: redacted(uri),
            outcome: match answer {
                Ok(answer) => Ok(answer.status()),
                Err(error) => Err(error.to_string()),
            },
            elapsed,
        });
    }

    fn gate(&self, origin: &Origin) -> Arc<Gate> {
        let mut gates = self.0.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(origin) {
            return Arc::clone(gate);
        }
        let gate = Arc::new(Gate::new(self.0.config.concurrency));
        gates.insert(origin.clone(), Arc::clone(&gate));
        gate
    }
}

/// 307 and 308 keep the method and the body; the older ones are followed only where that changes nothing.
fn is_redirect(status: StatusCode, method: &Method) -> bool {
    match status.as_u16() {
        307 | 308 => true,
        301..=303 => method == Method::GET || method == Method::HEAD,
        _ => false,
    }
}

fn drop_secrets(headers: &mut HeaderMap) {
    for name in [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION] {
        headers.remove(name);
    }
    let secret: Vec<_> = headers
        .iter()
        .filter(|(_, value)| value.is_sensitive())
        .map(|(name, _)| name.clone())
        .collect();
    for name in secret {
        headers.remove(name);
    }
}

/// The pool's failure as ours: a connector's error is passed on as it is.
fn failure(error: legacy::Error, method: &Method, uri: &Uri) -> Error {
    let mut reasons: Vec<String> = Vec::new();
    let mut not_http = false;
    let mut unanswered = false;
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(own) = inner.downcast_ref::<Error>() {
            return own.clone();
        }
        if let Some(hyper) = inner.downcast_ref::<hyper::Error>() {
            if hyper.is_parse_too_large() {
                return Error::TooLarge {
                    url: redacted(uri),
                    limit: MAX_HEAD,
                };
            }
            not_http |= hyper.is_parse();
            unanswered |= hyper.is_incomplete_message();
        }
        // With TLS 1.3 a refused client certificate is heard of only when the answer is read.
        if let Some(io) = inner.downcast_ref::<std::io::Error>()
            && let Some(origin) = Origin::of(uri)
            && is_tls(io)
        {
            return Error::Tls {
                origin,
                reason: advice(io),
                not_tls: false,
            };
        }
        unanswered |= inner
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionReset);
        let text = inner.to_string();
        if !reasons.iter().any(|known| known.contains(&text)) {
            reasons.push(text);
        }
        cause = inner.source();
    }
    if reasons.is_empty() {
        reasons.push(error.to_string());
    }
    Error::Interrupted {
        method: method.clone(),
        url: redacted(uri),
        reason: reasons.join(": "),
        not_http,
        unanswered,
    }
}
