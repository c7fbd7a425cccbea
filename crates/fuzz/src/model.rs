//! What language models answer.

use spinemed_model::json_of;
use spinemed_model::recorded::Recording;

/// Looks for JSON in an answer, and reads the text as a file of recorded responses.
pub fn answer(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(json) = json_of(text) {
        assert!(text.contains(json), "the JSON is a part of the answer");
        let value: serde_json::Value = serde_json::from_str(json).expect("what is found is JSON");
        assert!(
            value.is_object() || value.is_array(),
            "scalars are no answers"
        );
    }
    if let Ok(recording) = Recording::parse(text) {
        let again = Recording::parse(&recording.to_text()).expect("what is written reads back");
        assert_eq!(again.responses(), recording.responses());
    }
}
