//! Which resources a policy is for: `spec.match[]` with group, version, resource and label selector.

use std::collections::BTreeMap;

/// One entry of `spec.match[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchResource {
    /// API group; empty matches the core group, `*` or nothing written any.
    pub group: Option<String>,
    /// API version.
    pub version: Option<String>,
    /// Resource, plural and in lower case, e.g. `deployments`.
    pub resource: Option<String>,
    /// Labels that the resource must have.
    pub selector: Option<Selector>,
}

/// A Kubernetes label selector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Labels that must be there with this value.
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements, all of which must hold.
    pub expressions: Vec<Requirement>,
}

/// A requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// What is asked of it.
    pub operator: Operator,
}

/// What a requirement asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One of these values.
    In(Vec<String>),
    /// None of these values; a missing label qualifies.
    NotIn(Vec<String>),
    /// The label is there.
    Exists,
    /// The label is not there.
    DoesNotExist,
}

/// The resource that is being judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceKind<'a> {
    /// API group; empty is the core group.
    pub group: &'a str,
    /// API version, e.g. `v1`.
    pub version: &'a str,
    /// Plural name in lower case, e.g. `pods`.
    pub resource: &'a str,
}

impl MatchResource {
    /// Whether this entry is for a resource with `labels`.
    ///
    /// What is not written matches all; a selector counts only together with a resource.
    pub fn matches(&self, kind: &ResourceKind<'_>, labels: &BTreeMap<String, String>) -> bool {
        let same = |wanted: &Option<String>, actual: &str| {
            wanted
                .as_deref()
                .is_none_or(|w| w == "*" || w.eq_ignore_ascii_case(actual))
        };
        same(&self.group, kind.group)
            && same(&self.version, kind.version)
            && same(&self.resource, kind.resource)
            && self.selector.as_ref().is_none_or(|s| s.matches(labels))
    }
}

impl Selector {
    /// Whether `labels` satisfy all of the selector; an empty selector matches everything.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.match_labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
            && self.expressions.iter().all(|requirement| {
                let actual = labels.get(&requirement.key);
                match &requirement.operator {
                    Operator::In(values) => actual.is_some_and(|a| values.contains(a)),
                    Operator::NotIn(values) => actual.is_none_or(|a| !values.contains(a)),
                    Operator::Exists => actual.is_some(),
                    Operator::DoesNotExist => actual.is_none(),
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn what_is_not_written_matches_everything() {
        let pods = ResourceKind {
            group: "",
            version: "v1",
            resource: "pods",
        };
        let deployments = ResourceKind {
            group: "apps",
            version: "v1",
            resource: "deployments",
        };
        let any = MatchResource::default();
        assert!(any.matches(&pods, &labels(&[])) && any.matches(&deployments, &labels(&[])));
        let only = MatchResource {
            group: Some("apps".into()),
            version: Some("v1".into()),
            resource: Some("deployments".into()),
            selector: None,
        };
        assert!(!only.matches(&pods, &labels(&[])) && only.matches(&deployments, &labels(&[])));
        let core = MatchResource {
            resource: Some("pods".into()),
            ..MatchResource::default()
        };
        assert!(core.matches(&pods, &labels(&[])) && !core.matches(&deployments, &labels(&[])));
    }

    #[test]
    fn selectors_follow_kubernetes() {
        let has = |operator| Selector {
            match_labels: BTreeMap::new(),
            expressions: vec![Requirement {
                key: "env".into(),
                operator,
            }],
        };
        let prod = labels(&[("env", "prod")]);
        let none = labels(&[]);
        let values = || vec!["prod".to_owned(), "stage".to_owned()];
        assert!(has(Operator::In(values())).matches(&prod) && !has(Operator::In(values())).matches(&none));
        assert!(!has(Operator::NotIn(values())).matches(&prod) && has(Operator::NotIn(values())).matches(&none));
        assert!(has(Operator::Exists).matches(&prod) && !has(Operator::Exists).matches(&none));
        assert!(!has(Operator::DoesNotExist).matches(&prod) && has(Operator::DoesNotExist).matches(&none));
        let both = Selector {
            match_labels: labels(&[("env", "prod"), ("tier", "web")]),
            expressions: vec![],
        };
        assert!(!both.matches(&prod));
        assert!(both.matches(&labels(&[("env", "prod"), ("tier", "web"), ("x", "y")])));
        assert!(Selector::default().matches(&none));
    }
}
