//! Licences as SPDX expressions, and the strictest of several.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Egress, Redistribution};

/// A licence as an SPDX expression (SPDX 2.3, annex D), checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Licence(String);

/// A text that is no SPDX expression.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not an SPDX licence expression: {cause}")]
pub struct BadLicence {
    /// The text met.
    pub text: String,
    /// What the SPDX parser says.
    pub cause: String,
}

impl Licence {
    /// Checks an expression such as `CC-BY-4.0` or `LicenseRef-hospital-agreement`.
    ///
    /// # Errors
    /// [`BadLicence`] when SPDX's grammar or licence list does not know it.
    pub fn new(text: &str) -> Result<Self, BadLicence> {
        match spdx::Expression::parse(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(BadLicence {
                text: text.to_owned(),
                cause: error.reason.to_string(),
            }),
        }
    }

    /// The expression as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the licence forbids derived works (`-ND`): no instance may come of it.
    #[must_use]
    pub fn forbids_derivatives(&self) -> bool {
        self.0
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
            .any(|id| id.starts_with("CC-") && id.split('-').any(|part| part == "ND"))
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Licence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What may be done with a record: it travels with the record and only gets stricter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The licence.
    pub licence: Licence,
    /// What a release may carry.
    pub redistribution: Redistribution,
    /// Which endpoints may see it.
    pub egress: Egress,
}

impl Terms {
    /// The strictest of two: the conjunction of licences, the maximum of restrictions.
    #[must_use]
    pub fn strictest(&self, other: &Self) -> Self {
        let licence = if self.licence == other.licence {
            self.licence.clone()
        } else {
            let (a, b) = if self.licence <= other.licence {
                (&self.licence.0, &other.licence.0)
            } else {
                (&other.licence.0, &self.licence.0)
            };
            Licence(format!("({a}) AND ({b})"))
        };
        Self {
            licence,
            redistribution: self.redistribution.max(other.redistribution),
            egress: self.egress.max(other.egress),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spdx_is_a_licence() {
        assert!(Licence::new("CC-BY-4.0").is_ok());
        assert!(Licence::new("LicenseRef-hospital").is_ok());
        assert!(Licence::new("free for all").is_err());
    }

    #[test]
    fn no_derivatives_is_seen() {
        assert!(
            Licence::new("CC-BY-NC-ND-4.0")
                .expect("SPDX")
                .forbids_derivatives()
        );
        assert!(
            !Licence::new("CC-BY-NC-SA-4.0")
                .expect("SPDX")
                .forbids_derivatives()
        );
    }

    #[test]
    fn restrictions_only_grow() {
        let terms = |licence: &str, redistribution, egress| Terms {
            licence: Licence::new(licence).expect("SPDX"),
            redistribution,
            egress,
        };
        let open = terms("MIT", Redistribution::Full, Egress::Any);
        let closed = terms("CC-BY-4.0", Redistribution::None, Egress::LocalOnly);
        let both = open.strictest(&closed);
        assert_eq!(both, closed.strictest(&open));
        assert_eq!(both.licence.as_str(), "(CC-BY-4.0) AND (MIT)");
        assert_eq!(
            (both.redistribution, both.egress),
            (Redistribution::None, Egress::LocalOnly)
        );
    }
}
