//! Requests to language models and their responses, as recorded.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::{Digest, KeyHasher, canonical_json};
use crate::instance::Role;

/// Everything about a model that could change its answers (I4); part of every request key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelIdentity {
    /// The endpoint's declared name and base URL, without credentials.
    pub endpoint: String,
    /// The model's name as the endpoint knows it.
    pub model: String,
    /// A dated snapshot, weights digest or engine version, where the pipeline declares one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// Sampling settings, all explicit. Numbers are text so that keys have no floats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Temperature, as a decimal number.
    pub temperature: String,
    /// Nucleus sampling, as a decimal number.
    pub top_p: String,
    /// The most tokens to answer with.
    pub max_tokens: u32,
    /// The seed sent.
    pub seed: Option<u64>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: "0".into(),
            top_p: "1".into(),
            max_tokens: 2048,
            seed: Some(0),
        }
    }
}

/// A part of a prompt message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum PromptPart {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A picture, by digest; the caller's store has the bytes.
    Image {
        /// The digest.
        sha256: Digest,
        /// `image/png` or `image/jpeg`.
        media_type: String,
    },
}

/// A prompt message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptMessage {
    /// Who speaks.
    pub role: Role,
    /// Text and pictures.
    pub parts: Vec<PromptPart>,
}

/// A request. Its key is the digest of all of it: two stages that ask the same share the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Whom it goes to.
    pub identity: ModelIdentity,
    /// The conversation.
    pub messages: Vec<PromptMessage>,
    /// The JSON Schema that the answer must meet, with its name.
    pub schema: Option<ResponseSchema>,
    /// Sampling.
    pub sampling: Sampling,
    /// Further fields of the body, as the endpoint needs them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
    /// The attempt, from 0: a repair asks again under a new key.
    pub attempt: u32,
}

/// A named JSON Schema for constrained output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseSchema {
    /// Its name.
    pub name: String,
    /// The schema.
    pub schema: serde_json::Value,
}

impl Request {
    /// The key under which the response is kept (I4).
    #[must_use]
    pub fn key(&self) -> Digest {
        KeyHasher::new("spinemed/request/1")
            .field("request", canonical_json(self))
            .finish()
    }
}

/// A kept response: the raw body, before anything parsed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The request's key.
    pub key: Digest,
    /// The answer's text.
    pub text: String,
    /// The whole body as the endpoint sent it.
    pub raw: String,
    /// The model that the endpoint says answered.
    pub served_by: Option<String>,
    /// Why the answer ended: `stop`, `length` …
    pub finish_reason: Option<String>,
    /// Tokens of the prompt.
    pub input_tokens: Option<u64>,
    /// Tokens of the answer.
    pub output_tokens: Option<u64>,
}
