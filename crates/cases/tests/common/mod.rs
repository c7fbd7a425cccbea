//! A folder in memory, and changes of a JSON value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use spinemed_cases::ReadCase;
use spinemed_core::seam::Tree;

/// Files by name.
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        let bytes = self.0.get(name).ok_or("no such file")?;
        Ok(Cow::Borrowed(bytes))
    }
}

/// Reads a folder of these files.
pub fn read(files: &[(&str, &[u8])]) -> ReadCase {
    let files = files
        .iter()
        .map(|(name, bytes)| (format!("case-0123456789ab/{name}"), bytes.to_vec()));
    spinemed_cases::read(&Files(files.collect()))
}

/// Sets what a pointer names; `null` takes it away. A key or item after the last is added.
#[allow(dead_code, reason = "each test program uses its part of this module")]
pub fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(members) if new.is_null() => {
            members.remove(key).unwrap();
        }
        Value::Object(members) => {
            members.insert(key.to_owned(), new);
        }
        Value::Array(items) => {
            let at: usize = key.parse().unwrap();
            if new.is_null() {
                items.remove(at);
            } else if at == items.len() {
                items.push(new);
            } else {
                items[at] = new;
            }
        }
        _ => panic!("`{parent}` holds nothing"),
    }
}
