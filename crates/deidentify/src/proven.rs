//! Pictures that are proven clean.

use dicom_object::InMemDicomObject;

use crate::pixels::{Grey, Suspicion, header, prove};

/// What shows a picture that is proven free of burned-in text. Only [`picture`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven<T> {
    image: T,
    keys: Vec<String>,
}

impl<T> Proven<T> {
    /// What shows the picture, and the case file's names for it where it is a key image.
    #[must_use]
    pub fn into_parts(self) -> (T, Vec<String>) {
        (self.image, self.keys)
    }
}

/// Proves a picture: `grey` is exactly what would leave, `object` where it comes from.
///
/// # Errors
/// [`Suspicion`] when it cannot be proven free of burned-in text.
pub fn picture<T>(
    image: T,
    keys: Vec<String>,
    grey: &Grey<'_>,
    object: &InMemDicomObject,
) -> Result<Proven<T>, Suspicion> {
    header(object)?;
    prove(grey)?;
    Ok(Proven { image, keys })
}
