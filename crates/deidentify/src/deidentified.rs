//! The type that later steps demand.

use std::ops::Deref;

use spinemed_core::outcome::Outcome;
use spinemed_core::source::Manifest;
use spinemed_core::vocabulary::Subjects;

use crate::Refusal;

/// A record that may be used: it speaks of nobody, or others have published it without names,
/// or a committed de-identification has cleaned it.
///
/// The fields are private and there is no `Deserialize`; see [`admit`] and [`crate::reload`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deidentified<T> {
    value: T,
    subjects: Subjects,
}

/// Admits a record by its source's declaration: `none` and `published` pass.
///
/// # Errors
/// [`Refusal::NoDeidentification`] for `patients`: the declaration alone admits no such record;
/// [`crate::case`] cleans it.
pub fn admit<T>(value: T, subjects: Subjects) -> Result<Deidentified<T>, Refusal> {
    match subjects {
        Subjects::None | Subjects::Published => Ok(Deidentified::new(value, subjects)),
        Subjects::Patients => Err(Refusal::NoDeidentification),
    }
}

impl<T> Deidentified<T> {
    /// The only constructor, for this crate alone.
    pub(crate) fn new(value: T, subjects: Subjects) -> Self {
        Self { value, subjects }
    }

    /// The record.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The record without its proof. What is made of it must be admitted anew.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Whom the record speaks of.
    #[must_use]
    pub fn subjects(&self) -> Subjects {
        self.subjects
    }

    /// What a stage makes of a clean record and its source's declaration is clean. As in
    /// [`Deidentified::map`], the function is a plain one and can carry nothing else in.
    #[must_use]
    pub fn stage<S: serde::Serialize, U>(
        self,
        manifest: &Manifest,
        settings: &S,
        make: fn(T, &Manifest, &S) -> Outcome<U>,
    ) -> Outcome<Deidentified<U>> {
        let subjects = self.subjects;
        match make(self.value, manifest, settings) {
            Outcome::Kept(made) => Outcome::Kept(
                made.into_iter()
                    .map(|value| Deidentified::new(value, subjects))
                    .collect(),
            ),
            Outcome::Dropped(reason) => Outcome::Dropped(reason),
            Outcome::Failed(cause) => Outcome::Failed(cause),
        }
    }

    /// What a pure function makes of a clean record is clean: the function sees nothing else.
    /// It must be a plain function, so that it cannot carry another record in.
    #[must_use]
    pub fn map<U>(self, make: fn(T) -> U) -> Deidentified<U> {
        Deidentified::new(make(self.value), self.subjects)
    }
}

impl<T> Deref for Deidentified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_decide() {
        for (subjects, admitted) in [
            (Subjects::None, true),
            (Subjects::Published, true),
            (Subjects::Patients, false),
        ] {
            assert_eq!(admit(1, subjects).is_ok(), admitted, "{subjects}");
        }
    }

    #[test]
    fn what_is_made_of_a_clean_record_keeps_its_subjects() {
        let record = admit("seven", Subjects::Published).unwrap().map(str::len);
        assert_eq!((*record, record.subjects()), (5, Subjects::Published));
        assert_eq!(record.into_inner(), 5);
    }
}
