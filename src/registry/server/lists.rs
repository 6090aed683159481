//! Lists: tags, referrers, repositories.

use hyper::{StatusCode, Uri};
use serde_json::json;

use super::control::Shared;
use super::reply::{ApiError, Reply};
use super::route::{Name, query};
use super::storage::StoredManifest;
use crate::digest::Digest;
use crate::oci::{self, Descriptor, Parsed, media_type};

pub(super) fn catalog(shared: &Shared) -> Reply {
    let names: Vec<String> = shared.storage().names().map(str::to_owned).collect();
    Reply::new(StatusCode::OK).json("application/json", &json!({"repositories": names}))
}

pub(super) fn tags(shared: &Shared, name: &Name, uri: &Uri) -> Result<Reply, ApiError> {
    let storage = shared.storage();
    let unknown = || ApiError::not_found("NAME_UNKNOWN", "no such repository");
    let repository = storage
        .repository(name)
        .filter(|r| !r.manifests.is_empty())
        .ok_or_else(unknown)?;
    let visible = shared.visible_until();
    let tags = repository
        .tags
        .keys()
        .filter(|tag| repository.tag(tag, visible).is_some())
        .cloned();
    let (page, next) = page(shared, uri, tags, String::as_str);
    let reply = Reply::new(StatusCode::OK).json("application/json", &json!({"name": name.as_str(), "tags": page}));
    Ok(linked(reply, &format!("/v2/{}/tags/list", name.as_str()), uri, next))
}

pub(super) fn referrers(shared: &Shared, name: &Name, subject: &Digest, uri: &Uri) -> Result<Reply, ApiError> {
    if !shared.options().referrers_api {
        return Err(ApiError::not_found("NOT_FOUND", "no such endpoint"));
    }
    let wanted = query(uri, "artifactType");
    let visible = shared.visible_until();
    let storage = shared.storage();
    // Of an image that isn't there (yet), the list is empty: the specification has no 404 here.
    let manifests = storage
        .repository(name)
        .into_iter()
        .flat_map(|repository| &repository.manifests);
    let descriptors = manifests
        .filter(|(_, manifest)| visible.is_none_or(|visible| manifest.since <= visible))
        .filter_map(|(digest, manifest)| referrer(digest, manifest, subject))
        .filter(|descriptor| wanted.is_none() || descriptor.artifact_type == wanted);
    let (page, next) = page(shared, uri, descriptors, |descriptor| descriptor.digest.hex());
    let index = json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": page});
    let mut reply = Reply::new(StatusCode::OK).json(media_type::OCI_INDEX, &index);
    if wanted.is_some() {
        reply = reply.header("OCI-Filters-Applied", "artifactType");
    }
    Ok(linked(
        reply,
        &format!("/v2/{}/referrers/{subject}", name.as_str()),
        uri,
        next,
    ))
}

/// The descriptor of a manifest in the list of its subject's referrers (distribution-spec v1.1, "Listing Referrers").
fn referrer(digest: &Digest, manifest: &StoredManifest, subject: &Digest) -> Option<Descriptor> {
    let (refers_to, artifact_type, annotations) = match oci::parse(&manifest.bytes, Some(&manifest.media_type)).ok()? {
        Parsed::Manifest(m) => (m.subject?, m.artifact_type.or(Some(m.config.media_type)), m.annotations),
        Parsed::Index(i) => (i.subject?, i.artifact_type, i.annotations),
    };
    if refers_to.digest != *subject {
        return None;
    }
    let mut descriptor = Descriptor::of(manifest.media_type.clone(), &manifest.bytes);
    descriptor.digest = digest.clone();
    descriptor.artifact_type = artifact_type;
    descriptor.annotations = annotations;
    Some(descriptor)
}

/// One page of ordered entries behind `last`, at most `n` of them; and where the next begins.
fn page<T>(
    shared: &Shared,
    uri: &Uri,
    entries: impl Iterator<Item = T>,
    key: impl Fn(&T) -> &str,
) -> (Vec<T>, Option<String>) {
    let most = shared.options().page_size;
    let size = query(uri, "n")
        .and_then(|n| n.parse().ok())
        .map_or(most, |n: usize| n.min(most));
    let last = query(uri, "last").unwrap_or_default();
    let mut page: Vec<T> = entries
        .filter(|entry| key(entry) > last.as_str())
        .take(size.saturating_add(1))
        .collect();
    let more = page.len() > size;
    page.truncate(size);
    let next = if more {
        page.last().map(|entry| key(entry).to_owned())
    } else {
        None
    };
    (page, next)
}

/// The reply with a link to the next page.
fn linked(reply: Reply, path: &str, uri: &Uri, next: Option<String>) -> Reply {
    let Some(next) = next else { return reply };
    let mut link = format!("{path}?last={next}");
    for name in ["n", "artifactType"] {
        let value = uri
            .query()
            .into_iter()
            .flat_map(|q| q.split('&'))
            .find(|pair| pair.starts_with(&format!("{name}=")));
        if let Some(pair) = value {
            link.push('&');
            link.push_str(pair);
        }
    }
    reply.header("Link", &format!("<{link}>; rel=\"next\""))
}
