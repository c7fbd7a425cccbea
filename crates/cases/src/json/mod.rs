//! JSON (RFC 8259) with the place of every value; keys are unique, size and depth bounded.

mod parser;

pub(crate) use parser::parse;

use crate::fault::At;

/// A value and where it starts. Equality is that of values alone.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) json: Json,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

/// A value.
#[derive(Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object, in the order of the file. Equality is that of key and value.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) key_at: At,
    pub(crate) value: Node,
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}
