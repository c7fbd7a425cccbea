//! Hospital cases: what a case folder says ([`CaseFile`], with identifiers), and what is left
//! of it after de-identification ([`Case`], without).

mod file;
mod record;

pub use file::{
    Approval, CaseFile, CaseFinding, Complaint, Consent, ConsentStatus, Diagnosis, FollowUp,
    ImagingReport, KeyImage, Patient, Sex, Symptom, Treatment,
};
pub use record::{Case, CasePart, CaseText, Certified, Redaction, Timed};
