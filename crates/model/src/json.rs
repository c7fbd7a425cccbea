//! JSON out of an answer's text, for endpoints that ignore `response_format`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The JSON object or array that an answer carries, as a slice of it.
///
/// Tried in order: the whole text; what follows a `</think>`; fenced blocks; the first object
/// in the prose, or array that holds one (`[12]` in prose is a citation, not an answer). What
/// is returned always parses as JSON. Scalars are no answers.
#[must_use]
pub fn json_of(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Some(json) = whole(text) {
        return Some(json);
    }
    let text = text
        .rsplit_once("</think>")
        .map_or(text, |(_, answer)| answer.trim());
    whole(text)
        .or_else(|| fenced(text))
        .or_else(|| embedded(text))
}

fn whole(text: &str) -> Option<&str> {
    let text = text.trim();
    let compound = text.starts_with(['{', '[']);
    (compound && serde_json::from_str::<Shape>(text).is_ok()).then_some(text)
}

/// The content of the first Markdown fence (``` or ~~~, `CommonMark` 4.5) that is JSON.
fn fenced(text: &str) -> Option<&str> {
    ["```", "~~~"].iter().find_map(|fence| {
        let mut parts = text.split(fence).skip(1);
        // Inside a string of the JSON a fence may stand again; such text is left to `embedded`.
        std::iter::from_fn(|| parts.next()).find_map(|block| {
            let start = block.find(['{', '[', '\n'])?;
            whole(&block[start..])
        })
    })
}

fn embedded(text: &str) -> Option<&str> {
    text.match_indices(['{', '[']).find_map(|(start, open)| {
        let rest = &text[start..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Shape>();
        values.next()?.ok()?;
        let json = &rest[..values.byte_offset()];
        (open == "{" || json.contains('{')).then_some(json)
    })
}

/// Any JSON value, read and forgotten. Unlike `IgnoredAny` it goes no deeper than `serde_json`
/// reads values, so that a text of brackets alone costs no quadratic time, and what passes
/// here can be read.
struct Shape;

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        while fields.next_entry::<IgnoredAny, Self>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(json_of(text), expect, "for {text:?}");
    }

    #[test]
    fn finds_the_answer_in_what_models_write() {
        check(r#"{"a":1}"#, Some(r#"{"a":1}"#));
        check(" [1, 2] \n", Some("[1, 2]"));
        check("Sure!\n```json\n{\"a\": 1}\n```\nDone.", Some("{\"a\": 1}"));
        check("```\n{\"a\":1}\n```", Some("{\"a\":1}"));
        check("~~~json\n[\"L4\"]\n~~~", Some("[\"L4\"]"));
        check("```json {\"a\":1}```", Some("{\"a\":1}"));
        check(
            "As in [12], the answer is {\"a\":{\"b\":[1]}}.",
            Some("{\"a\":{\"b\":[1]}}"),
        );
        check("<think>{\"a\":0}</think>\n{\"a\":1}", Some("{\"a\":1}"));
        check(
            "Items: [{\"a\":1},{\"a\":2}]",
            Some("[{\"a\":1},{\"a\":2}]"),
        );
        check("x {\"a\":\"```\"} y", Some("{\"a\":\"```\"}"));
        check("椎间盘 {\"a\":\"腰4/5\"}。", Some("{\"a\":\"腰4/5\"}"));
        check("\u{feff}{}", Some("{}"));
    }

    #[test]
    fn finds_nothing_where_there_is_none() {
        for text in [
            "",
            "L4/L5",
            "3",
            "\"text\"",
            "{\"a\":",
            "see [12]",
            "```json\n{\n```",
            "}{",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn brackets_without_end_are_given_up_soon() {
        check(&"[".repeat(200_000), None);
        check(&"{".repeat(200_000), None);
        check(&"{\"a\":".repeat(100_000), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_out_is_json(text in "\\PC*") {
            if let Some(json) = json_of(&text) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(json).is_ok());
            }
        }

        #[test]
        fn bracket_soup_never_panics(text in "[\\[\\]{}\",:0a`\\n ]{0,80}") {
            if let Some(json) = json_of(&text) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(json).is_ok());
            }
        }

        #[test]
        fn objects_come_back_from_prose_and_fences(
            fields in proptest::collection::btree_map("[a-z]{1,6}", "\\PC{0,20}", 1..5),
            before in "[A-Za-z ,.]{0,30}",
            after in "[A-Za-z ,.]{0,30}",
            fence in any::<bool>(),
        ) {
            let json = serde_json::to_string(&fields).expect("maps serialise");
            let text = if fence {
                format!("{before}\n```json\n{json}\n```\n{after}")
            } else {
                format!("{before}{json}{after}")
            };
            prop_assert_eq!(json_of(&text), Some(json.as_str()));
        }
    }
}
