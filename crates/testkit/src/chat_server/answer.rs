//! Answers that meet the schema asked for, made from the request alone.

use serde_json::{Map, Number, Value};
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;

/// The most levels of nesting that are filled in.
const DEPTH: usize = 24;

/// The answer's text for a request's body: see the module above.
#[must_use]
pub fn answer(request: &Value) -> String {
    let prompt = prompt_of(request);
    if let Some((_, rest)) = prompt.split_once("[[answer]]")
        && let Some((text, _)) = rest.split_once("[[/answer]]")
    {
        return text.trim().to_owned();
    }
    let mut draw = Draw::new(request, &prompt);
    match request.pointer("/response_format/json_schema/schema") {
        Some(schema) => sample(schema, schema, &mut draw, DEPTH).to_string(),
        None => draw.sentence(),
    }
}

/// All text of the messages.
pub(super) fn prompt_of(request: &Value) -> String {
    let mut prompt = String::new();
    for message in request["messages"].as_array().into_iter().flatten() {
        match &message["content"] {
            Value::String(text) => prompt.push_str(text),
            Value::Array(parts) => {
                parts
                    .iter()
                    .filter_map(|p| p["text"].as_str())
                    .for_each(|t| prompt.push_str(t));
            }
            _ => {}
        }
        prompt.push('\n');
    }
    prompt
}

/// Draws values from a request: different requests draw different ones.
struct Draw {
    sentences: Vec<String>,
    next: usize,
}

impl Draw {
    fn new(request: &Value, prompt: &str) -> Self {
        let mut sentences: Vec<String> = prompt
            .split(['.', '\n', '。', '?', '!'])
            .map(str::trim)
            .filter(|sentence| sentence.chars().count() > 3)
            .map(str::to_owned)
            .collect();
        sentences.dedup();
        if sentences.is_empty() {
            sentences.push("The evidence says nothing".to_owned());
        }
        let digest = Digest::of(&canonical_json(request));
        Self {
            sentences,
            next: usize::from(digest.as_bytes()[0]),
        }
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn sentence(&mut self) -> String {
        let n = self.number();
        self.sentences[n % self.sentences.len()].clone()
    }
}

/// A value that meets a schema, for the keywords that model servers support.
fn sample(schema: &Value, root: &Value, draw: &mut Draw, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Null;
    };
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(values) = schema["enum"]
        .as_array()
        .filter(|values| !values.is_empty())
    {
        return values[draw.number() % values.len()].clone();
    }
    if let Some(target) = schema["$ref"]
        .as_str()
        .and_then(|r| root.pointer(r.trim_start_matches('#')))
    {
        return sample(target, root, draw, depth);
    }
    let first = |name: &str| schema[name].as_array().and_then(|list| list.first());
    if let Some(first) = ["anyOf", "oneOf", "allOf"].into_iter().find_map(first) {
        return sample(first, root, draw, depth);
    }
    match type_of(schema) {
        "object" => object(schema, root, draw, depth),
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(1);
            let count = schema["maxItems"]
                .as_u64()
                .map_or(least, |most| least.min(most));
            (0..count)
                .map(|_| sample(&schema["items"], root, draw, depth))
                .collect()
        }
        "integer" => integer(schema, draw).into(),
        "number" => Number::from(integer(schema, draw)).into(),
        "boolean" => (draw.number().is_multiple_of(2)).into(),
        "null" => Value::Null,
        _ => text(schema, draw).into(),
    }
}

fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null")
            .unwrap_or("null"),
        _ if schema["properties"].is_object() => "object",
        _ => "string",
    }
}

fn object(schema: &Value, root: &Value, draw: &mut Draw, depth: usize) -> Value {
    let mut fields = Map::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        fields.insert(name.clone(), sample(field, root, draw, depth));
    }
    fields.into()
}

fn integer(schema: &Value, draw: &mut Draw) -> i64 {
    let bound = |name: &str| schema[name].as_f64();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "bounds in schemas are small"
    )]
    let least = bound("minimum")
        .map(f64::ceil)
        .or(bound("exclusiveMinimum").map(|n| n.floor() + 1.0))
        .unwrap_or(0.0) as i64;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "bounds in schemas are small"
    )]
    let most = bound("maximum").map_or(least + 3, |n| n.floor() as i64);
    let span = (most - least).max(0) + 1;
    least + i64::try_from(draw.number()).unwrap_or(0) % span
}

fn text(schema: &Value, draw: &mut Draw) -> String {
    let limit = |name: &str| schema[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let mut text = draw.sentence();
    while text.chars().count() < limit("minLength").unwrap_or(0) {
        text.push_str("; ");
        text.push_str(&draw.sentence());
    }
    text.chars()
        .take(limit("maxLength").unwrap_or(usize::MAX))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(prompt: &str, schema: Value) -> Value {
        json!({"messages": [{"role": "user", "content": prompt}],
            "response_format": {"type": "json_schema", "json_schema": {"schema": schema}}})
    }

    #[test]
    fn answers_meet_the_schema() {
        let schema = json!({"type": "object", "properties": {
            "options": {"type": "array", "minItems": 4, "maxItems": 4, "items": {"$ref": "#/$defs/option"}},
            "correct": {"type": "integer", "minimum": 0, "maximum": 3},
            "kind": {"enum": ["a", "b"]},
            "note": {"type": ["string", "null"], "maxLength": 5}},
            "$defs": {"option": {"type": "string", "minLength": 2}}});
        let prompt = "Disc L4/L5 is narrow. No fracture. The cord is normal. Modic type 1.";
        let text = answer(&asked(prompt, schema.clone()));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let options: Vec<&str> = value["options"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(options.len(), 4);
        assert!(
            options.iter().all(|option| prompt.contains(option)),
            "{options:?}"
        );
        assert!(value["correct"].as_u64().is_some_and(|n| n < 4));
        assert!(
            value["note"]
                .as_str()
                .is_some_and(|note| note.chars().count() <= 5)
        );
        assert_eq!(text, answer(&asked(prompt, schema)));
    }

    #[test]
    fn a_prompt_may_dictate_the_answer() {
        let request = asked(
            "Say [[answer]]{\"a\": 1}[[/answer]].",
            json!({"type": "object"}),
        );
        assert_eq!(answer(&request), "{\"a\": 1}");
    }
}
