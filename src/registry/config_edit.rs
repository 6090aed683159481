//! Changing docker's configuration: one entry, everything else kept as it is.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::credentials::server_key;
use super::docker_config::{DockerConfig, HelperFor, is_key_of};
use super::helper::Helper;
use crate::file;
use crate::reference::Registry;

/// Largest configuration that is rewritten, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// A configuration file that can be changed.
pub struct ConfigFile {
    path: PathBuf,
    document: Map<String, Value>,
    config: DockerConfig,
}

impl ConfigFile {
    /// Opens the configuration at `path`, which need not exist yet.
    ///
    /// # Errors
    /// It can't be read or is not such a configuration; the text names it.
    pub fn open(path: &Path) -> Result<Self, String> {
        // A link (configurations are kept in other places by link) stays one.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let shown = path.display();
        let bytes = match file::read_limited(&path, MAX_FILE) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.is_not_found() => Zeroizing::new(Vec::new()),
            Err(error) => return Err(error.to_string()),
        };
        let config = DockerConfig::parse(&bytes)
            .map_err(|reason| format!("{shown} is not a docker configuration: {reason}; mend or remove it"))?;
        let document = if bytes.iter().all(u8::is_ascii_whitespace) {
            Map::new()
        } else {
            serde_json::from_slice(&bytes).map_err(|error| format!("{shown}: line {} is not JSON", error.line()))?
        };
        Ok(Self { path, document, config })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn helper(&self, registry: &Registry) -> Result<Option<Helper>, String> {
        match self.config.helper(registry) {
            Some(HelperFor::Registry(name) | HelperFor::All(name)) => {
                Helper::new(name).map(Some).map_err(|error| error.to_string())
            }
            None => Ok(None),
        }
    }

    /// Stores `username` and `secret` for `registry`, in the helper that the configuration names, else in the file,
    /// readable by its owner only. Where it was stored, for a message.
    ///
    /// # Errors
    /// The helper fails or the file can't be written.
    pub async fn store(mut self, registry: &Registry, username: &str, secret: &str) -> Result<String, String> {
        let helper = self.helper(registry)?;
        let entry = match &helper {
            Some(helper) => {
                let stored = helper.store(server_key(registry), username, secret).await;
                stored.map_err(|error| error.to_string())?;
                Value::Object(Map::new())
            }
            None => {
                let plain = Zeroizing::new(format!("{username}:{secret}"));
                let auth = base64::engine::general_purpose::STANDARD.encode(plain.as_bytes());
                Value::Object(Map::from_iter([("auth".to_owned(), Value::String(auth))]))
            }
        };
        let auths = self.auths()?;
        auths.retain(|key, _| !is_key_of(key, registry));
        auths.insert(server_key(registry).to_owned(), entry);
        self.write()?;
        Ok(match helper {
            Some(helper) => format!("{} (named in {})", helper.program(), self.path.display()),
            None => self.path.display().to_string(),
        })
    }

    /// Removes what is stored for `registry`, in the helper and in the file. Whether anything was.
    ///
    /// # Errors
    /// The helper fails or the file can't be written.
    pub async fn erase(mut self, registry: &Registry) -> Result<bool, String> {
        let mut found = false;
        if let Some(helper) = self.helper(registry)? {
            // Erasing what is not there succeeds with most helpers.
            let held = helper
                .get(server_key(registry))
                .await
                .map_err(|error| error.to_string())?;
            if held.is_some() {
                helper
                    .erase(server_key(registry))
                    .await
                    .map_err(|error| error.to_string())?;
                found = true;
            }
        }
        if !self.document.contains_key("auths") {
            return Ok(found);
        }
        let auths = self.auths()?;
        let before = auths.len();
        auths.retain(|key, _| !is_key_of(key, registry));
        if auths.len() < before {
            self.write()?;
            found = true;
        }
        Ok(found)
    }

    fn auths(&mut self) -> Result<&mut Map<String, Value>, String> {
        let shown = self.path.display().to_string();
        let auths = self.document.entry("auths").or_insert(Value::Null);
        if auths.is_null() {
            *auths = Value::Object(Map::new());
        }
        auths
            .as_object_mut()
            .ok_or_else(|| format!("{shown}: auths is not an object"))
    }

    fn write(&self) -> Result<(), String> {
        let shown = self.path.display();
        if let Some(directory) = self.path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            file::create_private_directory(directory)
                .map_err(|error| format!("{} can't be made: {error}", directory.display()))?;
        }
        let mut bytes = Zeroizing::new(Vec::new());
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        let mut serializer = serde_json::Serializer::with_formatter(&mut *bytes, formatter);
        serde::Serialize::serialize(&self.document, &mut serializer).map_err(|error| format!("{shown}: {error}"))?;
        file::write_atomic(&self.path, &bytes, 0o600).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_entry_changes_and_the_rest_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/config.json");
        let registry: Registry = "r.io".parse().unwrap();
        ConfigFile::open(&path)
            .unwrap()
            .store(&registry, "u", "p")
            .await
            .unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.contains("dTpw"), "{written}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let other = r#"{"HttpHeaders":{"X":"y"},"auths":{"https://r.io/v1/":{"auth":"b2xkOm9sZA=="},"q.io":{"auth":"YTpi","email":"e"}},"future":[1]}"#;
        std::fs::write(&path, other).unwrap();
        ConfigFile::open(&path)
            .unwrap()
            .store(&registry, "u", "p")
            .await
            .unwrap();
        let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let expected = serde_json::json!({
            "HttpHeaders": {"X": "y"},
            "auths": {"r.io": {"auth": "dTpw"}, "q.io": {"auth": "YTpi", "email": "e"}},
            "future": [1],
        });
        assert_eq!(written, expected);
        assert!(ConfigFile::open(&path).unwrap().erase(&registry).await.unwrap());
        assert!(!ConfigFile::open(&path).unwrap().erase(&registry).await.unwrap());
        assert!(std::fs::read_to_string(&path).unwrap().contains("q.io"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_linked_configuration_stays_linked() {
        let directory = tempfile::tempdir().unwrap();
        let (real, link) = (directory.path().join("real.json"), directory.path().join("config.json"));
        std::fs::write(&real, "{}").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let stored = ConfigFile::open(&link)
            .unwrap()
            .store(&"docker.io".parse().unwrap(), "u", "p")
            .await;
        assert!(stored.is_ok());
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(
            std::fs::read_to_string(&real)
                .unwrap()
                .contains("https://index.docker.io/v1/")
        );
    }

    #[test]
    fn what_is_no_configuration_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.json");
        std::fs::write(&path, "{ broken").unwrap();
        assert!(ConfigFile::open(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ broken");
    }
}
