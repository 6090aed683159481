//! `policy serve`: the admission webhook.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use countersign::admission::cluster::Api;
use countersign::admission::engine::{Engine, Settings};
use countersign::admission::handler::{Handler, Mutate};
use countersign::admission::metrics::Metrics;
use countersign::admission::server::{Server, probes, routes};
use countersign::admission::{policies, reconcile, self_signed, tls};
use countersign::http;
use countersign::policy::trust::{self, Roots};
use countersign::trust::TrustedRoot;
use countersign::trust::tuf::{Refresh, Source};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::super::options::Registry;
use super::super::{Context, Failure};
use super::check::NoMatchFlag;
use super::sources::Trust;

/// Serve the Kubernetes admission webhook
///
/// Answers AdmissionReview v1 at /validate (checks) and /mutate (tags to digests) over HTTPS; /healthz, /readyz and
/// /metrics beside them. Policies come from files, which are read again when they change, or with --cluster from the
/// cluster. It starts and stays up without any other service; what it can't find out is denied. One JSON line a decision
/// goes to standard output. docs/policy.md has the whole of it, docs/deploy the manifests.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign policy serve --cluster --tls-certificate /tls/tls.crt --tls-key /tls/tls.key\n  \
    countersign policy serve --policy policies/ --self-signed localhost   # to try it out")]
pub struct Args {
    /// File or directory with policies
    #[arg(
        short,
        long,
        value_name = "FILE",
        required_unless_present = "cluster",
        conflicts_with = "cluster"
    )]
    policy: Vec<PathBuf>,
    /// Watch the policies of the cluster that this is a pod of, and read pull secrets there
    #[arg(long)]
    cluster: bool,
    /// Address and port of the webhook
    #[arg(long, value_name = "HOST:PORT", default_value = "0.0.0.0:8443")]
    address: SocketAddr,
    /// Address and port for /healthz, /readyz and /metrics in plain HTTP as well
    #[arg(long, value_name = "HOST:PORT")]
    probe_address: Option<SocketAddr>,
    /// Certificate with its chain (PEM FILE); read again when it changes
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        required_unless_present = "self_signed"
    )]
    tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM FILE)
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Make a certificate for NAME and print its authority as caBundle; gone when the program ends
    #[arg(long, value_name = "NAME", conflicts_with = "tls_certificate")]
    self_signed: Vec<String>,
    /// What happens to an image that no policy matches
    #[arg(long, value_enum, default_value = "deny", value_name = "WHAT")]
    no_match_policy: NoMatchFlag,
    /// Which objects get digests for tags
    #[arg(long, value_enum, default_value = "all", value_name = "WHICH")]
    mutate: MutateFlag,
    /// Longest time for an answer, e.g. 8s; shorter when the API server says so
    #[arg(long, value_name = "DURATION", default_value = "8s", value_parser = duration)]
    answer_within: Duration,
    /// How long an admission is kept, e.g. 10m; 0 keeps none
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration)]
    cache_lifetime: Duration,
    /// How many results are kept
    #[arg(long, value_name = "NUMBER", default_value_t = 20_000)]
    cache_size: usize,
    #[command(flatten)]
    trust: Trust,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MutateFlag {
    /// Every workload
    All,
    /// Pods only; what other workloads say stays as it was applied
    Pods,
    /// None: tags are denied
    None,
}

/// `500ms`, `8s`, `10m`, `1h`, and `0`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits
        .parse()
        .map_err(|_| "write a number and ms, s, m or h".to_owned())?;
    match text.get(digits.len()..).unwrap_or_default() {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(3600))),
        "" if number == 0 => Ok(Duration::ZERO),
        _ => Err("write a number and ms, s, m or h".to_owned()),
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let stop = super::super::registry_serve::stop()?;
    let settings = Settings {
        no_match: args.no_match_policy.into(),
        cache_size: args.cache_size,
        cache_lifetime: args.cache_lifetime,
    };
    let (default, keyed) = args.registry.lasting(context)?;
    let http = default.http().clone();
    let cluster = match args.cluster {
        true => Some(Arc::new(Api::in_cluster(|name| std::env::var(name).ok())?)),
        false => None,
    };
    if !args.policy.is_empty() {
        // A webhook that starts on a policy it can't read would deny or admit by surprise.
        let set = policies::load(&args.policy);
        if let Some(broken) = set.broken.iter().find(|b| !b.in_force) {
            return Err(Failure::new(format!("--policy {}: {}", broken.name, broken.reason)));
        }
    }
    let roots = args.trust.load()?;
    let engine = Engine::new(settings, roots.clone(), default, keyed, cluster.clone());
    if !roots.has_default() {
        tokio::spawn(follow_root(Arc::clone(&engine), roots, http.clone()));
    }
    let handler = Arc::new(Handler {
        engine,
        metrics: Metrics::default(),
        mutate: match args.mutate {
            MutateFlag::All => Mutate::All,
            MutateFlag::Pods => Mutate::Pods,
            MutateFlag::None => Mutate::Nothing,
        },
        deadline: args.answer_within,
        ready: AtomicBool::new(false),
        log: Box::new(|line| {
            // A reader that went away must not stop admissions.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }),
    });
    let acceptor = certificate(&args, context)?;
    let server = Server::bind(args.address, Some(acceptor), routes(Arc::clone(&handler))).await?;
    context.note(&format!("Serving admission reviews at https://{}", server.address()?));
    let (stopping, stopped) = tokio::sync::watch::channel(false);
    let until = move || {
        let mut stopped = stopped.clone();
        async move {
            let _ = stopped.wait_for(|s| *s).await;
        }
    };
    if let Some(address) = args.probe_address {
        let plain = Server::bind(address, None, probes(Arc::clone(&handler))).await?;
        context.note(&format!("Serving probes at http://{}", plain.address()?));
        tokio::spawn(plain.run(until()));
    }
    match cluster {
        Some(api) => tokio::spawn(reconcile::cluster(handler, api, http)),
        None => tokio::spawn(reconcile::files(handler, args.policy)),
    };
    server.run(stop).await;
    let _ = stopping.send(true);
    Ok(())
}

/// Takes the default trusted root from TUF once a policy needs it, and looks for a newer one now and then. Until then,
/// and where there is no internet, what needs it is denied with the reason.
async fn follow_root(engine: Arc<Engine>, roots: Roots, http: http::Client) {
    const LOOK: Duration = Duration::from_secs(2);
    const RETRY: Duration = Duration::from_secs(60);
    const RENEW: Duration = Duration::from_secs(6 * 3600);
    let mut version = 0;
    loop {
        if !engine.policies.get().policies.iter().any(|p| trust::needs_default(p)) {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        version += 1;
        match fetch_root(&http).await {
            Ok(root) => {
                engine.set_roots(roots.clone().with_default(root).with_version(version));
                tokio::time::sleep(RENEW).await;
            }
            Err(failure) => {
                if !engine.roots().has_default() {
                    let reason = format!(
                        "no trusted root is known ({}); name its file with --trusted-root FILE",
                        failure.line()
                    );
                    engine.set_roots(roots.clone().without_default(reason).with_version(version));
                }
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

async fn fetch_root(http: &http::Client) -> Result<TrustedRoot, Failure> {
    let now = jiff::Timestamp::now().as_second();
    let mut updater = Source::from_environment()?
        .open(http.clone(), Refresh::WhenStale, now)
        .await?;
    Ok(updater.trusted_root().await?.root)
}

/// The certificate of flags, followed when it is in files.
fn certificate(args: &Args, context: &Context) -> Result<TlsAcceptor, Failure> {
    if let (Some(certificate), Some(key)) = (&args.tls_certificate, &args.tls_key) {
        let files = tls::Files {
            certificate: certificate.clone(),
            key: key.clone(),
        };
        let current = tls::Current::new(files.load()?);
        let config = tls::server_config(Arc::clone(&current))?;
        tokio::spawn(files.follow(current, |line| eprintln!("{line}")));
        return Ok(TlsAcceptor::from(config));
    }
    let made = self_signed::make(&args.self_signed, jiff::Timestamp::now().as_second())?;
    let chain = CertificateDer::from_pem_slice(made.certificate.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(made.key.as_bytes());
    let (Ok(chain), Ok(key)) = (chain, key) else {
        return Err(Failure::new(
            "the certificate that was made can't be read; use --tls-certificate",
        ));
    };
    let pair = tls::certified(vec![chain], key).map_err(tls::TlsError::Setup)?;
    context.note("caBundle for the webhook configuration:");
    context.note(&made.ca_bundle());
    Ok(TlsAcceptor::from(tls::server_config(tls::Current::new(pair))?))
}
