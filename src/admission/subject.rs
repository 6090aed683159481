//! What of the object around an image matters to a policy.

use serde_json::Value;

use crate::digest::Digest;
use crate::policy::resource::{ClusterImagePolicy, Code};
use crate::policy::workload::Workload;

/// The parts of an object that a policy wants to see.
#[derive(Default)]
pub(super) struct Seen {
    pub spec: Value,
    pub metadata: Value,
    pub type_meta: Value,
}

impl Seen {
    pub fn of(policy: &ClusterImagePolicy, workload: &Workload) -> Self {
        let Some(results) = &policy.policy else {
            return Self::default();
        };
        let part = |wanted: bool, value: &Value| if wanted { value.clone() } else { Value::Null };
        Self {
            spec: part(results.include_spec, &workload.spec),
            metadata: part(results.include_object_meta, &workload.metadata),
            type_meta: part(results.include_type_meta, &workload.type_meta),
        }
    }
}

/// Whether the object around the image matters to a policy.
pub fn sees_subject(policy: &ClusterImagePolicy) -> bool {
    policy
        .policy
        .as_ref()
        .is_some_and(|p| p.include_spec || p.include_object_meta || p.include_type_meta)
}

/// Tells objects apart that a policy sees differently; `None` for a policy that sees none.
pub(super) fn subject(policy: &ClusterImagePolicy, workload: &Workload) -> Option<Digest> {
    sees_subject(policy).then(|| {
        let seen = Seen::of(policy, workload);
        let all = Value::Array(vec![seen.spec, seen.metadata, seen.type_meta]);
        Digest::sha256(all.to_string().as_bytes())
    })
}

/// Whether the result of a policy may change with time alone.
pub(super) fn reads_the_clock(policy: &ClusterImagePolicy) -> bool {
    let timed = |code: &Code| matches!(code, Code::Inline(text) if text.contains("time."));
    policy.policy.as_ref().is_some_and(|p| timed(&p.code))
        || policy
            .authorities
            .iter()
            .flat_map(|a| &a.attestations)
            .any(|a| a.policy.as_ref().is_some_and(timed))
}
