//! The calls of Rekor v1.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{self, Uuid};
use super::{ClientError, Service};
use crate::digest::hex;
use crate::http::{Response, StatusCode, header};
use crate::key::HashAlgorithm;
use crate::rekor::{Checkpoint, LogEntry};

const ENTRIES: &str = "/api/v1/log/entries";
const RETRIEVE: &str = "/api/v1/log/entries/retrieve";
const INDEX: &str = "/api/v1/index/retrieve";
const INFO: &str = "/api/v1/log";
const PUBLIC_KEY: &str = "/api/v1/log/publicKey";

/// Most identifiers that one search may name: what Rekor v1 allows.
const MAX_SEARCH: usize = 10;

/// Most entries of one digest that are fetched. A payload names its image, so that a digest has one per signature.
const MAX_FOUND: usize = 100;

/// Size and checkpoint of a log, as it says: unverified.
#[derive(Clone, Debug)]
pub struct LogInfo {
    /// The number of entries of the active tree.
    pub tree_size: u64,
    /// The active tree.
    pub tree_id: String,
    /// The signed checkpoint.
    pub checkpoint: Checkpoint,
}

pub(super) async fn create(service: &Service, proposal: &Value) -> Result<LogEntry, ClientError> {
    let response = service.post(ENTRIES, proposal).await?;
    match response.status {
        StatusCode::CREATED | StatusCode::OK => one(service, ENTRIES, &response),
        StatusCode::CONFLICT => existing(service, proposal, &response).await,
        _ => Err(service.failed(ENTRIES, &response)),
    }
}

/// The entry that is in the log already. Of the address that a 409 names only the identifier is used, on our own
/// server; that the entry is ours is checked by the caller as for a new one.
async fn existing(service: &Service, proposal: &Value, conflict: &Response) -> Result<LogEntry, ClientError> {
    let id = conflict
        .header(header::LOCATION)
        .and_then(|location| location.rsplit('/').next())
        .filter(|id| answer::uuid(id).is_some());
    let Some(id) = id else {
        let found = find(service, std::slice::from_ref(proposal)).await?;
        return found.into_iter().next().ok_or_else(|| {
            service.answer(
                ENTRIES,
                "it says that the entry exists already, but neither where nor does it find it",
            )
        });
    };
    let path = format!("{ENTRIES}/{id}");
    let response = service.get(&path).await?;
    match response.status {
        StatusCode::OK => one(service, &path, &response),
        _ => Err(service.failed(&path, &response)),
    }
}

fn one(service: &Service, path: &str, response: &Response) -> Result<LogEntry, ClientError> {
    let mut entries = answer::entries(&response.body).map_err(|reason| service.answer(path, reason))?;
    match (entries.pop(), entries.is_empty()) {
        (Some((_, entry)), true) => Ok(entry),
        (_, _) => Err(service.answer(path, "expected exactly one entry")),
    }
}

pub(super) async fn find(service: &Service, proposals: &[Value]) -> Result<Vec<LogEntry>, ClientError> {
    let found = retrieve(service, &json!({ "entries": proposals })).await?;
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

async fn retrieve(service: &Service, query: &Value) -> Result<Vec<(Uuid, LogEntry)>, ClientError> {
    let response = service.post(RETRIEVE, query).await?;
    match response.status {
        StatusCode::OK => answer::list(&response.body).map_err(|reason| service.answer(RETRIEVE, reason)),
        StatusCode::NOT_FOUND => Ok(Vec::new()),
        _ => Err(service.failed(RETRIEVE, &response)),
    }
}

pub(super) async fn find_by_hash(
    service: &Service,
    hash: HashAlgorithm,
    digest: &[u8],
) -> Result<Vec<LogEntry>, ClientError> {
    let query = json!({"hash": format!("{}:{}", hash.name(), hex(digest))});
    let response = service.post(INDEX, &query).await?;
    let ids: Vec<String> = match response.status {
        StatusCode::OK => serde_json::from_slice(&response.body).map_err(|reason| service.answer(INDEX, reason))?,
        StatusCode::NOT_FOUND => return Ok(Vec::new()),
        _ => return Err(service.failed(INDEX, &response)),
    };
    if ids.len() > MAX_FOUND {
        return Err(service.answer(
            INDEX,
            format_args!("it names {} entries, more than {MAX_FOUND}", ids.len()),
        ));
    }
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_SEARCH) {
        let asked: Option<Vec<Uuid>> = ids.iter().map(|id| answer::uuid(id)).collect();
        let asked = asked.ok_or_else(|| service.answer(INDEX, "an identifier is not 64 or 80 hexadecimal digits"))?;
        for (uuid, entry) in retrieve(service, &json!({ "entryUUIDs": ids })).await? {
            if !asked.contains(&uuid) {
                return Err(service.answer(RETRIEVE, "it has an entry that was not asked for"));
            }
            found.push(entry);
        }
    }
    Ok(found)
}

pub(super) async fn info(service: &Service) -> Result<LogInfo, ClientError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Info {
        tree_size: u64,
        #[serde(rename = "treeID")]
        tree_id: String,
        signed_tree_head: String,
    }
    let response = service.get(INFO).await?;
    if response.status != StatusCode::OK {
        return Err(service.failed(INFO, &response));
    }
    let info: Info = serde_json::from_slice(&response.body).map_err(|reason| service.answer(INFO, reason))?;
    Ok(LogInfo {
        tree_size: info.tree_size,
        tree_id: info.tree_id.chars().filter(char::is_ascii_digit).take(40).collect(),
        checkpoint: Checkpoint::parse(&info.signed_tree_head).map_err(|reason| service.answer(INFO, reason))?,
    })
}

pub(super) async fn claimed_key(service: &Service) -> Result<String, ClientError> {
    let response = service.get(PUBLIC_KEY).await?;
    if response.status != StatusCode::OK {
        return Err(service.failed(PUBLIC_KEY, &response));
    }
    let key = crate::key::PublicKey::from_pem(&response.body).map_err(|reason| service.answer(PUBLIC_KEY, reason))?;
    Ok(key.to_pem())
}
