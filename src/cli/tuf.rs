//! Trust material from the TUF repository of Sigstore, or of one's own.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign::trust::tuf::{Refresh, Source, Updater};
use countersign::trust::{SigningConfig, TrustedRoot};

use super::{Context, Failure};

/// The target that holds the addresses of all services.
pub const SIGNING_CONFIG: &str = "signing_config.v0.2.json";

/// The same with the addresses of Rekor v2.
const SIGNING_CONFIG_REKOR_V2: &str = "signing_config_rekor_v2.v0.2.json";

/// The trusted root of the repository that the environment names. `offline` asks nothing of the network.
pub async fn trusted_root(context: &Context, offline: bool) -> Result<TrustedRoot, Failure> {
    Ok(open(context, offline).await?.trusted_root().await?.root)
}

/// The signing configuration of the repository that the environment names.
pub async fn signing_config(context: &Context) -> Result<SigningConfig, Failure> {
    signing_config_for(false, context).await
}

/// The signing configuration of the repository that the environment names, or the one with Rekor v2.
pub async fn signing_config_for(rekor_v2: bool, context: &Context) -> Result<SigningConfig, Failure> {
    let name = if rekor_v2 {
        SIGNING_CONFIG_REKOR_V2
    } else {
        SIGNING_CONFIG
    };
    let bytes = open(context, false).await?.target(name).await?;
    SigningConfig::parse(&bytes).map_err(|error| Failure::new(format!("TUF target {name}: {error}")))
}

async fn open(context: &Context, offline: bool) -> Result<Updater, Failure> {
    let refresh = if offline { Refresh::Never } else { Refresh::WhenStale };
    Ok(Source::from_environment()?.open(context.http(), refresh, now()).await?)
}

/// Seconds since 1970.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or(0)
}
