//! Settings that people write by hand.

use spinemed_core::source::Manifest;
use spinemed_run::settings::{Pipeline, parse};

/// Reads a text as a source's manifest and as a pipeline. An error names a place in the text.
pub fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let lines = text.lines().count().max(1) + 1;
    for error in [parse::<Manifest>(text).err(), parse::<Pipeline>(text).err()]
        .into_iter()
        .flatten()
    {
        assert!(error.line <= lines, "line {} of {lines}", error.line);
        assert!(!error.cause.is_empty(), "an error says why");
    }
    if let Ok(pipeline) = parse::<Pipeline>(text) {
        let _ = pipeline.tasks.wanted();
        for endpoint in &pipeline.models {
            let _ = endpoint.check();
        }
    }
}
