//! Pictures: named by the digest of their bytes, described by what can be read off them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A picture kept in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaRef {
    /// The digest of the stored bytes.
    pub sha256: Digest,
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How the stored bytes came from the source's: `original`, `decoded to PNG`,
    /// `rendered at 200 dpi`, `frame 1, window 40/400`.
    pub transform: String,
}

/// A picture's bytes on their way from a reader to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// What the record that shows it carries.
    pub reference: MediaRef,
    /// The bytes; their digest is `reference.sha256`.
    pub bytes: Vec<u8>,
}

impl Media {
    /// Names some bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>, media_type: &str, size: (u32, u32), transform: &str) -> Self {
        let reference = MediaRef {
            sha256: Digest::of(&bytes),
            media_type: media_type.to_owned(),
            width: size.0,
            height: size.1,
            transform: transform.to_owned(),
        };
        Self { reference, bytes }
    }
}
