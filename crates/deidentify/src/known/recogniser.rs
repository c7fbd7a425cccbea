//! Who or what finds identifiers in texts, besides headers and case files: the seam for models of
//! language, for a hospital's own lists, and for the rules of this crate.
//!
//! What a recogniser finds in one text of a patient is then looked for in all of them, in every
//! spelling. A recogniser only ever adds: nothing stays because it found nothing.

use std::fmt;
use std::ops::Range;

use spinemed_core::vocabulary::Language;

use super::{CLASSES, Known, folded::fold};
use crate::text::page::Page;
use crate::text::sure_spans;

/// An identifier in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, in characters of the text, the end excluded.
    pub range: Range<usize>,
    /// What it is: a class of [`Known::add`].
    pub class: String,
}

/// Why a recogniser gave no answer, or none that can be used. Whoever meets one rejects the
/// object or record: a text that could not be searched must not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecogniserFault {
    /// It did not answer. Reasons of its own may hold text of patients, so they are not kept.
    #[error("the recogniser `{name}` failed")]
    Failed {
        /// Its name.
        name: String,
    },
    /// It pointed at characters that the text does not have.
    #[error("the recogniser `{name}` found something outside the text")]
    Outside {
        /// Its name.
        name: String,
    },
}

/// Finds identifiers in texts.
pub trait Recogniser: Send + Sync {
    /// What it is called in reports and errors.
    fn name(&self) -> &str;

    /// Every identifier that it sees, in any order.
    ///
    /// # Errors
    /// [`RecogniserFault`] when it cannot answer. The caller then rejects what the text is of.
    fn find(&self, text: &str, language: Language) -> Result<Vec<Found>, RecogniserFault>;
}

impl Known {
    /// Adds what a recogniser finds in a text, and says how many finds there were.
    ///
    /// # Errors
    /// [`RecogniserFault`] when the recogniser fails or points outside the text. Nothing is added
    /// then, and what the text is of has to be rejected.
    pub fn learn(
        &mut self,
        text: &str,
        language: Language,
        recogniser: &dyn Recogniser,
    ) -> Result<usize, RecogniserFault> {
        let found = recogniser.find(text, language)?;
        let chars: Vec<char> = text.chars().collect();
        let mut values = Vec::with_capacity(found.len());
        for Found { range, class } in found {
            let value = chars.get(range).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| RecogniserFault::Outside {
                name: recogniser.name().to_owned(),
            })?;
            values.push((class, value.iter().collect::<String>()));
        }
        for (class, value) in &values {
            self.add(class, value);
        }
        Ok(values.len())
    }
}

/// The rules of this crate that find persons, places and numbers by a cue beside them. A name
/// that has a cue in one text is then found without one in the others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cues;

impl Recogniser for Cues {
    fn name(&self) -> &'static str {
        "cues"
    }

    fn find(&self, text: &str, _: Language) -> Result<Vec<Found>, RecogniserFault> {
        let page = Page::new(text);
        let spans = sure_spans(&page).into_iter();
        let known = spans.filter(|span| matches!(span.class, "name" | "id" | "institution"));
        let found = known.map(|span| Found {
            range: span.range,
            class: match span.class {
                "institution" => "place".to_owned(),
                class => class.to_owned(),
            },
        });
        Ok(found.collect())
    }
}

/// A list of identifiers that a hospital keeps: its staff, wards, companies. It prints counts.
#[derive(Clone)]
pub struct Dictionary {
    known: Known,
}

/// What is wrong with a list of identifiers. It never says what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDictionary {
    /// The class behind the tab is none.
    #[error("line {line} names a class that is none of those known")]
    Class {
        /// The line, counted from 1.
        line: usize,
    },
    /// So short a value would be found everywhere, and is not looked for.
    #[error("line {line} has fewer than two letters or three digits, which cannot be looked for")]
    Short {
        /// The line, counted from 1.
        line: usize,
    },
}

impl Dictionary {
    /// Reads a list: one identifier a line, its class behind a tab (`name`, where there is none;
    /// the classes of [`Known::add`]). Empty lines and lines that begin with `#` count for nothing.
    ///
    /// # Errors
    /// [`BadDictionary`] for a line that would not be looked for as it is meant.
    pub fn parse(text: &str) -> Result<Self, BadDictionary> {
        let mut known = Known::default();
        for (at, entry) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = at + 1;
            let entry = entry.trim();
            if entry.is_empty() || entry.starts_with('#') {
                continue;
            }
            let (value, class) = entry.split_once('\t').unwrap_or((entry, "name"));
            let class = class.trim();
            if !CLASSES.contains(&class) {
                return Err(BadDictionary::Class { line });
            }
            let letters = fold(value);
            let digits = letters.iter().all(char::is_ascii_digit);
            if letters.len() < if digits { 3 } else { 2 } {
                return Err(BadDictionary::Short { line });
            }
            known.add(class, value);
        }
        Ok(Self { known })
    }
}

impl Recogniser for Dictionary {
    fn name(&self) -> &'static str {
        "dictionary"
    }

    fn find(&self, text: &str, _: Language) -> Result<Vec<Found>, RecogniserFault> {
        let spans = self.known.find(&Page::new(text)).into_iter();
        let found = spans.map(|span| Found {
            range: span.range,
            class: span.class.to_owned(),
        });
        Ok(found.collect())
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.known.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is found of a text after a recogniser has read another.
    fn check(recogniser: &dyn Recogniser, read: &str, text: &str, expect: &[&str]) {
        let mut known = Known::default();
        known
            .learn(read, Language::En, recogniser)
            .expect("it answers");
        let page = Page::new(text);
        let found = crate::text::span::merge(known.find(&page), &page);
        let found: Vec<_> = found.into_iter().map(|s| page.slice(s.range)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn names_beside_a_cue_are_found_without_one() {
        check(
            &Cues,
            "Seen by Dr. Tuvalisse.",
            "then tuvalisse left",
            &["tuvalisse"],
        );
        check(&Cues, "报告医师：贠雪岚", "雪岚复诊", &["雪岚"]);
        check(&Cues, "no cue here", "then tuvalisse left", &[]);
    }

    #[test]
    fn lists_are_found_in_every_spelling() {
        let list = "# staff\nQuillfeather^Ada\nLarkmere Infirmary\tplace\n\n47-11-90\tid\n";
        let list = Dictionary::parse(list).expect("a good list");
        let text = "ada quillfeather of larkmere infirmary, 471190";
        check(
            &list,
            text,
            text,
            &["ada quillfeather", "larkmere infirmary", "471190"],
        );
        assert_eq!(format!("{list:?}"), r#"{"id": 1, "name": 1, "place": 1}"#);
    }

    #[test]
    fn lines_that_cannot_be_looked_for_are_told() {
        let bad = |text| Dictionary::parse(text).err();
        assert_eq!(bad("Ada\n\nx\n"), Some(BadDictionary::Short { line: 3 }));
        assert_eq!(bad("12\tid"), Some(BadDictionary::Short { line: 1 }));
        assert_eq!(bad("Ada\tnoun"), Some(BadDictionary::Class { line: 1 }));
    }

    struct Broken(Option<Range<usize>>);

    impl Recogniser for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }

        fn find(&self, _: &str, _: Language) -> Result<Vec<Found>, RecogniserFault> {
            let name = "broken".to_owned();
            let range = self.0.clone().ok_or(RecogniserFault::Failed { name })?;
            let class = "name".to_owned();
            Ok(vec![Found { range, class }])
        }
    }

    #[test]
    fn faults_add_nothing() {
        for broken in [Broken(None), Broken(Some(2..9)), Broken(Some(1..1))] {
            let mut known = Known::default();
            assert!(known.learn("Ada", Language::En, &broken).is_err());
            assert_eq!(format!("{known:?}"), "{}");
        }
        let backwards = Broken(Some(Range { start: 2, end: 1 }));
        assert!(
            Known::default()
                .learn("Ada", Language::En, &backwards)
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn recognisers_stay_within_the_text(text in "\\PC{0,80}", list in "[A-Za-z王李\\t\\n ,^=#0-9]{0,60}") {
            let many = text.chars().count();
            let lists = Dictionary::parse(&list).ok();
            let lists = lists.iter().map(|list| list as &dyn Recogniser);
            for recogniser in lists.chain([&Cues as &dyn Recogniser]) {
                let found = recogniser.find(&text, Language::Zh).expect("they answer");
                prop_assert!(found.iter().all(|found| found.range.start < found.range.end && found.range.end <= many));
                prop_assert!(Known::default().learn(&text, Language::En, recogniser).is_ok());
            }
        }

        #[test]
        fn what_a_list_holds_is_gone(name in "[A-Z][a-z]{4,9}", before in "[a-z ]{0,20}", after in "[a-z ]{0,20}") {
            let list = Dictionary::parse(&name).expect("a good list");
            let text = format!("{before} {name}, {after}");
            let mut known = Known::default();
            known.learn(&text, Language::En, &list).expect("it answers");
            let page = Page::new(&text);
            prop_assert!(known.find(&page).iter().any(|span| page.slice(span.range.clone()).contains(&name)));
        }
    }
}
