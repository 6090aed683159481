//! Which credential belongs to a repository, and where it was found.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::docker_config::{DockerConfig, HelperFor};
use super::helper::Helper;
use crate::http::HeaderValue;
use crate::reference::{Registry, Repository};

/// The key of Docker Hub in configurations and helpers.
pub(super) const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// A credential of a registry.
#[derive(Clone)]
pub enum Credential {
    /// User name and password, or a personal token in its place.
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: Zeroizing<String>,
    },
    /// An OAuth2 refresh token, for the token service.
    IdentityToken(Zeroizing<String>),
    /// A bearer token, for the registry itself.
    RegistryToken(Zeroizing<String>),
}

impl Credential {
    /// User name and secret as helpers and `auth` give them: the user name `<token>` marks an identity token.
    pub fn of(username: &str, secret: Zeroizing<String>) -> Self {
        if username == "<token>" {
            Self::IdentityToken(secret)
        } else {
            Self::Basic {
                username: username.to_owned(),
                password: secret,
            }
        }
    }
}

/// `Basic` authorization (RFC 7617), marked as a secret.
pub(super) fn basic(username: &str, password: &str) -> Option<HeaderValue> {
    let plain = Zeroizing::new(format!("{username}:{password}"));
    secret_header(
        "Basic",
        &Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(plain.as_bytes())),
    )
}

/// `Bearer` authorization (RFC 6750), marked as a secret.
pub(super) fn bearer(token: &str) -> Option<HeaderValue> {
    secret_header("Bearer", token)
}

fn secret_header(scheme: &str, value: &str) -> Option<HeaderValue> {
    let text = Zeroizing::new(format!("{scheme} {value}"));
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The outcome of a search for credentials.
#[derive(Clone)]
pub struct Found {
    /// What was found, if anything.
    pub credential: Option<Arc<Credential>>,
    /// Where, or where it was looked for: for messages, without secrets.
    pub source: String,
}

/// A configuration, `None` when there is no such file, or why it can't be read.
type ReadConfig = Result<Option<DockerConfig>, String>;
/// What a helper has, or why it failed.
type Helped = Result<Option<Arc<Credential>>, String>;

/// Where credentials are looked for.
#[derive(Default)]
pub struct Credentials {
    given: Option<(Arc<Credential>, &'static str)>,
    only_for: Option<Registry>,
    files: Vec<PathBuf>,
    clouds: bool,
    configs: OnceLock<Vec<(PathBuf, ReadConfig)>>,
    helped: Mutex<HashMap<(Helper, String), Helped>>,
}

impl Credentials {
    /// No credentials at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Credentials of the configurations at `files`, asked in this order ([`super::config_files`]).
    pub fn from_files(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            ..Self::default()
        }
    }

    /// Credentials of configurations that are already read, such as pull secrets, each with its name for messages. Their
    /// helpers are not run: whoever writes a pull secret must not choose a program.
    pub fn from_configs(configs: Vec<(PathBuf, DockerConfig)>) -> Self {
        let configs = configs
            .into_iter()
            .map(|(name, config)| (name, Ok(Some(config.without_helpers()))));
        Self {
            configs: OnceLock::from(configs.collect::<Vec<_>>()),
            ..Self::default()
        }
    }

    /// Uses `credential` for every registry, before all else. `source` names it in messages, e.g. a flag.
    pub fn given(mut self, credential: Credential, source: &'static str) -> Self {
        self.given = Some((Arc::new(credential), source));
        self
    }

    /// Restricts what [`Credentials::given`] sets to one registry.
    pub fn only_for(mut self, registry: Registry) -> Self {
        self.only_for = Some(registry);
        self
    }

    /// Also asks the helpers of the large clouds for their own registries (`--k8s-keychain`), where no configuration
    /// has a credential.
    pub fn with_clouds(mut self, clouds: bool) -> Self {
        self.clouds = clouds;
        self
    }

    /// The credential for `repository`. Reads files and runs helpers, each once.
    ///
    /// # Errors
    /// A configuration that can't be read, as a sentence.
    pub async fn find(&self, repository: &Repository) -> Result<Found, String> {
        let registry = repository.registry();
        if let Some((credential, source)) = &self.given
            && self.only_for.as_ref().is_none_or(|only| only == registry)
        {
            return Ok(Found {
                credential: Some(Arc::clone(credential)),
                source: (*source).to_owned(),
            });
        }
        let mut looked = Vec::new();
        for (path, config) in self.configs() {
            let config = match config {
                Ok(Some(config)) => config,
                Ok(None) => continue,
                Err(reason) => return Err(reason.clone()),
            };
            let shown = path.display();
            if let Some(helper) = config.helper(registry) {
                let (HelperFor::Registry(name) | HelperFor::All(name)) = helper;
                match self.ask(name, registry).await {
                    Ok(Some(credential)) => {
                        return Ok(Found {
                            credential: Some(credential),
                            source: format!("the helper docker-credential-{name} (named in {shown})"),
                        });
                    }
                    Ok(None) => looked.push(format!("the helper docker-credential-{name}, which has none")),
                    Err(reason) => looked.push(reason),
                }
            }
            match config.find(repository) {
                Ok(Some((credential, key))) => {
                    return Ok(Found {
                        credential: Some(Arc::new(credential)),
                        source: format!("the entry {key:?} of {shown}"),
                    });
                }
                Ok(None) => looked.push(format!("{shown}, which has none for it")),
                Err(reason) => return Err(format!("{shown}: {reason}")),
            }
        }
        if self.clouds
            && let Some(name) = cloud_helper(registry)
        {
            match self.ask(name, registry).await {
                Ok(Some(credential)) => {
                    return Ok(Found {
                        credential: Some(credential),
                        source: format!("the helper docker-credential-{name}"),
                    });
                }
                Ok(None) => looked.push(format!("the helper docker-credential-{name}, which has none")),
                Err(reason) => looked.push(reason),
            }
        }
        Ok(Found {
            credential: None,
            source: if looked.is_empty() {
                "no credentials (there is no docker or podman configuration)".to_owned()
            } else {
                format!("no credentials (looked in {})", looked.join(", "))
            },
        })
    }

    async fn ask(&self, name: &str, registry: &Registry) -> Helped {
        let helper = Helper::new(name).map_err(|error| error.to_string())?;
        let server = server_key(registry);
        let key = (helper, server.to_owned());
        // Held while the helper runs, so that many requests at once run it once.
        let mut helped = self.helped.lock().await;
        if let Some(known) = helped.get(&key) {
            return known.clone();
        }
        let asked = key.0.get(server).await;
        let outcome = asked
            .map(|found| found.map(Arc::new))
            .map_err(|error| error.to_string());
        helped.insert(key, outcome.clone());
        outcome
    }

    fn configs(&self) -> &[(PathBuf, ReadConfig)] {
        self.configs.get_or_init(|| {
            self.files
                .iter()
                .map(|path| (path.clone(), DockerConfig::read(path)))
                .collect()
        })
    }
}

/// How a helper knows `registry`.
pub(super) fn server_key(registry: &Registry) -> &str {
    if registry.is_docker_hub() {
        DOCKER_HUB_KEY
    } else {
        registry.as_str()
    }
}

/// The helper that a cloud publishes for its registry.
fn cloud_helper(registry: &Registry) -> Option<&'static str> {
    let host = registry.host();
    let ecr = host.contains(".dkr.ecr") && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"));
    if ecr || host == "public.ecr.aws" {
        Some("ecr-login")
    } else if host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with(".pkg.dev") {
        Some("gcr")
    } else if host.ends_with(".azurecr.io") || host.ends_with(".azurecr.us") || host.ends_with(".azurecr.cn") {
        Some("acr-env")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn search(config: &str, repository: &str) -> Result<Found, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.json");
        std::fs::write(&path, config).unwrap();
        Credentials::from_files(vec![path])
            .find(&repository.parse().unwrap())
            .await
    }

    #[tokio::test]
    async fn the_source_is_named() {
        let found = search(r#"{"auths":{"https://r.io/v1/":{"auth":"dTpw"}}}"#, "r.io/a")
            .await
            .unwrap();
        assert!(found.credential.is_some());
        assert!(
            found.source.contains("the entry \"https://r.io/v1/\" of"),
            "{}",
            found.source
        );
        let found = search(r#"{"credsStore":"not-installed-here"}"#, "r.io/a")
            .await
            .unwrap();
        assert!(found.credential.is_none());
        assert!(
            found
                .source
                .contains("docker-credential-not-installed-here can't be run"),
            "{}",
            found.source
        );
        assert!(search("{", "r.io/a").await.is_err());
    }

    #[tokio::test]
    async fn given_credentials_come_first_and_stay_with_their_registry() {
        let given = Credential::of("u", Zeroizing::new("p".to_owned()));
        let credentials = Credentials::none()
            .given(given, "--registry-username")
            .only_for("r.io".parse().unwrap());
        let found = credentials.find(&"r.io/a".parse().unwrap()).await.unwrap();
        assert_eq!(found.source, "--registry-username");
        assert!(
            credentials
                .find(&"q.io/a".parse().unwrap())
                .await
                .unwrap()
                .credential
                .is_none()
        );
    }

    #[test]
    fn authorizations_are_marked_secret() {
        let header = basic("Aladdin", "open sesame").unwrap();
        assert!(header.is_sensitive());
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(bearer("a\nb").is_none());
    }
}
