//! Where we differ from the recordings on purpose.

use crate::support::vectors::Scenario;

/// How the recordings are replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// On what cosign wrote.
    Reading,
    /// From the start, on what we write.
    Session,
}

/// A deliberate difference.
pub struct Difference {
    folder: &'static str,
    /// The scenario's name.
    name: &'static str,
    /// Only of this version of cosign; empty is all.
    cosign: &'static str,
    pass: Option<Pass>,
    /// Our exit code; `None` where the scenario can't be replayed.
    pub exit: Option<i32>,
    /// Why.
    #[allow(dead_code)]
    reason: &'static str,
}

impl Difference {
    pub fn applies(&self, folder: &str, pass: Pass, scenario: &Scenario) -> bool {
        self.folder == folder
            && self.name == scenario.name
            && (self.cosign.is_empty() || self.cosign == scenario.cosign)
            && self.pass.is_none_or(|only| only == pass)
    }
}

const fn exits(folder: &'static str, name: &'static str, exit: i32, reason: &'static str) -> Difference {
    Difference {
        folder,
        name,
        cosign: "",
        pass: None,
        exit: Some(exit),
        reason,
    }
}

const fn left_out(folder: &'static str, name: &'static str, pass: Option<Pass>, reason: &'static str) -> Difference {
    Difference {
        folder,
        name,
        cosign: "",
        pass,
        exit: None,
        reason,
    }
}

const BOTH_FORMATS: &str = "we find both formats on every image; the cosign that finds the signature is right";
const WRONG_KEY: &str = "a signature that does not match is exit 12 in both formats; cosign says 1 for bundles";

pub const DIFFERENCES: &[Difference] = &[
    exits("cosign", "verify 3.1 bundle (2.5)", 0, BOTH_FORMATS),
    exits("cosign", "verify 2.5 asked for bundles", 0, BOTH_FORMATS),
    exits("cosign", "verify both formats, key 1 (3.1)", 0, BOTH_FORMATS),
    exits("cosign", "verify both formats, key 2 (2.5)", 0, BOTH_FORMATS),
    exits("cosign", "verify-attestation custom v3", 0, BOTH_FORMATS),
    exits("cosign", "verify-attestation slsa v3", 0, BOTH_FORMATS),
    exits("cosign", "verify 3.1 bundle, wrong key", 12, WRONG_KEY),
    exits("tlog", "verify, 3.1, Rekor v1, wrong key", 12, WRONG_KEY),
    exits("tlog", "verify, 3.1, Rekor v2, wrong key", 12, WRONG_KEY),
    exits(
        "cosign",
        "verify-blob new bundle",
        0,
        "cosign 2.5 failed only because it asked the public TUF repository",
    ),
    exits(
        "cosign",
        "verify-blob-attestation",
        0,
        "cosign 2.5 failed only because it asked the public TUF repository",
    ),
    left_out(
        "cosign",
        "sign a",
        None,
        "the image was not recorded; tests/recorded.rs signs one of its own",
    ),
    left_out(
        "cosign",
        "verify several, one unsigned",
        None,
        "the images were not recorded",
    ),
    left_out(
        "cosign",
        "verify after clean",
        Some(Pass::Reading),
        "the repository was recorded before it was cleaned",
    ),
    left_out(
        "tlog",
        "verify online, 2.5",
        Some(Pass::Reading),
        "needs the log of the recording",
    ),
    left_out(
        "tlog",
        "import the leaf key",
        None,
        "the key's source was not recorded; leaf.key is used",
    ),
];
