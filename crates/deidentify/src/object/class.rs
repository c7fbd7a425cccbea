//! Which SOP classes pass. PS3.4, B.5 and PS3.6, annex A.

use spinemed_core::vocabulary::ProfileOption;

use super::ObjectRefusal;
use crate::{Policy, Scope};

/// What all storage classes start with.
const STORAGE: &str = "1.2.840.10008.5.1.4.1.1.";

/// Images of the modalities that a spine is seen with. The cases that hold other images, such
/// as photographs, wait for rules of their own.
const IMAGES: &[&str] = &[
    "1",      // Computed Radiography
    "1.1",    // Digital X-Ray, for presentation
    "1.1.1",  // Digital X-Ray, for processing
    "2",      // CT
    "2.1",    // Enhanced CT
    "2.2",    // Legacy Converted Enhanced CT
    "3",      // Ultrasound Multi-frame (retired)
    "3.1",    // Ultrasound Multi-frame
    "4",      // MR
    "4.1",    // Enhanced MR
    "4.3",    // Enhanced MR Color
    "4.4",    // Legacy Converted Enhanced MR
    "5",      // Nuclear Medicine (retired)
    "6",      // Ultrasound (retired)
    "6.1",    // Ultrasound
    "7",      // Secondary Capture
    "7.1",    // Multi-frame Single Bit Secondary Capture
    "7.2",    // Multi-frame Grayscale Byte Secondary Capture
    "7.3",    // Multi-frame Grayscale Word Secondary Capture
    "7.4",    // Multi-frame True Color Secondary Capture
    "12.1",   // X-Ray Angiographic
    "12.1.1", // Enhanced XA
    "12.2",   // X-Ray Radiofluoroscopic
    "12.2.1", // Enhanced XRF
    "13.1.1", // X-Ray 3D Angiographic
    "20",     // Nuclear Medicine
    "128",    // Positron Emission Tomography
    "128.1",  // Legacy Converted Enhanced PET
    "130",    // Enhanced PET
];

/// Images of other modalities and parts of the body. Pictures of cases do without them.
const OTHER_IMAGES: &[&str] = &[
    "1.2",    // Digital Mammography X-Ray, for presentation
    "1.2.1",  // Digital Mammography X-Ray, for processing
    "1.3",    // Digital Intra-Oral X-Ray, for presentation
    "1.3.1",  // Digital Intra-Oral X-Ray, for processing
    "6.2",    // Enhanced US Volume
    "12.3",   // X-Ray Angiographic Bi-plane (retired)
    "13.1.2", // X-Ray 3D Craniofacial
    "13.1.3", // Breast Tomosynthesis
    "13.1.4", // Breast Projection, for presentation
    "13.1.5", // Breast Projection, for processing
    "14.1",   // Intravascular OCT, for presentation
    "14.2",   // Intravascular OCT, for processing
    "30",     // Parametric Map
    "481.1",  // RT Image
    "481.2",  // RT Dose
];

/// Objects that are no images, and that rules exist for.
const OBJECTS: &[&str] = &[
    "11.1",  // Grayscale Softcopy Presentation State
    "11.2",  // Color Softcopy Presentation State
    "11.3",  // Pseudo-Color Softcopy Presentation State
    "11.4",  // Blending Softcopy Presentation State
    "11.5",  // XA/XRF Grayscale Softcopy Presentation State
    "11.8",  // Advanced Blending Presentation State
    "66.1",  // Spatial Registration
    "66.2",  // Spatial Fiducials
    "66.3",  // Deformable Spatial Registration
    "66.4",  // Segmentation
    "66.7",  // Label Map Segmentation
    "67",    // Real World Value Mapping
    "481.3", // RT Structure Set
    "481.5", // RT Plan
    "481.8", // RT Ion Plan
];

/// What is refused, by the start of its class, in words.
const OTHERS: &[(&str, &str)] = &[
    ("104.", "an encapsulated document"),
    ("88.", "a structured report"),
    ("11.", "a presentation state"),
    ("481.", "a radiotherapy object"),
    ("9.", "a waveform"),
    ("66.4", "a segmentation"),
    ("66.5", "a segmentation"),
    ("66.1", "a registration"),
    ("66.2", "a fiducial set"),
    ("66.3", "a registration"),
    ("66", "raw data"),
    ("67", "a real world value map"),
    ("77.", "a photograph or microscope image"),
    ("30", "a parametric map"),
];

/// What is refused among all objects, where other words fit better.
const OTHER_OBJECTS: &[(&str, &str)] = &[
    ("77.1.1.", "a film of a patient"),
    ("77.1.4.", "a film of a patient"),
    ("77.1.4", "a photograph of a patient"),
    ("77.1.2.", "a film through a microscope"),
    ("77.1.6", "a slide, which carries a label"),
    ("77.1.5.", "a picture of an eye, which tells people apart"),
    ("66.5", "a surface, which may be that of a face"),
    ("66.6", "a tractography"),
    ("481.", "a radiotherapy record"),
    ("4.2", "a spectrum"),
];

/// Passes the class of an object that the policy has rules for.
pub(super) fn admit(class: &str, policy: &Policy) -> Result<(), ObjectRefusal> {
    let refuse = |what| Err(ObjectRefusal::Class { what });
    if class == "1.2.840.10008.1.3.10" {
        return Err(ObjectRefusal::Directory);
    }
    let Some(suffix) = class.strip_prefix(STORAGE) else {
        return refuse("an object of no known storage class");
    };
    if IMAGES.contains(&suffix) {
        return Ok(());
    }
    let mut others: Vec<(&str, &'static str)> = OTHERS.to_vec();
    if policy.scope == Scope::Objects {
        if OTHER_IMAGES.contains(&suffix) || OBJECTS.contains(&suffix) {
            return Ok(());
        }
        if suffix.starts_with("104.") {
            return Err(ObjectRefusal::Document);
        }
        if suffix.starts_with("88.") {
            return report(policy);
        }
        others.splice(0..0, OTHER_OBJECTS.iter().copied());
    }
    let named = others
        .iter()
        .find(|(start, _)| suffix.starts_with(start) && (start.ends_with('.') || suffix == *start));
    match named {
        Some((_, what)) => refuse(what),
        None => refuse("a storage class that is not among the images"),
    }
}

/// A report is its content tree: without the option that cleans it nothing is left.
fn report(policy: &Policy) -> Result<(), ObjectRefusal> {
    if policy.profile.has(ProfileOption::CleanStructuredContent) {
        return Ok(());
    }
    Err(ObjectRefusal::Nothing {
        what: "a structured report",
    })
}

#[cfg(test)]
mod tests {
    use spinemed_core::profile::Profile;

    use super::*;

    fn said(class: &str, policy: &Policy) -> String {
        match admit(class, policy) {
            Ok(()) => "passes".to_owned(),
            Err(refusal) => refusal.to_string(),
        }
    }

    fn check(class: &str, expect: &str) {
        let policy = Policy::pictures(Profile::default());
        assert_eq!(said(class, &policy), expect, "{class}");
    }

    #[test]
    fn objects_pass_where_rules_exist_for_them() {
        let policy = Policy::objects(Profile::default());
        let refused = |what: &str| format!("{what} is not passed on");
        let document = ObjectRefusal::Document.to_string();
        for (suffix, expect) in [
            ("4", "passes".to_owned()),
            ("88.33", "passes".to_owned()),
            ("88.59", "passes".to_owned()),
            ("11.1", "passes".to_owned()),
            ("66.4", "passes".to_owned()),
            ("481.3", "passes".to_owned()),
            ("30", "passes".to_owned()),
            ("104.1", document.clone()),
            ("104.3", document),
            ("9.1.1", refused("a waveform")),
            ("66", refused("raw data")),
            ("77.1.4", refused("a photograph of a patient")),
            ("77.1.4.1", refused("a film of a patient")),
            ("77.1.6", refused("a slide, which carries a label")),
            ("481.4", refused("a radiotherapy record")),
            (
                "99",
                refused("a storage class that is not among the images"),
            ),
        ] {
            assert_eq!(
                said(&format!("{STORAGE}{suffix}"), &policy),
                expect,
                "{suffix}"
            );
        }
        let mut without = policy;
        without.profile.options.clear();
        let nothing = "nothing is left of a structured report without the option that cleans it";
        assert_eq!(said(&format!("{STORAGE}88.11"), &without), nothing);
        let directory = "a media directory is not passed on";
        assert_eq!(said("1.2.840.10008.1.3.10", &without), directory);
        assert_eq!(
            said("1.3.12.2.1107.5.9.1", &without),
            refused("an object of no known storage class")
        );
    }

    #[test]
    fn classes_pass_or_are_refused_in_words() {
        check("1.2.840.10008.5.1.4.1.1.4", "passes");
        check("1.2.840.10008.5.1.4.1.1.4.1", "passes");
        let refused = |what: &str| format!("{what} is not passed on");
        for (suffix, what) in [
            ("104.1", "an encapsulated document"),
            ("88.33", "a structured report"),
            ("11.1", "a presentation state"),
            ("481.3", "a radiotherapy object"),
            ("66", "raw data"),
            ("66.4", "a segmentation"),
            ("4.2", "a storage class that is not among the images"),
        ] {
            check(&format!("{STORAGE}{suffix}"), &refused(what));
        }
        check("1.2.840.10008.1.3.10", "a media directory is not passed on");
        check("1.2.3", &refused("an object of no known storage class"));
        check("", &refused("an object of no known storage class"));
    }
}
