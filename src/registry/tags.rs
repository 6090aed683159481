use std::collections::HashSet;

use serde::Deserialize;

use super::auth::Access;
use super::client::{Call, Client, Place};
use super::error::Error;
use super::link::next_page;
use crate::http::{Method, Origin, Response, StatusCode, Uri, resolve};
use crate::oci::MAX_MANIFEST;
use crate::reference::{Repository, Tag};

/// Most pages of one listing.
const MAX_PAGES: usize = 1_000;
/// Most bytes of all pages of one listing.
const MAX_BYTES: usize = 32 << 20;
/// Most tags of one listing.
const MAX_TAGS: usize = 100_000;

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

/// Follows `Link` headers: on the same server, no page twice, not without end.
pub(super) struct Pages {
    what: String,
    seen: HashSet<Uri>,
    bytes: usize,
}

impl Pages {
    pub fn new(what: String) -> Self {
        Self {
            what,
            seen: HashSet::new(),
            bytes: 0,
        }
    }

    pub fn is_first(&self) -> bool {
        self.seen.is_empty()
    }

    /// Where the page after this one is; `None` when this is the last one.
    pub fn next(&mut self, response: &Response) -> Result<Option<Place>, Error> {
        let link = next_page(&response.headers).map_err(|reason| Error::malformed(&self.what, reason))?;
        let Some(link) = link else { return Ok(None) };
        let next = resolve(&response.uri, &link)
            .ok_or_else(|| Error::malformed(&self.what, "the link to the next page is not a URL"))?;
        if Origin::of(&next) != Origin::of(&response.uri) {
            return Err(Error::malformed(&self.what, "the next page is on another server"));
        }
        self.seen.insert(response.uri.clone());
        self.bytes = self.bytes.saturating_add(response.body.len());
        if self.bytes > MAX_BYTES {
            return Err(Error::TooMany {
                what: self.what.clone(),
                limit: MAX_BYTES,
                items: "bytes of pages",
            });
        }
        if self.seen.contains(&next) {
            return Err(Error::malformed(&self.what, "its pages go round in a circle"));
        }
        if self.seen.len() >= MAX_PAGES {
            return Err(Error::TooMany {
                what: self.what.clone(),
                limit: MAX_PAGES,
                items: "pages",
            });
        }
        Ok(Some(Place::Location(next)))
    }
}

impl Client {
    /// The tags of a repository, all pages, as the registry orders them; `None` when there is no such repository.
    ///
    /// # Errors
    /// Any failure on any page; a tag that is none.
    pub async fn tags(&self, repository: &Repository) -> Result<Option<Vec<Tag>>, Error> {
        let what = format!("list the tags of {repository}");
        let mut pages = Pages::new(what.clone());
        let mut all = Vec::new();
        let mut call = Call::new(
            what.clone(),
            repository,
            Access::Pull,
            Method::GET,
            "tags/list?n=1000".to_owned(),
        );
        call.limit = MAX_MANIFEST;
        loop {
            let response = self.send(call).await?;
            if response.status != StatusCode::OK {
                return match Error::of_answer(&what, &response) {
                    Error::Absent { .. } if pages.is_first() => Ok(None),
                    error => Err(error),
                };
            }
            let list: TagList =
                serde_json::from_slice(&response.body).map_err(|error| Error::malformed(&what, error.to_string()))?;
            for tag in list.tags.unwrap_or_default() {
                all.push(
                    tag.parse::<Tag>()
                        .map_err(|error| Error::malformed(&what, error.to_string()))?,
                );
            }
            if all.len() > MAX_TAGS {
                return Err(Error::TooMany {
                    what,
                    limit: MAX_TAGS,
                    items: "tags",
                });
            }
            let Some(place) = pages.next(&response)? else { break };
            call = Call::new(what.clone(), repository, Access::Pull, Method::GET, String::new());
            call.limit = MAX_MANIFEST;
            call.place = place;
        }
        Ok(Some(all))
    }
}
