use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::auth::{Access, Auth, Authorization, Need};
use super::credentials::Credentials;
use super::endpoint::{candidates, is_other_scheme};
use super::error::{Error, detail, is_transient};
use crate::http::{
    self, Answer, Bytes, HeaderMap, Method, Origin, Outgoing, Request, Response, StatusCode, Uri, header,
};
use crate::reference::{Registry, Repository};

/// How registries are talked to.
#[derive(Default)]
pub struct Options {
    /// Where credentials are looked for.
    pub credentials: Credentials,
    /// Whether plain http may be used where there is no TLS. For loopback and `*.local` names and private addresses it
    /// may be unasked.
    pub allow_http: bool,
    /// Hosts of token services that may be given credentials, although they are of another site than the registry.
    pub trusted_realms: Vec<String>,
}

/// The client of all registries of a run: one connection pool, one store of tokens. Cheap to clone and to make.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: http::Client,
    auth: Auth,
    allow_http: bool,
    sites: Mutex<HashMap<Registry, Arc<Site>>>,
}

/// What is known of a registry.
struct Site {
    candidates: Vec<Origin>,
    /// Which candidate answered.
    origin: Mutex<Option<Origin>>,
    /// Held by the first request to a remote registry, so that many at once don't all meet the same 401.
    scout: tokio::sync::Mutex<()>,
    /// Whether `/v2/` was asked for what refusals of anonymous requests did not say.
    asked: tokio::sync::Mutex<bool>,
}

/// One request to a registry.
pub(super) struct Call<'a> {
    /// What is being done, for messages.
    pub what: String,
    pub need: Need<'a>,
    pub method: Method,
    pub place: Place,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub limit: usize,
    /// How many times it is tried again, where that is not for the client to say.
    pub retries: Option<u32>,
}

/// Where a call goes.
pub(super) enum Place {
    /// `/v2/` itself.
    Base,
    /// Behind `/v2/<repository>/`.
    Path(String),
    /// Where the registry said: an upload session, a further page.
    Location(Uri),
}

impl<'a> Call<'a> {
    pub fn new(what: String, repository: &'a Repository, access: Access, method: Method, path: String) -> Self {
        Self {
            what,
            need: Need {
                repository,
                access,
                also_pull: None,
            },
            method,
            place: Place::Path(path),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            limit: http::MAX_ERROR_BODY,
            retries: None,
        }
    }

    pub fn header(mut self, name: header::HeaderName, value: &str) -> Self {
        if let Ok(value) = http::HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl Client {
    /// A client that talks through `http`.
    pub fn new(http: http::Client, options: Options) -> Self {
        Self(Arc::new(Inner {
            http,
            auth: Auth::new(options.credentials, options.trusted_realms),
            allow_http: options.allow_http,
            sites: Mutex::new(HashMap::new()),
        }))
    }

    /// The HTTP client below.
    pub fn http(&self) -> &http::Client {
        &self.0.http
    }

    pub(super) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    fn site(&self, registry: &Registry) -> Arc<Site> {
        let mut sites = self.0.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = sites.get(registry) {
            return Arc::clone(site);
        }
        let candidates = candidates(registry, self.0.allow_http, self.0.http.tls());
        for origin in &candidates {
            self.0.http.name(origin);
        }
        let site = Arc::new(Site {
            origin: Mutex::new(match candidates.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            }),
            candidates,
            scout: tokio::sync::Mutex::new(()),
            asked: tokio::sync::Mutex::new(false),
        });
        sites.insert(registry.clone(), Arc::clone(&site));
        site
    }

    /// The origin at which `registry` answered.
    pub fn origin(&self, registry: &Registry) -> Option<Origin> {
        self.site(registry).known()
    }

    /// Sends a call and returns its answer, unless that is 401 or 403.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Response, Error> {
        let registry = call.need.repository.registry();
        let site = self.site(registry);
        let _scout = if registry.is_loopback() || self.0.auth.knows(registry) {
            None
        } else {
            let scout = site.scout.lock().await;
            (!self.0.auth.knows(registry)).then_some(scout)
        };
        loop {
            let (origin, outcome, sent) = self.once(&call, &site).await?;
            let response = outcome.map_err(|error| Error::Http {
                what: call.what.clone(),
                error,
            })?;
            if Origin::of(&response.uri).as_ref() != Some(&origin) {
                // Storage behind a redirect, or an upload elsewhere: its 401 says nothing about the registry.
                return Ok(response);
            }
            match response.status {
                StatusCode::UNAUTHORIZED if self.0.auth.learn(call.need, &response, &sent) => {}
                status if may_hide(status) && Box::pin(self.asks_elsewhere(&call, &site, &origin, &sent)).await? => {}
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    return Err(self.refused(&call, &response, sent).await);
                }
                _ => {
                    self.0.auth.is_open(registry);
                    return Ok(response);
                }
            }
        }
    }

    /// Whether the registry, which refused an anonymous request or denied that there is such a thing, asks for
    /// credentials at `/v2/`, and there is one for it: then the request is to be repeated.
    async fn asks_elsewhere(
        &self,
        call: &Call<'_>,
        site: &Site,
        origin: &Origin,
        sent: &Authorization,
    ) -> Result<bool, Error> {
        let Need { repository, .. } = call.need;
        let anonymous = sent.header.is_none() && sent.tried.is_none();
        if !anonymous || matches!(call.place, Place::Base) {
            return Ok(false);
        }
        let found = self.0.auth.find(&call.what, repository, self.0.http.deadline()).await?;
        if found.credential.is_none() {
            return Ok(false);
        }
        let mut asked = site.asked.lock().await;
        if self.0.auth.is_asking(repository.registry()) {
            return Ok(true);
        }
        if *asked {
            return Ok(false);
        }
        let what = format!("ask {} whether it wants credentials", repository.registry());
        let mut base = Call::new(what.clone(), repository, Access::Base, Method::GET, String::new());
        base.place = Place::Base;
        let (request, sent) = self.request(&base, origin).await?;
        let response = self.0.http.send(request).await.map_err(|error| Error::Http {
            what: what.clone(),
            error,
        })?;
        // What can't be known now must not become an absence.
        let failure = Error::of_answer(&what, &response);
        if failure.is_network() {
            return Err(failure);
        }
        *asked = true;
        Ok(Origin::of(&response.uri).as_ref() == Some(origin)
            && response.status == StatusCode::UNAUTHORIZED
            && self.0.auth.learn(base.need, &response, &sent))
    }

    /// One try with what is known of the registry; finds out its scheme on the way.
    async fn once(
        &self,
        call: &Call<'_>,
        site: &Site,
    ) -> Result<(Origin, Result<Response, http::Error>, Authorization), Error> {
        if let Some(origin) = site.known() {
            let (request, sent) = self.request(call, &origin).await?;
            return Ok((origin, self.0.http.send(request).await, sent));
        }
        let mut unanswered = None;
        let mut candidates = site.candidates.iter().peekable();
        while let Some(origin) = candidates.next() {
            let (mut request, sent) = self.request(call, origin).await?;
            let next = candidates.peek();
            request.first_contact = next.is_some();
            // With another port to try, a refused connection is an answer; after a broken one, TLS is only tried.
            if unanswered.is_some() || next.is_some_and(|next| next.port() != origin.port()) {
                request.retries = Some(0);
            }
            let outcome = self.0.http.send(request).await;
            if next.is_some_and(|next| is_other_scheme(&outcome, origin, next)) {
                if matches!(&outcome, Err(http::Error::Interrupted { unanswered: true, .. })) {
                    unanswered = Some(origin);
                }
                continue;
            }
            if let Some(first) = unanswered {
                // Without TLS either, the first connection just broke.
                let right = match &outcome {
                    Err(http::Error::Tls { not_tls: true, .. } | http::Error::Connect { .. }) => first,
                    _ => origin,
                };
                let is_final = matches!(&outcome, Ok(response) if !is_transient(response.status));
                if !is_final {
                    let (request, sent) = self.request(call, right).await?;
                    let outcome = self.0.http.send(request).await;
                    if outcome.is_ok() {
                        site.settle(right);
                    }
                    return Ok((right.clone(), outcome, sent));
                }
            }
            if outcome.is_ok() {
                site.settle(origin);
            }
            return Ok((origin.clone(), outcome, sent));
        }
        Err(Error::malformed(&call.what, "the registry's name is not one of a host"))
    }

    async fn request(&self, call: &Call<'_>, origin: &Origin) -> Result<(Request, Authorization), Error> {
        let uri = match &call.place {
            Place::Location(uri) => uri.clone(),
            Place::Base => format!("{origin}/v2/")
                .parse()
                .map_err(|_| Error::malformed(&call.what, "the path is not one of a URL"))?,
            Place::Path(path) => format!("{origin}/v2/{}/{path}", call.need.repository.path())
                .parse()
                .map_err(|_| Error::malformed(&call.what, "the path is not one of a URL"))?,
        };
        let same = Origin::of(&uri).as_ref() == Some(origin);
        let sent = if same {
            self.0
                .auth
                .authorize(&self.0.http, &call.what, origin, call.need)
                .await?
        } else {
            Authorization {
                header: None,
                fresh: true,
                tried: None,
            }
        };
        let mut request = Request::new(call.method.clone(), uri, call.limit);
        request.headers = call.headers.clone();
        request.body = call.body.clone();
        request.retries = call.retries;
        request.chosen_by = matches!(call.place, Place::Location(_)).then(|| origin.clone());
        if let Some(authorization) = &sent.header {
            request.headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        Ok((request, sent))
    }

    async fn refused(&self, call: &Call<'_>, response: &Response, sent: Authorization) -> Error {
        let tried = self.0.auth.tried(call.need.repository, sent).await;
        let what = call.what.clone();
        let registry = call.need.repository.registry().to_string();
        let detail = detail(response);
        if response.status == StatusCode::FORBIDDEN {
            Error::Forbidden {
                what,
                registry,
                tried,
                detail,
            }
        } else {
            Error::Unauthorized {
                what,
                registry,
                tried,
                detail,
            }
        }
    }

    /// Sends a call whose answer's body is read by the caller. The registry must have been talked to before.
    pub(super) async fn open(&self, call: Call<'_>) -> Result<Answer, Error> {
        let registry = call.need.repository.registry();
        let site = self.site(registry);
        loop {
            let Some(origin) = site.known() else {
                // Finds out the scheme with a request that may fail.
                let probe = Call::new(
                    call.what.clone(),
                    call.need.repository,
                    Access::Pull,
                    Method::HEAD,
                    match &call.place {
                        Place::Path(path) => path.clone(),
                        Place::Base | Place::Location(_) => {
                            return Err(Error::malformed(&call.what, "it comes from nowhere"));
                        }
                    },
                );
                self.send(probe).await?;
                if site.known().is_none() {
                    return Err(Error::malformed(&call.what, "the registry does not answer"));
                }
                continue;
            };
            let (request, sent) = self.request(&call, &origin).await?;
            let answer = self.0.http.open(request).await.map_err(|error| Error::Http {
                what: call.what.clone(),
                error,
            })?;
            if answer.status.is_success() {
                return Ok(answer);
            }
            let here = Origin::of(&answer.uri).as_ref() == Some(&origin);
            let response = answer.cut(http::MAX_ERROR_BODY).await.map_err(|error| Error::Http {
                what: call.what.clone(),
                error,
            })?;
            match response.status {
                StatusCode::UNAUTHORIZED if here && self.0.auth.learn(call.need, &response, &sent) => {}
                status
                    if here
                        && may_hide(status)
                        && Box::pin(self.asks_elsewhere(&call, &site, &origin, &sent)).await? => {}
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if here => {
                    return Err(self.refused(&call, &response, sent).await);
                }
                _ => return Err(Error::of_answer(&call.what, &response)),
            }
        }
    }

    /// Sends a call whose body is read while it is sent; once.
    pub(super) async fn upload(&self, call: Call<'_>, body: Outgoing) -> Result<Response, Error> {
        let origin = self
            .origin(call.need.repository.registry())
            .ok_or_else(|| Error::malformed(&call.what, "the upload has no session"))?;
        let (request, sent) = self.request(&call, &origin).await?;
        let response = self.0.http.upload(request, body).await.map_err(|error| Error::Http {
            what: call.what.clone(),
            error,
        })?;
        match response.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(self.refused(&call, &response, sent).await),
            _ => Ok(response),
        }
    }
}

/// Whether a registry may answer so to an anonymous request for what it has.
fn may_hide(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
    )
}

impl Site {
    fn known(&self) -> Option<Origin> {
        self.origin.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn settle(&self, origin: &Origin) {
        *self.origin.lock().unwrap_or_else(PoisonError::into_inner) = Some(origin.clone());
    }
}
