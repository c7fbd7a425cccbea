//! What can be wrong with a case, and where. No variant holds a value of the input.

use std::fmt;

/// A place in a text file, both from 1; columns count characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A place in a JSON file. Keys that the format does not know are no part of the pointer:
/// they could hold anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// A JSON pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// Where it starts.
    pub at: At,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let At { line, column } = self.at;
        if self.pointer.is_empty() {
            write!(f, "line {line}, column {column}")
        } else {
            write!(f, "{}, line {line}, column {column}", self.pointer)
        }
    }
}

/// A part of a case that was left out, or that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseProblem {
    /// The file's name in the tree.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a folder gives no case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// There is nothing to read.
    #[error("the folder holds neither `case.json` nor a FHIR bundle (`*.fhir.json`)")]
    NoRecord,
    /// A folder is one case.
    #[error("the folder holds more than one `case.json`")]
    SeveralRecords,
    /// The tree could not give the bytes.
    #[error("`{file}` cannot be read")]
    Unreadable {
        /// The file's name in the tree.
        file: String,
    },
    /// The record cannot be used.
    #[error("`{file}`, {place}: {reason}")]
    Record {
        /// The file's name in the tree.
        file: String,
        /// Where in it.
        place: Place,
        /// What is wrong.
        reason: Reason,
    },
}

impl CaseError {
    /// Whether what is missing is the permission to use the case, not a readable record.
    #[must_use]
    pub fn lacks_permission(&self) -> bool {
        let Self::Record { reason, .. } = self else {
            return false;
        };
        matches!(
            reason,
            Reason::NoConsent
                | Reason::UnclearConsent
                | Reason::NoEthics
                | Reason::Missing {
                    key: "consent" | "ethics"
                }
        )
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// More bytes than a record has.
    #[error("the file is larger than {mebibytes} MiB")]
    TooLarge {
        /// The limit.
        mebibytes: usize,
    },
    /// RFC 8259 section 8.1 demands UTF-8.
    #[error("not UTF-8 from byte {offset}")]
    NotUtf8 {
        /// The first wrong byte, from 0.
        offset: usize,
    },
    /// Not JSON (RFC 8259).
    #[error("not JSON: {expected} expected")]
    Syntax {
        /// What could have stood here.
        expected: &'static str,
    },
    /// Nested too deep.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Too many values.
    #[error("more than {limit} values")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// RFC 8259 section 4: names should be unique. Two values for one name have two readings.
    #[error("a key stands twice in one object")]
    RepeatedKey,
    /// A value of another type.
    #[error("{expected} expected")]
    WrongType {
        /// What should stand here.
        expected: &'static str,
    },
    /// A key that the format does not have.
    #[error("unknown key{}", hint(*nearest))]
    UnknownKey {
        /// The nearest key that it has.
        nearest: Option<&'static str>,
    },
    /// A key that must be there.
    #[error("`{key}` is missing")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// Another format or version.
    #[error("`schema` is not `spinemed-case/1`")]
    WrongSchema,
    /// No words.
    #[error("the text is empty")]
    Empty,
    /// A text longer than what it is for.
    #[error("the text is longer than {limit} characters")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// Outside a closed vocabulary.
    #[error("not one of {allowed}")]
    NotOneOf {
        /// The vocabulary.
        allowed: &'static str,
    },
    /// A number outside its range.
    #[error("a whole number from {least} to {most} expected")]
    OutOfRange {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Not in the lexicon.
    #[error("no concept of the lexicon{}", hint(*nearest))]
    NoSuchConcept {
        /// The nearest concept of the right kind.
        nearest: Option<&'static str>,
    },
    /// A concept of another kind.
    #[error("the concept is not {expected}{}", hint(*nearest))]
    WrongConcept {
        /// The kind expected.
        expected: &'static str,
        /// The nearest concept of that kind.
        nearest: Option<&'static str>,
    },
    /// A side of what has none.
    #[error("the concept has no side")]
    NotSided,
    /// Not a level's canonical spelling.
    #[error("no level of the spine, such as `L4`, `L4/L5`, `T11..L2` or `L5 root`")]
    NoLevel,
    /// Not a date.
    #[error("a date is written YYYY-MM-DD")]
    NoDate,
    /// Not a duration.
    #[error("a duration is written as in ISO 8601: `P3M`, `P2W`, `P5D`, `P1Y6M`")]
    NoDuration,
    /// Not a UID.
    #[error("not a DICOM UID (PS3.5 section 9.1)")]
    NoUid,
    /// An id of another form. Free ids could carry an accession number.
    #[error("an id is `{letter}` and a number from 1 to 9999")]
    NoId {
        /// The letter.
        letter: char,
    },
    /// Two parts with one id.
    #[error("the id stands twice, so that none of its parts can be named")]
    RepeatedId,
    /// A reference to nothing.
    #[error("no part that was kept has this id")]
    UnknownId,
    /// A scale that is not known.
    #[error("unknown scale; known are {allowed}")]
    NoScale {
        /// The scales.
        allowed: &'static str,
    },
    /// A value that the scale does not have.
    #[error("the scale `{scale}` has the values {allowed}")]
    NoGrade {
        /// The scale.
        scale: &'static str,
        /// Its values.
        allowed: &'static str,
    },
    /// Not a quantity.
    #[error("a quantity is digits with at most one `.`, in one of {allowed}")]
    NoMeasure {
        /// The units.
        allowed: &'static str,
    },
    /// A date before the one above.
    #[error("the date is before that of the entry above")]
    OutOfOrder,
    /// A date before birth.
    #[error("the date is before the birth")]
    BeforeBirth,
    /// A visit before any treatment: kept, and said.
    #[error("the visit is before the first treatment")]
    BeforeTreatment,
    /// `case.json` won.
    #[error("not read, since the folder has a `case.json`")]
    BundleIgnored,
    /// Not a bundle, or of a type that holds no record.
    #[error("a FHIR bundle of type collection, document, searchset or transaction expected")]
    NoBundle,
    /// No patient.
    #[error("no Patient resource")]
    NoPatient,
    /// More than one.
    #[error("more than one Patient; a folder is one patient's case")]
    SeveralPatients,
    /// No identifier of the patient.
    #[error("no patient identifier of type `MR` or use `official`")]
    NoPatientId,
    /// No consent.
    #[error("consent is missing: no Consent of scope `research` for this patient")]
    NoConsent,
    /// A consent with conditions that the program cannot apply.
    #[error("the consent has conditions or a period that cannot be applied")]
    UnclearConsent,
    /// No approval.
    #[error("ethics approval is missing: no approved ResearchStudy with an identifier")]
    NoEthics,
    /// The age cannot be known.
    #[error("the age at presentation cannot be known from the birth date and the first dates")]
    NoAge,
    /// The sex is not given.
    #[error("the sex is missing or unknown")]
    NoSex,
    /// No hospital.
    #[error("no Organization by name, as the patient's or the encounter's")]
    NoSite,
    /// No complaint.
    #[error("no complaint: neither an Encounter's reason, a section, nor an encounter diagnosis")]
    NoComplaint,
    /// Of another patient, or nobody's.
    #[error("the resource is not said of this patient")]
    OtherPatient,
    /// A reference that leads nowhere.
    #[error("the reference leads to nothing in the bundles")]
    Unresolved,
    /// Two resources of one type and id.
    #[error("two different resources share type and id")]
    RepeatedResource,
    /// The status says not to use it.
    #[error("its status is not {allowed}")]
    Status {
        /// What would be used.
        allowed: &'static str,
    },
    /// A refuted condition.
    #[error("the condition is refuted, entered in error or not confirmed")]
    NotConfirmed,
    /// A condition of the past.
    #[error("the condition is not active")]
    NotActive,
    /// Nothing in the lexicon.
    #[error("neither its codes nor its text name one concept of the lexicon")]
    NoConcept,
    /// An extension that changes the meaning of the rest.
    #[error("it has a modifier extension or implicit rules, which cannot be applied")]
    Modified,
    /// A report without words.
    #[error("the report has no text: neither plain text, results, narrative nor conclusion")]
    NoText,
    /// A form that cannot be read.
    #[error("an attached form is no plain text in base64 and UTF-8")]
    NoForm,
    /// Two statements that cannot both hold.
    #[error("its text both states and denies a finding at one level; both are left out")]
    Contradiction,
}

fn hint(nearest: Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!("; the nearest is `{word}`"))
}

/// Something wrong at a place of the file that is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    place: Place,
    reason: Reason,
}

impl Fault {
    pub(crate) fn new(pointer: String, at: At, reason: Reason) -> Self {
        let place = Place { pointer, at };
        Self { place, reason }
    }

    /// The fault as a problem of a case that goes on.
    pub(crate) fn problem(self, file: &str) -> CaseProblem {
        CaseProblem {
            file: file.to_owned(),
            place: self.place,
            reason: self.reason,
        }
    }

    /// The fault as the reason why there is no case.
    pub(crate) fn rejection(self, file: &str) -> CaseError {
        CaseError::Record {
            file: file.to_owned(),
            place: self.place,
            reason: self.reason,
        }
    }
}
