use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign::annotations::Annotations;
use countersign::file::read_limited;
use countersign::policy::rego;
use countersign::statement::PredicateType;
use countersign::verify::image::{Attestations, attestations};
use countersign::verify::{Claims, Expected, Policy, Search, VerifiedSignature, VerifyError, Workflow};

use super::options::{Attached, Evidence, Registry, Signer};
use super::trust::{Trust, warn_of_timestamps};
use super::{Context, Failure, place};

/// Verify the attestations of images
///
/// Looks for attestations of both formats on each image: they have to be by the asked key or identity, about this very
/// image, of the asked type, and (unless told otherwise) in a transparency log. The envelopes of the good ones go to
/// standard output, one on a line.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign verify-attestation --key cosign.pub --type spdxjson registry.example.com/app@sha256:…
  countersign verify-attestation --key cosign.pub --type slsaprovenance --policy policy.rego IMAGE")]
pub struct Args {
    /// Images: host/repository:tag, …@sha256:…, or oci:DIRECTORY[:TAG]
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<String>,
    /// Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln,
    /// openvex, custom, or a URI
    #[arg(
        long = "type",
        value_name = "TYPE",
        default_value = "custom",
        value_parser = asked_type,
        help_heading = "Claims"
    )]
    predicate_type: PredicateType,
    /// Policy that the statement has to satisfy: rego with the rule data.signature.allow (FILE); repeatable, and files
    /// of other packages may be imported
    #[arg(long, value_name = "FILE", value_delimiter = ',', help_heading = "Claims")]
    policy: Vec<PathBuf>,
    /// Whether attestations have to be about this image
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Claims")]
    check_claims: bool,
    /// Print the envelopes as json (one on a line) or text
    #[arg(long, short, value_name = "FORMAT", default_value = "json", value_parser = ["json", "text"])]
    output: String,
    /// Images are directories that `save` wrote
    #[arg(long)]
    local_image: bool,
    /// Look only for bundles (true) or only under .att tags (false); both are looked for when it is not given
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    new_bundle_format: Option<bool>,
    /// Ask the referrers, which is done in any case
    #[arg(long, hide_short_help = true)]
    experimental_oci11: bool,
    /// How many requests are made at once
    #[arg(long, value_name = "N", default_value_t = 10, hide_short_help = true)]
    max_workers: usize,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten)]
    evidence: Evidence,
    #[command(flatten)]
    registry: Registry,
    #[command(flatten)]
    attached: Attached,
}

/// Any text is a type to look for.
pub fn asked_type(text: &str) -> Result<PredicateType, std::convert::Infallible> {
    Ok(PredicateType::asked(text))
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let policies = policies(&args.policy)?;
    let mut trust = Trust::load(&args.evidence, context)?;
    trust.warn("attestation");
    let signer = trust.signer(&args.signer).await?;
    let (log, client) = trust.log().await?;
    let workflow = Workflow {
        policy: Policy {
            signer,
            claims: Claims {
                expected: Expected::AnyStatement,
                subject: None,
                annotations: Annotations::default(),
            },
            log,
            timestamps: trust.timestamps().await?,
        },
        check_claims: args.check_claims,
        search: match args.new_bundle_format {
            Some(true) => Search::ReferrersOnly,
            Some(false) => Search::TagOnly,
            None => Search::TagFirst,
        },
        log: client,
        now: super::tuf::now(),
    };
    let registry = if args.evidence.offline {
        args.registry.offline_client(context)?
    } else {
        args.registry.client(context)?
    };
    for name in &args.images {
        let image = match args.local_image {
            true => place::local_image(name)?,
            false => place::image(name, &registry, &args.attached)?,
        };
        let found = attestations(&workflow, &image).await.map_err(one_code)?;
        let matching = of_type(&found, &args.predicate_type)?;
        let satisfying = satisfying(matching, &policies, workflow.now)?;
        report(name, &satisfying, context);
        for attestation in satisfying {
            context.print_with(|out| {
                attestation.write_envelope(&mut *out)?;
                out.write_all(b"\n")
            })?;
        }
    }
    Ok(())
}

/// cosign ends with 1 whatever was wrong with attestations, but for a tag that does not exist.
fn one_code(error: VerifyError) -> Failure {
    match error {
        VerifyError::None { .. } | VerifyError::NoMatch { .. } | VerifyError::NoCertificate { .. } => {
            Failure::new(error.to_string())
        }
        other => other.into(),
    }
}

fn of_type<'a>(found: &'a Attestations, wanted: &PredicateType) -> Result<Vec<&'a VerifiedSignature>, Failure> {
    let kind = |attestation: &VerifiedSignature| attestation.statement().map(|s| s.predicate_type.clone());
    let matching: Vec<_> = found
        .good
        .iter()
        .filter(|attestation| kind(attestation).as_deref() == Some(wanted.uri()))
        .collect();
    if !matching.is_empty() {
        return Ok(matching);
    }
    let others: BTreeSet<String> = found.good.iter().filter_map(kind).collect();
    let others: Vec<String> = others
        .iter()
        .map(|text| text.escape_debug().take(120).collect())
        .collect();
    Err(Failure::new(format!(
        "none of the attestations matched the predicate type: {wanted}, found: {}",
        others.join(",")
    )))
}

/// The files of `--policy`.
#[derive(Default)]
struct Policies {
    /// Those of package `signature`, each of which has to allow, with their names.
    deciding: Vec<(String, String)>,
    /// The others, which may be imported.
    libraries: Vec<String>,
}

fn policies(paths: &[PathBuf]) -> Result<Policies, Failure> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rego") => {}
            Some("cue") => {
                return Err(Failure::new(format!(
                    "--policy {name}: CUE is not supported, no maintained library reads it; write the policy in rego"
                )));
            }
            _ => {
                return Err(Failure::new(format!(
                    "--policy {name}: a policy is a .rego file with the rule data.signature.allow"
                )));
            }
        }
        let bytes = read_limited(Path::new(path), rego::MAX_POLICY as u64)?;
        let text =
            String::from_utf8(bytes).map_err(|_| Failure::new(format!("--policy {name}: it is not UTF-8 text")))?;
        Ok((name, text))
    };
    let mut policies = Policies::default();
    for path in paths {
        let (name, text) = read(path)?;
        // A mark of the byte order, as editors of Windows write it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        let library = rego::is_library(&text).map_err(|error| Failure::new(format!("--policy {name}: {error}")))?;
        if library && paths.len() > 1 {
            policies.libraries.push(text);
        } else {
            policies.deciding.push((name, text));
        }
    }
    if policies.deciding.is_empty() && !paths.is_empty() {
        return Err(Failure::new(
            "--policy: none of the files is of package signature, whose rule allow decides",
        ));
    }
    Ok(policies)
}

/// The attestations that satisfy all policies; at least one.
fn satisfying<'a>(
    matching: Vec<&'a VerifiedSignature>,
    policies: &Policies,
    now: i64,
) -> Result<Vec<&'a VerifiedSignature>, Failure> {
    let libraries: Vec<&str> = policies.libraries.iter().map(String::as_str).collect();
    let mut good = Vec::new();
    let mut refusal = None;
    for attestation in matching {
        let statement = attestation
            .envelope()
            .map(|envelope| envelope.payload.as_ref())
            .unwrap_or_default();
        let input = String::from_utf8_lossy(statement);
        let verdict = policies.deciding.iter().try_for_each(|(name, text)| {
            rego::allows(text, &libraries, &input, now).map_err(|error| format!("--policy {name}: {error}"))
        });
        match verdict {
            Ok(()) => good.push(attestation),
            Err(error) => {
                refusal.get_or_insert(error);
            }
        }
    }
    match refusal {
        Some(error) if good.is_empty() => Err(Failure::new(error)),
        _ => Ok(good),
    }
}

fn report(name: &str, good: &[&VerifiedSignature], context: &Context) {
    let checks = good
        .iter()
        .map(|attestation| attestation.checks())
        .reduce(|a, b| a.common(b));
    context.note(&format!("\nVerification for {name} --"));
    context.note("The following checks were performed on each of these attestations:");
    for line in checks.unwrap_or_default().sentences() {
        context.note(&format!("  - {line}"));
    }
    for attestation in good {
        warn_of_timestamps(attestation, context);
    }
}
