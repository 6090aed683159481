//! Registries on free loopback ports: the embedded one, with faults, and a real docker-registry.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub use countersign::registry::server::{Control, Fault, Rule, Seen, Server, Storage};

/// The embedded registry on a thread of its own; stopped when dropped. It records its requests.
pub struct Embedded {
    /// `127.0.0.1:<port>`.
    pub address: String,
    /// Requests, options and faults.
    pub control: Control,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Embedded {
    /// Starts an empty one in memory.
    pub fn start() -> Self {
        Self::with(Storage::memory())
    }

    /// Starts one over `storage`.
    pub fn with(storage: Storage) -> Self {
        let (started, control) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server::bind("127.0.0.1:0".parse().unwrap(), storage).await.unwrap();
                started.send(server.control()).unwrap();
                server.run(async { drop(stopped.await) }).await;
            });
        });
        let control: Control = control.recv().unwrap();
        control.configure(|options| options.record = true);
        Self {
            address: control.address().to_string(),
            control,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// An empty one with the recorded registry of `scenario` (`plain`, `bundle-v3`, …) of `folder` (`cosign`, `tlog`).
    pub fn recorded(folder: &str, scenario: &str) -> Self {
        let registry = Self::start();
        for dump in super::vectors::dumps(folder, scenario) {
            super::vectors::push(&registry.address, &dump);
        }
        registry.control.forget();
        registry
    }

    /// The requests so far as `METHOD path`, in the order of their arrival.
    pub fn requests(&self) -> Vec<String> {
        self.control
            .requests()
            .iter()
            .map(|seen| format!("{} {}", seen.method, seen.path))
            .collect()
    }

    /// The tags of a repository, or none.
    pub fn tags(&self, repository: &str) -> Vec<String> {
        let answer = super::wire::get(&self.address, &format!("/v2/{repository}/tags/list"));
        let tags = if answer.status == 200 {
            answer.json()["tags"].clone()
        } else {
            serde_json::Value::Null
        };
        serde_json::from_value(tags).unwrap_or_default()
    }

    /// The layers of the manifest at `reference`; none when it isn't there.
    pub fn layers(&self, repository: &str, reference: &str) -> Vec<serde_json::Value> {
        let answer = super::wire::get(&self.address, &format!("/v2/{repository}/manifests/{reference}"));
        let layers = if answer.status == 200 {
            answer.json()["layers"].clone()
        } else {
            serde_json::Value::Null
        };
        serde_json::from_value(layers).unwrap_or_default()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A running docker-registry; ended and its storage deleted when dropped.
pub struct DockerRegistry {
    /// `127.0.0.1:<port>`.
    pub address: String,
    child: Child,
    directory: tempfile::TempDir,
}

/// How to start one.
#[derive(Default)]
pub struct Options {
    /// Ask for the user `user` with the password `secret`.
    pub htpasswd: bool,
    /// Serve TLS with this certificate (PEM) and key (PEM).
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Ask for client certificates signed by this CA (PEM).
    pub client_ca: Option<PathBuf>,
    /// Further configuration, YAML at the top level.
    pub extra: String,
}

/// bcrypt of `secret`.
const HTPASSWD: &str = "user:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

impl DockerRegistry {
    /// Starts it, or skips visibly when the program is not there.
    pub fn start(options: &Options) -> Option<Self> {
        let program = super::peers::require("docker-registry")?;
        // Another process may take the port between the probe and the start: then with another port.
        for _ in 0..5 {
            if let Some(registry) = Self::try_start(&program, options) {
                return Some(registry);
            }
        }
        panic!("docker-registry did not start");
    }

    fn try_start(program: &Path, options: &Options) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let address = free_address();
        let mut config = format!(
            "version: 0.1\nlog: {{level: info, accesslog: {{disabled: false}}}}\n\
             storage: {{filesystem: {{rootdirectory: {0}/data}}, delete: {{enabled: true}}}}\n",
            directory.path().display()
        );
        config.push_str(&format!("http:\n  addr: {address}\n"));
        if let Some((certificate, key)) = &options.tls {
            config.push_str(&format!(
                "  tls:\n    certificate: {}\n    key: {}\n",
                certificate.display(),
                key.display()
            ));
            if let Some(ca) = &options.client_ca {
                config.push_str(&format!("    clientcas: [{}]\n", ca.display()));
            }
        }
        if options.htpasswd {
            let path = directory.path().join("htpasswd");
            std::fs::write(&path, HTPASSWD).unwrap();
            config.push_str(&format!(
                "auth: {{htpasswd: {{realm: test, path: {}}}}}\n",
                path.display()
            ));
        }
        config.push_str(&options.extra);
        let path = directory.path().join("config.yml");
        std::fs::write(&path, config).unwrap();
        let log = std::fs::File::create(directory.path().join("log")).unwrap();
        let child = Command::new(program)
            .arg("serve")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut registry = Self {
            address,
            child,
            directory,
        };
        for _ in 0..200 {
            if std::net::TcpStream::connect(&registry.address).is_ok() {
                return Some(registry);
            }
            if registry.child.try_wait().unwrap().is_some() {
                eprintln!("docker-registry ended: {}", registry.log());
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }

    /// What it has logged, an access-log line per request among it.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap()
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A loopback address with a port that was free a moment ago.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}
