//! Asks a real endpoint one question: `cargo run -p spinemed-model --example ask -- URL MODEL
//! PROMPT [PICTURE.png]`, with the key, if any, in `SPINEMED_API_KEY`.

// A program for people: arguments, environment, files and output are its business.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;

use spinemed_core::Digest;
use spinemed_core::instance::Role;
use spinemed_core::model::{
    PromptMessage, PromptPart, Request, Response, ResponseSchema, Sampling,
};
use spinemed_core::seam::{Journal, Model as _, StoreError};
use spinemed_model::endpoint::Endpoint;
use spinemed_model::http::{ApiKey, HttpModel};
use spinemed_model::json_of;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, name, prompt, rest @ ..] = arguments.as_slice() else {
        return Err("usage: ask URL MODEL PROMPT [PICTURE.png]".into());
    };
    let picture = rest.first().map(std::fs::read).transpose()?;
    let mut endpoint = Endpoint::new("asked", url, name);
    endpoint.max_attempts = 2;
    let key = std::env::var("SPINEMED_API_KEY")
        .ok()
        .map(|text| ApiKey::new(&text));
    let model = HttpModel::new(&endpoint, key.as_ref())?;

    let mut parts = vec![PromptPart::Text {
        text: prompt.clone(),
    }];
    if let Some(bytes) = &picture {
        let sha256 = Digest::of(bytes);
        parts.insert(
            0,
            PromptPart::Image {
                sha256,
                media_type: "image/png".into(),
            },
        );
    }
    let request = Request {
        identity: model.identity().clone(),
        messages: vec![PromptMessage {
            role: Role::User,
            parts,
        }],
        schema: Some(ResponseSchema {
            name: "finding".into(),
            schema: serde_json::json!({"type": "object", "additionalProperties": false,
                "required": ["level", "score"], "properties": {
                    "level": {"type": "string", "maxLength": 20},
                    "score": {"type": "integer", "minimum": 1, "maximum": 5}}}),
        }),
        sampling: Sampling {
            max_tokens: 400,
            ..Sampling::default()
        },
        extra: BTreeMap::new(),
        attempt: 0,
    };
    let images = |_: &Digest| picture.clone();
    model.answer(
        &mut std::iter::once(request),
        &images,
        &Nowhere,
        &mut |key, reply| match reply {
            Ok(response) => {
                println!("{key}\n{:?}", json_of(&response.text));
                println!(
                    "served by {:?}, finish {:?}",
                    response.served_by, response.finish_reason
                );
                println!(
                    "tokens {:?} + {:?}",
                    response.input_tokens, response.output_tokens
                );
            }
            Err(error) => eprintln!("{error}"),
        },
    );
    Ok(())
}

/// A single question for a person's eyes is kept nowhere.
struct Nowhere;

impl Journal for Nowhere {
    fn record(&self, _: &Response) -> Result<(), StoreError> {
        Ok(())
    }
}
