//! The hash chain of events: what happened, in order, tamper-evident.

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A build began.
    BuildStarted,
    /// A shard's result was entered.
    Absorbed,
    /// A build ended.
    BuildEnded,
    /// A release was written.
    Released,
    /// Policy refused something.
    Refused,
    /// Something was withdrawn.
    Retracted,
    /// What nothing needs any more was removed.
    Collected,
}

impl EventKind {
    /// The spelling in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BuildStarted => "build-started",
            Self::Absorbed => "absorbed",
            Self::BuildEnded => "build-ended",
            Self::Released => "released",
            Self::Refused => "refused",
            Self::Retracted => "retracted",
            Self::Collected => "collected",
        }
    }
}

/// An event as it stands in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
    /// What happened, as canonical JSON.
    pub body: String,
    /// When, UTC, RFC 3339. Told, never an input.
    pub at: String,
    /// Digest of the program that wrote it.
    pub binary: Digest,
    /// Who ran it.
    pub operator: String,
    /// The link before.
    pub prev: Digest,
    /// This link: the digest of everything above.
    pub hash: Digest,
}

impl Event {
    /// The link that this event's contents give.
    #[must_use]
    pub fn link(&self) -> Digest {
        KeyHasher::new("spinemed/event/1")
            .digest("prev", &self.prev)
            .field("seq", self.seq.to_be_bytes())
            .field("kind", &self.kind)
            .field("body", &self.body)
            .field("at", &self.at)
            .digest("binary", &self.binary)
            .field("operator", &self.operator)
            .finish()
    }
}
