//! The records of an answer key.

use std::collections::BTreeSet;

use serde_json::Value;

/// One check. It holds what was planted, so it has no `Debug`.
#[derive(Clone)]
pub(super) struct Check {
    /// The kind, without brackets.
    pub(super) action: String,
    /// The tag path, as `values` writes it.
    pub(super) tag: String,
    /// The text that must or must not be there, or a description of the box of pixels.
    pub(super) text: String,
    /// The original value.
    pub(super) value: String,
    /// The categories that name it.
    pub(super) categories: BTreeSet<String>,
}

impl Check {
    /// Whether failing means that something was left.
    pub(super) fn is_leak(&self) -> bool {
        matches!(
            self.action.as_str(),
            "text_removed" | "date_shifted" | "uid_changed" | "pixels_hidden"
        )
    }

    /// The tag path without names of private creators.
    pub(super) fn place(&self) -> String {
        if self.tag.is_empty() {
            return "(7FE0,0010)".to_owned();
        }
        let parts = self.tag.split('"').enumerate();
        let shown: String = parts
            .map(|(at, part)| if at % 2 == 1 { "private" } else { part })
            .collect();
        shown.replace(['<', '>'], "")
    }
}

/// The checks of a record: an object or list of objects with `action`, `tag_ds`,
/// `action_text`, `value` and `answer_category_v2`. What is no such record has none.
pub(super) fn checks(data: &str) -> Vec<Check> {
    let list: Vec<Value> = match serde_json::from_str(data) {
        Ok(Value::Object(by_name)) => by_name.into_iter().map(|(_, value)| value).collect(),
        Ok(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    list.iter().map(check).collect()
}

fn check(record: &Value) -> Check {
    let text = |name: &str| match &record[name] {
        Value::String(text) => bare(text).to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let path = text("tag_ds");
    let tag = if path.is_empty() { text("tag") } else { path };
    // The outer brackets of a path are its own.
    let tag = if tag.is_empty() || tag.starts_with('<') {
        tag
    } else {
        format!("<{tag}>")
    };
    Check {
        action: text("action"),
        tag: tag.to_uppercase(),
        text: text("action_text"),
        value: parts(&text("value")),
        categories: categories(&record["answer_category_v2"]),
    }
}

/// A cell without the brackets around it.
pub(super) fn bare(text: &str) -> &str {
    let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
    inner.unwrap_or(text)
}

/// Several values, which keys write as a list in the manner of Python, joined by `\`.
fn parts(value: &str) -> String {
    let inner = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
    let Some(inner) = inner else {
        return value.to_owned();
    };
    let each = inner.split(", ").map(|part| part.trim_matches(['\'', '"']));
    each.collect::<Vec<_>>().join("\\")
}

/// The categories with anything in them. What a key said before its second form is no category.
fn categories(value: &Value) -> BTreeSet<String> {
    let parsed;
    let value = match value {
        Value::String(text) => {
            parsed = serde_json::from_str(bare(text)).unwrap_or(Value::Null);
            &parsed
        }
        value => value,
    };
    let Value::Object(named) = value else {
        return BTreeSet::new();
    };
    let filled = named
        .iter()
        .filter(|(name, inner)| name.as_str() != "prev_cat" && filled(inner));
    filled.map(|(name, _)| name.clone()).collect()
}

fn filled(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => list.iter().any(filled),
        Value::Object(named) => named.values().any(filled),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read() {
        let found = checks(
            r#"{"0": {"action": "<text_removed>", "tag_ds": "<(0010,0010)>", "action_text": "<A^B>",
                "value": "<A^B>", "answer_category_v2": {"hipaa": {"z": "A", "m": ""}, "tcia": {"rev": null}}},
               "1": {"action": "pixels_hidden", "action_text": "<{}>"}}"#,
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].action, "text_removed");
        assert_eq!(found[0].tag, "<(0010,0010)>");
        assert_eq!(found[0].text, "A^B");
        assert_eq!(found[0].categories, BTreeSet::from(["hipaa".to_owned()]));
        assert!(found[0].is_leak());
        assert_eq!(found[1].place(), "(7FE0,0010)");
        assert!(checks("no JSON").is_empty());
    }

    #[test]
    fn lists_of_values_are_joined() {
        assert_eq!(parts("['1.2', '1.3']"), "1.2\\1.3");
        assert_eq!(parts("1.2"), "1.2");
    }

    #[test]
    fn nested_paths_are_told_without_creators() {
        let found = checks(
            r#"[{"action": "tag_retained", "tag_ds": "<(0008,1140)>[<0000>]<(0009,\"QUENBY\",1a)>"}]"#,
        );
        assert_eq!(found[0].tag, "<(0008,1140)>[<0000>]<(0009,\"QUENBY\",1A)>");
        assert_eq!(found[0].place(), "(0008,1140)[0000](0009,private,1A)");
    }
}
