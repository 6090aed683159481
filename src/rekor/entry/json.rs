//! The JSON of the bodies, member by member.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head<'a> {
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub api_version: Cow<'a, str>,
}

#[derive(Deserialize)]
pub struct Entry<T> {
    pub spec: T,
}

#[derive(Deserialize)]
pub struct HexHash {
    pub algorithm: String,
    pub value: String,
}

#[derive(Deserialize)]
pub struct HashedRekord1 {
    pub data: Data,
    pub signature: Signature1,
}

#[derive(Deserialize)]
pub struct Data {
    pub hash: HexHash,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signature1 {
    pub content: String,
    pub public_key: Content,
}

#[derive(Deserialize)]
pub struct Content {
    pub content: String,
}

#[derive(Deserialize)]
pub struct HashedRekord2 {
    #[serde(rename = "hashedRekordV002")]
    pub hashed_rekord: HashedRekord2Body,
}

#[derive(Deserialize)]
pub struct HashedRekord2Body {
    pub data: ProtoHash,
    pub signature: ProtoSignature,
}

#[derive(Deserialize)]
pub struct ProtoHash {
    pub algorithm: String,
    pub digest: String,
}

#[derive(Deserialize)]
pub struct ProtoSignature {
    pub content: String,
    pub verifier: ProtoVerifier,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProtoVerifier {
    pub public_key: Option<RawBytes>,
    #[serde(rename = "x509Certificate")]
    pub certificate: Option<RawBytes>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawBytes {
    pub raw_bytes: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dsse1 {
    pub envelope_hash: HexHash,
    pub payload_hash: HexHash,
    pub signatures: Vec<DsseSignature1>,
}

#[derive(Deserialize)]
pub struct DsseSignature1 {
    pub signature: String,
    pub verifier: String,
}

#[derive(Deserialize)]
pub struct Dsse2 {
    #[serde(rename = "dsseV002")]
    pub dsse: Dsse2Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dsse2Body {
    pub payload_hash: ProtoHash,
    pub signatures: Vec<ProtoSignature>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intoto1 {
    pub content: IntotoContent1,
    pub public_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntotoContent1 {
    pub hash: HexHash,
    pub payload_hash: Option<HexHash>,
}

#[derive(Deserialize)]
pub struct Intoto2 {
    pub content: IntotoContent2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntotoContent2 {
    pub hash: HexHash,
    pub payload_hash: Option<HexHash>,
    pub envelope: Envelope2,
}

#[derive(Deserialize)]
pub struct Envelope2 {
    pub signatures: Vec<IntotoSignature2>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntotoSignature2 {
    pub sig: String,
    pub public_key: String,
}
