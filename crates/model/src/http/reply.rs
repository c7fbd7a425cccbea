//! What an endpoint's reply means.

use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::model::{PromptMessage, PromptPart, Response};

/// Characters of an endpoint's message that are passed on.
const MESSAGE_CHARS: usize = 200;
/// A run of so many characters shared with the prompt makes a message a quotation.
const QUOTE_CHARS: usize = 16;

/// Reads the body of a chat completion. A null content (a refusal, or an answer used up by
/// reasoning) is an empty text: it was paid for, and asking the same again would not help.
///
/// # Errors
/// What is missing, in words that repeat nothing of the body.
pub(super) fn read(key: Digest, body: Vec<u8>) -> Result<Response, String> {
    let raw = String::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    if raw.trim().is_empty() {
        return Err("the body is empty".to_owned());
    }
    let tree: Value = serde_json::from_str(&raw).map_err(|_| "the body is not JSON".to_owned())?;
    let Some(message) = tree.pointer("/choices/0/message").filter(|m| m.is_object()) else {
        let code = error_code(&tree).map_or(String::new(), |code| format!(" but error `{code}`"));
        return Err(format!("the body has no `choices[0].message`{code}"));
    };
    let text = content(&message["content"]).ok_or("the message's `content` is no text")?;
    let word = |pointer: &str| {
        tree.pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let count = |pointer: &str| tree.pointer(pointer).and_then(Value::as_u64);
    Ok(Response {
        key,
        text,
        served_by: word("/model"),
        finish_reason: word("/choices/0/finish_reason"),
        input_tokens: count("/usage/prompt_tokens"),
        output_tokens: count("/usage/completion_tokens"),
        raw,
    })
}

/// Text as a string or as a list of text parts.
fn content(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(
            parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect(),
        ),
        _ => None,
    }
}

/// Why the endpoint said no: status, its error code, and its message where that repeats
/// nothing of the prompt. The message of 401 and 403 is left out, since it can hold a part of
/// the key.
pub(super) fn complaint(status: u16, body: &[u8], messages: &[PromptMessage]) -> String {
    let tree: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let code = error_code(&tree).map_or(String::new(), |code| format!(" `{code}`"));
    let said = ["/error/message", "/message", "/detail", "/error"]
        .iter()
        .find_map(|pointer| tree.pointer(pointer).and_then(Value::as_str));
    match said {
        Some(said) if !matches!(status, 401 | 403) => {
            let short: String = one_line(said).chars().take(MESSAGE_CHARS).collect();
            if quotes(&short, messages) {
                format!("HTTP {status}{code} (its message quotes the prompt)")
            } else {
                format!("HTTP {status}{code}: {short}")
            }
        }
        _ => format!("HTTP {status}{code}"),
    }
}

/// Whether an error says that the model has answered and the server could not read the answer.
/// llama.cpp says so with status 500 after the whole answer was worked out; at temperature 0 the
/// same is worked out again each time.
pub(super) fn blames_the_answer(body: &[u8]) -> bool {
    let tree: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    tree.pointer("/error/message")
        .and_then(Value::as_str)
        .is_some_and(|said| said.starts_with("The model produced output that does not match"))
}

/// The error's machine-readable name, where it is one word.
fn error_code(tree: &Value) -> Option<String> {
    let word = |value: &Value| {
        let text = value.as_str()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        (!text.is_empty() && text.len() <= 64 && text.chars().all(plain)).then(|| text.to_owned())
    };
    ["/error/code", "/error/type", "/code"]
        .iter()
        .find_map(|p| tree.pointer(p).and_then(word))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a message shares a long run of characters with the prompt, or repeats a short one.
fn quotes(said: &str, messages: &[PromptMessage]) -> bool {
    let texts: Vec<String> = messages
        .iter()
        .flat_map(|message| &message.parts)
        .filter_map(|part| match part {
            PromptPart::Text { text } => Some(one_line(text)),
            PromptPart::Image { .. } => None,
        })
        .collect();
    let chars: Vec<(usize, char)> = said.char_indices().collect();
    let windows = (0..chars.len().saturating_sub(QUOTE_CHARS - 1)).map(|i| {
        let end = chars
            .get(i + QUOTE_CHARS)
            .map_or(said.len(), |(end, _)| *end);
        &said[chars[i].0..end]
    });
    let quotes_a_part = |window: &str| texts.iter().any(|text| text.contains(window));
    let short = |text: &String| {
        let length = text.chars().count();
        (4..QUOTE_CHARS).contains(&length) && said.contains(text.as_str())
    };
    windows.into_iter().any(quotes_a_part) || texts.iter().any(short)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spinemed_core::instance::Role;

    use super::*;

    fn check(body: &str, expect: Result<&str, &str>) {
        let found = read(Digest::of(b"k"), body.as_bytes().to_vec()).map(|r| r.text);
        assert_eq!(
            found,
            expect.map(str::to_owned).map_err(str::to_owned),
            "for {body}"
        );
    }

    #[test]
    fn completions_are_read() {
        let body = r#"{"model": "m-2", "choices": [{"message": {"content": "yes"}, "finish_reason":
            "stop"}], "usage": {"prompt_tokens": 7, "completion_tokens": 1}}"#;
        let response = read(Digest::of(b"k"), body.as_bytes().to_vec()).expect("read");
        assert_eq!(response.raw, body);
        assert_eq!(response.served_by.as_deref(), Some("m-2"));
        assert_eq!(response.finish_reason.as_deref(), Some("stop"));
        assert_eq!(
            (response.input_tokens, response.output_tokens),
            (Some(7), Some(1))
        );
        check(
            r#"{"choices": [{"message": {"content": null, "refusal": "no"}}]}"#,
            Ok(""),
        );
        check(
            r#"{"choices": [{"message": {"content": [{"type": "text", "text": "a"}]}}]}"#,
            Ok("a"),
        );
    }

    #[test]
    fn anything_else_says_what_is_missing() {
        check("", Err("the body is empty"));
        check("<html>", Err("the body is not JSON"));
        check(
            r#"{"choices": [{"message": {"con"#,
            Err("the body is not JSON"),
        );
        check(
            r#"{"choices": []}"#,
            Err("the body has no `choices[0].message`"),
        );
        check(
            r#"{"choices": [{"message": {"content": 3}}]}"#,
            Err("the message's `content` is no text"),
        );
        let overloaded = "the body has no `choices[0].message` but error `overloaded`";
        check(
            r#"{"error": {"code": "overloaded", "message": "x"}}"#,
            Err(overloaded),
        );
        assert!(read(Digest::of(b"k"), vec![0xff, b'{']).is_err());
    }

    #[test]
    fn an_answer_that_the_server_cannot_read_is_told_from_a_server_that_is_ill() {
        let check = |message: &str, expect| {
            let body = serde_json::json!({"error": {"code": 500, "message": message,
                "type": "server_error"}});
            assert_eq!(blames_the_answer(body.to_string().as_bytes()), expect);
        };
        check(
            "The model produced output that does not match the expected peg-native format",
            true,
        );
        check("The model is loading", false);
        assert!(!blames_the_answer(b"<html>"));
    }

    fn complain(status: u16, body: &str, prompt: &str) -> String {
        let parts = vec![PromptPart::Text {
            text: prompt.to_owned(),
        }];
        complaint(
            status,
            body.as_bytes(),
            &[PromptMessage {
                role: Role::User,
                parts,
            }],
        )
    }

    #[test]
    fn complaints_carry_no_prompt_and_no_key() {
        let body =
            r#"{"error": {"message": "context is 4096 tokens,\n asked 9000", "code": "too_long"}}"#;
        assert_eq!(
            complain(400, body, "Mr Miller fell"),
            "HTTP 400 `too_long`: context is 4096 tokens, asked 9000"
        );
        let body = r#"{"detail": "bad input: 'The patient, Mr Miller, fell"}"#;
        let prompt = "The patient, Mr Miller,\nfell from a ladder.";
        assert_eq!(
            complain(422, body, prompt),
            "HTTP 422 (its message quotes the prompt)"
        );
        assert_eq!(
            complain(422, body, "Mr Miller"),
            "HTTP 422 (its message quotes the prompt)"
        );
        let body =
            r#"{"error": {"message": "Incorrect API key: sk-ab***yz", "code": "invalid_api_key"}}"#;
        assert_eq!(complain(401, body, ""), "HTTP 401 `invalid_api_key`");
        assert_eq!(complain(500, "<html>Mr Miller</html>", ""), "HTTP 500");
    }

    proptest! {
        #[test]
        fn no_reply_makes_it_panic(body in any::<Vec<u8>>(), status in 100u16..600) {
            let _ = complaint(status, &body, &[]);
            let _ = read(Digest::of(b"k"), body);
        }

        #[test]
        fn a_quoted_prompt_never_comes_back(
            prompt in "[a-zA-Z 腰椎管狭窄é]{16,60}", before in "[a-z ]{0,9}", after in "\\PC{0,9}",
        ) {
            let said = format!("{before}{prompt}{after}");
            let body = serde_json::json!({"error": {"message": said}}).to_string();
            let prompt = one_line(&prompt);
            prop_assume!(prompt.chars().count() >= QUOTE_CHARS);
            prop_assert!(!complain(400, &body, &prompt).contains(&prompt));
        }
    }
}
