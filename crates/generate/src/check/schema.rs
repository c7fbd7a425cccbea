//! Parts, lengths, roles, pictures.

use spinemed_core::instance::{Item, Revision, Role};
use spinemed_core::pack::EvidencePack;

use super::parts;

/// The most characters of a part.
const LONGEST: usize = 12_000;

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let item = &revision.item;
    if item.kind() != revision.task.kind {
        return Err(format!(
            "asked for {}, got {}",
            revision.task.kind,
            item.kind()
        ));
    }
    for (name, text) in parts::all(item) {
        let length = text.chars().count();
        if text.trim().is_empty() {
            return Err(format!("`{name}` is empty"));
        }
        if length > LONGEST {
            return Err(format!(
                "`{name}` has {length} characters, more than {LONGEST}"
            ));
        }
        let least = least(&name);
        if length < least {
            return Err(format!(
                "`{name}` has {length} characters, fewer than {least}"
            ));
        }
    }
    if let Some(image) = revision.images.iter().find(|at| **at >= pack.images.len()) {
        return Err(format!("the pack has no image {image}"));
    }
    let mut shown = revision.images.clone();
    shown.sort_unstable();
    if shown.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("an image is shown twice".to_owned());
    }
    match item {
        Item::Consultation { turns } => roles(turns.iter().map(|turn| turn.role)),
        _ => Ok(()),
    }
}

/// The fewest characters that can be a part.
fn least(name: &str) -> usize {
    match name {
        "stem" | "question" | "request" => 6,
        "explanation" | "answer" => 2,
        name if name.starts_with("sections.") => 4,
        _ => 1,
    }
}

fn roles(roles: impl Iterator<Item = Role>) -> Result<(), String> {
    let roles: Vec<Role> = roles.collect();
    if roles.len() < 4 || !roles.len().is_multiple_of(2) {
        return Err(format!(
            "{} turns; a consultation has an even number, at least 4",
            roles.len()
        ));
    }
    for (at, role) in roles.iter().enumerate() {
        let expect = if at.is_multiple_of(2) {
            Role::User
        } else {
            Role::Assistant
        };
        if *role != expect {
            return Err(format!(
                "`turns[{at}]` is not the {}'s",
                if expect == Role::User {
                    "user"
                } else {
                    "assistant"
                }
            ));
        }
    }
    Ok(())
}
