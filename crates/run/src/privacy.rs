//! What policy demands of a source of patients' records before anything of it is read.

use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::{Egress, PrivacyBasis, ProfileOption, Redistribution, Subjects};
use spinemed_deidentify::Key;

use crate::project::{ProjectError, Source};

fn refused(cause: String, hint: &str) -> ProjectError {
    ProjectError::Policy {
        cause,
        hint: Some(hint.to_owned()),
    }
}

/// Checks one source's declaration.
pub(crate) fn check_source(manifest: &Manifest) -> Result<(), ProjectError> {
    let id = &manifest.id;
    if manifest.subjects != Subjects::Patients {
        if manifest.format == Format::Case {
            return Err(refused(
                format!(
                    "source `{id}` holds cases, but does not declare `subjects = \"patients\"`"
                ),
                "cases are always cleaned; declare `subjects = \"patients\"`",
            ));
        }
        return Ok(());
    }
    if manifest.format != Format::Case {
        let format = manifest.format.as_str();
        return Err(refused(
            format!(
                "source `{id}` holds patients' records, and this program has no de-identification for format `{format}`"
            ),
            "bring them as cases (`format = \"case\"`), or de-identify them elsewhere and declare `subjects = \"published\"` if they are public",
        ));
    }
    let Some(basis) = manifest.privacy_basis else {
        return Err(refused(
            format!("source `{id}` does not say on what ground its records are used"),
            "set `privacy_basis`; docs/privacy.md tells which there are",
        ));
    };
    if manifest.egress != Egress::LocalOnly && basis != PrivacyBasis::Synthetic {
        return Err(refused(
            format!(
                "source `{id}` holds patients' records, but its egress is `{}`",
                manifest.egress
            ),
            "set `egress = \"local-only\"`",
        ));
    }
    if basis == PrivacyBasis::LimitedDataSet && manifest.redistribution == Redistribution::Full {
        return Err(refused(
            format!("source `{id}` is a limited data set, but its redistribution is `full`"),
            "set `redistribution = \"none\"` or `\"derived-only\"`; such a set goes to those alone who signed the agreement",
        ));
    }
    check_profile(manifest)?;
    if !manifest.files.is_empty() {
        return Err(refused(
            format!("source `{id}` lists patients' files by name"),
            "remove `[files]` and use `include`: names and digests of patients' files identify people",
        ));
    }
    Ok(())
}

/// The options must fit together and fit the case's text, whose dates always move and whose
/// places are pseudonyms.
fn check_profile(manifest: &Manifest) -> Result<(), ProjectError> {
    let id = &manifest.id;
    if let Err(bad) = manifest.deidentify.check() {
        return Err(refused(
            format!("source `{id}`: {bad}"),
            "choose one of them under `[deidentify]` in source.toml",
        ));
    }
    let kept = [ProfileOption::RetainFullDates, ProfileOption::RetainUids];
    match kept.into_iter().find(|o| manifest.deidentify.has(*o)) {
        None => Ok(()),
        Some(option) => Err(refused(
            format!("source `{id}` asks for `{option}`, and cases have no such option"),
            "take it out: the texts of cases always have moved dates and other UIDs",
        )),
    }
}

/// A key that everybody knows serves made data alone.
pub(crate) fn check_key(sources: &[Source], key: &Key) -> Result<(), ProjectError> {
    let real = sources.iter().map(|s| &s.manifest).find(|m| {
        m.subjects == Subjects::Patients && m.privacy_basis != Some(PrivacyBasis::Synthetic)
    });
    match real {
        Some(manifest) if key.is_public() => Err(refused(
            format!(
                "source `{}` holds real patients' records, but the key is public",
                manifest.id
            ),
            "make a secret one with `spinemed key create NAME`",
        )),
        _ => Ok(()),
    }
}
