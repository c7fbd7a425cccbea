//! Why a release was not written.

use spinemed_core::{Digest, GroupKey, RecordKey, SourceId};

/// Why a release was not written. Whatever was written before stays incomplete: it has no
/// `SHA256SUMS`.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The folder refused.
    #[error("cannot write `{name}`")]
    Write {
        /// The file.
        name: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The Parquet writer refused.
    #[error("cannot encode `{name}`")]
    Encode {
        /// The file.
        name: String,
        /// What it said.
        #[source]
        cause: parquet::errors::ParquetError,
    },
    /// The caller could not give an instance, its steps or a picture.
    #[error("cannot obtain {what}: {cause}")]
    Input {
        /// What was asked for.
        what: String,
        /// Why it could not be given.
        cause: String,
    },
    /// Instances did not come in ascending order of their record keys.
    #[error("instance `{key}` does not come after `{before}`")]
    Order {
        /// The instance.
        key: RecordKey,
        /// The one before it.
        before: RecordKey,
    },
    /// An instance is not of the format that this version writes.
    #[error("instance `{key}` has format version {found}, not {expected}")]
    Version {
        /// The instance.
        key: RecordKey,
        /// Its version.
        found: u32,
        /// The version written.
        expected: u32,
    },
    /// An instance's own `kind` and its item's differ.
    #[error("instance `{key}` says it is a `{said}` and holds a `{held}`")]
    Kind {
        /// The instance.
        key: RecordKey,
        /// What it says.
        said: String,
        /// What it holds.
        held: String,
    },
    /// An instance names a source that the plan does not declare.
    #[error("instance `{key}` comes from source `{unknown}`, which the release does not declare")]
    UnknownSource {
        /// The instance.
        key: RecordKey,
        /// The source.
        unknown: SourceId,
    },
    /// An instance's terms are looser than its source's.
    #[error("instance `{key}` is looser than its source `{origin}`: terms only get stricter")]
    Loosened {
        /// The instance.
        key: RecordKey,
        /// The source.
        origin: SourceId,
    },
    /// One group lies in two splits.
    #[error("group `{group}` is torn between `{one}` and `{other}` (instance `{key}`)")]
    TornGroup {
        /// The group.
        group: GroupKey,
        /// The split met first.
        one: String,
        /// The split met then.
        other: String,
        /// The instance that shows it.
        key: RecordKey,
    },
    /// A stage's counts do not add up (I2).
    #[error("the build is not balanced at `{stage}`: {detail}")]
    Unbalanced {
        /// The stage.
        stage: String,
        /// Which sum fails.
        detail: String,
    },
    /// A picture's bytes are not what its name says.
    #[error("picture {expected} has bytes of digest {found}")]
    Picture {
        /// The digest it is named by.
        expected: Digest,
        /// The digest of its bytes.
        found: Digest,
    },
    /// A picture is of a type that releases do not carry.
    #[error("picture {picture} is of type `{media_type}`, neither PNG nor JPEG")]
    MediaType {
        /// The picture.
        picture: Digest,
        /// Its type.
        media_type: String,
    },
    /// An additional file has a name that a release cannot take.
    #[error("`{0}` cannot be the name of an additional file")]
    BadName(String),
}
