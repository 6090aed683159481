use super::{Context, Failure, download_attestation, download_sbom, download_signature};

/// Download the signatures, attestations or SBOM of an image
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Signature(download_signature::Args),
    Attestation(download_attestation::Args),
    Sbom(download_sbom::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Signature(args) => download_signature::run(args, context).await,
        Command::Attestation(args) => download_attestation::run(args, context).await,
        Command::Sbom(args) => download_sbom::run(args, context).await,
    }
}

/// Most bytes of one attestation, bundle or SBOM: COSIGN_MAX_ATTACHMENT_SIZE (bytes, or with the unit KB, MB, GB, KiB,
/// MiB or GiB), else 128 MiB.
///
/// # Errors
/// The variable is not a size.
pub fn limit() -> Result<usize, Failure> {
    match std::env::var("COSIGN_MAX_ATTACHMENT_SIZE") {
        Ok(text) if !text.is_empty() => size(&text).ok_or_else(|| {
            Failure::new(format!(
                "COSIGN_MAX_ATTACHMENT_SIZE: {text:?} is not a size; write bytes, or a number with the unit MB or MiB"
            ))
        }),
        _ => Ok(countersign::store::signatures::MAX_ENVELOPE),
    }
}

fn size(text: &str) -> Option<usize> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("1000"), Some(1000));
        assert_eq!(size("128MiB"), Some(128 << 20));
        assert_eq!(size("2 MB"), Some(2_000_000));
        for bad in ["", "MiB", "1.5MB", "-1", "99999999999999999999", "1 parsec"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }
}
