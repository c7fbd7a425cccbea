//! Which options of DICOM PS3.15 Annex E a source's objects are de-identified with.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{ProfileOption, TimesOfDay};

/// The Basic Application Level Confidentiality Profile and the options on top of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The options (PS3.15, E.3). What an option would keep goes without it.
    pub options: BTreeSet<ProfileOption>,
    /// What becomes of times of day (TM, and the time in DT). Dates follow the options.
    pub times: TimesOfDay,
}

impl Default for Profile {
    /// Dates moved, sex and age kept, descriptions, reports and graphics cleaned, times of day
    /// removed.
    fn default() -> Self {
        Self {
            options: BTreeSet::from([
                ProfileOption::CleanGraphics,
                ProfileOption::CleanStructuredContent,
                ProfileOption::CleanDescriptors,
                ProfileOption::RetainModifiedDates,
                ProfileOption::RetainPatientCharacteristics,
            ]),
            times: TimesOfDay::Remove,
        }
    }
}

impl Profile {
    /// Whether an option is chosen.
    #[must_use]
    pub fn has(&self, option: ProfileOption) -> bool {
        self.options.contains(&option)
    }

    /// Checks that the options do not contradict each other.
    ///
    /// # Errors
    /// [`BadProfile`].
    pub fn check(&self) -> Result<(), BadProfile> {
        let dates = [
            ProfileOption::RetainFullDates,
            ProfileOption::RetainModifiedDates,
        ];
        if dates.into_iter().all(|option| self.has(option)) {
            return Err(BadProfile::Dates);
        }
        Ok(())
    }
}

/// Options that cannot go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProfile {
    /// Dates are either kept or moved.
    #[error("`retain-full-dates` and `retain-modified-dates` exclude each other")]
    Dates,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_kept_or_moved() {
        assert_eq!(Profile::default().check(), Ok(()));
        let mut both = Profile::default();
        both.options.insert(ProfileOption::RetainFullDates);
        assert_eq!(both.check(), Err(BadProfile::Dates));
    }

    #[test]
    fn an_unknown_option_is_an_error() {
        let read = |text: &str| serde_json::from_str::<Profile>(text);
        let some = read(r#"{"options": ["clean-pixel-data"]}"#).unwrap();
        assert!(some.has(ProfileOption::CleanPixelData));
        assert!(!some.has(ProfileOption::RetainModifiedDates));
        assert!(read(r#"{"options": ["keep-all"]}"#).is_err());
        assert!(read(r#"{"option": []}"#).is_err());
    }
}
