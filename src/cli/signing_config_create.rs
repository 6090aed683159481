use std::path::PathBuf;

use countersign::file::write_atomic;
use countersign::trust::SigningConfig;
use countersign::trust::signing_config::{Selector, Service};

use super::service_spec::{Spec, read};
use super::{Context, Failure, tuf};

/// Create a signing configuration: which services a signer uses
///
/// Writes signing_config.json for --signing-config. Each service is a list of key=value; a flag may be given several
/// times. Of services of one operator the newest is used.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign signing-config create \\
    --rekor=url=https://rekor.example,api-version=1,start-time=2024-01-01T00:00:00Z,operator=example \\
    --rekor-config=ANY \\
    --tsa=url=https://tsa.example/api/v1/timestamp,api-version=1,start-time=2024-01-01T00:00:00Z,operator=example \\
    --tsa-config=EXACT:1 \\
    --out signing_config.json")]
pub struct Args {
    /// Certificate authority: url, api-version, start-time, operator; optional end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    fulcio: Vec<String>,
    /// Transparency log: url, api-version (1 or 2), start-time, operator; optional end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    rekor: Vec<String>,
    /// How many logs to use: ANY, ALL or EXACT:<count>
    #[arg(long, value_name = "HOW-MANY", help_heading = "Services")]
    rekor_config: Option<String>,
    /// Provider of identity tokens: url, api-version, start-time, operator; optional end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    oidc_provider: Vec<String>,
    /// Timestamp authority: url, api-version, start-time, operator; optional end-time
    #[arg(long, value_name = "SPEC", help_heading = "Services")]
    tsa: Vec<String>,
    /// How many timestamp authorities to use: ANY, ALL or EXACT:<count>
    #[arg(long, value_name = "HOW-MANY", help_heading = "Services")]
    tsa_config: Option<String>,
    /// Write the configuration to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Start from the services of FILE; a service flag replaces those of its kind
    #[arg(long, value_name = "FILE", help_heading = "Defaults", conflicts_with_all = ["with_default_services", "with_default_rekor_v2"])]
    base_config: Option<String>,
    /// Start from the services of the public signing configuration (TUF)
    #[arg(long, help_heading = "Defaults")]
    with_default_services: bool,
    /// With --with-default-services: the public configuration that names Rekor v2
    #[arg(long, help_heading = "Defaults")]
    with_default_rekor_v2: bool,
    /// Leave out the default certificate authorities
    #[arg(long, help_heading = "Defaults")]
    no_default_fulcio: bool,
    /// Leave out the default transparency logs
    #[arg(long, help_heading = "Defaults")]
    no_default_rekor: bool,
    /// Leave out the default providers of identity tokens
    #[arg(long, help_heading = "Defaults")]
    no_default_oidc: bool,
    /// Leave out the default timestamp authorities
    #[arg(long, help_heading = "Defaults")]
    no_default_tsa: bool,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let given = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
    let (rekor_config, tsa_config) = (given(&args.rekor_config), given(&args.tsa_config));
    if !args.rekor.is_empty() && rekor_config.is_none() {
        return Err(Failure::new(
            "--rekor-config must be provided when --rekor is specified: ANY, ALL or EXACT:<count>",
        ));
    }
    if !args.tsa.is_empty() && tsa_config.is_none() {
        return Err(Failure::new(
            "--tsa-config must be provided when --tsa is specified: ANY, ALL or EXACT:<count>",
        ));
    }
    let mut config = defaults(&args, context).await?;
    add(&mut config.certificate_authorities, &args.fulcio, "fulcio")?;
    add(&mut config.logs, &args.rekor, "rekor")?;
    add(&mut config.oidc_providers, &args.oidc_provider, "oidc-provider")?;
    add(&mut config.timestamp_authorities, &args.tsa, "tsa")?;
    if let Some(text) = rekor_config {
        config.log_selector = Some(selector("rekor-config", &text)?);
    }
    if let Some(text) = tsa_config {
        config.timestamp_selector = Some(selector("tsa-config", &text)?);
    }
    let json = config.to_json()?;
    match args.out.filter(|path| !path.as_os_str().is_empty()) {
        Some(path) => Ok(write_atomic(&path, json.as_bytes(), 0o600)?),
        None => Ok(context.print(&format!("{json}\n"))?),
    }
}

/// What `--base-config` or `--with-default-services` starts from.
async fn defaults(args: &Args, context: &Context) -> Result<SigningConfig, Failure> {
    let base = args.base_config.as_deref().filter(|path| !path.is_empty());
    let mut config = if let Some(path) = base {
        SigningConfig::parse(&read("--base-config", path)?)
            .map_err(|error| Failure::new(format!("--base-config {path}: {error}")))?
    } else if args.with_default_services {
        tuf::signing_config_for(args.with_default_rekor_v2, context).await?
    } else if args.with_default_rekor_v2 {
        return Err(Failure::new("--with-default-rekor-v2 needs --with-default-services"));
    } else {
        return Ok(SigningConfig::default());
    };
    // The services of a base file are replaced by those of flags; the public ones are added to, as in cosign.
    let replaced = |specs: &[String]| base.is_some() && !specs.is_empty();
    if args.no_default_fulcio || replaced(&args.fulcio) {
        config.certificate_authorities.clear();
    }
    if args.no_default_rekor || replaced(&args.rekor) {
        config.logs.clear();
        config.log_selector = None;
    }
    if args.no_default_oidc || replaced(&args.oidc_provider) {
        config.oidc_providers.clear();
    }
    if args.no_default_tsa || replaced(&args.tsa) {
        config.timestamp_authorities.clear();
        config.timestamp_selector = None;
    }
    Ok(config)
}

fn add(services: &mut Vec<Service>, specs: &[String], flag: &'static str) -> Result<(), Failure> {
    for text in specs {
        let spec = Spec::parse(
            flag,
            text,
            &["url", "api-version", "start-time", "operator"],
            &["end-time"],
        )?;
        let version = spec.value("api-version");
        services.push(Service {
            url: spec.value("url").to_owned(),
            api_version: version
                .parse()
                .map_err(|_| spec.fault(&format!("api-version: {version:?} is not a whole number")))?,
            validity: spec.validity(None)?,
            operator: spec.value("operator").to_owned(),
        });
    }
    Ok(())
}

fn selector(flag: &str, text: &str) -> Result<Selector, Failure> {
    let fault = |reason: String| Failure::new(format!("parsing {flag}: {reason}; expected ANY, ALL or EXACT:<count>"));
    let (mode, count) = text
        .split_once(':')
        .map_or((text, None), |(mode, count)| (mode, Some(count)));
    match (mode.to_ascii_uppercase().as_str(), count) {
        ("ANY", None) => Ok(Selector::Any),
        ("ALL", None) => Ok(Selector::All),
        ("EXACT", Some(count)) => match count.parse() {
            Ok(count) if count > 0 => Ok(Selector::Exact(count)),
            _ => Err(fault(format!("{count:?} is not a count of at least 1"))),
        },
        ("EXACT", None) => Err(fault("mode EXACT requires a count, e.g. EXACT:2".to_owned())),
        (mode @ ("ANY" | "ALL"), Some(_)) => Err(fault(format!("mode {mode} does not accept a count"))),
        _ => Err(fault(format!("invalid service config mode: {text:?}"))),
    }
}
