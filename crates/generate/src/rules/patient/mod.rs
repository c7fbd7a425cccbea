//! Items of patients' cases.

use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::point::Point;

/// What can be asked of a case.
pub(crate) fn points(_: &EvidencePack, _: Language) -> Vec<Point> {
    Vec::new()
}
