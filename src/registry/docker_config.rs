//! `config.json` of docker and `auth.json` of podman: where credentials are written down.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use super::credentials::Credential;
use crate::proto_json::null_as_default;
use crate::reference::{Registry, Repository};

/// Largest configuration that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// A parsed configuration. Unknown fields are left alone.
#[derive(Default, Deserialize)]
pub struct DockerConfig {
    #[serde(default, deserialize_with = "null_as_default")]
    auths: BTreeMap<String, Option<Entry>>,
    #[serde(default, rename = "credHelpers", deserialize_with = "null_as_default")]
    cred_helpers: BTreeMap<String, Option<String>>,
    #[serde(default, rename = "credsStore")]
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<Secret>,
    username: Option<String>,
    password: Option<Secret>,
    #[serde(rename = "identitytoken", alias = "identityToken")]
    identity_token: Option<Secret>,
    #[serde(rename = "registrytoken", alias = "registryToken")]
    registry_token: Option<Secret>,
}

/// A text that is wiped.
#[derive(Deserialize)]
struct Secret(String);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The helper that a configuration names for a registry.
#[derive(Debug, PartialEq, Eq)]
pub enum HelperFor<'a> {
    /// `credHelpers` has it for this registry.
    Registry(&'a str),
    /// `credsStore`: for all registries.
    All(&'a str),
}

impl DockerConfig {
    /// Reads `path`; `None` when there is no such file.
    ///
    /// # Errors
    /// The file can't be read or is not such a configuration; the text names it.
    pub fn read(path: &Path) -> Result<Option<Self>, String> {
        use std::io::Read as _;
        let file = match std::fs::File::open(path) {
            Ok(file) => file,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(format!("{} can't be read: {error}", path.display())),
        };
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("{} can't be read: {error}", path.display()))?;
        Self::parse(&bytes)
            .map(Some)
            .map_err(|reason| format!("{} is not a docker configuration: {reason}", path.display()))
    }

    /// Parses a configuration.
    ///
    /// # Errors
    /// It is too long or not JSON of that shape; the text holds no content.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > MAX_FILE {
            return Err(format!("it is longer than {MAX_FILE} bytes"));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        // The error's text could quote a secret.
        serde_json::from_slice(bytes).map_err(|error| format!("line {} is not valid JSON of that kind", error.line()))
    }

    /// The same without the programs that it names.
    pub fn without_helpers(mut self) -> Self {
        self.cred_helpers.clear();
        self.creds_store = None;
        self
    }

    /// The helper to ask for `registry`.
    pub fn helper(&self, registry: &Registry) -> Option<HelperFor<'_>> {
        let own = self
            .cred_helpers
            .iter()
            .filter_map(|(key, helper)| Some((key, helper.as_deref()?)))
            .find(|(key, helper)| !helper.is_empty() && split_key(key) == (host_of(registry).to_owned(), String::new()))
            .map(|(_, helper)| HelperFor::Registry(helper));
        own.or_else(|| {
            let store = self.creds_store.as_deref().filter(|store| !store.is_empty())?;
            Some(HelperFor::All(store))
        })
    }

    /// The credential written down for `repository` and the key it stands under: the entry of its registry, or the
    /// longest one of a namespace in it, as podman writes them.
    ///
    /// # Errors
    /// An entry whose `auth` is not base64 of `user:password`.
    pub fn find(&self, repository: &Repository) -> Result<Option<(Credential, &str)>, String> {
        let host = host_of(repository.registry());
        let mut best: Option<(usize, &str, &Entry)> = None;
        let entries = self
            .auths
            .iter()
            .filter_map(|(key, entry)| Some((key, entry.as_ref()?)));
        for (key, entry) in entries {
            let (key_host, namespace) = split_key(key);
            let inside = namespace.is_empty()
                || repository.path() == namespace
                || repository
                    .path()
                    .strip_prefix(&*namespace)
                    .is_some_and(|rest| rest.starts_with('/'));
            // Of two spellings the plain one is what `login` writes.
            let plain = *key == host;
            if key_host == host
                && inside
                && !entry.is_empty()
                && best.is_none_or(|(length, ..)| namespace.len() > length || (plain && length == 0))
            {
                best = Some((namespace.len(), key, entry));
            }
        }
        match best {
            None => Ok(None),
            Some((_, key, entry)) => match entry.credential() {
                Ok(credential) => Ok(Some((credential, key))),
                Err(reason) => Err(format!("the entry {key:?} {reason}")),
            },
        }
    }
}

impl Entry {
    fn is_empty(&self) -> bool {
        let empty = |secret: &Option<Secret>| secret.as_ref().is_none_or(|secret| secret.0.is_empty());
        empty(&self.auth)
            && empty(&self.identity_token)
            && empty(&self.registry_token)
            && (self.username.as_deref().unwrap_or_default().is_empty() || empty(&self.password))
    }

    fn credential(&self) -> Result<Credential, &'static str> {
        let secret = |secret: &Option<Secret>| {
            secret
                .as_ref()
                .filter(|secret| !secret.0.is_empty())
                .map(|secret| Zeroizing::new(secret.0.clone()))
        };
        if let Some(token) = secret(&self.registry_token) {
            return Ok(Credential::RegistryToken(token));
        }
        if let Some(token) = secret(&self.identity_token) {
            return Ok(Credential::IdentityToken(token));
        }
        if let Some(auth) = secret(&self.auth) {
            return decode_auth(&auth).ok_or("has an auth that is not base64 of user:password");
        }
        let (Some(username), Some(password)) = (&self.username, secret(&self.password)) else {
            return Err("holds no credential");
        };
        Ok(Credential::Basic {
            username: username.clone(),
            password,
        })
    }
}

/// `auth`: base64, with or without padding, of `user:password`; docker pads with NUL bytes.
fn decode_auth(auth: &str) -> Option<Credential> {
    let engine = base64::engine::general_purpose::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::general_purpose::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let bytes = Zeroizing::new(engine.decode(auth.trim()).ok()?);
    let text = std::str::from_utf8(&bytes).ok()?.trim_end_matches('\0');
    let (username, password) = text.split_once(':')?;
    Some(Credential::of(username, Zeroizing::new(password.to_owned())))
}

/// Whether `key` is that of the whole of `registry`, in any spelling.
pub(super) fn is_key_of(key: &str, registry: &Registry) -> bool {
    split_key(key) == (registry.as_str().to_ascii_lowercase(), String::new())
}

/// Docker Hub's names count as one.
fn host_of(registry: &Registry) -> &str {
    registry.as_str()
}

/// Host and namespace of a key, whatever its spelling: `https://index.docker.io/v1/`, `ghcr.io`, `http://r:5000/v2/`,
/// `quay.io/org/repo`.
fn split_key(key: &str) -> (String, String) {
    let bare = key.trim().trim_start_matches("https://").trim_start_matches("http://");
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let path = path.trim_matches('/');
    let path = match path {
        "v1" | "v2" => "",
        other => other,
    };
    let host = host.to_ascii_lowercase();
    let host = match host.as_str() {
        "docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" | "hub.docker.com" => "index.docker.io".into(),
        _ => host,
    };
    (host, path.to_owned())
}

/// Where configurations lie, in the order in which they are asked. `variable` reads an environment variable.
///
/// `DOCKER_CONFIG` replaces `~/.docker`; `REGISTRY_AUTH_FILE` replaces podman's places.
pub fn config_files(variable: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let directory = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = directory("HOME").or_else(|| directory("USERPROFILE"));
    let mut files = Vec::new();
    match directory("DOCKER_CONFIG") {
        Some(docker) => files.push(docker.join("config.json")),
        None => files.extend(home.as_ref().map(|home| home.join(".docker/config.json"))),
    }
    if let Some(file) = directory("REGISTRY_AUTH_FILE") {
        files.push(file);
        return files;
    }
    files.extend(directory("XDG_RUNTIME_DIR").map(|runtime| runtime.join("containers/auth.json")));
    match directory("XDG_CONFIG_HOME") {
        Some(config) => files.push(config.join("containers/auth.json")),
        None => files.extend(home.as_ref().map(|home| home.join(".config/containers/auth.json"))),
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(config: &str, repository: &str) -> Option<(String, String)> {
        let config = DockerConfig::parse(config.as_bytes()).unwrap();
        let (credential, key) = config.find(&repository.parse().unwrap()).unwrap()?;
        let text = match credential {
            Credential::Basic { username, password } => format!("{username}:{}", *password),
            Credential::IdentityToken(token) => format!("identity {}", *token),
            Credential::RegistryToken(token) => format!("registry {}", *token),
        };
        Some((text, key.to_owned()))
    }

    #[test]
    fn all_spellings_of_a_key_are_found() {
        for key in [
            "r.example:5000",
            "http://r.example:5000",
            "https://r.example:5000/",
            "https://r.example:5000/v1/",
            "R.example:5000/v2/",
        ] {
            let config = format!(r#"{{"auths":{{"{key}":{{"auth":"dTpw"}}}}}}"#);
            assert_eq!(find(&config, "r.example:5000/a").unwrap().0, "u:p", "{key}");
            assert_eq!(find(&config, "r.example/a"), None, "{key}");
        }
        for key in [
            "https://index.docker.io/v1/",
            "docker.io",
            "index.docker.io",
            "registry-1.docker.io",
        ] {
            let config = format!(r#"{{"auths":{{"{key}":{{"auth":"dTpw"}}}}}}"#);
            assert_eq!(find(&config, "alpine").unwrap().0, "u:p", "{key}");
        }
    }

    #[test]
    fn the_longest_namespace_wins() {
        let config =
            r#"{"auths":{"quay.io":{"auth":"YTpi"},"quay.io/org":{"auth":"Yzpk"},"quay.io/org/x":{"auth":"ZTpm"}}}"#;
        assert_eq!(find(config, "quay.io/org/x").unwrap().0, "e:f");
        assert_eq!(find(config, "quay.io/org/xy").unwrap().0, "c:d");
        assert_eq!(find(config, "quay.io/organisation/x").unwrap().0, "a:b");
    }

    #[test]
    fn all_kinds_of_entry_are_read() {
        let of = |entry: &str| find(&format!(r#"{{"auths":{{"r.io":{entry}}}}}"#), "r.io/a").map(|found| found.0);
        assert_eq!(of(r#"{"username":"u","password":"p"}"#).unwrap(), "u:p");
        assert_eq!(of(r#"{"auth":"dTpwOnE="}"#).unwrap(), "u:p:q");
        assert_eq!(of(r#"{"auth":"dTpwOnE"}"#).unwrap(), "u:p:q");
        assert_eq!(of(r#"{"auth":"dTpw","identitytoken":"t"}"#).unwrap(), "identity t");
        assert_eq!(of(r#"{"auth":"PHRva2VuPjp0"}"#).unwrap(), "identity t");
        assert_eq!(of(r#"{"registrytoken":"t"}"#).unwrap(), "registry t");
        assert_eq!(of("{}"), None);
        assert_eq!(of(r#"{"username":"u"}"#), None);
    }

    #[test]
    fn null_is_nothing() {
        for config in [
            r#"{"auths":null,"credHelpers":null,"credsStore":null}"#,
            r#"{"auths":{"r.io":null},"credHelpers":{"r.io":null}}"#,
            r#"{"auths":{"r.io":{"auth":null,"username":null,"identitytoken":null}}}"#,
        ] {
            assert!(find(config, "r.io/a").is_none(), "{config}");
            let config = DockerConfig::parse(config.as_bytes()).unwrap();
            assert_eq!(config.helper(&"r.io".parse().unwrap()), None);
        }
        let other = r#"{"auths":{"q.io":null,"r.io":{"auth":"dTpw"}}}"#;
        assert_eq!(find(other, "r.io/a").unwrap().0, "u:p");
    }

    #[test]
    fn helpers_are_named_for_one_or_for_all() {
        let config = DockerConfig::parse(br#"{"credHelpers":{"r.io":"own"},"credsStore":"all"}"#).unwrap();
        assert_eq!(
            config.helper(&"r.io".parse().unwrap()),
            Some(HelperFor::Registry("own"))
        );
        assert_eq!(config.helper(&"q.io".parse().unwrap()), Some(HelperFor::All("all")));
        assert_eq!(DockerConfig::default().helper(&"q.io".parse().unwrap()), None);
    }

    #[test]
    fn places_follow_the_environment() {
        let files = |set: &[(&str, &str)]| {
            config_files(|name| {
                set.iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).into())
            })
            .iter()
            .map(|path| path.to_string_lossy().replace('\\', "/"))
            .collect::<Vec<_>>()
        };
        assert_eq!(files(&[]), Vec::<String>::new());
        assert_eq!(
            files(&[("HOME", "/h"), ("XDG_RUNTIME_DIR", "/x")]),
            [
                "/h/.docker/config.json",
                "/x/containers/auth.json",
                "/h/.config/containers/auth.json"
            ]
        );
        assert_eq!(
            files(&[
                ("HOME", "/h"),
                ("DOCKER_CONFIG", "/d"),
                ("REGISTRY_AUTH_FILE", "/f.json")
            ]),
            ["/d/config.json", "/f.json"]
        );
    }

    #[test]
    fn errors_do_not_quote_secrets() {
        let error = DockerConfig::parse(br#"{"auths":{"r.io":{"auth":7,"x":"hunter2"}}}"#)
            .err()
            .unwrap();
        assert!(!error.contains("hunter2") && error.contains("line 1"), "{error}");
        let config = DockerConfig::parse(br#"{"auths":{"r.io":{"auth":"!hunter2"}}}"#).unwrap();
        let error = config.find(&"r.io/a".parse().unwrap()).err().unwrap();
        assert!(!error.contains("hunter2"), "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            if let Ok(config) = DockerConfig::parse(&bytes) {
                let _ = config.find(&"ghcr.io/a/b".parse().unwrap());
                let _ = config.helper(&"ghcr.io".parse().unwrap());
            }
        }
    }
}
