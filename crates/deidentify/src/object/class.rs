//! Which SOP classes pass: plain images. PS3.4, B.5 and PS3.6, annex A.

use super::ObjectRefusal;
use crate::Scope;

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

/// Passes the class of a plain image.
pub(super) fn admit(class: &str, scope: Scope) -> Result<(), ObjectRefusal> {
    let refuse = |what| Err(ObjectRefusal::Class { what });
    if class == "1.2.840.10008.1.3.10" {
        return Err(ObjectRefusal::Directory);
    }
    let Some(suffix) = class.strip_prefix(STORAGE) else {
        return refuse("an object of no known storage class");
    };
    match scope {
        Scope::Pictures | Scope::Objects if IMAGES.contains(&suffix) => return Ok(()),
        Scope::Pictures | Scope::Objects => {}
    }
    let named = OTHERS
        .iter()
        .find(|(start, _)| suffix.starts_with(start) && (start.ends_with('.') || suffix == *start));
    match named {
        Some((_, what)) => refuse(what),
        None => refuse("a storage class that is not among the images"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: &str, expect: &str) {
        let said = match admit(class, Scope::Pictures) {
            Ok(()) => "passes".to_owned(),
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(said, expect, "{class}");
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
