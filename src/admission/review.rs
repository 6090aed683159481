//! AdmissionReview v1 (`admission.k8s.io/v1`): reading a request, writing a response. Pure.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::policy::workload::{self, Workload};

/// Largest review that is read, in bytes: an object and its old state, each at most what etcd takes.
pub const MAX_REVIEW: usize = 8 << 20;

/// A request of the API server.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Identifies the request.
    pub uid: String,
    /// Kind of the object.
    pub kind: GroupVersionKind,
    /// Subresource, e.g. `status`; empty for the object itself.
    #[serde(default)]
    pub sub_resource: Option<String>,
    /// Name; empty when it is to be generated.
    #[serde(default)]
    pub name: Option<String>,
    /// Namespace.
    #[serde(default)]
    pub namespace: Option<String>,
    /// What is being done.
    pub operation: Operation,
    /// Who does it.
    #[serde(default)]
    pub user_info: UserInfo,
    /// The object after the operation; null for deletions.
    #[serde(default)]
    pub object: Value,
    /// The object before the operation; null for creations.
    #[serde(default)]
    pub old_object: Value,
    /// Whether nothing will be stored.
    #[serde(default)]
    pub dry_run: Option<bool>,
}

/// Group, version and kind.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GroupVersionKind {
    /// API group, empty for the core group.
    #[serde(default)]
    pub group: String,
    /// API version.
    #[serde(default)]
    pub version: String,
    /// Kind.
    pub kind: String,
}

/// Who makes a request.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct UserInfo {
    /// The user's name.
    #[serde(default)]
    pub username: String,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Operation {
    /// Creates.
    Create,
    /// Changes.
    Update,
    /// Removes.
    Delete,
    /// Connects, e.g. `exec`.
    Connect,
}

/// Why a body is not a review.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// More than [`MAX_REVIEW`] bytes.
    #[error("the review has more than {MAX_REVIEW} bytes")]
    TooLarge,
    /// Not JSON of the right shape.
    #[error("the body is not an AdmissionReview: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Another kind or version.
    #[error("the body is {kind:?} of {api_version:?}, not AdmissionReview of admission.k8s.io/v1")]
    Unknown {
        /// `apiVersion`.
        api_version: String,
        /// `kind`.
        kind: String,
    },
    /// What is created or changed is not there to be judged.
    #[error("the review has no object")]
    NoObject,
}

impl Request {
    /// Reads an AdmissionReview.
    ///
    /// # Errors
    /// [`ReviewError`] when it is none.
    pub fn parse(body: &[u8]) -> Result<Self, ReviewError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Review {
            #[serde(default)]
            api_version: String,
            #[serde(default)]
            kind: String,
            request: Request,
        }
        if body.len() > MAX_REVIEW {
            return Err(ReviewError::TooLarge);
        }
        let review: Review = serde_json::from_slice(body)?;
        if review.api_version != "admission.k8s.io/v1" || review.kind != "AdmissionReview" {
            return Err(ReviewError::Unknown {
                api_version: review.api_version,
                kind: review.kind,
            });
        }
        let request = review.request;
        if matches!(request.operation, Operation::Create | Operation::Update) && !request.object.is_object() {
            return Err(ReviewError::NoObject);
        }
        Ok(request)
    }

    /// The workload that is asked about, in the namespace of the request; `None` for a kind that runs no images.
    pub fn workload(&self) -> Option<Workload> {
        self.read(&self.object)
    }

    /// As [`Request::workload`], before the operation.
    pub fn old_workload(&self) -> Option<Workload> {
        self.read(&self.old_object)
    }

    fn read(&self, object: &Value) -> Option<Workload> {
        if !object.is_object() {
            return None;
        }
        // The kind of the request counts: an object may leave its own out.
        let api_version = match self.kind.group.as_str() {
            "" => self.kind.version.clone(),
            group => format!("{group}/{}", self.kind.version),
        };
        let mut workload = workload::of_kind(&api_version, &self.kind.kind, object)?;
        workload.namespace = self.namespace.clone().unwrap_or_default();
        Some(workload)
    }

    /// Why the request is admitted without a look at images, when it is.
    pub fn passes(&self) -> Option<&'static str> {
        match self.operation {
            Operation::Delete => return Some("deletion"),
            Operation::Connect => return Some("connection"),
            Operation::Create | Operation::Update => {}
        }
        match self.sub_resource.as_deref().unwrap_or_default() {
            "" | "ephemeralcontainers" => {}
            "status" => return Some("status update"),
            // Scaling and the like carry no images.
            _ => return Some("subresource without images"),
        }
        if !self
            .object
            .pointer("/metadata/deletionTimestamp")
            .is_none_or(Value::is_null)
        {
            return Some("already being deleted");
        }
        None
    }

    /// Whether an update leaves the images alone: every image of the new object was in the old one.
    ///
    /// Scale-downs and updates of old workloads must not strand them; one that changes an image as well is judged.
    pub fn leaves_images_alone(&self, new: &Workload) -> bool {
        if self.operation != Operation::Update {
            return false;
        }
        let Some(old) = self.old_workload() else {
            return false;
        };
        let before: HashSet<_> = old.images.iter().map(|i| i.image.as_str()).collect();
        new.images.iter().all(|i| before.contains(i.image.as_str()))
    }
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// The request's.
    pub uid: String,
    /// Whether it is admitted.
    pub allowed: bool,
    /// Why not.
    pub message: Option<String>,
    /// HTTP status of a denial.
    pub code: u16,
    /// What to show although it is admitted.
    pub warnings: Vec<String>,
    /// Changes (RFC 6902).
    pub patch: Vec<Value>,
}

impl Response {
    /// Admits.
    pub fn allow(uid: &str) -> Self {
        Self {
            uid: uid.to_owned(),
            allowed: true,
            ..Self::default()
        }
    }

    /// Denies with a message.
    pub fn deny(uid: &str, message: String) -> Self {
        Self {
            uid: uid.to_owned(),
            message: Some(message),
            // What knative answers for a failed validation; kubectl prints the message either way.
            code: 400,
            ..Self::default()
        }
    }

    /// The AdmissionReview that holds it.
    pub fn to_json(&self) -> Value {
        let mut response = json!({ "uid": self.uid, "allowed": self.allowed });
        if let Some(message) = &self.message {
            response["status"] = json!({
                "status": "Failure", "message": message, "reason": "BadRequest", "code": self.code,
            });
        }
        if !self.warnings.is_empty() {
            response["warnings"] = json!(self.warnings);
        }
        if !self.patch.is_empty() {
            let patch = Value::Array(self.patch.clone()).to_string();
            response["patchType"] = json!("JSONPatch");
            response["patch"] = json!(STANDARD.encode(patch));
        }
        json!({ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response })
    }
}

/// The JSON pointer of a field like `spec.containers[0].image` (RFC 6901); these names need no escapes.
pub fn pointer(path: &str) -> String {
    let mut pointer = String::from("/");
    for c in path.chars() {
        match c {
            '.' | '[' => pointer.push('/'),
            ']' => {}
            other => pointer.push(other),
        }
    }
    pointer
}

/// Fuzz target: a review of any bytes is read without a panic.
pub fn fuzz_review(data: &[u8]) {
    if let Ok(request) = Request::parse(data) {
        let _ = request.passes();
        if let Some(workload) = request.workload() {
            let _ = request.leaves_images_alone(&workload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn review(operation: &str, sub_resource: &str, object: Value, old: Value) -> Request {
        let body = json!({
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "request": {
                "uid": "u", "operation": operation, "subResource": sub_resource, "namespace": "n", "name": "x",
                "kind": {"group": "apps", "version": "v1", "kind": "Deployment"}, "object": object, "oldObject": old,
            },
        });
        Request::parse(body.to_string().as_bytes()).unwrap()
    }

    fn deployment(image: &str, replicas: i64) -> Value {
        json!({"metadata": {"name": "x"}, "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"image": image}]}}}})
    }

    #[test]
    fn deletions_and_status_updates_pass() {
        assert_eq!(
            review("DELETE", "", Value::Null, deployment("a", 1)).passes(),
            Some("deletion")
        );
        assert_eq!(
            review("UPDATE", "status", deployment("a", 1), deployment("b", 1)).passes(),
            Some("status update")
        );
        assert!(review("UPDATE", "scale", json!({}), json!({})).passes().is_some());
        assert_eq!(review("CREATE", "", deployment("a", 1), Value::Null).passes(), None);
        let mut going = deployment("a", 1);
        going["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        assert!(review("UPDATE", "", going, deployment("b", 1)).passes().is_some());
    }

    #[test]
    fn updates_that_leave_images_alone_are_told() {
        let alone = |new: &str, old: &str| {
            let request = review("UPDATE", "", deployment(new, 1), deployment(old, 5));
            request.leaves_images_alone(&request.workload().unwrap())
        };
        assert!(alone("a", "a"));
        // Scaled down and changed at once: judged.
        assert!(!alone("b", "a"));
        let created = review("CREATE", "", deployment("a", 1), Value::Null);
        assert!(!created.leaves_images_alone(&created.workload().unwrap()));
    }

    #[test]
    fn the_kind_of_the_request_counts() {
        let mut object = deployment("a", 1);
        object["kind"] = json!("Service");
        let workload = review("CREATE", "", object, Value::Null).workload().unwrap();
        assert_eq!(
            (workload.kind.as_str(), workload.namespace.as_str()),
            ("Deployment", "n")
        );
    }

    #[test]
    fn other_bodies_are_refused() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","kind":{"kind":"Pod"},"object":{}}}"#,
            r#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","kind":{"kind":"Pod"}}}"#,
            r#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"UPDATE","kind":{"kind":"Pod"},"object":[]}}"#,
        ] {
            assert!(Request::parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(matches!(
            Request::parse(&vec![b' '; MAX_REVIEW + 1]),
            Err(ReviewError::TooLarge)
        ));
    }

    #[test]
    fn responses_have_the_api_servers_shape() {
        let denied = Response::deny("u", "no".into()).to_json();
        assert_eq!(denied["response"]["allowed"], json!(false));
        assert_eq!(denied["response"]["status"]["message"], json!("no"));
        let mut patched = Response::allow("u");
        patched
            .patch
            .push(json!({"op": "replace", "path": "/spec", "value": 1}));
        patched.warnings.push("w".into());
        let json = patched.to_json();
        assert_eq!(json["response"]["patchType"], json!("JSONPatch"));
        let patch = STANDARD.decode(json["response"]["patch"].as_str().unwrap()).unwrap();
        assert_eq!(patch, br#"[{"op":"replace","path":"/spec","value":1}]"#);
    }

    #[test]
    fn paths_become_pointers() {
        assert_eq!(
            pointer("spec.template.spec.containers[10].image"),
            "/spec/template/spec/containers/10/image"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            fuzz_review(&bytes);
        }
    }
}
