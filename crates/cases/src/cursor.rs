//! A value of a file with its pointer, and the strict readings of it.

use std::str::FromStr;

use crate::fault::{Fault, Reason};
use crate::json::{Json, Member, Node};
use crate::term;

/// A value and how to name its place.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    pub(crate) node: &'a Node,
    pub(crate) pointer: String,
}

impl<'a> Cursor<'a> {
    pub(crate) fn root(node: &'a Node) -> Self {
        let pointer = String::new();
        Self { node, pointer }
    }

    /// A fault at this value.
    pub(crate) fn fault(&self, reason: Reason) -> Fault {
        Fault::new(self.pointer.clone(), self.node.at, reason)
    }

    fn wrong<T>(&self, expected: &'static str) -> Result<T, Fault> {
        Err(self.fault(Reason::WrongType { expected }))
    }

    /// The members of an object; none where it is something else.
    pub(crate) fn members(&self) -> &'a [Member] {
        match &self.node.json {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// A member by its key, of those that the program knows. `null` is as good as absent.
    pub(crate) fn get(&self, key: &'static str) -> Option<Self> {
        let member = self.members().iter().find(|member| member.key == key)?;
        let node = &member.value;
        let pointer = format!("{}/{key}", self.pointer);
        (node.json != Json::Null).then_some(Self { node, pointer })
    }

    /// A member that must be there.
    pub(crate) fn required(&self, key: &'static str) -> Result<Self, Fault> {
        self.get(key)
            .ok_or_else(|| self.fault(Reason::Missing { key }))
    }

    /// Holds an object to its keys. What the program does not know, it cannot clean.
    pub(crate) fn strict(&self, known: &[&'static str]) -> Result<(), Fault> {
        let Json::Object(members) = &self.node.json else {
            return self.wrong("an object");
        };
        let stranger = members
            .iter()
            .find(|member| !known.contains(&member.key.as_str()));
        stranger.map_or(Ok(()), |member| {
            let nearest = term::nearest(&member.key, known.iter().copied());
            let reason = Reason::UnknownKey { nearest };
            Err(Fault::new(self.pointer.clone(), member.key_at, reason))
        })
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Result<Vec<Self>, Fault> {
        match &self.node.json {
            Json::List(items) => Ok(self.numbered(items)),
            _ => self.wrong("a list"),
        }
    }

    /// The items of a member that is a list; none where it is absent or something else.
    pub(crate) fn items(&self, key: &'static str) -> Vec<Self> {
        let list = self.get(key).map(|member| member.list());
        list.and_then(Result::ok).unwrap_or_default()
    }

    fn numbered(&self, items: &'a [Node]) -> Vec<Self> {
        let item = |(at, node)| Self {
            node,
            pointer: format!("{}/{at}", self.pointer),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// The text as it is; none where it is something else.
    pub(crate) fn str(&self) -> Option<&'a str> {
        match &self.node.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A member's text; none where it is absent or something else.
    pub(crate) fn str_of(&self, key: &'static str) -> Option<&'a str> {
        self.get(key)?.str()
    }

    /// A text with something in it, of a bounded number of characters.
    pub(crate) fn text(&self, limit: usize) -> Result<String, Fault> {
        let Some(text) = self.str() else {
            return self.wrong("a text");
        };
        if text.trim().is_empty() {
            return Err(self.fault(Reason::Empty));
        }
        // No character has more than four bytes: short texts need not be counted.
        if text.len() > limit && text.chars().count() > limit {
            return Err(self.fault(Reason::TooLong { limit }));
        }
        Ok(text.to_owned())
    }

    /// A text that parses.
    pub(crate) fn parsed<T: FromStr>(&self, otherwise: Reason) -> Result<T, Fault> {
        let Some(text) = self.str() else {
            return self.wrong("a text");
        };
        text.parse().map_err(|_| self.fault(otherwise))
    }

    /// A whole number of a range.
    pub(crate) fn number(&self, least: u64, most: u64) -> Result<u64, Fault> {
        let Json::Number(written) = &self.node.json else {
            return self.wrong("a number");
        };
        let number = written.parse().ok();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.fault(Reason::OutOfRange { least, most }))
    }

    /// True or false.
    pub(crate) fn bool(&self) -> Result<bool, Fault> {
        match self.node.json {
            Json::Bool(value) => Ok(value),
            _ => self.wrong("`true` or `false`"),
        }
    }
}
