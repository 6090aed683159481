use std::path::PathBuf;

use countersign::file::write_atomic;
use countersign::key::PublicKey;
use countersign::pem;
use countersign::rekor::{LogKey, LogKeys, checkpoint};
use countersign::trust::{Authority, CertificateSummary, TrustedRoot, Validity, summary};

use super::service_spec::{Spec, read, time};
use super::{Context, Failure, tuf};

/// Create a trusted root from keys and certificates
///
/// Writes trusted_root.json: the keys of the logs and the certificates of the authorities that a verification trusts,
/// for --trusted-root. Each service is a list of key=value; a flag may be given several times.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign trusted-root create \\
    --rekor=url=https://rekor.example,public-key=rekor.pub,start-time=2024-01-01T00:00:00Z \\
    --tsa=url=https://tsa.example/api/v1/timestamp,certificate-chain=tsa.pem \\
    --out trusted_root.json
  # Rekor v2, whose checkpoints name the host of the log:
  countersign trusted-root create \\
    --rekor=url=https://log.example,public-key=log.pub,start-time=2025-01-01T00:00:00Z,origin=log.example")]
pub struct Args {
    /// Certificate authority: url, certificate-chain (PEM FILE); optional start-time, end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    fulcio: Vec<String>,
    /// Transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin (Rekor v2)
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    rekor: Vec<String>,
    /// Certificate transparency log: url, public-key (PEM FILE), start-time; optional end-time, origin
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    ctfe: Vec<String>,
    /// Timestamp authority: url, certificate-chain (PEM FILE, its own certificate first); optional start-time, end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    tsa: Vec<String>,
    /// Write the trusted root to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Start from the services of the public trusted root (TUF)
    #[arg(long, help_heading = "Defaults")]
    with_default_services: bool,
    /// Leave out the public certificate authorities
    #[arg(long, help_heading = "Defaults")]
    no_default_fulcio: bool,
    /// Leave out the public transparency logs
    #[arg(long, help_heading = "Defaults")]
    no_default_rekor: bool,
    /// Leave out the public certificate transparency logs
    #[arg(long, help_heading = "Defaults")]
    no_default_ctfe: bool,
    /// Leave out the public timestamp authorities
    #[arg(long, help_heading = "Defaults")]
    no_default_tsa: bool,

    #[command(flatten)]
    older: Older,
}

/// The flags of earlier releases: one list per member, matched by position.
#[derive(clap::Args)]
#[command(next_help_heading = "Older flags")]
struct Older {
    /// Chain of a certificate authority (use --fulcio)
    #[arg(long, value_name = "FILE", hide = true)]
    certificate_chain: Vec<String>,
    /// URL of a certificate authority (use --fulcio)
    #[arg(long, value_name = "URL", hide = true)]
    fulcio_uri: Vec<String>,
    /// Key of a certificate transparency log (use --ctfe)
    #[arg(long, value_name = "FILE", hide = true)]
    ctfe_key: Vec<String>,
    /// Time from which the key is valid (use --ctfe)
    #[arg(long, value_name = "TIME", hide = true)]
    ctfe_start_time: Vec<String>,
    /// Time until which the key is valid (use --ctfe)
    #[arg(long, value_name = "TIME", hide = true)]
    ctfe_end_time: Vec<String>,
    /// URL of a certificate transparency log (use --ctfe)
    #[arg(long, value_name = "URL", hide = true)]
    ctfe_url: Vec<String>,
    /// Key of a transparency log, with `,origin` for Rekor v2 (use --rekor)
    #[arg(long, value_name = "FILE", hide = true)]
    rekor_key: Vec<String>,
    /// Time from which the key is valid (use --rekor)
    #[arg(long, value_name = "TIME", hide = true)]
    rekor_start_time: Vec<String>,
    /// Time until which the key is valid (use --rekor)
    #[arg(long, value_name = "TIME", hide = true)]
    rekor_end_time: Vec<String>,
    /// URL of a transparency log (use --rekor)
    #[arg(long, value_name = "URL", hide = true)]
    rekor_url: Vec<String>,
    /// Chain of a timestamp authority (use --tsa)
    #[arg(long, value_name = "FILE", hide = true)]
    timestamp_certificate_chain: Vec<String>,
    /// URL of a timestamp authority (use --tsa)
    #[arg(long, value_name = "URL", hide = true)]
    timestamp_uri: Vec<String>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let mut root = defaults(&args, context).await?;
    args.older.warn_and_check(&args, context)?;
    add(&mut root.logs, &args.rekor, "rekor")?;
    add(&mut root.ct_logs, &args.ctfe, "ctfe")?;
    for text in &args.fulcio {
        root.certificate_authorities
            .push(authority(text, "fulcio", Kind::Certificates)?);
    }
    for text in &args.tsa {
        root.timestamp_authorities
            .push(authority(text, "tsa", Kind::Timestamps)?);
    }
    args.older.add(&mut root)?;
    let json = root.to_json()?;
    match args.out.filter(|path| !path.as_os_str().is_empty()) {
        Some(path) => Ok(write_atomic(&path, json.as_bytes(), 0o600)?),
        None => Ok(context.print(&format!("{json}\n"))?),
    }
}

/// What `--with-default-services` starts from.
async fn defaults(args: &Args, context: &Context) -> Result<TrustedRoot, Failure> {
    if !args.with_default_services {
        return Ok(TrustedRoot::default());
    }
    let mut root = tuf::trusted_root(context, false).await?;
    if args.no_default_fulcio {
        root.certificate_authorities.clear();
    }
    if args.no_default_rekor {
        root.logs = LogKeys::new();
    }
    if args.no_default_ctfe {
        root.ct_logs = LogKeys::new();
    }
    if args.no_default_tsa {
        root.timestamp_authorities.clear();
    }
    Ok(root)
}

fn add(keys: &mut LogKeys, specs: &[String], flag: &'static str) -> Result<(), Failure> {
    for text in specs {
        let spec = Spec::parse(
            flag,
            text,
            &["url", "public-key", "start-time"],
            &["end-time", "origin"],
        )?;
        let path = spec.value("public-key");
        let key = log_key(path, spec.get("origin")).map_err(|failure| spec.fault(&failure.line()))?;
        keys.push(key.with_validity(spec.validity(None)?).with_base_url(spec.value("url")));
    }
    Ok(())
}

fn log_key(path: &str, origin: Option<&str>) -> Result<LogKey, Failure> {
    let key = PublicKey::from_pem(&read("public-key", path)?)
        .map_err(|error| Failure::new(format!("public-key {path}: {error}")))?;
    let id = origin.map_or_else(|| key.key_id(), |origin| checkpoint::key_id(origin, &key));
    Ok(LogKey::new(key).with_log_id(id))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificates,
    Timestamps,
}

fn authority(text: &str, flag: &'static str, kind: Kind) -> Result<Authority, Failure> {
    let spec = Spec::parse(flag, text, &["url", "certificate-chain"], &["start-time", "end-time"])?;
    let chain = chain("certificate-chain", spec.value("certificate-chain"), kind)
        .map_err(|failure| spec.fault(&failure.line()))?;
    let start = match kind {
        Kind::Certificates => chain.last(),
        Kind::Timestamps => chain.first(),
    };
    let validity = spec.validity(start.map(|(_, summary)| summary.not_before))?;
    let chain = chain.into_iter().map(|(der, _)| der).collect();
    Authority::new(spec.value("url"), chain, validity).map_err(|error| spec.fault(&error.to_string()))
}

/// The certificates of a file, at least one, each with what it says of itself.
fn chain(flag: &str, path: &str, kind: Kind) -> Result<Vec<(Vec<u8>, CertificateSummary)>, Failure> {
    let fault = |reason: &dyn std::fmt::Display| Failure::new(format!("{flag} {path}: {reason}"));
    let blocks = pem::all(&read(flag, path)?).map_err(|error| fault(&error))?;
    let mut chain = Vec::new();
    for block in blocks {
        if block.label != "CERTIFICATE" {
            return Err(fault(&format_args!(
                "it holds a {:?}, expected CERTIFICATE",
                block.label
            )));
        }
        let summary = summary(&block.contents).map_err(|error| fault(&error))?;
        chain.push((block.contents.to_vec(), summary));
    }
    if kind == Kind::Timestamps && chain.first().is_some_and(|(_, first)| first.is_ca) {
        return Err(fault(
            &"first certificate in chain must be a leaf certificate: the one that signs timestamps",
        ));
    }
    Ok(chain)
}

impl Older {
    fn warn_and_check(&self, args: &Args, context: &Context) -> Result<(), Failure> {
        let lists: [(&str, &[String], &str, &[String]); 12] = [
            ("certificate-chain", &self.certificate_chain, "fulcio", &args.fulcio),
            ("fulcio-uri", &self.fulcio_uri, "fulcio", &args.fulcio),
            ("ctfe-key", &self.ctfe_key, "ctfe", &args.ctfe),
            ("ctfe-start-time", &self.ctfe_start_time, "ctfe", &args.ctfe),
            ("ctfe-end-time", &self.ctfe_end_time, "ctfe", &args.ctfe),
            ("ctfe-url", &self.ctfe_url, "ctfe", &args.ctfe),
            ("rekor-key", &self.rekor_key, "rekor", &args.rekor),
            ("rekor-start-time", &self.rekor_start_time, "rekor", &args.rekor),
            ("rekor-end-time", &self.rekor_end_time, "rekor", &args.rekor),
            ("rekor-url", &self.rekor_url, "rekor", &args.rekor),
            (
                "timestamp-certificate-chain",
                &self.timestamp_certificate_chain,
                "tsa",
                &args.tsa,
            ),
            ("timestamp-uri", &self.timestamp_uri, "tsa", &args.tsa),
        ];
        for (old, given, new, newer) in lists {
            if given.is_empty() {
                continue;
            }
            if !newer.is_empty() {
                return Err(Failure::new(format!(
                    "cannot use --{new} and --{old} at the same time; use --{new}"
                )));
            }
            context.note(&format!("Flag --{old} has been deprecated, use --{new} instead"));
        }
        for (key, others) in [
            (&self.certificate_chain, &[("fulcio-uri", &self.fulcio_uri)][..]),
            (
                &self.ctfe_key,
                &[
                    ("ctfe-start-time", &self.ctfe_start_time),
                    ("ctfe-end-time", &self.ctfe_end_time),
                    ("ctfe-url", &self.ctfe_url),
                ],
            ),
            (
                &self.rekor_key,
                &[
                    ("rekor-start-time", &self.rekor_start_time),
                    ("rekor-end-time", &self.rekor_end_time),
                    ("rekor-url", &self.rekor_url),
                ],
            ),
            (
                &self.timestamp_certificate_chain,
                &[("timestamp-uri", &self.timestamp_uri)],
            ),
        ] {
            if let Some((name, _)) = others.iter().find(|(_, values)| values.len() > key.len()) {
                return Err(Failure::new(format!(
                    "--{name} is given more often than the key or the chain that it belongs to"
                )));
            }
        }
        Ok(())
    }

    fn add(&self, root: &mut TrustedRoot) -> Result<(), Failure> {
        for (index, path) in self.certificate_chain.iter().enumerate() {
            let authority = self.authority(path, self.fulcio_uri.get(index), Kind::Certificates)?;
            root.certificate_authorities.push(authority);
        }
        for (index, path) in self.timestamp_certificate_chain.iter().enumerate() {
            let authority = self.authority(path, self.timestamp_uri.get(index), Kind::Timestamps)?;
            root.timestamp_authorities.push(authority);
        }
        for (index, path) in self.ctfe_key.iter().enumerate() {
            let validity = window("ctfe", self.ctfe_start_time.get(index), self.ctfe_end_time.get(index))?;
            let url = self.ctfe_url.get(index).cloned().unwrap_or_default();
            root.ct_logs
                .push(log_key(path, None)?.with_validity(validity).with_base_url(url));
        }
        for (index, text) in self.rekor_key.iter().enumerate() {
            let (path, origin) = text
                .split_once(',')
                .map_or((text.as_str(), None), |(path, origin)| (path, Some(origin)));
            let origin = origin.filter(|origin| !origin.is_empty());
            let validity = window(
                "rekor",
                self.rekor_start_time.get(index),
                self.rekor_end_time.get(index),
            )?;
            let url = self.rekor_url.get(index).cloned().unwrap_or_default();
            root.logs
                .push(log_key(path, origin)?.with_validity(validity).with_base_url(url));
        }
        Ok(())
    }

    fn authority(&self, path: &str, uri: Option<&String>, kind: Kind) -> Result<Authority, Failure> {
        let flag = match kind {
            Kind::Certificates => "--certificate-chain",
            Kind::Timestamps => "--timestamp-certificate-chain",
        };
        let chain = chain(flag, path, kind)?;
        if kind == Kind::Timestamps && chain.len() < 2 {
            return Err(Failure::new(format!(
                "{flag} {path}: certificate chain must have at least two certificates"
            )));
        }
        let validity = Validity {
            start: chain.last().map(|(_, root)| root.not_before),
            end: None,
        };
        let chain = chain.into_iter().map(|(der, _)| der).collect();
        Authority::new(uri.cloned().unwrap_or_default(), chain, validity)
            .map_err(|error| Failure::new(format!("{flag} {path}: {error}")))
    }
}

fn window(flag: &str, start: Option<&String>, end: Option<&String>) -> Result<Validity, Failure> {
    let read = |name: &str, text: Option<&String>| text.map(|text| time(&format!("--{flag}-{name}"), text)).transpose();
    Ok(Validity {
        start: Some(read("start-time", start)?.unwrap_or(0)),
        end: read("end-time", end)?,
    })
}
