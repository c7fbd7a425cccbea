//! What is asked of the rules for DICOM objects.

use spinemed_core::profile::Profile;

/// Which SOP classes pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Plain images alone, as cases use them.
    Pictures,
    /// Every class that a rule exists for: reports, segmentations, presentation states,
    /// radiotherapy and more.
    Objects,
}

/// A profile and the classes it is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The Basic Profile's options.
    pub profile: Profile,
    /// Which SOP classes pass.
    pub scope: Scope,
}

impl Policy {
    /// For pictures of cases.
    #[must_use]
    pub fn pictures(profile: Profile) -> Self {
        Self {
            profile,
            scope: Scope::Pictures,
        }
    }

    /// For whole folders of objects.
    #[must_use]
    pub fn objects(profile: Profile) -> Self {
        Self {
            profile,
            scope: Scope::Objects,
        }
    }
}
