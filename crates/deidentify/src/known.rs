//! Identifiers to look for in texts, by class.
//!
//! A value is compared by its letters and digits alone: accents, case, full-width forms, white
//! space and the marks between parts do not matter. A DICOM person name (PS3.5, 6.2.1) is taken
//! apart into groups and components, and its parts are looked for in every usual order.

mod folded;
mod recogniser;

pub use recogniser::{BadDictionary, Cues, Dictionary, Found, Recogniser, RecogniserFault};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::text::page::{Page, is_han, is_word};
use crate::text::span::Span;
use crate::text::{Cleaned, lexicon};
use folded::{Folded, chars, fold, umlauts};
use spinemed_core::date::Date;

/// Identifiers to look for. It prints counts only.
#[derive(Clone, Default)]
pub struct Known {
    counts: BTreeMap<&'static str, usize>,
    runs: BTreeMap<char, BTreeSet<Run>>,
    dates: BTreeSet<Date>,
    /// What was added as it was written: most objects of a patient say the same again.
    added: BTreeMap<&'static str, BTreeSet<String>>,
    /// What descriptions became, as long as no more is known than then.
    pub(crate) cleaned: Cleaned,
}

/// Letters and digits to look for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    text: Vec<char>,
    class: &'static str,
    /// A word that texts use for other things too: it counts where it begins with a capital.
    capital: bool,
}

const CLASSES: &[&str] = &["name", "id", "place", "phone", "address", "date", "other"];

/// Parts of names that many people share.
const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el",
    "al", "bin", "ibn", "bint", "ben", "zu", "zur", "ter", "ten", "dr", "mr", "mrs", "ms", "md",
    "prof", "phd", "jr", "sr", "ii", "iii", "iv", "st", "miss", "and",
];

impl Known {
    /// Adds an identifier of a class: `name`, `id`, `place`, `phone`, `address`, `date`; any
    /// other class counts as `other`. Names may be DICOM person names with `^` and `=`. Values
    /// of fewer than two letters or three digits are not looked for: they would be everywhere.
    pub fn add(&mut self, class: &str, value: &str) {
        let known = CLASSES.iter().find(|known| **known == class);
        let class = known.copied().unwrap_or("other");
        let value = value.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        if value.is_empty() {
            return;
        }
        *self.counts.entry(class).or_default() += 1;
        let added = self.added.entry(class).or_default();
        if added.contains(value) {
            return;
        }
        added.insert(value.to_owned());
        self.cleaned = Cleaned::default();
        match class {
            "name" => value.split('=').for_each(|group| self.name(group)),
            "date" => self.date(value),
            "id" => self.id(value),
            "phone" => self.phone(value),
            "place" | "address" => self.place(class, value),
            _ => self.run(class, &fold(value), 3, false),
        }
    }

    /// Adds everything that another one knows.
    pub fn merge(&mut self, other: Self) {
        for (class, count) in other.counts {
            *self.counts.entry(class).or_default() += count;
        }
        for (first, runs) in other.runs {
            self.runs.entry(first).or_default().extend(runs);
        }
        self.dates.extend(other.dates);
        for (class, values) in other.added {
            self.added.entry(class).or_default().extend(values);
        }
        self.cleaned = Cleaned::default();
    }

    /// Whether a day is a known one, such as the day of birth.
    pub(crate) fn is_date(&self, date: Date) -> bool {
        self.dates.contains(&date)
    }

    /// Every place where a known identifier stands.
    pub(crate) fn find(&self, page: &Page) -> Vec<Span> {
        let folded = Folded::new(page);
        let mut spans = Vec::new();
        for (at, (first, _)) in folded.letters.iter().enumerate() {
            for run in self.runs.get(first).into_iter().flatten() {
                if let Some(range) = folded.matches(at, run, page) {
                    spans.push(Span::new(range, run.class, "known"));
                }
            }
        }
        spans
    }

    fn name(&mut self, group: &str) {
        for group in [group.to_owned(), umlauts(group)] {
            let parts: Vec<String> = group
                .split(|c: char| !is_word(c) && !is_han(c) && c != '\'' && c != '\u{2019}')
                .map(|part| fold(part).into_iter().collect::<String>())
                .filter(|part| !part.is_empty())
                .collect();
            if parts.iter().any(|part| part.chars().any(is_han)) {
                self.han_name(&parts);
            } else {
                self.latin_name(&parts);
            }
        }
    }

    /// Han names are looked for whole, and given names of two characters alone.
    fn han_name(&mut self, parts: &[String]) {
        let whole: Vec<char> = parts.concat().chars().collect();
        self.run("name", &whole, 2, false);
        if let [family, given] = parts {
            self.run("name", &given.chars().collect::<Vec<_>>(), 2, false);
            self.han_titles(family);
        } else if (2..=4).contains(&whole.len()) && whole.iter().all(|c| is_han(*c)) {
            let family = if whole.len() == 4 { 2 } else { 1 };
            self.run("name", &whole[family..], 2, false);
            self.han_titles(&whole[..family].iter().collect::<String>());
        }
    }

    fn han_titles(&mut self, family: &str) {
        for title in [
            "先生", "女士", "小姐", "太太", "某", "老师", "大夫", "阿姨", "师傅",
        ] {
            let run: Vec<char> = family.chars().chain(title.chars()).collect();
            self.run("name", &run, 2, false);
        }
    }

    fn latin_name(&mut self, parts: &[String]) {
        let main: Vec<&str> = parts.iter().map(String::as_str).collect();
        if main.len() > 1 {
            self.run("name", &chars(&main.concat()), 4, false);
        }
        for part in &main {
            if PARTICLES.contains(part) || lexicon::is_function(part) {
                continue;
            }
            let plain = lexicon::is_word(part) || lexicon::is_ambiguous(part);
            let common = part.chars().count() < 3 || plain;
            self.run("name", &chars(part), 2, common);
        }
        for first in &main {
            for second in &main {
                if first != second {
                    self.run("name", &chars(&format!("{first}{second}")), 4, false);
                    self.initials(first, second);
                }
            }
        }
    }

    /// `A. Family` and `Family A.`
    fn initials(&mut self, given: &str, family: &str) {
        let Some(initial) = given.chars().next() else {
            return;
        };
        self.run("name", &chars(&format!("{initial}{family}")), 4, true);
        self.run("name", &chars(&format!("{family}{initial}")), 4, true);
    }

    fn date(&mut self, value: &str) {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let date = (digits.len() == 8)
            .then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
            .and_then(|text| text.parse::<Date>().ok());
        let Some(date) = date else {
            self.run("date", &fold(value), 6, false);
            return;
        };
        self.dates.insert(date);
        let (y, m, d) = (date.year(), date.month(), date.day());
        let short = y.rem_euclid(100);
        for run in [
            format!("{y:04}{m:02}{d:02}"),
            format!("{d:02}{m:02}{y:04}"),
            format!("{m:02}{d:02}{y:04}"),
            format!("{short:02}{m:02}{d:02}"),
            format!("{d:02}{m:02}{short:02}"),
            format!("{m:02}{d:02}{short:02}"),
        ] {
            self.run("date", &chars(&run), 6, false);
        }
    }

    fn id(&mut self, value: &str) {
        let run = fold(value);
        self.run("id", &run, 3, false);
        let start = run.iter().position(char::is_ascii_digit);
        let digits = &run[start.unwrap_or(run.len())..];
        let zeros = digits.iter().take_while(|c| **c == '0').count();
        self.run(
            "id",
            &digits[zeros..],
            if start == Some(0) { 3 } else { 5 },
            false,
        );
    }

    fn phone(&mut self, value: &str) {
        let digits: Vec<char> = fold(value)
            .into_iter()
            .filter(char::is_ascii_digit)
            .collect();
        let zeros = digits.iter().take_while(|c| **c == '0').count();
        self.run("phone", &digits, 5, false);
        self.run("phone", &digits[zeros..], 5, false);
        if digits.len() > 9 {
            self.run("phone", &digits[digits.len() - 8..], 8, false);
        }
    }

    fn place(&mut self, class: &'static str, value: &str) {
        self.run(class, &fold(value), 3, false);
        for part in value.split([',', ';', '\n', '\r', '，', '；', '、', '^', '(', ')']) {
            let run = fold(part);
            let han = run.iter().any(|c| is_han(*c));
            let text: String = run.iter().collect();
            // A part that is a clinical word alone ("Radiology") tells nothing.
            if han || !lexicon::is_word(&text) {
                self.run(class, &run, if han { 2 } else { 4 }, false);
            }
            if han {
                let ends = |c: char| "省市区县镇乡村路街巷弄号栋室".contains(c);
                for piece in part.split(ends) {
                    self.run(class, &fold(piece), 2, false);
                }
            } else {
                self.place_words(class, part);
            }
        }
    }

    fn place_words(&mut self, class: &'static str, part: &str) {
        for word in part.split(|c: char| !is_word(c)) {
            let run = fold(word);
            let text: String = run.iter().collect();
            if run.iter().any(|c| c.is_alphabetic()) && !lexicon::is_word(&text) {
                self.run(class, &run, 4, false);
            }
        }
    }

    fn run(&mut self, class: &'static str, text: &[char], least: usize, capital: bool) {
        let Some(first) = text.first() else {
            return;
        };
        let least = if text.iter().all(char::is_ascii_digit) {
            least.max(3)
        } else {
            least
        };
        if text.len() >= least {
            self.runs.entry(*first).or_default().insert(Run {
                text: text.to_vec(),
                class,
                capital,
            });
        }
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.counts).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: &str, value: &str, text: &str, expect: &[&str]) {
        let mut known = Known::default();
        known.add(class, value);
        let page = Page::new(text);
        let merged = crate::text::span::merge(known.find(&page), &page);
        let found: Vec<String> = merged
            .iter()
            .map(|span| page.chars[span.range.clone()].iter().collect())
            .collect();
        assert_eq!(found, expect, "{class}");
    }

    #[test]
    fn person_names_in_every_order() {
        let name = "Okonjo^Temperance^Ada^Dr";
        check(
            "name",
            name,
            "seen: OKONJO, Temperance",
            &["OKONJO, Temperance"],
        );
        check(
            "name",
            name,
            "temperance ada okonjo's pain",
            &["temperance ada okonjo"],
        );
        check(
            "name",
            name,
            "T. Okonjo; Okonjo T.",
            &["T. Okonjo", "Okonjo T"],
        );
        check("name", name, "Okonjos and dr are others", &[]);
        check(
            "name",
            "Wang^Xiaodong=王^晓东",
            "Wang Xiao-Dong，王 晓东",
            &["Wang Xiao-Dong", "王 晓东"],
        );
        check(
            "name",
            "王^晓东",
            "王先生诉腰痛，晓东配合",
            &["王先生", "晓东"],
        );
        check(
            "name",
            "Müßig^Zoë",
            "Mueßig, MÜßIG, zoe",
            &["Mueßig", "MÜßIG, zoe"],
        );
        check("name", "Ｏkonjo", "okonjo", &["okonjo"]);
        check(
            "name",
            "O'Dwyer^Ng",
            "ODwyer, O’Dwyer",
            &["ODwyer", "O’Dwyer"],
        );
    }

    #[test]
    fn names_that_are_words_count_with_a_capital() {
        check("name", "Long^Grace", "Long walks, a long scar", &["Long"]);
        check("name", "Long^Grace", "grace long", &["grace long"]);
    }

    #[test]
    fn identifiers_with_and_without_separators_and_zeros() {
        check(
            "id",
            "00-47 1190",
            "no 471190, 0471190, MRN00471190",
            &["471190", "0471190", "MRN00471190"],
        );
        check(
            "id",
            "KX-2231/7",
            "kx22317 and KX 2231 7",
            &["kx22317", "KX 2231 7"],
        );
        check("id", "471190", "1471190 or 4711902", &[]);
        check("id", "12", "12 mm", &[]);
        check(
            "phone",
            "+49 (0) 731 5500-219",
            "07315500219",
            &["07315500219"],
        );
    }

    #[test]
    fn places_whole_and_in_parts() {
        check(
            "address",
            "7 Quillfeather Lane, Ostrava",
            "near quillfeather lane in Ostrava",
            &["quillfeather lane", "Ostrava"],
        );
        check("place", "柳江县某镇", "来自柳江", &["柳江"]);
        check("address", "柳江县进德镇", "来自进德", &["进德"]);
    }

    #[test]
    fn it_prints_counts_alone() {
        let mut known = Known::default();
        known.add("name", "Okonjo");
        known.add("secret", "Okonjo-x");
        assert_eq!(format!("{known:?}"), r#"{"name": 1, "other": 1}"#);
    }
}
