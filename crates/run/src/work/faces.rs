//! Slices of heads and necks: from a stack of them a face can be made, so a stack does not leave.

use std::collections::BTreeSet;

use dicom_object::DefaultDicomObject;
use spinemed_core::vocabulary::Redistribution;
use spinemed_deidentify::pixels::{Face, face};
use spinemed_dicom::series::Chosen;

/// Which stacks that may show a face have shown a slice already.
pub(super) struct Faces {
    /// Whether pictures may be handed on as they are.
    open: bool,
    shown: BTreeSet<(usize, usize)>,
}

impl Faces {
    /// For one case of a source.
    pub fn new(redistribution: Redistribution) -> Self {
        Self {
            open: redistribution == Redistribution::Full,
            shown: BTreeSet::new(),
        }
    }

    /// Lets a frame out: all of sources that are not handed on, and elsewhere key images, and
    /// one slice of each stack from which a face could be made (PS3.15, E.3.2).
    ///
    /// # Errors
    /// Why the frame stays behind.
    pub fn let_out(&mut self, choice: &Chosen, object: &DefaultDicomObject) -> Result<(), String> {
        let Face::Possible(reason) = face(object) else {
            return Ok(());
        };
        let first = self.shown.insert((choice.series, choice.stack));
        if !self.open || first || !choice.keys.is_empty() {
            return Ok(());
        }
        Err(format!("one slice of such a stack is enough: {reason}"))
    }
}
