//! Responses kept before, answering again: replay, tests, audits.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use spinemed_core::Digest;
use spinemed_core::model::{Request, Response};
use spinemed_core::seam::{Journal, Model, ModelError};

type LookUp = dyn Fn(&Digest) -> Option<Response> + Send + Sync;

/// A model that knows only what was recorded; anything else is [`ModelError::NotRecorded`].
pub struct Recorded {
    look_up: Box<LookUp>,
}

impl Recorded {
    /// Answers from a function of the key, as a store's table of responses is.
    #[must_use]
    pub fn from_fn(look_up: impl Fn(&Digest) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self {
            look_up: Box::new(look_up),
        }
    }

    /// Answers from a recording.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        Self::from_fn(move |key| recording.responses.get(key).cloned())
    }

    fn find(&self, key: Digest, journal: &dyn Journal) -> Result<Response, ModelError> {
        // A response that does not carry the key it was found under belongs to another request.
        let found = (self.look_up)(&key).filter(|response| response.key == key);
        let response = found.ok_or(ModelError::NotRecorded { key })?;
        let kept = journal.record(&response);
        kept.map_err(|error| ModelError::NotKept {
            reason: error.to_string(),
        })?;
        Ok(response)
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").finish_non_exhaustive()
    }
}

impl Model for Recorded {
    fn answer(
        &self,
        requests: &mut (dyn Iterator<Item = Request> + Send),
        _images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        journal: &dyn Journal,
        done: &mut dyn FnMut(Digest, Result<Response, ModelError>),
    ) {
        for request in requests {
            let key = request.key();
            done(key, self.find(key, journal));
        }
    }
}

/// Responses by key, read from a cassette: JSON Lines, one response each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    responses: BTreeMap<Digest, Response>,
}

/// What is wrong with a cassette.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("cannot read the recording `{path}`")]
    Read {
        /// Which file.
        path: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A line that is no response.
    #[error("line {line} of the recording is no response")]
    NotAResponse {
        /// The line, from 1. Its text may be confidential and is not repeated.
        line: usize,
    },
    /// Two different responses to one request.
    #[error("line {line} of the recording answers {key} otherwise than an earlier line")]
    Contradiction {
        /// The line, from 1.
        line: usize,
        /// The request.
        key: Digest,
    },
}

impl Recording {
    /// Reads a cassette file.
    ///
    /// # Errors
    /// [`RecordingError`].
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let text = std::fs::read_to_string(path).map_err(|cause| RecordingError::Read {
            path: path.display().to_string(),
            cause,
        })?;
        Self::parse(&text)
    }

    /// Reads a cassette's text; empty lines are skipped.
    ///
    /// # Errors
    /// [`RecordingError`].
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let mut recording = Self::default();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if line.trim().is_empty() {
                continue;
            }
            let response: Response = serde_json::from_str(line)
                .map_err(|_| RecordingError::NotAResponse { line: number })?;
            let key = response.key;
            if recording
                .responses
                .get(&key)
                .is_some_and(|kept| *kept != response)
            {
                return Err(RecordingError::Contradiction { line: number, key });
            }
            recording.responses.insert(key, response);
        }
        Ok(recording)
    }

    /// The cassette's text, in the order of the keys.
    ///
    /// # Panics
    /// Never: responses always serialise.
    #[must_use]
    pub fn to_text(&self) -> String {
        let line = |r| serde_json::to_string(r).expect("responses serialise to JSON") + "\n";
        self.responses.values().map(line).collect()
    }

    /// The responses by key.
    #[must_use]
    pub fn responses(&self) -> &BTreeMap<Digest, Response> {
        &self.responses
    }
}

impl FromIterator<Response> for Recording {
    /// Of several responses to one request the first counts.
    fn from_iter<I: IntoIterator<Item = Response>>(responses: I) -> Self {
        let mut recording = Self::default();
        for response in responses {
            recording.responses.entry(response.key).or_insert(response);
        }
        recording
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(name: &str, text: &str) -> Response {
        Response {
            key: Digest::of(name.as_bytes()),
            text: text.to_owned(),
            raw: "{}".to_owned(),
            served_by: None,
            finish_reason: Some("stop".to_owned()),
            input_tokens: Some(1),
            output_tokens: None,
        }
    }

    fn check(text: &str, expect: &str) {
        let found = Recording::parse(text)
            .map_or_else(|error| error.to_string(), |r| r.responses.len().to_string());
        assert_eq!(found, expect);
    }

    #[test]
    fn cassettes_are_read_line_by_line() {
        let one = serde_json::to_string(&response("a", "x")).expect("serialised");
        let two = serde_json::to_string(&response("a", "y")).expect("serialised");
        check("", "0");
        check(&format!("{one}\n\n{one}\n"), "1");
        check(
            &format!("\n{{\n{one}"),
            "line 2 of the recording is no response",
        );
        let key = Digest::of(b"a");
        let clash = format!("line 2 of the recording answers {key} otherwise than an earlier line");
        check(&format!("{one}\n{two}"), &clash);
    }

    proptest! {
        #[test]
        fn cassettes_read_what_they_write(texts in proptest::collection::vec("\\PC*", 0..8)) {
            let all = texts.iter().enumerate().map(|(i, t)| response(&i.to_string(), t));
            let recording: Recording = all.collect();
            prop_assert_eq!(Recording::parse(&recording.to_text()).ok(), Some(recording));
        }

        #[test]
        fn reading_never_panics(text in "\\PC*") {
            let _ = Recording::parse(&text);
        }
    }
}
