use clap::ValueEnum;
use countersign::inspect::{Claim, ClaimedSigner, Format, inspect};
use countersign::reference::Target;

use super::options::{Attached, Registry};
use super::{Context, Failure, download};

/// Show who claims to have signed an image, and how to verify that. Verifies nothing
///
/// Lists the signatures and attestations of both formats with what they say of themselves: key or identity, log
/// entries, timestamps, annotations. Anyone who may push to the repository can put anything there: only `verify` with
/// a key or identity that you know says whether it is true.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign inspect ghcr.io/me/app:1.0\n  \
    countersign inspect -o json ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// text, or json for programs
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    output: Output,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let digest = located.fetch().await?.digest;
    let claims = inspect(&located, &digest, download::limit()?).await?;
    let name = located.images.name(&Target::Digest(digest.clone()));
    let commands: Vec<String> = claims.iter().map(|claim| command(claim, &name)).collect();
    let text = match args.output {
        Output::Json => {
            let claims: Vec<serde_json::Value> = claims
                .iter()
                .zip(&commands)
                .map(|(claim, command)| {
                    let mut value = serde_json::to_value(claim)?;
                    value["verify"] = command.as_str().into();
                    Ok::<_, serde_json::Error>(value)
                })
                .collect::<Result<_, _>>()?;
            let report =
                serde_json::json!({"image": args.image, "digest": digest, "verified": false, "claims": claims});
            format!("{report:#}\n")
        }
        Output::Text => render(&name, &claims, &commands),
    };
    context.print(&text)?;
    Ok(())
}

fn render(name: &str, claims: &[Claim], commands: &[String]) -> String {
    let mut out = format!("{name}\n");
    if claims.is_empty() {
        out.push_str("No signatures and no attestations are attached to it.\n");
        return out;
    }
    out.push_str("NOT VERIFIED: this is what is attached and what it says of itself.\n");
    for (i, (claim, command)) in claims.iter().zip(commands).enumerate() {
        let what = match &claim.predicate_type {
            None => "Signature".to_owned(),
            Some(predicate_type) => format!("Attestation of type {}", plain(predicate_type)),
        };
        let format = match claim.format {
            Format::Tag => "tag",
            Format::Referrer => "referrer",
            Format::Bundle => "Sigstore bundle",
        };
        out.push_str(&format!("\n{}. {what} ({format}), not verified\n", i + 1));
        out.push_str(&format!("   Place:      {}\n", plain(&claim.place)));
        if let Some(problem) = &claim.problem {
            out.push_str(&format!("   Problem:    {}\n", plain(problem)));
        }
        if let Some(signer) = &claim.signer {
            out.push_str(&format!("   Signer:     {}\n", describe(signer)));
        }
        if !claim.names_image && claim.problem.is_none() {
            out.push_str("   Image:      another one: it will not verify\n");
        }
        if let Some(identity) = &claim.identity {
            out.push_str(&format!("   Signed as:  {}\n", plain(identity)));
        }
        for (key, value) in &claim.annotations {
            out.push_str(&format!(
                "   Annotation: {}={}\n",
                plain(key),
                plain(&value.to_string())
            ));
        }
        for entry in &claim.entries {
            let time = entry
                .integrated_time
                .and_then(|time| jiff::Timestamp::from_second(time).ok());
            let time = time.map(|time| format!(" at {time}")).unwrap_or_default();
            let log = entry.log_id.get(..12).unwrap_or_default();
            out.push_str(&format!(
                "   Log entry:  index {} of log {log}…{time}\n",
                entry.log_index
            ));
        }
        if claim.timestamps > 0 {
            out.push_str(&format!("   Timestamps: {}\n", claim.timestamps));
        }
        out.push_str(&format!("   Verify:     {command}\n"));
    }
    out
}

fn describe(signer: &ClaimedSigner) -> String {
    match signer {
        ClaimedSigner::Key { hint } if hint.is_empty() => "a key".to_owned(),
        ClaimedSigner::Key { hint } => format!("the key with the hint {}", plain(hint)),
        ClaimedSigner::Certificate { identities, issuer } => {
            let identities = identities.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
            let issuer = issuer
                .as_ref()
                .map(|issuer| format!(", vouched for by {}", plain(issuer)));
            format!("{identities}{}", issuer.unwrap_or_default())
        }
    }
}

/// The command that verifies a claim.
fn command(claim: &Claim, name: &str) -> String {
    let mut command = String::from("countersign ");
    command.push_str(match &claim.predicate_type {
        None => "verify",
        Some(_) => "verify-attestation",
    });
    if let Some(predicate_type) = &claim.predicate_type {
        command.push_str(&format!(" --type {}", quoted(predicate_type)));
    }
    match &claim.signer {
        Some(ClaimedSigner::Certificate { identities, issuer }) => {
            let identity = identities.first().map_or("IDENTITY", String::as_str);
            command.push_str(&format!(" --certificate-identity {}", quoted(identity)));
            let issuer = issuer.as_deref().unwrap_or("ISSUER");
            command.push_str(&format!(" --certificate-oidc-issuer {}", quoted(issuer)));
        }
        _ => command.push_str(" --key cosign.pub"),
    }
    for (key, value) in &claim.annotations {
        if let serde_json::Value::String(value) = value {
            command.push_str(&format!(" -a {}", quoted(&format!("{key}={value}"))));
        }
    }
    if claim.entries.is_empty() {
        command.push_str(" --insecure-ignore-tlog");
        if claim.timestamps > 0 {
            command.push_str(" --use-signed-timestamps --timestamp-certificate-chain TSA.pem");
        }
    }
    command.push_str(&format!(" {}", quoted(name)));
    command
}

/// An argument as a shell takes it.
fn quoted(text: &str) -> String {
    let text = plain(text);
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:@=+,%".contains(c);
    if !text.is_empty() && text.chars().all(harmless) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Text of others on a line of ours: without control characters, and cut.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn text_of_others_cannot_leave_its_quotes() {
        assert_eq!(quoted("https://a.b/c@refs/heads/main"), "https://a.b/c@refs/heads/main");
        assert_eq!(quoted("a'; rm -rf ~; '"), r"'a'\''; rm -rf ~; '\'''");
        assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
        assert_eq!(quoted("a\nb\u{1b}[31m"), "'ab[31m'");
        assert_eq!(quoted(""), "''");
    }
}
