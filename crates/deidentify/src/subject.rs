//! One patient, as the rules see them: what stands for the identifier, and how far dates move.

use std::fmt;

use spinemed_core::date::Date;

use crate::{Key, Refusal};

/// A patient under a key. Everything that must be the same for all objects and texts of one
/// patient hangs on it. It prints the pseudonym alone.
#[derive(Clone)]
pub struct Subject {
    key: Key,
    id: String,
    pseudonym: String,
    days: i64,
}

/// What exports write where an identifier was taken away. Two patients under one such word
/// would become one.
const NOBODY: &[&str] = &[
    "anonymous",
    "anonymized",
    "anonymised",
    "anon",
    "unknown",
    "none",
    "na",
    "n/a",
    "null",
    "patient",
    "test",
    "xxx",
    "0",
    "-",
    "匿名",
    "未知",
    "无",
];

impl Subject {
    /// A patient by the identifier of the case file, Patient ID (0010,0020) of its objects.
    ///
    /// # Errors
    /// [`Refusal::NoPatientId`] when it is empty or a word that stands for nobody: dates and
    /// pseudonyms would be shared between patients.
    pub fn new(key: &Key, patient_id: &str) -> Result<Self, Refusal> {
        let id = normal(patient_id);
        if id.is_empty() || NOBODY.contains(&id.as_str()) {
            return Err(Refusal::NoPatientId);
        }
        Ok(Self {
            pseudonym: key.pseudonym("patient", &id),
            days: key.days(&id),
            key: key.clone(),
            id,
        })
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// What stands for the patient: 16 hexadecimal digits.
    #[must_use]
    pub fn pseudonym(&self) -> &str {
        &self.pseudonym
    }

    /// How many days all dates of this patient are moved; negative: into the past.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.days
    }

    /// A date of this patient, moved. None where the calendar ends.
    #[must_use]
    pub fn shift(&self, date: Date) -> Option<Date> {
        date.plus_days(self.days)
    }

    /// What stands for a UID.
    #[must_use]
    pub fn uid(&self, uid: &str) -> String {
        self.key.uid(uid)
    }

    /// Whether an identifier names this patient; white space around it and case do not matter.
    #[must_use]
    pub fn is(&self, patient_id: &str) -> bool {
        normal(patient_id) == self.id
    }
}

fn normal(id: &str) -> String {
    id.trim_matches(|c: char| c == '\0' || c.is_whitespace())
        .to_lowercase()
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subject").field(&self.pseudonym).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        let mut random = [byte; 32];
        random[1] = 9;
        Key::parse(&Key::file(random)).unwrap()
    }

    #[test]
    fn one_patient_one_pseudonym_and_one_shift() {
        let a = Subject::new(&key(1), "MRN 12").unwrap();
        let b = Subject::new(&key(1), " mrn 12\0").unwrap();
        assert_eq!((a.pseudonym(), a.days()), (b.pseudonym(), b.days()));
        assert!(a.is("MRN 12 ") && !a.is("MRN 13"));
        let other = Subject::new(&key(2), "MRN 12").unwrap();
        assert_ne!(a.pseudonym(), other.pseudonym());
    }

    #[test]
    fn intervals_stay() {
        let subject = Subject::new(&key(1), "MRN 12").unwrap();
        let (first, second): (Date, Date) =
            ("2023-11-30".parse().unwrap(), "2024-02-29".parse().unwrap());
        let moved = [first, second].map(|d| subject.shift(d).unwrap());
        assert_eq!(moved[0].days_until(moved[1]), first.days_until(second));
        assert_ne!(moved[0], first);
    }

    #[test]
    fn nobody_is_no_patient() {
        for id in ["", "  ", "ANONYMOUS", "0", "匿名", "\0"] {
            assert!(matches!(
                Subject::new(&key(1), id),
                Err(Refusal::NoPatientId)
            ));
        }
    }

    #[test]
    fn it_never_prints_the_identifier() {
        let shown = format!("{:?}", Subject::new(&key(1), "MRN 12").unwrap());
        assert!(!shown.to_lowercase().contains("mrn"), "{shown}");
    }
}
