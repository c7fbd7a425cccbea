//! What a person said about regions of pixels.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_store::read_file;

use super::DeidError;

/// A file for `spinemed deid --regions`: corrections and confirmations of blanked regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionsFile {
    /// By the new SOP Instance UID, as the report and the review page name it.
    pub objects: BTreeMap<String, ObjectRegions>,
}

/// What a person said of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectRegions {
    /// Boxes to blank, found or not.
    pub blank: Vec<RegionBox>,
    /// Boxes without text: what is found inside of them stays.
    pub keep: Vec<RegionBox>,
    /// Blank everything outside of the regions that an ultrasound image states
    /// (Sequence of Ultrasound Regions, 0018,6011).
    pub outside_ultrasound_regions: bool,
    /// A person looked at every frame and saw no text beside what is blanked.
    pub confirmed: bool,
}

/// A box on one frame, or on all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionBox {
    /// The frame, counted from 1; all frames where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
    /// First column, first row, column after the last, row after the last, in pixels of the
    /// frame from its top left.
    pub region: [u32; 4],
}

/// Reads the file.
///
/// # Errors
/// [`DeidError::Usage`] when it is not as its schema says.
pub(super) fn read(path: Option<&Path>) -> Result<RegionsFile, DeidError> {
    let Some(path) = path else {
        return Ok(RegionsFile::default());
    };
    let shown = path.display();
    let wrong = |cause: String| {
        DeidError::usage(
            format!("`{shown}`: {cause}"),
            "`spinemed schema deid-regions` tells its form",
        )
    };
    let file: RegionsFile =
        serde_json::from_slice(&read_file(path)?).map_err(|error| wrong(error.to_string()))?;
    for own in file
        .objects
        .values()
        .flat_map(|o| o.blank.iter().chain(&o.keep))
    {
        let [x0, y0, x1, y1] = own.region;
        if x0 >= x1 || y0 >= y1 {
            return Err(wrong("a box has no width or no height".into()));
        }
        if own.frame == Some(0) {
            return Err(wrong("frames count from 1".into()));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, good: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regions.json");
        spinemed_store::write_private(&path, text.as_bytes()).unwrap();
        assert_eq!(read(Some(&path)).is_ok(), good, "{text}");
    }

    #[test]
    fn boxes_are_boxes() {
        check(r#"{"objects": {}}"#, true);
        check(
            r#"{"objects": {"1": {"blank": [{"region": [0, 0, 4, 4]}]}}}"#,
            true,
        );
        check(
            r#"{"objects": {"1": {"keep": [{"frame": 2, "region": [0, 0, 4, 4]}]}}}"#,
            true,
        );
        check(r#"{"objects": {"1": {"confirmed": true}}}"#, true);
        check(
            r#"{"objects": {"1": {"blank": [{"region": [4, 0, 4, 4]}]}}}"#,
            false,
        );
        check(
            r#"{"objects": {"1": {"blank": [{"frame": 0, "region": [0, 0, 4, 4]}]}}}"#,
            false,
        );
        check(r#"{"objects": {"1": {"blanked": []}}}"#, false);
    }
}
