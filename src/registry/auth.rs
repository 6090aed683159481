//! Authorization of requests: what a registry asks for is learnt from its first 401; tokens are kept per scope, and
//! many requests at once wait for one exchange.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::challenge::{Challenge, parse_challenges};
use super::credentials::{self, Credential, Credentials, Found};
use super::token::{self, Ask, Failure, Token};
use super::{Error, realm};
use crate::http::{self, HeaderValue, Origin, Response, shown};
use crate::reference::{Registry, Repository};

/// Most scopes that a registry may ask for beyond those of a request, and the longest of them in bytes.
const MAX_SCOPES: usize = 8;
const MAX_SCOPE: usize = 512;

/// What may be done in a repository, each including the former.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Nothing but the registry's own page.
    Base,
    Pull,
    Push,
    Delete,
}

impl Access {
    const ALL: [Self; 4] = [Self::Base, Self::Pull, Self::Push, Self::Delete];

    fn actions(self) -> &'static str {
        match self {
            Self::Base => "",
            Self::Pull => "pull",
            Self::Push => "pull,push",
            Self::Delete => "pull,push,delete",
        }
    }
}

/// What a request needs.
#[derive(Clone, Copy)]
pub struct Need<'a> {
    pub repository: &'a Repository,
    pub access: Access,
    /// A repository of the same registry that is also read, for a mount.
    pub also_pull: Option<&'a Repository>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    repository: Repository,
    access: Access,
    also_pull: Option<Repository>,
}

/// How a registry wants to be authenticated to.
#[derive(Clone)]
enum Method {
    Open,
    Basic,
    Bearer { realm: String, service: Option<String> },
}

/// A place for one token: empty, a token, or the failure of the last exchange.
type Slot = Arc<tokio::sync::Mutex<Option<Result<Token, (Instant, Error)>>>>;

/// An authorization, and what is to be said about it.
pub struct Authorization {
    pub header: Option<HeaderValue>,
    /// Whether it is new, so that its refusal is final.
    pub fresh: bool,
    /// Where the credential came from, or why none was used.
    pub tried: Option<String>,
}

pub struct Auth {
    credentials: Credentials,
    trusted_realms: Vec<String>,
    methods: Mutex<HashMap<Registry, Method>>,
    tokens: Mutex<HashMap<Key, Slot>>,
    /// What registries ask for beyond what requests need, as they see them.
    scopes: Mutex<HashMap<Key, Vec<String>>>,
}

impl Auth {
    pub fn new(credentials: Credentials, trusted_realms: Vec<String>) -> Self {
        Self {
            credentials,
            trusted_realms,
            methods: Mutex::new(HashMap::new()),
            tokens: Mutex::new(HashMap::new()),
            scopes: Mutex::new(HashMap::new()),
        }
    }

    /// Whether it is known how `registry` wants to be authenticated to.
    pub fn knows(&self, registry: &Registry) -> bool {
        self.method(registry).is_some()
    }

    /// What is known, in a word: `none`, `basic` or `bearer (realm)`.
    pub fn describe(&self, registry: &Registry) -> Option<String> {
        Some(match self.method(registry)? {
            Method::Open => "none".to_owned(),
            Method::Basic => "basic".to_owned(),
            Method::Bearer { realm, .. } => format!("bearer token from {}", shown(&realm, 200)),
        })
    }

    fn method(&self, registry: &Registry) -> Option<Method> {
        self.methods
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(registry)
            .cloned()
    }

    fn set_method(&self, registry: &Registry, method: Method) {
        self.methods
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(registry.clone(), method);
    }

    /// `registry` answered without asking for credentials.
    pub fn is_open(&self, registry: &Registry) {
        if !self.knows(registry) {
            self.set_method(registry, Method::Open);
        }
    }

    /// Whether `registry` is known to ask for credentials.
    pub fn is_asking(&self, registry: &Registry) -> bool {
        matches!(self.method(registry), Some(Method::Basic | Method::Bearer { .. }))
    }

    /// Where the credential for `repository` is, for messages.
    pub async fn source(&self, repository: &Repository) -> String {
        match self.credentials.find(repository).await {
            Ok(found) => found.source,
            Err(reason) => reason,
        }
    }

    /// What was tried by a request that carried `sent`, for messages.
    pub async fn tried(&self, repository: &Repository, sent: Authorization) -> String {
        if let Some(tried) = sent.tried {
            return tried;
        }
        match self.credentials.find(repository).await {
            Ok(found) if sent.header.is_none() && found.credential.is_some() => {
                format!("no credentials: {} was not asked for by the registry", found.source)
            }
            Ok(found) => found.source,
            Err(reason) => reason,
        }
    }

    /// The authorization of a request, as far as it is known that one is needed.
    pub async fn authorize(
        &self,
        http: &http::Client,
        what: &str,
        origin: &Origin,
        need: Need<'_>,
    ) -> Result<Authorization, Error> {
        let none = Authorization {
            header: None,
            fresh: false,
            tried: None,
        };
        match self.method(need.repository.registry()) {
            None | Some(Method::Open) => Ok(none),
            Some(Method::Basic) => {
                let found = self.find(what, need.repository, http.deadline()).await?;
                let header = match found.credential.as_deref() {
                    Some(Credential::Basic { username, password }) => credentials::basic(username, password),
                    Some(Credential::RegistryToken(token)) => credentials::bearer(token),
                    Some(Credential::IdentityToken(token)) => credentials::basic("<token>", token),
                    None => None,
                };
                Ok(Authorization {
                    header,
                    fresh: true,
                    tried: Some(found.source),
                })
            }
            Some(Method::Bearer { realm, service }) => {
                self.bearer(http, what, origin, need, &realm, service.as_deref()).await
            }
        }
    }

    /// The credential for `repository`, if any. A helper may take as long as there is time until `deadline`.
    pub async fn find(&self, what: &str, repository: &Repository, deadline: Option<Instant>) -> Result<Found, Error> {
        let search = Box::pin(self.credentials.find(repository));
        let found = match deadline {
            None => search.await,
            Some(deadline) => tokio::time::timeout_at(deadline.into(), search)
                .await
                .unwrap_or_else(|_| Err("no credential was found within the time allowed; raise --timeout".to_owned())),
        };
        found.map_err(|reason| Error::Credentials {
            what: what.to_owned(),
            reason,
        })
    }

    async fn bearer(
        &self,
        http: &http::Client,
        what: &str,
        origin: &Origin,
        need: Need<'_>,
        realm: &str,
        service: Option<&str>,
    ) -> Result<Authorization, Error> {
        if let Some(token) = self.kept(need) {
            return Ok(Authorization {
                header: Some(token.header),
                fresh: false,
                tried: None,
            });
        }
        let found = self.find(what, need.repository, http.deadline()).await?;
        if let Some(Credential::RegistryToken(token)) = found.credential.as_deref() {
            return Ok(Authorization {
                header: credentials::bearer(token),
                fresh: true,
                tried: Some(found.source),
            });
        }
        let began = Instant::now();
        let slot = self.slot(key(need, need.access));
        let mut place = slot.lock().await;
        match &*place {
            Some(Ok(token)) if token.until > Instant::now() => {
                return Ok(Authorization {
                    header: Some(token.header.clone()),
                    fresh: false,
                    tried: Some(found.source),
                });
            }
            // It failed while this request waited: asking again at once would only repeat it.
            Some(Err((at, error))) if *at >= began => return Err(error.clone()),
            _ => {}
        }
        // Seldom needed and large: boxed, so that it is no part of every request's future.
        let outcome = Box::pin(self.exchange(http, what, origin, need, realm, service, &found)).await;
        *place = Some(match &outcome {
            Ok((token, _)) => Ok(token.clone()),
            Err(error) => Err((Instant::now(), error.clone())),
        });
        let (token, tried) = outcome?;
        Ok(Authorization {
            header: Some(token.header),
            fresh: true,
            tried: Some(tried),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "all of them are one exchange")]
    async fn exchange(
        &self,
        http: &http::Client,
        what: &str,
        origin: &Origin,
        need: Need<'_>,
        realm: &str,
        service: Option<&str>,
        found: &Found,
    ) -> Result<(Token, String), Error> {
        let registry = need.repository.registry().to_string();
        let judged = realm::judge(origin, realm, &self.trusted_realms).map_err(|reason| Error::Realm {
            what: what.to_owned(),
            registry: registry.clone(),
            realm: shown(realm, 200),
            reason,
        })?;
        let credential = found.credential.as_deref();
        let tried = if credential.is_some() && !judged.trusted {
            format!(
                "no credentials: {} were not sent to the token service {:?}, which is another site than the registry; \
                 if it is right, name its host with --trust-token-service",
                found.source,
                shown(realm, 200)
            )
        } else {
            found.source.clone()
        };
        let token_what = format!("{what}: token service {}", http::redacted(&judged.uri));
        let ask = Ask {
            realm: judged.uri,
            registry: origin,
            service,
            scopes: &self.scopes(need),
            credential: credential.filter(|_| judged.trusted),
        };
        match token::exchange(http, ask).await {
            Ok(token) => Ok((token, tried)),
            Err(Failure::Refused(status, detail)) => Err(Error::Unauthorized {
                what: what.to_owned(),
                registry,
                tried,
                detail: format!(
                    "its token service answers {status}{}{detail}",
                    if detail.is_empty() { "" } else { ": " }
                ),
            }),
            Err(Failure::Http(error)) => Err(Error::Http {
                what: token_what,
                error,
            }),
            Err(Failure::Status(response)) => Err(Error::of_answer(&token_what, &response)),
            Err(Failure::Malformed(reason)) => Err(Error::malformed(&token_what, reason)),
        }
    }

    /// A token that is at hand and allows `need`.
    fn kept(&self, need: Need<'_>) -> Option<Token> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        Access::ALL
            .into_iter()
            .filter(|access| *access >= need.access && (need.access > Access::Base || *access == Access::Base))
            .find_map(|access| {
                let place = tokens.get(&key(need, access))?.try_lock().ok()?;
                match &*place {
                    Some(Ok(token)) if token.until > Instant::now() => Some(token.clone()),
                    _ => None,
                }
            })
    }

    fn slot(&self, key: Key) -> Slot {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tokens.entry(key).or_default())
    }

    /// Learns from a 401 to a request of `need`. `sent` is what the refused request carried. Whether trying again can
    /// help.
    pub fn learn(&self, need: Need<'_>, response: &Response, sent: &Authorization) -> bool {
        let challenges = parse_challenges(&response.headers);
        let bearer = challenges
            .iter()
            .find(|challenge| matches!(challenge, Challenge::Bearer { .. }));
        let mut wider = false;
        let method = match bearer.or(challenges.first()) {
            Some(Challenge::Bearer {
                realm, service, scope, ..
            }) => {
                wider = scope.as_deref().is_some_and(|scope| self.widen(need, scope));
                Method::Bearer {
                    realm: realm.clone(),
                    service: service.clone(),
                }
            }
            Some(Challenge::Basic) => Method::Basic,
            None => return false,
        };
        self.set_method(need.repository.registry(), method);
        if let Some(header) = &sent.header {
            self.forget(header);
        }
        !sent.fresh || wider
    }

    /// Notes the scopes of a challenge that requests of `need` do not ask for yet. Whether there are any.
    fn widen(&self, need: Need<'_>, challenge: &str) -> bool {
        let known = self.scopes(need);
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let own = scopes.entry(key(need, need.access)).or_default();
        let before = own.len();
        for scope in challenge.split(' ') {
            if own.len() < MAX_SCOPES
                && is_scope_for(need.access, scope)
                && !known.iter().chain(&*own).any(|known| known == scope)
            {
                own.push(scope.to_owned());
            }
        }
        own.len() > before
    }

    fn scopes(&self, need: Need<'_>) -> Vec<String> {
        let mut asked = scopes(need);
        let further = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        asked.extend(further.get(&key(need, need.access)).into_iter().flatten().cloned());
        asked
    }

    fn forget(&self, header: &HeaderValue) {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in tokens.values() {
            if let Ok(mut place) = slot.try_lock()
                && matches!(&*place, Some(Ok(token)) if token.header == header)
            {
                *place = None;
            }
        }
    }
}

fn key(need: Need<'_>, access: Access) -> Key {
    Key {
        repository: need.repository.clone(),
        access,
        also_pull: need.also_pull.cloned(),
    }
}

/// Whether `scope` (`type:name:actions`) is one to ask for: with it a registry gets no more done than what a request of
/// `access` is to do.
fn is_scope_for(access: Access, scope: &str) -> bool {
    let Some((resource, actions)) = scope.rsplit_once(':') else {
        return false;
    };
    let clean = scope
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b":/._,*()-".contains(&b));
    let changes = |action: &str| matches!(action, "push" | "delete" | "*");
    let allowed = |action: &str| !changes(action) || access.actions().split(',').any(|allowed| allowed == action);
    // A list of all repositories is what `*` reads.
    let lists = resource == "registry:catalog" && actions == "*";
    access > Access::Base
        && clean
        && scope.len() <= MAX_SCOPE
        && resource.contains(':')
        && (lists || actions.split(',').all(|action| !action.is_empty() && allowed(action)))
}

fn scopes(need: Need<'_>) -> Vec<String> {
    if need.access == Access::Base {
        return Vec::new();
    }
    let mut scopes = vec![format!(
        "repository:{}:{}",
        need.repository.path(),
        need.access.actions()
    )];
    scopes.extend(need.also_pull.map(|other| format!("repository:{}:pull", other.path())));
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_widens_a_scope_no_further_than_the_request() {
        for (access, scope, asked) in [
            (Access::Pull, "repository:mirror/a:pull", true),
            (Access::Pull, "repository(plugin):a:pull", true),
            (Access::Pull, "repository:a:metadata_read", true),
            (Access::Pull, "registry:catalog:*", true),
            (Access::Pull, "repository:a:pull,push", false),
            (Access::Pull, "repository:a:*", false),
            (Access::Push, "repository:mirror/a:pull,push", true),
            (Access::Push, "repository:a:delete", false),
            (Access::Delete, "repository:a:pull,delete", true),
            (Access::Base, "repository:a:pull", false),
            (Access::Pull, "pull", false),
            (Access::Pull, "a:pull", false),
            (Access::Pull, "repository:a:", false),
            (Access::Pull, "repository:a&x=y:pull", false),
        ] {
            assert_eq!(is_scope_for(access, scope), asked, "{scope}");
        }
        assert!(!is_scope_for(
            Access::Pull,
            &format!("repository:{}:pull", "x".repeat(MAX_SCOPE))
        ));
    }

    #[test]
    fn scopes_are_bounded() {
        let auth = Auth::new(Credentials::none(), Vec::new());
        let need = Need {
            repository: &"r.io/a".parse().unwrap(),
            access: Access::Pull,
            also_pull: None,
        };
        let many: Vec<String> = (0..100).map(|n| format!("repository:b{n}:pull")).collect();
        assert!(!auth.widen(need, "repository:a:pull"), "it is asked for already");
        assert!(auth.widen(need, &many.join(" ")));
        assert!(!auth.widen(need, "repository:c:pull"));
        assert_eq!(auth.scopes(need).len(), 1 + MAX_SCOPES);
    }
}
