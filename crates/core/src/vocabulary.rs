//! Closed vocabularies that several records share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling, as stored.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
                    .ok_or_else(|| UnknownWord { word: text.to_owned(), vocabulary: stringify!($name) })
            }
        }
    };
}

/// A word outside its vocabulary.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{word}` is no {vocabulary}")]
pub struct UnknownWord {
    /// The word met.
    pub word: String,
    /// The vocabulary's name.
    pub vocabulary: &'static str,
}

vocabulary! {
    /// A language of text, ISO 639-1.
    Language { /// English.
        En = "en", /// Chinese.
        Zh = "zh" }
}

vocabulary! {
    /// How a picture was made. Acquisition modalities use DICOM's defined terms for
    /// Modality (0008,0060), PS3.3 C.7.3.1.1.1.
    Modality {
        /// Computed tomography.
        Ct = "CT",
        /// Magnetic resonance.
        Mr = "MR",
        /// Plain radiograph (CR and DX are folded into it).
        Xr = "DX",
        /// Nuclear medicine and PET.
        Nm = "NM",
        /// Ultrasound.
        Us = "US",
        /// A drawing or diagram.
        Drawing = "drawing",
        /// A chart or plot.
        Chart = "chart",
        /// A photograph, of a patient, specimen or operation.
        Photograph = "photograph",
        /// No picture.
        Text = "text",
        /// A picture of a kind that is not known.
        Other = "other",
    }
}

vocabulary! {
    /// The patient's side, never the picture's.
    Side {
        /// Left.
        Left = "left",
        /// Right.
        Right = "right",
        /// Both sides.
        Bilateral = "bilateral",
        /// The midline.
        Central = "central",
    }
}

vocabulary! {
    /// How sure a level is (I6).
    LevelCertainty {
        /// A person or the dataset's authors marked it on the picture.
        Annotated = "annotated",
        /// The text says so.
        Stated = "stated",
        /// Counted from a position in view.
        InferredByPosition = "inferred_by_position",
        /// Not known.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How vertebrae were numbered.
    NumberingMethod {
        /// Counted down from C2.
        C2Count = "c2_count",
        /// Counted by ribs.
        RibCount = "rib_count",
        /// Counted up from the sacrum.
        SacrumUp = "sacrum_up",
        /// As the reporting clinician or author wrote.
        Reporter = "reporter",
        /// None stated.
        None = "none",
    }
}

vocabulary! {
    /// Who a source speaks of (I5).
    Subjects {
        /// Nobody: textbooks, guidelines, questions.
        None = "none",
        /// Persons, already de-identified and published by others.
        Published = "published",
        /// Patients, whose records must pass the de-identification gate.
        Patients = "patients",
    }
}

vocabulary! {
    /// On what ground patients' records may be used and released. Shifted dates are no Safe
    /// Harbor dates (45 CFR 164.514(b)(2)(i)(C)), so that ground is not offered.
    PrivacyBasis {
        /// An expert has determined that the risk is very small, 45 CFR 164.514(b)(1).
        ExpertDetermination = "expert-determination",
        /// A limited data set under an agreement, 45 CFR 164.514(e); never an open release.
        LimitedDataSet = "limited-data-set",
        /// The patients' consent covers the release.
        Consent = "consent",
        /// The records are made; no person is behind them.
        Synthetic = "synthetic",
    }
}

vocabulary! {
    /// Which model endpoints may see a source (I5).
    Egress {
        /// Any endpoint.
        Any = "any",
        /// Endpoints declared local only.
        LocalOnly = "local-only",
    }
}

vocabulary! {
    /// What a release may carry of a source.
    Redistribution {
        /// Text and pictures.
        Full = "full",
        /// Derived text; pictures replaced by a recipe to obtain them.
        DerivedOnly = "derived-only",
        /// Nothing.
        None = "none",
    }
}

vocabulary! {
    /// The four kinds of instances.
    Kind {
        /// Multiple choice.
        Mcq = "mcq",
        /// Open question.
        OpenQa = "open-qa",
        /// Multi-turn consultation.
        Consultation = "consultation",
        /// Diagnostic report.
        Report = "report",
    }
}

vocabulary! {
    /// The parts of a corpus.
    Split { /// Training.
        Train = "train", /// Validation.
        Validation = "validation", /// The guarded test part.
        Test = "test" }
}

vocabulary! {
    /// An option on top of the Basic Application Level Confidentiality Profile (DICOM PS3.15,
    /// E.3), in the order of the codes in PS3.16, CID 7050.
    ProfileOption {
        /// Text in pictures is blanked (113101).
        CleanPixelData = "clean-pixel-data",
        /// Faces cannot be rebuilt (113102).
        CleanRecognizableVisualFeatures = "clean-recognizable-visual-features",
        /// Overlays, curves and graphic annotations (113103).
        CleanGraphics = "clean-graphics",
        /// The content trees of structured reports (113104).
        CleanStructuredContent = "clean-structured-content",
        /// Descriptions and comments (113105).
        CleanDescriptors = "clean-descriptors",
        /// Dates stay as they are (113106).
        RetainFullDates = "retain-full-dates",
        /// Dates move by a constant number of days (113107).
        RetainModifiedDates = "retain-modified-dates",
        /// Age, sex, size, weight and the like (113108).
        RetainPatientCharacteristics = "retain-patient-characteristics",
        /// Serial numbers and names of devices (113109).
        RetainDeviceIdentity = "retain-device-identity",
        /// UIDs stay as they are (113110).
        RetainUids = "retain-uids",
        /// Private elements that are known to be safe (113111).
        RetainSafePrivate = "retain-safe-private",
        /// Names and addresses of institutions (113112).
        RetainInstitutionIdentity = "retain-institution-identity",
    }
}

impl ProfileOption {
    /// The code in the coding scheme `DCM` (PS3.16, CID 7050).
    #[must_use]
    pub fn code(self) -> u32 {
        // The codes of the options follow that of the Basic Profile, 113100, without a gap.
        113_101 + self as u32
    }
}

vocabulary! {
    /// What becomes of times of day in DICOM objects.
    TimesOfDay {
        /// They go as the Basic Profile says.
        Remove = "remove",
        /// They stay as they are.
        Keep = "keep",
    }
}
