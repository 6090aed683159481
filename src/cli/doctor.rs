//! `doctor`: says what works with a registry, what does not, and what to do about it.

use std::time::Duration;

use countersign::digest::Digest;
use countersign::oci::media_type;
use countersign::reference::{Reference, Repository, Tag, Target};
use countersign::registry::{self, ClockOffset, Error, Precondition};

use super::options;
use super::{Context, Failure};

/// Clocks further apart than this make short-lived certificates and timestamps fail.
const MAX_CLOCK: Duration = Duration::from_secs(60);
/// Where `--write` tries things out.
const TRIAL_TAG: &str = "countersign-doctor";

/// Say what works with a registry and what to do about the rest
///
/// Looks at how the registry is reached, which credentials it is given, whether the image can be read, where signatures
/// are kept and whether the clocks agree. With --write it also tries to push, under the tag countersign-doctor.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign doctor ghcr.io/org/app:v1")]
pub struct Args {
    /// An image of the registry
    #[arg(value_name = "IMAGE")]
    image: Reference,
    /// Also push, overwrite and delete the tag countersign-doctor in the repository
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    connection: options::Registry,
}

/// What was found, line by line.
struct Findings<'a> {
    context: &'a Context,
    failed: usize,
}

impl Findings<'_> {
    fn say(&self, mark: &str, what: &str, finding: &str) -> Result<(), Failure> {
        Ok(self.context.print(&format!("{mark:<5}{what:<13}{finding}\n"))?)
    }

    fn good(&self, what: &str, finding: &str) -> Result<(), Failure> {
        self.say("ok", what, finding)
    }

    fn note(&self, what: &str, finding: &str) -> Result<(), Failure> {
        self.say("note", what, finding)
    }

    fn bad(&mut self, what: &str, finding: &str) -> Result<(), Failure> {
        self.failed += 1;
        self.say("FAIL", what, finding)
    }
}

/// Examines the registry and prints a line per finding.
pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.connection.client(context)?;
    let mut findings = Findings { context, failed: 0 };
    let reachable = reach(&client, &args.image, &mut findings).await?;
    if reachable && let Some(digest) = image(&client, &args.image, &mut findings).await? {
        places(&client, args.image.repository(), &digest, &mut findings).await?;
        if args.write {
            write(&client, args.image.repository(), &mut findings).await?;
        } else {
            findings.note("writing", "not tried; --write pushes and deletes a small manifest")?;
        }
    }
    match findings.failed {
        0 => Ok(()),
        1 => Err(Failure::new("1 thing does not work")),
        several => Err(Failure::new(format!("{several} things do not work"))),
    }
}

async fn reach(client: &registry::Client, image: &Reference, findings: &mut Findings<'_>) -> Result<bool, Failure> {
    let registry = image.repository().registry();
    let checked = client.check(registry).await;
    if let Some(origin) = client.origin(registry) {
        let millis = |elapsed: Duration| elapsed.as_millis();
        let time = checked
            .as_ref()
            .map_or_else(|_| String::new(), |check| format!(", {} ms", millis(check.elapsed)));
        let tls = if !origin.is_https() {
            "plain http: anyone on the way can read and change what is sent"
        } else if client.http().tls().insecure {
            "TLS, but its certificate is not checked (--allow-insecure-registry)"
        } else {
            "TLS, certificate accepted"
        };
        let finding = format!("{origin}, {tls}{time}");
        match &checked {
            Err(Error::Http { .. }) => {}
            _ if origin.is_https() || registry.is_loopback() => findings.good("connection", &finding)?,
            _ => findings.note("connection", &finding)?,
        }
    }
    let check = match checked {
        Ok(check) => check,
        Err(error) if error.is_authentication() => {
            findings.bad("credentials", &error.to_string())?;
            return Ok(true);
        }
        Err(error) => {
            findings.bad("connection", &error.to_string())?;
            return Ok(false);
        }
    };
    match &check.accepted {
        Some(source) => findings.good("credentials", &format!("{}; used: {source}", check.authentication))?,
        None => findings.good("credentials", "none asked for")?,
    }
    clock(check.clock, findings)?;
    Ok(true)
}

fn clock(offset: Option<ClockOffset>, findings: &mut Findings<'_>) -> Result<(), Failure> {
    match offset {
        None => findings.note("clock", "the registry does not say what time it is"),
        Some(ClockOffset::Ahead(by) | ClockOffset::Behind(by)) if by <= MAX_CLOCK => {
            findings.good("clock", "agrees with the registry's within a minute")
        }
        Some(ClockOffset::Ahead(by)) => findings.bad(
            "clock",
            &format!(
                "this machine is {} s behind the registry; set its clock (NTP)",
                by.as_secs()
            ),
        ),
        Some(ClockOffset::Behind(by)) => findings.bad(
            "clock",
            &format!(
                "this machine is {} s ahead of the registry; set its clock (NTP)",
                by.as_secs()
            ),
        ),
    }
}

async fn image(
    client: &registry::Client,
    image: &Reference,
    findings: &mut Findings<'_>,
) -> Result<Option<Digest>, Failure> {
    match client.head_manifest(image.repository(), image.target()).await {
        Ok(Some(descriptor)) => {
            findings.good("image", &format!("{}@{}", image.repository(), descriptor.digest))?;
            Ok(Some(descriptor.digest))
        }
        Ok(None) => {
            findings.bad("image", &format!("{image} does not exist; check the name and the tag"))?;
            Ok(None)
        }
        Err(error) => {
            let source = client.credential_source(image.repository()).await;
            let asked = if error.is_authentication() {
                format!(" (found: {source})")
            } else {
                String::new()
            };
            findings.bad("image", &format!("{error}{asked}"))?;
            Ok(None)
        }
    }
}

async fn places(
    client: &registry::Client,
    repository: &Repository,
    image: &Digest,
    findings: &mut Findings<'_>,
) -> Result<(), Failure> {
    match client.referrers(repository, image, None).await {
        Ok(Some(found)) => findings.good(
            "referrers",
            &format!("the API is there; {} refer to the image", found.len()),
        )?,
        Ok(None) => {
            let tag = Tag::attached(image, None);
            findings.note(
                "referrers",
                &format!("no API; bundles are kept in the index under the tag {tag}"),
            )?;
        }
        Err(error) => findings.bad("referrers", &error.to_string())?,
    }
    let tag = Tag::attached(image, Some("sig"));
    match client.head_manifest(repository, &Target::Tag(tag.clone())).await {
        Ok(Some(_)) => findings.good("signatures", &format!("there are some under {tag}"))?,
        Ok(None) => findings.good("signatures", &format!("none under {tag}"))?,
        Err(error) => findings.bad("signatures", &error.to_string())?,
    }
    Ok(())
}

/// Pushes a manifest under the trial tag, overwrites it and deletes it.
async fn write(client: &registry::Client, repository: &Repository, findings: &mut Findings<'_>) -> Result<(), Failure> {
    let Ok(tag) = TRIAL_TAG.parse::<Tag>() else {
        return Ok(());
    };
    let target = Target::Tag(tag);
    if let Err(error) = client.put_blob(repository, &b"{}"[..]).await {
        return findings.bad("writing", &error.to_string());
    }
    let put = async |round: u32, condition| {
        let manifest = trial(round);
        client
            .put_manifest(repository, &target, media_type::OCI_MANIFEST, manifest, condition)
            .await
    };
    if let Err(error) = put(1, None).await {
        return findings.bad("writing", &error.to_string());
    }
    findings.good("writing", "a blob and a manifest were pushed")?;
    match put(2, Some(Precondition::Absent)).await {
        Err(error) if error.is_precondition_failed() => {
            findings.good(
                "two writers",
                "conditional writes are honoured: none overwrites another",
            )?;
        }
        Ok(_) => findings.note(
            "two writers",
            "conditional writes are ignored; what is written is read back and merged",
        )?,
        Err(error) => findings.note("two writers", &format!("conditional writes are refused: {error}"))?,
    }
    match put(3, None).await {
        Ok(_) => findings.good(
            "tags",
            "can be overwritten, so that signatures can be added to a .sig tag",
        )?,
        Err(error) => findings.bad(
            "tags",
            &format!("can't be overwritten ({error}); keep signatures as referrers: sign with --new-bundle-format"),
        )?,
    }
    match client.delete_manifest(repository, &target).await {
        Ok(_) => findings.good("deleting", "the trial tag was deleted"),
        Err(error) => {
            for round in 1..=3 {
                let digest = Target::Digest(Digest::sha256(trial(round).as_bytes()));
                // What can't be deleted stays; the finding says so.
                let _ = client.delete_manifest(repository, &digest).await;
            }
            findings.note(
                "deleting",
                &format!("the tag {TRIAL_TAG} may have been left behind ({error}); `clean` needs this permission"),
            )
        }
    }
}

fn trial(round: u32) -> String {
    let empty = Digest::sha256(b"{}");
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","artifactType":"application/vnd.countersign.doctor","config":{{"mediaType":"{}","digest":"{empty}","size":2}},"layers":[{{"mediaType":"{}","digest":"{empty}","size":2}}],"annotations":{{"round":"{round}"}}}}"#,
        media_type::OCI_MANIFEST,
        media_type::OCI_EMPTY,
        media_type::OCI_EMPTY,
    )
}
