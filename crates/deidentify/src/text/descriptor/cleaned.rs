//! What descriptions became: the objects of a series say the same in hundreds of files.

use std::collections::BTreeMap;

use super::{comment, descriptor};
use crate::{Known, Subject};

/// More descriptions than this are not of one patient's studies; the memory begins anew.
const MOST: usize = 4096;

/// Descriptions of one patient with what they became. It holds under one state of knowledge:
/// [`Known`] empties it whenever something is added. It has no `Debug`, as it holds raw text.
#[derive(Clone, Default)]
pub(crate) struct Cleaned {
    /// Whose they are: the patient's own identifier is looked for as well.
    pseudonym: String,
    descriptors: BTreeMap<String, Option<String>>,
    comments: BTreeMap<String, Option<String>>,
}

impl Cleaned {
    /// As [`descriptor`].
    pub(crate) fn descriptor(
        &mut self,
        text: &str,
        subject: &Subject,
        known: &Known,
    ) -> Option<String> {
        self.of(subject);
        remembered(&mut self.descriptors, text, || {
            descriptor(text, subject, known)
        })
    }

    /// As [`comment`].
    pub(crate) fn comment(
        &mut self,
        text: &str,
        subject: &Subject,
        known: &Known,
    ) -> Option<String> {
        self.of(subject);
        remembered(&mut self.comments, text, || comment(text, subject, known))
    }

    fn of(&mut self, subject: &Subject) {
        if self.pseudonym != subject.pseudonym() {
            *self = Self {
                pseudonym: subject.pseudonym().to_owned(),
                ..Self::default()
            };
        }
    }
}

fn remembered(
    all: &mut BTreeMap<String, Option<String>>,
    text: &str,
    make: impl FnOnce() -> Option<String>,
) -> Option<String> {
    if let Some(made) = all.get(text) {
        return made.clone();
    }
    if all.len() >= MOST {
        all.clear();
    }
    let made = make();
    all.insert(text.to_owned(), made.clone());
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Key;

    fn subject(id: &str) -> Subject {
        let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8))).expect("a key");
        Subject::new(&key, id).expect("a subject")
    }

    /// Steps as objects bring them: a name becomes known, or a description is cleaned for one of
    /// two patients. What was added is forgotten nowhere.
    fn step() -> impl Strategy<Value = (bool, usize, &'static str)> {
        let words = prop::sample::select(vec![
            "T2 SAG LSPINE",
            "AXIAL",
            "Axial^Anna",
            "SAG T2 ANNA",
            "LSPINE 4711",
            "4711",
            "CT Brauer",
            "Brauer^Eva",
        ]);
        (any::<bool>(), 0..2_usize, words)
    }

    proptest! {
        #[test]
        fn memory_changes_nothing(steps in prop::collection::vec(step(), 1..40)) {
            let subjects = [subject("4711"), subject("0815")];
            let mut known = Known::default();
            for (adds, whose, text) in steps {
                if adds {
                    known.add("name", text);
                    continue;
                }
                let subject = &subjects[whose];
                let mut cleaned = std::mem::take(&mut known.cleaned);
                let got = cleaned.descriptor(text, subject, &known);
                prop_assert_eq!(got, descriptor(text, subject, &known));
                let got = cleaned.comment(text, subject, &known);
                prop_assert_eq!(got, comment(text, subject, &known));
                known.cleaned = cleaned;
            }
        }
    }

    #[test]
    fn what_became_known_since_is_taken_out() {
        let subject = subject("1");
        let mut known = Known::default();
        let clean = |known: &mut Known| {
            let mut cleaned = std::mem::take(&mut known.cleaned);
            let made = cleaned.descriptor("AXIAL T2", &subject, known);
            known.cleaned = cleaned;
            made
        };
        assert_eq!(clean(&mut known).as_deref(), Some("AXIAL T2"));
        known.add("name", "Axial^Anna");
        assert_eq!(clean(&mut known).as_deref(), Some("T2"));
    }
}
