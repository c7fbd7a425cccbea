//! Whether a face could be made out in an object, or made of it.

use std::collections::BTreeSet;

use dicom_core::Tag;
use dicom_core::value::Value;
use dicom_object::InMemDicomObject;

use super::header::texts;

const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const MODALITY: Tag = Tag(0x0008, 0x0060);
const BODY_PART: Tag = Tag(0x0018, 0x0015);
const THICKNESS: Tag = Tag(0x0018, 0x0050);
const SPACING: Tag = Tag(0x0018, 0x0088);
const RECOGNIZABLE: Tag = Tag(0x0028, 0x0302);
const CODE: Tag = Tag(0x0008, 0x0100);
const MEANING: Tag = Tag(0x0008, 0x0104);
/// Anatomic region, primary anatomic structure.
const ANATOMY: [Tag; 2] = [Tag(0x0008, 0x2218), Tag(0x0008, 0x2228)];
/// Frame anatomy, of functional groups.
const FRAME_ANATOMY: Tag = Tag(0x0020, 0x9071);
const GROUPS: [Tag; 2] = [Tag(0x5200, 0x9229), Tag(0x5200, 0x9230)];
/// Descriptions of study, series, protocol, requested procedure and scheduled step.
const DESCRIPTIONS: [Tag; 5] = [
    Tag(0x0008, 0x1030),
    Tag(0x0008, 0x103E),
    Tag(0x0018, 0x1030),
    Tag(0x0032, 0x1060),
    Tag(0x0040, 0x0254),
];

/// The widest distance of slices in millimetres from which a face can be made: with thicker
/// ones features are lost (Schwarz et al., NEJM 2019, matched faces from slices near 1 mm).
const THICKEST: f64 = 5.0;
/// How many items of functional groups are looked at.
const MAX_ITEMS: usize = 20_000;

/// Beginnings and parts of words that place an image at head or neck. Cervical, whole-spine and
/// whole-body images reach there.
const HEAD: [&str; 37] = [
    "HEAD", "BRAIN", "SKULL", "NECK", "FACIAL", "ORBIT", "SINUS", "CRANI", "CEREB", "CERV",
    " CSPINE", " C-SPINE", " C SPINE", "MANDIB", "MAXILL", "DENTAL", "TEETH", "TONGUE", "NASAL",
    "TEMPORAL", "PITUIT", "CAROTID", "THYROID", "LARYN", "PHARYN", "PAROTID", "WHOLE", "ENTIRE",
    "ATLAS", "ODONTOID", "SCALP", "头", "颅", "脑", "颈", "面", "全",
];
/// Words for the same that hide in others, as an ear does in a heart, and so count as a whole.
const HEAD_WORDS: [&str; 15] = [
    "EAR", "EARS", "EYE", "EYES", "FACE", "NOSE", "JAW", "JAWS", "TOTAL", "HN", "H&N", "IAC",
    "TMJ", "CS", "CTL",
];
/// Words for all of the spine or body, unless a level below the neck is told too.
const ALL_WORDS: [&str; 4] = ["SPINE", "BODY", "脊柱", "脊椎"];
/// Beginnings and parts of words that place it below.
const BELOW: [&str; 29] = [
    "LUMB",
    "THORA",
    "SACR",
    "COCCY",
    "CHEST",
    "ABDOM",
    "PELVI",
    "PELVIS",
    "ANKLE",
    "FEMUR",
    "TIBIA",
    "WRIST",
    "ELBOW",
    "KIDNEY",
    "BLADDER",
    "PROSTAT",
    "UTERUS",
    "BREAST",
    "CARDIAC",
    "LSPINE",
    "TSPINE",
    "L-SPINE",
    "T-SPINE",
    "LSSPINE",
    "EXTREMITY",
    "腰",
    "胸",
    "骶",
    "骨盆",
];
/// Words for the same that count as a whole.
const BELOW_WORDS: [&str; 12] = [
    "HIP", "HIPS", "KNEE", "KNEES", "FOOT", "LEG", "HAND", "ARM", "LIVER", "LUNG", "HEART", "LS",
];
/// SNOMED codes, old and new, of regions at head and neck (PS3.16, annex L): head, neck, head
/// and neck, brain, skull, face, cervical spine, orbit, sinus, jaw, whole body.
const HEAD_CODES: [&str; 27] = [
    "T-D1100",
    "T-D1600",
    "T-D1000",
    "T-A0100",
    "T-11100",
    "T-D1200",
    "T-11501",
    "T-D1480",
    "T-22000",
    "T-D1213",
    "T-D0010",
    "T-12710",
    "T-45010",
    "T-B6000",
    "69536005",
    "45048000",
    "774007",
    "12738006",
    "89546000",
    "89545001",
    "122494005",
    "363654007",
    "2095001",
    "661005",
    "38266002",
    "69105007",
    "302551006",
];

/// Why a face is held possible or impossible. It says nothing of the object's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum FaceReason {
    /// Recognizable Visual Features (0028,0302) is YES.
    #[error("the header says in (0028,0302) that features can be recognised")]
    Stated,
    /// Body part, coded anatomy or a description names head, neck, cervical or whole spine.
    #[error("the header places the image at head, neck, or the whole body or spine")]
    HeadOrNeck,
    /// A photograph or video, or a capture that may be one, or a rendering.
    #[error("the image may be a photograph, a video or a rendering")]
    Photograph,
    /// The body part is not known, and the slices are thin enough to make a face of them.
    #[error("the body part is not known, and slices may be thin enough to make a face of them")]
    ThinSlices,
    /// Body part, coded anatomy or descriptions name parts below the neck alone.
    #[error("the header places the image below the neck")]
    BelowNeck,
    /// The body part is not known, but no surface can be made of such an image.
    #[error("no surface of a body can be made of such an image")]
    NoSurface,
}

/// Whether a face could be made out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// It could not.
    Impossible(FaceReason),
    /// It could, or nothing says that it could not.
    Possible(FaceReason),
}

/// Whether a face could be made out in an object, or made of its series (PS3.15, E.3.2, Clean
/// Recognizable Visual Features). Headers alone are asked, so that descriptions must not yet be
/// removed. `NO` in (0028,0302) is not believed; one word for head or neck outweighs all others.
///
/// What it cannot know: a lumbar series that begins at the chin, and headers that lie.
#[must_use]
pub fn face(object: &InMemDicomObject) -> Face {
    use FaceReason as Why;
    if texts(object, RECOGNIZABLE)
        .iter()
        .any(|value| value == "YES")
    {
        return Face::Possible(Why::Stated);
    }
    let (words, codes) = places(object);
    let part = |list: &[&str]| {
        let in_words = |name: &&str| words.iter().any(|words| words.contains(name));
        list.iter().any(in_words)
    };
    let whole = |list: &[&str]| {
        words
            .iter()
            .flat_map(|words| tokens(words))
            .any(|one| list.contains(&one))
    };
    let coded = codes.iter().any(|code| HEAD_CODES.contains(&code.as_str()));
    let below = part(&BELOW) || whole(&BELOW_WORDS);
    let all = part(&ALL_WORDS[2..]) || whole(&ALL_WORDS);
    if coded || part(&HEAD) || whole(&HEAD_WORDS) || (all && !below) {
        return Face::Possible(Why::HeadOrNeck);
    }
    if is_photograph(object) {
        return Face::Possible(Why::Photograph);
    }
    if below {
        return Face::Impossible(Why::BelowNeck);
    }
    if slices_may_be_thin(object) {
        Face::Possible(Why::ThinSlices)
    } else {
        Face::Impossible(Why::NoSurface)
    }
}

/// The words of a description.
fn tokens(words: &str) -> impl Iterator<Item = &str> {
    words.split(|letter: char| !letter.is_alphanumeric() && letter != '&')
}

/// The words and codes that say which part of the body is shown.
fn places(object: &InMemDicomObject) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut words: BTreeSet<String> = BTreeSet::new();
    let mut codes = BTreeSet::new();
    // The blank tells a beginning: a cervical spine from the end of a thoracic one.
    let begun = |holder: &InMemDicomObject, tag| {
        texts(holder, tag)
            .into_iter()
            .map(|text| format!(" {text}"))
    };
    for tag in DESCRIPTIONS.into_iter().chain([BODY_PART]) {
        words.extend(begun(object, tag));
    }
    let mut coded = |item: &InMemDicomObject| {
        codes.extend(texts(item, CODE));
        words.extend(begun(item, MEANING));
    };
    let mut anatomy = |holder: &InMemDicomObject| {
        ANATOMY
            .iter()
            .flat_map(|tag| items(holder, *tag))
            .for_each(&mut coded);
    };
    anatomy(object);
    for group in GROUPS.iter().flat_map(|tag| items(object, *tag)) {
        items(group, FRAME_ANATOMY).for_each(&mut anatomy);
    }
    (words, codes)
}

fn items(object: &InMemDicomObject, tag: Tag) -> impl Iterator<Item = &InMemDicomObject> {
    let items = object.get(tag).and_then(|element| match element.value() {
        Value::Sequence(sequence) => Some(sequence.items()),
        _ => None,
    });
    items.unwrap_or_default().iter().take(MAX_ITEMS)
}

/// Visible light, video, secondary captures, and other images of no stated kind.
fn is_photograph(object: &InMemDicomObject) -> bool {
    let starts = |starts: &[&str]| {
        texts(object, SOP_CLASS)
            .iter()
            .any(|class| starts.iter().any(|start| class.starts_with(start)))
    };
    let modalities = texts(object, MODALITY);
    starts(&["1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.77"])
        || modalities.is_empty()
        || modalities.iter().any(|modality| {
            matches!(
                modality.as_str(),
                "XC" | "ES" | "GM" | "SM" | "OP" | "OT" | "SC" | ""
            )
        })
}

/// Whether the object is a slice, or a stack, that may be thin.
fn slices_may_be_thin(object: &InMemDicomObject) -> bool {
    let volume = texts(object, MODALITY).iter().any(|modality| {
        matches!(
            modality.as_str(),
            "CT" | "MR" | "PT" | "NM" | "XA" | "RF" | "RTDOSE"
        )
    });
    let number = |tag: Tag| {
        let number = object.get(tag)?.to_float64().ok()?.abs();
        number.is_finite().then_some(number)
    };
    let distance = number(THICKNESS)
        .into_iter()
        .chain(number(SPACING))
        .reduce(f64::min);
    volume && distance.is_none_or(|distance| distance <= THICKEST)
}

#[cfg(test)]
mod tests {
    use dicom_core::value::DataSetSequence;
    use dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;

    const MR: &str = "1.2.840.10008.5.1.4.1.1.4";

    fn made(class: &str, modality: &str, texts: &[(Tag, &str)]) -> InMemDicomObject {
        let mut object = InMemDicomObject::new_empty();
        let all = [(SOP_CLASS, class), (MODALITY, modality)];
        for (tag, text) in all.iter().chain(texts) {
            object.put(DataElement::new(*tag, VR::LO, PrimitiveValue::from(*text)));
        }
        object
    }

    fn check(texts: &[(Tag, &str)], expect: Face) {
        assert_eq!(face(&made(MR, "MR", texts)), expect, "{texts:?}");
    }

    #[test]
    fn words_place_an_image() {
        let study = DESCRIPTIONS[0];
        let head = Face::Possible(FaceReason::HeadOrNeck);
        let below = Face::Impossible(FaceReason::BelowNeck);
        check(&[(BODY_PART, "LSPINE")], below);
        check(
            &[(BODY_PART, "TSPINE"), (study, "MRI thoracic spine")],
            below,
        );
        check(&[(study, "腰椎平扫")], below);
        check(&[(study, "CT heart, linear year")], below);
        check(&[(BODY_PART, "SPINE"), (study, "Lumbar spine")], below);
        check(&[(BODY_PART, "HEAD")], head);
        check(
            &[(BODY_PART, "LSPINE"), (study, "Lumbar and cervical spine")],
            head,
        );
        check(&[(BODY_PART, "SPINE")], head);
        check(&[(study, "C-Spine routine")], head);
        check(&[(study, "Ear")], head);
        check(&[(study, "颈椎MRI")], head);
        check(&[(study, "WHOLE SPINE")], head);
    }

    #[test]
    fn what_is_not_placed_depends_on_the_slices() {
        let thin = Face::Possible(FaceReason::ThinSlices);
        check(&[], thin);
        check(&[(THICKNESS, "1.5")], thin);
        check(&[(THICKNESS, "8"), (SPACING, "0.8")], thin);
        check(&[(THICKNESS, "8")], Face::Impossible(FaceReason::NoSurface));
        // Words that merely hold a hip or an arm say nothing.
        check(&[(DESCRIPTIONS[1], "CHIPPED HARMONIC")], thin);
        let flat = made("1.2.840.10008.5.1.4.1.1.1", "CR", &[]);
        assert_eq!(face(&flat), Face::Impossible(FaceReason::NoSurface));
        let photo = made("1.2.840.10008.5.1.4.1.1.77.1.4", "XC", &[]);
        assert_eq!(face(&photo), Face::Possible(FaceReason::Photograph));
        assert_eq!(
            face(&InMemDicomObject::new_empty()),
            Face::Possible(FaceReason::Photograph)
        );
    }

    #[test]
    fn codes_and_statements_count() {
        let mut object = made(MR, "MR", &[(BODY_PART, "LSPINE")]);
        let mut item = InMemDicomObject::new_empty();
        item.put(DataElement::new(
            CODE,
            VR::SH,
            PrimitiveValue::from("69536005"),
        ));
        let sequence = DataSetSequence::from(vec![item]);
        object.put(DataElement::new(ANATOMY[0], VR::SQ, sequence));
        assert_eq!(face(&object), Face::Possible(FaceReason::HeadOrNeck));
        let mut object = made(MR, "MR", &[(BODY_PART, "LSPINE"), (RECOGNIZABLE, "NO")]);
        assert_eq!(face(&object), Face::Impossible(FaceReason::BelowNeck));
        object.put(DataElement::new(
            RECOGNIZABLE,
            VR::CS,
            PrimitiveValue::from("YES"),
        ));
        assert_eq!(face(&object), Face::Possible(FaceReason::Stated));
    }
}
