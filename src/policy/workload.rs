//! The images of a Kubernetes object: pods and everything that makes pods.
//!
//! What is extracted is every image that the kubelet would pull for the object: initContainers, containers,
//! ephemeralContainers and image volumes. A kind that is not known yields nothing; [`is_workload`] tells.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Node;
use super::matching::ResourceKind;

/// A kind that carries a pod spec, and where.
struct Kind {
    kind: &'static str,
    group: &'static str,
    resource: &'static str,
    pod_spec: &'static str,
}

const POD: &str = "spec";
const TEMPLATE: &str = "spec.template.spec";

const KINDS: [Kind; 9] = [
    kind("Pod", "", "pods", POD),
    kind("ReplicationController", "", "replicationcontrollers", TEMPLATE),
    kind("PodTemplate", "", "podtemplates", "template.spec"),
    kind("ReplicaSet", "apps", "replicasets", TEMPLATE),
    kind("Deployment", "apps", "deployments", TEMPLATE),
    kind("StatefulSet", "apps", "statefulsets", TEMPLATE),
    kind("DaemonSet", "apps", "daemonsets", TEMPLATE),
    kind("Job", "batch", "jobs", TEMPLATE),
    kind("CronJob", "batch", "cronjobs", "spec.jobTemplate.spec.template.spec"),
];

const fn kind(kind: &'static str, group: &'static str, resource: &'static str, pod_spec: &'static str) -> Kind {
    Kind {
        kind,
        group,
        resource,
        pod_spec,
    }
}

/// An object that runs images.
#[derive(Clone, Debug, Default)]
pub struct Workload {
    /// The kind, e.g. `Deployment`; `compose` for a compose service.
    pub kind: String,
    /// API group, empty for the core group.
    pub group: String,
    /// API version, e.g. `v1`.
    pub version: String,
    /// Resource, e.g. `deployments`; empty for compose.
    pub resource: String,
    /// The name, or `generateName`.
    pub name: String,
    /// The namespace, empty when none is written.
    pub namespace: String,
    /// The labels of the object.
    pub labels: BTreeMap<String, String>,
    /// `spec` of the object.
    pub spec: Value,
    /// `metadata` of the object.
    pub metadata: Value,
    /// `apiVersion` and `kind`.
    pub type_meta: Value,
    /// The service account of its pods; empty is `default`.
    pub service_account: String,
    /// The pull secrets of its pods.
    pub pull_secrets: Vec<String>,
    /// Its images.
    pub images: Vec<ImageUse>,
}

/// One place where an object names an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The field of the image, e.g. `spec.template.spec.containers[0].image`.
    pub path: String,
    /// The container or volume, when it is named.
    pub container: String,
    /// The image as written; empty when the field is missing or no text.
    pub image: String,
}

impl Workload {
    /// What [`super::matching`] needs to know.
    pub fn resource_kind(&self) -> ResourceKind<'_> {
        ResourceKind {
            group: &self.group,
            version: &self.version,
            resource: &self.resource,
        }
    }

    /// `Deployment web`, `Deployment shop/web`.
    pub fn title(&self) -> String {
        let name = super::fields::shown(&self.name);
        match self.namespace.as_str() {
            "" => format!("{} {name}", self.kind),
            namespace => format!("{} {}/{name}", self.kind, super::fields::shown(namespace)),
        }
    }
}

/// Whether objects of this group and kind run images.
pub fn is_workload(group: &str, kind: &str) -> bool {
    KINDS.iter().any(|k| k.kind == kind && k.group == group)
}

/// The workload that an object is, or `None` for a kind that runs no images.
pub fn of_object(object: &Value) -> Option<Workload> {
    let api_version = text(object, "/apiVersion");
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let name = text(object, "/kind");
    // An old API group, such as extensions/v1beta1, still names the same kind.
    let kind = KINDS
        .iter()
        .find(|k| k.kind == name && (k.group == group || matches!(group, "extensions" | "apps" | "batch")))?;
    let pod_spec = object.pointer(&pointer(kind.pod_spec)).unwrap_or(&Value::Null);
    let generated = text(object, "/metadata/generateName");
    Some(Workload {
        kind: name.to_owned(),
        group: group.to_owned(),
        version: version.to_owned(),
        resource: kind.resource.to_owned(),
        name: Some(text(object, "/metadata/name"))
            .filter(|n| !n.is_empty())
            .unwrap_or(generated)
            .to_owned(),
        namespace: text(object, "/metadata/namespace").to_owned(),
        labels: labels(object),
        spec: object.get("spec").cloned().unwrap_or_default(),
        metadata: object.get("metadata").cloned().unwrap_or_default(),
        type_meta: serde_json::json!({ "apiVersion": api_version, "kind": name }),
        service_account: text(pod_spec, "/serviceAccountName").to_owned(),
        pull_secrets: list(pod_spec, "imagePullSecrets")
            .map(|s| text(s, "/name").to_owned())
            .filter(|n| !n.is_empty())
            .collect(),
        images: images(pod_spec, kind.pod_spec),
    })
}

/// The images of a pod spec that lies at `path` of its object.
pub fn images(pod_spec: &Value, path: &str) -> Vec<ImageUse> {
    let mut images = Vec::new();
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        for (index, container) in list(pod_spec, field).enumerate() {
            images.push(ImageUse {
                path: format!("{path}.{field}[{index}].image"),
                container: text(container, "/name").to_owned(),
                image: text(container, "/image").to_owned(),
            });
        }
    }
    for (index, volume) in list(pod_spec, "volumes").enumerate() {
        let image = text(volume, "/image/reference");
        // An image volume may leave its reference out in a template.
        if !image.is_empty() {
            images.push(ImageUse {
                path: format!("{path}.volumes[{index}].image"),
                container: text(volume, "/name").to_owned(),
                image: image.to_owned(),
            });
        }
    }
    images
}

/// The workloads of one document of a manifest with their node, which positions are looked up in: an object, the items
/// of a List, or the services of a compose file.
pub fn of_document(node: &Node) -> Vec<(Workload, Node)> {
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
    if kind.ends_with("List") {
        return node
            .get("items")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .flat_map(of_document)
            .collect();
    }
    if kind.is_empty() && node.get("services").is_some() {
        return super::compose::workload(node)
            .map(|w| (w, node.clone()))
            .into_iter()
            .collect();
    }
    of_object(&node.to_value())
        .map(|w| (w, node.clone()))
        .into_iter()
        .collect()
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn labels(object: &Value) -> BTreeMap<String, String> {
    let labels = object.pointer("/metadata/labels").and_then(Value::as_object);
    labels
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;

    fn all(text: &str) -> Vec<Workload> {
        let documents = document::read(text.as_bytes()).unwrap();
        documents.iter().flat_map(of_document).map(|(w, _)| w).collect()
    }

    fn paths(workload: &Workload) -> Vec<(&str, &str)> {
        workload
            .images
            .iter()
            .map(|i| (i.path.as_str(), i.image.as_str()))
            .collect()
    }

    #[test]
    fn every_image_of_a_pod_is_found() {
        let pods = all(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n, labels: {a: b}}\nspec:\n  serviceAccountName: sa\n  \
             imagePullSecrets: [{name: s}]\n  initContainers: [{name: i, image: a}]\n  containers: [{name: c, image: b}]\n  \
             ephemeralContainers: [{name: e, image: c}]\n  volumes: [{name: x, emptyDir: {}}, {name: v, image: {reference: d}}]\n",
        );
        assert_eq!(
            paths(&pods[0]),
            [
                ("spec.initContainers[0].image", "a"),
                ("spec.containers[0].image", "b"),
                ("spec.ephemeralContainers[0].image", "c"),
                ("spec.volumes[1].image", "d"),
            ]
        );
        assert_eq!(pods[0].title(), "Pod n/p");
        assert_eq!(pods[0].service_account, "sa");
        assert_eq!(pods[0].pull_secrets, ["s"]);
        assert_eq!(pods[0].labels.get("a").map(String::as_str), Some("b"));
    }

    #[test]
    fn every_kind_is_found_where_it_keeps_its_pods() {
        let spec = "{containers: [{image: x}]}";
        let template = format!("{{template: {{spec: {spec}}}}}");
        for (api, kind, body, path) in [
            ("v1", "Pod", spec.to_owned(), "spec"),
            ("v1", "ReplicationController", template.clone(), "spec.template.spec"),
            ("apps/v1", "ReplicaSet", template.clone(), "spec.template.spec"),
            ("apps/v1", "Deployment", template.clone(), "spec.template.spec"),
            (
                "extensions/v1beta1",
                "Deployment",
                template.clone(),
                "spec.template.spec",
            ),
            ("apps/v1", "StatefulSet", template.clone(), "spec.template.spec"),
            ("apps/v1", "DaemonSet", template.clone(), "spec.template.spec"),
            ("batch/v1", "Job", template.clone(), "spec.template.spec"),
            (
                "batch/v1",
                "CronJob",
                format!("{{jobTemplate: {{spec: {template}}}}}"),
                "spec.jobTemplate.spec.template.spec",
            ),
        ] {
            let found = all(&format!(
                "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {body}"
            ));
            assert_eq!(
                paths(&found[0]),
                [(format!("{path}.containers[0].image").as_str(), "x")],
                "{kind}"
            );
        }
        assert!(all("apiVersion: v1\nkind: Service\nspec: {containers: [{image: x}]}").is_empty());
        assert!(
            all("apiVersion: example.com/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{image: x}]}}}")
                .is_empty()
        );
    }

    #[test]
    fn lists_and_documents_are_walked() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, spec: {containers: [{image: a}]}}\n\
                    - {apiVersion: v1, kind: ConfigMap}\n---\napiVersion: v1\nkind: PodList\nitems:\n\
                    - {apiVersion: v1, kind: Pod, spec: {containers: [{image: b}]}}\n";
        let images: Vec<_> = all(text)
            .iter()
            .flat_map(|w| w.images.clone())
            .map(|i| i.image)
            .collect();
        assert_eq!(images, ["a", "b"]);
    }

    #[test]
    fn a_missing_image_is_kept_as_empty_so_that_it_is_not_passed_over() {
        let pods = all("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}, {image: [x]}, {image: 5}]}");
        assert_eq!(pods[0].images.len(), 3);
        assert!(pods[0].images.iter().all(|i| i.image.is_empty()));
    }
}
