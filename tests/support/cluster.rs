//! A real Kubernetes API server: the etcd, kube-apiserver and kubectl of `$KUBEBUILDER_ASSETS`, laid out as envtest does.
//!
//! There is no node: no pod runs, and the webhook under test is a process that the API server finds by its address. What
//! a pod would find in its own file system, the service account's token among it, it finds in a mount namespace.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::process::{Program, Run};
use super::registry::free_address;
use super::{countersign, peers, wire};

const NAMESPACE: &str = "countersign-system";

/// etcd, the API server and the webhook; ended when dropped.
pub struct Cluster {
    assets: PathBuf,
    directory: tempfile::TempDir,
    api: String,
    children: Vec<(&'static str, Child)>,
    webhook: String,
    probes: String,
}

impl Cluster {
    /// Starts an API server, or skips visibly where there is none at hand; that is no failure in CI either.
    pub fn start() -> Option<Self> {
        let Some(assets) = std::env::var_os("KUBEBUILDER_ASSETS").filter(|v| !v.is_empty()) else {
            peers::announce("KUBEBUILDER_ASSETS names no directory with etcd, kube-apiserver and kubectl");
            return None;
        };
        // Others start servers too: one that found its port taken is started again at another.
        for _ in 0..3 {
            let mut cluster = Self {
                assets: PathBuf::from(&assets),
                directory: tempfile::tempdir().unwrap(),
                api: free_address(),
                children: Vec::new(),
                webhook: free_address(),
                probes: free_address(),
            };
            if cluster.try_start() {
                return Some(cluster);
            }
            eprintln!("{}", cluster.log("kube-apiserver"));
        }
        panic!("the API server did not start");
    }

    fn try_start(&mut self) -> bool {
        let (clients, peers) = (free_address(), free_address());
        let etcd = [
            format!("--data-dir={}", self.path("etcd").display()),
            format!("--listen-client-urls=http://{clients}"),
            format!("--advertise-client-urls=http://{clients}"),
            format!("--listen-peer-urls=http://{peers}"),
            "--unsafe-no-fsync".to_owned(),
        ];
        self.spawn("etcd", Command::new(self.assets.join("etcd")).args(etcd));
        // A key of any kind serves for the tokens of service accounts.
        let accounts = self.path("accounts");
        countersign()
            .args(["policy", "certificate", "--directory"])
            .arg(&accounts)
            .run()
            .success();
        let tokens = self.path("tokens.csv");
        std::fs::write(&tokens, "admin-token,admin,admin,system:masters\n").unwrap();
        let (host, port) = self.api.split_once(':').unwrap();
        let server = [
            format!("--etcd-servers=http://{clients}"),
            format!("--cert-dir={}", self.path("api").display()),
            format!("--bind-address={host}"),
            format!("--advertise-address={host}"),
            format!("--secure-port={port}"),
            format!("--token-auth-file={}", tokens.display()),
            "--authorization-mode=RBAC".to_owned(),
            "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
            "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
            format!("--service-account-key-file={}", accounts.join("tls.crt").display()),
            format!(
                "--service-account-signing-key-file={}",
                accounts.join("tls.key").display()
            ),
            "--api-audiences=https://kubernetes.default.svc".to_owned(),
            // Who makes the service accounts of namespaces is not there.
            "--disable-admission-plugins=ServiceAccount".to_owned(),
        ];
        self.spawn(
            "kube-apiserver",
            Command::new(self.assets.join("kube-apiserver")).args(server),
        );
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
             clusters: [{{name: test, cluster: {{server: 'https://{}', certificate-authority: {}}}}}]\n\
             contexts: [{{name: test, context: {{cluster: test, user: admin}}}}]\n\
             users: [{{name: admin, user: {{token: admin-token}}}}]\n",
            self.api,
            self.path("api/apiserver.crt").display()
        );
        std::fs::write(self.path("kubeconfig"), kubeconfig).unwrap();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(90) {
            if self.children.iter_mut().any(|(_, c)| c.try_wait().unwrap().is_some()) {
                return false;
            }
            // The class of its priority is made once it is up.
            if self
                .kubectl(["get", "priorityclass", "system-cluster-critical"])
                .run()
                .code
                == 0
            {
                return true;
            }
            std::thread::sleep(Duration::from_millis(250));
        }
        false
    }

    fn spawn(&mut self, name: &'static str, command: &mut Command) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path(name).with_extension("log"))
            .unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        self.children.push((name, child));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What a process has written: `etcd`, `kube-apiserver`, `webhook`.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name).with_extension("log")).unwrap_or_default()
    }

    /// `kubectl` as the cluster's administrator.
    pub fn kubectl<const N: usize>(&self, args: [&str; N]) -> Program {
        Program::new(self.assets.join("kubectl"))
            .env("KUBECONFIG", self.path("kubeconfig"))
            .args(args)
    }

    /// `kubectl apply -f -`.
    pub fn apply(&self, manifest: &str) -> Run {
        self.kubectl(["apply", "-f", "-"]).stdin(manifest).run()
    }

    /// The manifests of `docs/deploy/kustomize` as a user renders them, but with the address of the webhook for its
    /// service: no service has an address here.
    pub fn manifests(&self) -> String {
        let base = self.path("kustomize");
        std::fs::create_dir_all(&base).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy/kustomize");
        for entry in std::fs::read_dir(source).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), base.join(entry.file_name())).unwrap();
        }
        let bundle = countersign()
            .directory(&base)
            .args(["policy", "certificate", "--dns", "localhost", "--directory", "tls"])
            .run()
            .success()
            .stdout;
        let port = self.webhook.split_once(':').unwrap().1;
        let mut webhooks = std::fs::read_to_string(base.join("webhooks.yaml"))
            .unwrap()
            .replace("CA_BUNDLE", bundle.trim());
        for path in ["/mutate", "/validate"] {
            let service = format!("service: {{namespace: {NAMESPACE}, name: countersign, path: {path}}}");
            assert!(webhooks.contains(&service), "{service}");
            webhooks = webhooks.replace(&service, &format!("url: 'https://localhost:{port}{path}'"));
        }
        std::fs::write(base.join("webhooks.yaml"), webhooks).unwrap();
        let mut rendered = self.kubectl(["kustomize"]).arg(base).run().success().stdout;
        let versions = self.kubectl(["api-versions"]).run().success().stdout;
        if !versions.lines().any(|v| v == "policy/v1") {
            // Before Kubernetes 1.21.
            rendered = rendered.replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n");
        }
        rendered
    }

    /// Starts `policy serve --cluster` as the service account of the manifests, which must have been applied; no other
    /// right is its own. `None`, and a visible skip, where it can't be shown a pod's file system.
    pub fn serve(&mut self, args: &[&str]) -> Option<()> {
        let account = self.path("account");
        std::fs::create_dir_all(&account).unwrap();
        let url = format!("/api/v1/namespaces/{NAMESPACE}/serviceaccounts/countersign/token");
        let request = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["https://kubernetes.default.svc"]}}"#;
        let answer = self
            .kubectl(["create", "-f", "-", "--raw", &url])
            .stdin(request)
            .run()
            .success();
        let token = answer.json()[0]["status"]["token"].as_str().unwrap().to_owned();
        std::fs::write(account.join("token"), token).unwrap();
        std::fs::write(account.join("namespace"), NAMESPACE).unwrap();
        std::fs::copy(self.path("api/apiserver.crt"), account.join("ca.crt")).unwrap();
        let can = Command::new("unshare")
            .args(["-rm", "mount", "-t", "tmpfs", "none", "/run"])
            .output();
        if !can.is_ok_and(|o| o.status.success()) {
            peers::announce("unshare -rm makes no mount namespace here, so the webhook can't be shown a pod's files");
            return None;
        }
        let inside = "mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io && \
                      ln -s \"$0\" /run/secrets/kubernetes.io/serviceaccount && exec \"$@\"";
        let (host, port) = self.api.split_once(':').unwrap();
        let mut command = Command::new("unshare");
        command
            .args(["-rm", "sh", "-c", inside])
            .arg(&account)
            .arg(env!("CARGO_BIN_EXE_countersign"))
            .args(["policy", "serve", "--cluster", "--address", &self.webhook])
            .args(["--probe-address", &self.probes])
            .arg("--tls-certificate")
            .arg(self.path("kustomize/tls/tls.crt"))
            .arg("--tls-key")
            .arg(self.path("kustomize/tls/tls.key"))
            .args(args)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "LLVM_PROFILE_FILE"))
            .env("KUBERNETES_SERVICE_HOST", host)
            .env("KUBERNETES_SERVICE_PORT", port);
        self.spawn("webhook", &mut command);
        let probes = self.probes.clone();
        self.until("the webhook is ready", || {
            std::net::TcpStream::connect(&probes).is_ok() && wire::get(&probes, "/readyz").status == 200
        });
        Some(())
    }

    /// Ends the webhook.
    pub fn end_webhook(&mut self) {
        self.children.retain_mut(|(name, child)| {
            let ended = *name == "webhook";
            if ended {
                let _ = child.kill();
                let _ = child.wait();
            }
            !ended
        });
    }

    /// Waits until `condition` holds; what it waits for comes within seconds or never.
    #[track_caller]
    pub fn until(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let began = Instant::now();
        while !condition() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "it did not come about that {what}\n{}",
                self.log("webhook")
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until the condition `Ready` of a policy has `status` for its current generation; its reason and message.
    #[track_caller]
    pub fn condition(&self, policy: &str, status: &str) -> (String, String) {
        let mut last = serde_json::Value::Null;
        self.until(&format!("{policy} is Ready={status}"), || {
            let object = self.kubectl(["get", "cip", policy, "-o", "json"]).run().success();
            let object = object.json().remove(0);
            last = object["status"]["conditions"][0].clone();
            object["status"]["observedGeneration"] == object["metadata"]["generation"] && last["status"] == status
        });
        let text = |field: &str| last[field].as_str().unwrap_or_default().to_owned();
        (text("reason"), text("message"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The API server before what it stores in.
        for (_, child) in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
