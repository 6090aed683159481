use super::auth::Access;
use super::client::{Call, Client};
use super::error::{Error, has_code, has_no_code};
use super::manifests::content_type;
use super::tags::Pages;
use crate::digest::Digest;
use crate::http::{Method, Response, StatusCode, encode, header};
use crate::oci::{Descriptor, MAX_DESCRIPTORS, MAX_MANIFEST, Parsed, media_type, parse};
use crate::reference::Repository;

impl Client {
    /// What refers to the manifest `subject` (OCI distribution-spec v1.1, "Listing Referrers"), all pages; `None` when
    /// the registry has no referrers API and keeps them under the fallback tag.
    ///
    /// `artifact_type` asks the registry for one type only; it is also applied here.
    ///
    /// # Errors
    /// Any failure on any page: a part is never taken for the whole.
    pub async fn referrers(
        &self,
        repository: &Repository,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Option<Vec<Descriptor>>, Error> {
        let what = format!("list what refers to {repository}@{subject}");
        let mut path = format!("referrers/{subject}");
        if let Some(artifact_type) = artifact_type {
            path.push_str("?artifactType=");
            path.push_str(&encode(artifact_type));
        }
        let mut pages = Pages::new(what.clone());
        let mut all: Vec<Descriptor> = Vec::new();
        let mut call = Call::new(what.clone(), repository, Access::Pull, Method::GET, path)
            .header(header::ACCEPT, media_type::OCI_INDEX);
        call.limit = MAX_MANIFEST;
        loop {
            let response = self.send(call).await?;
            if response.status != StatusCode::OK {
                if pages.is_first() && has_no_api(&response) {
                    return Ok(None);
                }
                return Err(Error::of_answer(&what, &response));
            }
            if pages.is_first() && is_another_page(&response) {
                return Ok(None);
            }
            all.extend(page(&what, &response)?);
            if all.len() > MAX_DESCRIPTORS {
                return Err(Error::TooMany {
                    what,
                    limit: MAX_DESCRIPTORS,
                    items: "referrers",
                });
            }
            let Some(place) = pages.next(&response)? else { break };
            call = Call::new(what.clone(), repository, Access::Pull, Method::GET, String::new())
                .header(header::ACCEPT, media_type::OCI_INDEX);
            call.limit = MAX_MANIFEST;
            call.place = place;
        }
        if let Some(wanted) = artifact_type {
            // A descriptor that does not say its type may be of the wanted one; the manifest will tell.
            all.retain(|descriptor| descriptor.artifact_type.as_deref().is_none_or(|found| found == wanted));
        }
        Ok(Some(all))
    }
}

fn page(what: &str, response: &Response) -> Result<Vec<Descriptor>, Error> {
    let served = content_type(response);
    if !served.ends_with("json") {
        return Err(Error::malformed(what, format!("it is {served:?}, not an image index")));
    }
    match parse(&response.body, Some(&served)) {
        Ok(Parsed::Index(index)) => Ok(index.manifests),
        Ok(Parsed::Manifest(_)) => Err(Error::malformed(what, "it is a manifest, not an image index")),
        Err(error) => Err(Error::malformed(what, error.to_string())),
    }
}

/// Whether a success is that of something else, such as the front page of a registry without the API: what it serves is
/// no JSON.
fn is_another_page(response: &Response) -> bool {
    let served = content_type(response);
    !served.is_empty() && !served.ends_with("json")
}

/// Whether the answer to a referrers request says that there is no such API: the specification's 404, and what
/// registries that read the path as a name, or know it but don't do it, answer instead.
fn has_no_api(response: &Response) -> bool {
    match response.status {
        StatusCode::NOT_FOUND
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::NOT_ACCEPTABLE
        | StatusCode::NOT_IMPLEMENTED => true,
        StatusCode::BAD_REQUEST => {
            has_no_code(response) || has_code(response, &["UNSUPPORTED", "NAME_INVALID", "MANIFEST_INVALID"])
        }
        _ => false,
    }
}
