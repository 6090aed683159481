use std::path::PathBuf;

use countersign::http;
use countersign::registry::{Client, Credential, Credentials, Options, config_files};

use super::super::{Context, Failure};

/// How to talk to the registry.
#[derive(clap::Args, Clone, Default)]
#[command(next_help_heading = "Registry options")]
pub struct Registry {
    /// Allow plain http (loopback names use it unasked; *.local and private addresses where there is no https)
    #[arg(long)]
    pub allow_http_registry: bool,
    /// Do not check the registry's TLS certificate; for tests only
    #[arg(long)]
    pub allow_insecure_registry: bool,
    /// Trust the CA certificates in this PEM FILE for the registry
    #[arg(long, value_name = "FILE")]
    pub registry_cacert: Option<PathBuf>,
    /// Client certificate (PEM FILE) for mutual TLS
    #[arg(long, value_name = "FILE", requires = "registry_client_key")]
    pub registry_client_cert: Option<PathBuf>,
    /// Key (PEM FILE) of the client certificate
    #[arg(long, value_name = "FILE", requires = "registry_client_cert")]
    pub registry_client_key: Option<PathBuf>,
    /// Name to expect in the registry's certificate
    #[arg(long, value_name = "NAME")]
    pub registry_server_name: Option<String>,
    /// User name for the registry
    #[arg(long, value_name = "NAME")]
    pub registry_username: Option<String>,
    /// Password for the registry
    #[arg(long, value_name = "PASSWORD", hide_env_values = true)]
    pub registry_password: Option<String>,
    /// Bearer token for the registry
    #[arg(long, value_name = "TOKEN", hide_env_values = true)]
    pub registry_token: Option<String>,
    /// Use the credentials of the Kubernetes node (credential helpers named in the docker configuration)
    #[arg(long)]
    pub k8s_keychain: bool,
    /// Give credentials to the token service at HOST, although it belongs to another site than the registry
    #[arg(long, value_name = "HOST")]
    pub trust_token_service: Vec<String>,
}

impl Registry {
    /// The client of all registries of this run.
    ///
    /// # Errors
    /// A user name without a password, or the reverse.
    pub fn client(&self, context: &Context) -> Result<Client, Failure> {
        self.connect(context.http_config(self.tls()))
    }

    /// The same, over a client that contacts nothing but the registries that are named (`--offline`).
    pub fn offline_client(&self, context: &Context) -> Result<Client, Failure> {
        self.connect(http::Config {
            offline: true,
            ..context.http_config(self.tls())
        })
    }

    /// The client of a server, which has no deadline as a whole, and what makes others with given credentials in place
    /// of those of flags and files.
    pub fn lasting(
        &self,
        context: &Context,
    ) -> Result<(Client, impl Fn(Credentials) -> Client + Send + Sync + 'static), Failure> {
        let config = http::Config {
            deadline: None,
            retries: 2,
            ..context.http_config(self.tls())
        };
        let (allow_http, trusted_realms) = (self.allow_http_registry, self.trust_token_service.clone());
        let keyed = {
            let http = http::Client::new(config.clone());
            move |credentials| {
                let options = Options {
                    credentials,
                    allow_http,
                    trusted_realms: trusted_realms.clone(),
                };
                Client::new(http.clone(), options)
            }
        };
        Ok((self.connect(config)?, keyed))
    }

    fn connect(&self, config: http::Config) -> Result<Client, Failure> {
        let mut credentials =
            Credentials::from_files(config_files(|name| std::env::var_os(name))).with_clouds(self.k8s_keychain);
        match (&self.registry_token, &self.registry_username, &self.registry_password) {
            (Some(token), _, _) => {
                let token = Credential::RegistryToken(token.clone().into());
                credentials = credentials.given(token, "--registry-token");
            }
            (None, Some(name), Some(password)) => {
                let password = Credential::of(name, password.clone().into());
                credentials = credentials.given(password, "--registry-username and --registry-password");
            }
            (None, None, None) => {}
            (None, Some(_), None) => {
                return Err(Failure::new(
                    "--registry-username needs --registry-password; give both or neither",
                ));
            }
            (None, None, Some(_)) => {
                return Err(Failure::new(
                    "--registry-password needs --registry-username; give both or neither",
                ));
            }
        }
        let options = Options {
            credentials,
            allow_http: self.allow_http_registry,
            trusted_realms: self.trust_token_service.clone(),
        };
        Ok(Client::new(http::Client::new(config), options))
    }

    fn tls(&self) -> http::TlsOptions {
        http::TlsOptions {
            ca_file: self.registry_cacert.clone(),
            client: self.registry_client_cert.clone().zip(self.registry_client_key.clone()),
            server_name: self.registry_server_name.clone(),
            insecure: self.allow_insecure_registry,
        }
    }
}
