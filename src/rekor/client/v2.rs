//! The calls of Rekor v2.

use serde_json::Value;

use super::{ClientError, Service, tiles};
use crate::http::StatusCode;
use crate::rekor::{LogEntry, LogKeys, transparency_log_entry};

const ENTRIES: &str = "/api/v2/log/entries";

pub(super) async fn create(
    service: &Service,
    request: &Value,
    keys: Option<&LogKeys>,
) -> Result<LogEntry, ClientError> {
    let response = service.post(ENTRIES, request).await?;
    match response.status {
        StatusCode::CREATED | StatusCode::OK => {
            transparency_log_entry::parse(&response.body).map_err(|reason| service.answer(ENTRIES, reason))
        }
        StatusCode::CONFLICT => {
            let index = response
                .header("x-log-index")
                .and_then(|index| index.parse().ok())
                .ok_or_else(|| service.answer(ENTRIES, "it says that the entry exists already, but not where"))?;
            // Writing and reading may be served by different servers, and reading by none that is reachable.
            tiles::entry(service, index, keys)
                .await
                .map_err(|source| ClientError::Unreadable {
                    log: service.base.clone(),
                    index,
                    source: Box::new(source),
                })
        }
        _ => Err(service.failed(ENTRIES, &response)),
    }
}
