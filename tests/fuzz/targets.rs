//! What is fuzzed: everything that reads bytes from outside. Shared by tests/fuzz_smoke.rs (stable toolchain, part of
//! the tests) and by cargo-fuzz (tests/fuzz/fuzz_targets/).
//!
//! To add a parser: a function here and its line in [`TARGETS`], then `BLESS=1 cargo test --test fuzz_smoke` writes
//! the cargo-fuzz side.

use countersign::{
    admission, annotations, bundle, certificate, digest, dsse, http, key, oci, payload, pem, policy, reference,
    registry, rekor, statement, store, timestamp, trust, verify,
};

/// A parser under fuzz.
pub struct Target {
    /// The name of the cargo-fuzz target and of the folder of its own seeds, tests/fuzz/seeds/NAME/.
    pub name: &'static str,
    /// Must not panic, whatever the bytes.
    pub run: fn(&[u8]),
    /// Files and folders under tests/vectors/ that serve as seeds too.
    pub vectors: &'static [&'static str],
}

const fn target(name: &'static str, run: fn(&[u8]), vectors: &'static [&'static str]) -> Target {
    Target { name, run, vectors }
}

/// All targets, in alphabetical order.
pub const TARGETS: &[Target] = &[
    target("admission_review", admission::review::fuzz_review, &["admission"]),
    target("annotations", annotations::fuzz_annotations, &[]),
    target("auth_challenge", fuzz_auth_challenge, &[]),
    target(
        "bundle",
        bundle::fuzz_bundle,
        &[
            "cosign/blobs/blob.sigstore.json",
            "cosign/blobs/blob.att.sigstore.json",
            "tlog/blobs",
        ],
    ),
    target("certificate", certificate::fuzz_certificate, &["certificate"]),
    target("checkpoint", rekor::checkpoint::fuzz_checkpoint, &[]),
    target("digest", fuzz_digest, &[]),
    target("docker_config", fuzz_docker_config, &[]),
    target("dsse", dsse::fuzz_dsse, &[]),
    target("entry_body", rekor::entry::fuzz_entry_body, &[]),
    target(
        "fallback_index",
        store::referrers::fuzz_referrer,
        &["cosign/registry/bundle-v3", "cosign/registry/att-v3"],
    ),
    target("inclusion_proof", rekor::inclusion::fuzz_inclusion_proof, &[]),
    target("key_file", key::file::fuzz_key_file, &["cosign/keys"]),
    target("key_import", key::import::fuzz_import, &["cosign/keys"]),
    target(
        "layout_index",
        store::layout::fuzz_layout_index,
        &["cosign/saved-layout/index.json"],
    ),
    target("link_header", fuzz_link_header, &[]),
    target(
        "log_annotation",
        rekor::annotation::fuzz_annotation,
        &["tutorial/bundle.json"],
    ),
    target(
        "manifest",
        fuzz_manifest,
        &["cosign/registry/twice", "cosign/registry/multi", "cosign/saved-layout"],
    ),
    target(
        "payload",
        payload::fuzz_payload,
        &["tutorial/payload.json", "cosign/registry/annotated"],
    ),
    target("pem", pem::fuzz_pem, &["cosign/keys"]),
    target("policy", policy::fuzz_policy, &[]),
    target("public_key", key::fuzz_public_key, &["cosign/keys"]),
    target("reference", fuzz_reference, &[]),
    target("sct", certificate::sct::fuzz_sct, &[]),
    target(
        "signature_layer",
        verify::layer::fuzz_layer,
        &["tlog/registry/rekor1", "tlog/registry/private-ca"],
    ),
    target(
        "signature_manifest",
        store::signature_manifest::fuzz_signature_manifest,
        &["cosign/registry/twice", "tlog/registry/rekor1-twice"],
    ),
    target(
        "signing_config",
        trust::signing_config::fuzz_signing_config,
        &["tlog/trust/signing-v1.json", "tlog/trust/signing-v2.json"],
    ),
    target("statement", statement::fuzz_statement, &[]),
    target("timestamp", timestamp::fuzz_timestamp, &["timestamp"]),
    target(
        "transparency_log_entry",
        rekor::transparency_log_entry::fuzz_transparency_log_entry,
        &[],
    ),
    target(
        "trusted_root",
        trust::trusted_root::fuzz_trusted_root,
        &["tlog/trust/trusted-root.json"],
    ),
    target("tuf_metadata", trust::tuf::fuzz_metadata, &["tuf"]),
];

/// Runs the target of this name.
#[allow(dead_code)]
pub fn run(name: &str, data: &[u8]) {
    if let Some(target) = TARGETS.iter().find(|target| target.name == name) {
        (target.run)(data);
    }
}

/// Calls `parse` when the bytes are text, as most parsers take only that.
fn text(data: &[u8], parse: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        parse(text);
    }
}

/// `sha256:…`; what was read is written back the same.
pub fn fuzz_digest(data: &[u8]) {
    text(data, |text| {
        if let Ok(digest) = text.parse::<digest::Digest>() {
            assert_eq!(digest.to_string(), text);
        }
    });
}

/// Manifests and indexes, with and without the media type they were served as.
pub fn fuzz_manifest(data: &[u8]) {
    let _ = oci::parse(data, None);
    let _ = oci::parse(data, Some(oci::media_type::OCI_MANIFEST));
    let _ = oci::parse(data, Some(oci::media_type::OCI_INDEX));
}

/// Names of images; what was read is read again the same.
pub fn fuzz_reference(data: &[u8]) {
    text(data, |text| {
        if let Ok(reference) = text.parse::<reference::Reference>() {
            assert_eq!(
                reference.to_string().parse::<reference::Reference>().as_ref(),
                Ok(&reference)
            );
        }
        let _ = text.parse::<reference::ImageReference>();
    });
}

/// `WWW-Authenticate` of a registry.
pub fn fuzz_auth_challenge(data: &[u8]) {
    let _ = registry::parse_challenges(&header(http::header::WWW_AUTHENTICATE, data));
}

/// `Link` of a paged answer, resolved against its page.
pub fn fuzz_link_header(data: &[u8]) {
    if let Ok(Some(link)) = registry::next_page(&header(http::header::LINK, data)) {
        let page = http::Uri::from_static("https://registry.example/v2/a/tags/list?n=1");
        let _ = http::resolve(&page, &link).map(|uri| http::redacted(&uri));
    }
}

fn header(name: http::HeaderName, data: &[u8]) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    if let Ok(value) = http::HeaderValue::from_bytes(data) {
        headers.append(name, value);
    }
    headers
}

/// docker's config.json and podman's auth.json.
pub fn fuzz_docker_config(data: &[u8]) {
    if let Ok(config) = registry::DockerConfig::parse(data)
        && let Ok(repository) = "registry.example/a/b".parse::<reference::Repository>()
    {
        let _ = config.find(&repository);
        let _ = config.helper(repository.registry());
    }
}
