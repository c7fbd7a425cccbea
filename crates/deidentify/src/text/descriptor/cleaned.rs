//! What descriptions became: the objects of a series say the same in hundreds of files.

use std::collections::BTreeMap;

use super::{LONGEST_COMMENT, comment, descriptor};
use crate::{Known, Subject};

/// More descriptions than this are not of one patient's studies; the memory begins anew.
const MOST: usize = 4096;

/// The two forms of descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// As [`descriptor`] cleans it.
    Descriptor,
    /// As [`comment`] does.
    Comment,
}

/// Descriptions of one patient with what they became. It holds under one state of knowledge:
/// [`Known`] empties it whenever something is added. It has no `Debug`, as it holds raw text.
#[derive(Clone, Default)]
pub(crate) struct Cleaned {
    /// Whose they are: the patient's own identifier is looked for as well.
    pseudonym: String,
    made: BTreeMap<String, Vec<(Form, Option<String>)>>,
}

impl Cleaned {
    /// A description, cleaned in its form, from memory where it was met before. Longer texts
    /// than comments may be are cleaned each time, so that memory stays small.
    pub(crate) fn text(
        &mut self,
        form: Form,
        text: &str,
        subject: &Subject,
        known: &Known,
    ) -> Option<String> {
        let clean = match form {
            Form::Descriptor => descriptor,
            Form::Comment => comment,
        };
        if text.len() > LONGEST_COMMENT {
            return clean(text, subject, known);
        }
        if self.pseudonym != subject.pseudonym() || self.made.len() >= MOST {
            self.made.clear();
            subject.pseudonym().clone_into(&mut self.pseudonym);
        }
        let mut forms = self.made.get(text).into_iter().flatten();
        if let Some((_, made)) = forms.find(|(of, _)| *of == form) {
            return made.clone();
        }
        let made = clean(text, subject, known);
        let forms = self.made.entry(text.to_owned()).or_default();
        forms.push((form, made.clone()));
        made
    }
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
                let got = cleaned.text(Form::Descriptor, text, subject, &known);
                prop_assert_eq!(got, descriptor(text, subject, &known));
                let got = cleaned.text(Form::Comment, text, subject, &known);
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
            let made = cleaned.text(Form::Descriptor, "AXIAL T2", &subject, known);
            known.cleaned = cleaned;
            made
        };
        assert_eq!(clean(&mut known).as_deref(), Some("AXIAL T2"));
        known.add("name", "Axial^Anna");
        assert_eq!(clean(&mut known).as_deref(), Some("T2"));
    }

    #[test]
    fn long_texts_are_cleaned_and_not_kept() {
        let (subject, known) = (subject("1"), Known::default());
        let mut cleaned = Cleaned::default();
        let long = format!("AXIAL {}", "x".repeat(LONGEST_COMMENT));
        let made = cleaned.text(Form::Comment, &long, &subject, &known);
        assert_eq!(made, comment(&long, &subject, &known));
        assert!(cleaned.made.is_empty());
    }
}
