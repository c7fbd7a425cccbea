//! Requests as the body of `POST /chat/completions`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value, json};
use spinemed_core::Digest;
use spinemed_core::model::{PromptMessage, PromptPart, Request};

/// Fields that `extra` may not touch: they decide whom and what is asked, and how it is read.
const FIXED: [&str; 4] = ["messages", "model", "n", "stream"];

/// The body's bytes: the same for the same request and pictures.
///
/// Entries of `extra` replace fields of the body, and a null removes one, as for endpoints
/// that know `max_completion_tokens` alone.
pub(super) fn render(
    request: &Request,
    images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
) -> Result<Vec<u8>, String> {
    let mut body = Map::new();
    body.insert("model".into(), json!(request.identity.model));
    let messages: Result<Vec<Value>, String> = request
        .messages
        .iter()
        .map(|message| render_message(message, images))
        .collect();
    body.insert("messages".into(), messages?.into());
    let sampling = &request.sampling;
    body.insert(
        "temperature".into(),
        number("temperature", &sampling.temperature)?,
    );
    body.insert("top_p".into(), number("top_p", &sampling.top_p)?);
    body.insert("max_tokens".into(), json!(sampling.max_tokens));
    body.insert("stream".into(), json!(false));
    if let Some(seed) = sampling.seed {
        body.insert("seed".into(), json!(seed));
    }
    if let Some(schema) = &request.schema {
        let format = json!({"type": "json_schema", "json_schema": {
            "name": schema.name, "strict": true, "schema": schema.schema}});
        body.insert("response_format".into(), format);
    }
    for (name, value) in &request.extra {
        if FIXED.contains(&name.as_str()) {
            return Err(format!("`extra` may not set `{name}`"));
        }
        if value.is_null() {
            body.remove(name);
        } else {
            body.insert(name.clone(), value.clone());
        }
    }
    Ok(serde_json::to_vec(&body).expect("JSON values serialise"))
}

/// A message; text alone goes as a string, which every server understands.
fn render_message(
    message: &PromptMessage,
    images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
) -> Result<Value, String> {
    if let [PromptPart::Text { text }] = message.parts.as_slice() {
        return Ok(json!({"role": message.role, "content": text}));
    }
    let parts: Result<Vec<Value>, String> = message
        .parts
        .iter()
        .map(|part| match part {
            PromptPart::Text { text } => Ok(json!({"type": "text", "text": text})),
            PromptPart::Image { sha256, media_type } => {
                let url = data_url(sha256, media_type, images)?;
                Ok(json!({"type": "image_url", "image_url": {"url": url}}))
            }
        })
        .collect();
    Ok(json!({"role": message.role, "content": parts?}))
}

/// A picture as a `data:` URL (RFC 2397).
fn data_url(
    sha256: &Digest,
    media_type: &str,
    images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
) -> Result<String, String> {
    if !matches!(media_type, "image/png" | "image/jpeg") {
        return Err(format!(
            "picture {} is neither PNG nor JPEG",
            sha256.short()
        ));
    }
    let bytes = images(sha256).ok_or_else(|| format!("picture {} is missing", sha256.short()))?;
    let mut url = format!("data:{media_type};base64,");
    STANDARD.encode_string(bytes, &mut url);
    Ok(url)
}

fn number(name: &str, text: &str) -> Result<Value, String> {
    serde_json::from_str::<Number>(text)
        .map(Value::Number)
        .map_err(|_| format!("sampling: `{name}` is no number"))
}

#[cfg(test)]
mod tests {
    use spinemed_core::instance::Role;
    use spinemed_core::model::{ModelIdentity, ResponseSchema, Sampling};

    use super::*;

    fn request(parts: Vec<PromptPart>) -> Request {
        let identity = ModelIdentity {
            endpoint: "e".into(),
            model: "m".into(),
            revision: None,
        };
        let messages = vec![PromptMessage {
            role: Role::User,
            parts,
        }];
        let sampling = Sampling {
            temperature: "0.7".into(),
            ..Sampling::default()
        };
        Request {
            identity,
            messages,
            schema: None,
            sampling,
            extra: [].into(),
            attempt: 0,
        }
    }

    fn check(request: &Request, expect: Result<Value, &str>) {
        let found = render(request, &|_| Some(b"png".to_vec()));
        let found = found.map(|body| serde_json::from_slice::<Value>(&body).expect("JSON"));
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    fn text() -> PromptPart {
        PromptPart::Text {
            text: "Where?".into(),
        }
    }

    fn image(media_type: &str) -> PromptPart {
        PromptPart::Image {
            sha256: Digest::of(b"png"),
            media_type: media_type.into(),
        }
    }

    #[test]
    fn text_goes_as_a_string() {
        let expect = json!({"model": "m", "messages": [{"role": "user", "content": "Where?"}],
            "temperature": 0.7, "top_p": 1, "max_tokens": 2048, "seed": 0, "stream": false});
        check(&request(vec![text()]), Ok(expect));
    }

    #[test]
    fn pictures_go_as_data_urls_and_schemas_strictly() {
        let mut asked = request(vec![image("image/png"), text()]);
        let schema = json!({"type": "object"});
        asked.schema = Some(ResponseSchema {
            name: "mcq".into(),
            schema: schema.clone(),
        });
        asked.sampling.seed = None;
        asked.extra.insert("top_p".into(), Value::Null);
        asked.extra.insert("min_p".into(), json!(0.1));
        let url = "data:image/png;base64,cG5n";
        let content = json!([{"type": "image_url", "image_url": {"url": url}},
            {"type": "text", "text": "Where?"}]);
        let format = json!({"type": "json_schema",
            "json_schema": {"name": "mcq", "strict": true, "schema": schema}});
        let expect = json!({"model": "m", "messages": [{"role": "user", "content": content}],
            "temperature": 0.7, "max_tokens": 2048, "stream": false, "min_p": 0.1,
            "response_format": format});
        check(&asked, Ok(expect));
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        let short = Digest::of(b"png").short();
        let not_a_picture = format!("picture {short} is neither PNG nor JPEG");
        check(&request(vec![image("image/webp")]), Err(&not_a_picture));
        let missing = render(&request(vec![image("image/png")]), &|_| None);
        assert_eq!(missing, Err(format!("picture {short} is missing")));
        let mut asked = request(vec![text()]);
        asked.sampling.temperature = "warm".into();
        check(&asked, Err("sampling: `temperature` is no number"));
        let mut asked = request(vec![text()]);
        asked.extra.insert("model".into(), json!("another"));
        check(&asked, Err("`extra` may not set `model`"));
    }
}
