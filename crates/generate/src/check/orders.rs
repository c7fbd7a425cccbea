//! Orders to a model or reader that slipped in, mostly out of the evidence (I5).

use spinemed_core::instance::Revision;
use spinemed_core::pack::EvidencePack;

use super::parts;
use crate::text::squeeze;

/// Words that give orders to a model; each list of words must follow in this order, with at
/// most 24 characters between them.
const ORDERS: &[&[&str]] = &[
    &["ignore", "previous"],
    &["ignore", "instruction"],
    &["ignore", "prior"],
    &["ignore", "above"],
    &["disregard", "instruction"],
    &["disregard", "previous"],
    &["disregard", "above"],
    &["forget", "instruction"],
    &["forget", "previous"],
    &["override", "instruction"],
    &["system prompt"],
    &["you are now", "assistant"],
    &["you are chatgpt"],
    &["as an ai language model"],
    &["as a language model"],
    &["do not follow", "instruction"],
    &["new instructions:"],
    &["reveal", "prompt"],
    &["respond only with"],
    &["<<<evidence"],
    &["<<<end"],
    &["<|im_start|>"],
    &["[inst]"],
    &["### instruction"],
    &["jailbreak"],
    &["mark", "as correct answer"],
    &["忽略", "指令"],
    &["忽略", "指示"],
    &["忽略", "提示"],
    &["无视", "指令"],
    &["无视", "指示"],
    &["系统提示词"],
    &["忘记", "指令"],
    &["你现在是", "助手"],
    &["作为一个人工智能语言模型"],
    &["不要遵循", "指令"],
    &["作为AI语言模型"],
    &["忽略", "上述要求"],
    &["无视", "上述"],
];

/// The most characters between two words of an order.
const GAP: usize = 24;

pub(super) fn run(_: &EvidencePack, revision: &Revision) -> Result<(), String> {
    for (part, text) in parts::all(&revision.item) {
        if let Some(order) = order(text) {
            return Err(format!("`{part}` holds an order: `{order}`"));
        }
    }
    Ok(())
}

/// The order that a text holds.
pub(crate) fn order(text: &str) -> Option<String> {
    let lower = squeeze(&text.to_lowercase());
    ORDERS
        .iter()
        .find(|words| follows(&lower, words))
        .map(|words| words.join(" … "))
}

fn follows(text: &str, words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    let first = first.to_lowercase();
    text.match_indices(&first).any(|(at, _)| {
        let mut from = at + first.len();
        rest.iter().all(|word| {
            let window: String = text[from..]
                .chars()
                .take(GAP + word.chars().count())
                .collect();
            let Some(found) = window.find(word) else {
                return false;
            };
            from += found + word.len();
            true
        })
    })
}
