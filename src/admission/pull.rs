//! With which credentials the images of a workload are looked at: its own pull secrets, its service account's, and those
//! that a policy names for its source.

use std::path::PathBuf;

use super::cluster::Api;
use crate::policy::evaluate::LookupError;
use crate::policy::resource::Source;
use crate::policy::workload::Workload;
use crate::registry::{self, DockerConfig};

/// Who pulls: identifies credentials without having them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Puller {
    namespace: String,
    service_account: String,
    /// Of the pod.
    secrets: Vec<String>,
    /// Of the policy.
    policy_secrets: Vec<String>,
}

impl Puller {
    /// Who pulls the images of a workload.
    pub fn of(workload: &Workload) -> Self {
        let account = match workload.service_account.as_str() {
            "" => "default",
            other => other,
        };
        let mut secrets = workload.pull_secrets.clone();
        secrets.sort();
        secrets.dedup();
        Self {
            namespace: workload.namespace.clone(),
            service_account: account.to_owned(),
            secrets,
            policy_secrets: Vec::new(),
        }
    }

    /// The same with the secrets that a policy names.
    pub fn with(&self, source: Option<&Source>) -> Self {
        let mut puller = self.clone();
        if let Some(source) = source {
            puller.policy_secrets.clone_from(&source.pull_secrets);
            puller.policy_secrets.sort();
        }
        puller
    }

    /// Whether there is no namespace to look for secrets in.
    pub fn is_empty(&self) -> bool {
        self.namespace.is_empty()
    }
}

/// The credentials of a [`Puller`], and how they were come by.
#[derive(Clone, Default)]
pub struct Keychain {
    /// A client with them; `None` when there are none.
    pub client: Option<registry::Client>,
    /// The secrets that were read, and whose they are.
    pub used: Vec<String>,
    /// Those that could not be read, and why.
    pub failures: Vec<String>,
}

impl Keychain {
    /// Reads the secrets of `puller`.
    pub async fn load(
        cluster: &Api,
        puller: &Puller,
        registries: &(dyn Fn(registry::Credentials) -> registry::Client + Send + Sync),
    ) -> Self {
        let mut keychain = Self::default();
        let namespace = &puller.namespace;
        let mut wanted: Vec<(String, &str)> = Vec::new();
        wanted.extend(puller.policy_secrets.iter().map(|s| (s.clone(), "policy")));
        wanted.extend(puller.secrets.iter().map(|s| (s.clone(), "pod")));
        match cluster.pull_secrets_of(namespace, &puller.service_account).await {
            Ok(secrets) => wanted.extend(secrets.into_iter().map(|s| (s, "service account"))),
            Err(error) => keychain.failures.push(format!(
                "service account {namespace}/{}: {error}",
                puller.service_account
            )),
        }
        let mut configs = Vec::new();
        for (name, owner) in wanted {
            let shown = format!("secret {namespace}/{name} of the {owner}");
            let config = match cluster.docker_config(namespace, &name).await {
                Ok(bytes) => DockerConfig::parse(&bytes),
                Err(error) => Err(error.to_string()),
            };
            match config {
                Ok(config) => {
                    configs.push((PathBuf::from(&shown), config));
                    keychain.used.push(shown);
                }
                Err(error) => keychain.failures.push(format!("{shown}: {error}")),
            }
        }
        if !configs.is_empty() {
            keychain.client = Some(registries(registry::Credentials::from_configs(configs)));
        }
        keychain
    }

    /// Adds to a failed look-up which secrets were tried.
    pub fn explain(&self, mut error: LookupError) -> LookupError {
        if !self.used.is_empty() {
            error
                .message
                .push_str(&format!(" (pull secrets tried: {})", self.used.join(", ")));
        }
        if !self.failures.is_empty() {
            error
                .message
                .push_str(&format!(" (not usable: {})", self.failures.join("; ")));
        }
        error
    }
}
