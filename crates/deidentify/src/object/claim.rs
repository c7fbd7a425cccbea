//! What is said of the cleaning in the object itself (PS3.15, E.1.1 and E.3; PS3.16, CID 7050).

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::{ProfileOption, TimesOfDay};

use super::rules::{self, Rules, Type};
use super::{
    CHARACTER_SET, IDENTITY_REMOVED, METHOD, METHOD_CODES, SOP_CLASS, TEMPORAL, codes, value, walk,
};

const BURNED_IN: Tag = Tag(0x0028, 0x0301);
const RECOGNIZABLE: Tag = Tag(0x0028, 0x0302);
const CODE: Tag = Tag(0x0008, 0x0100);

/// What is known of text in the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurnedIn {
    /// It was looked for in every frame, and there was none or all of it was blanked.
    Cleaned,
    /// Nobody can say.
    Unknown,
}

/// What is known of features by which a person could be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// The body region cannot show a face.
    Impossible,
    /// A face was made unrecognisable, and somebody approved of it.
    Removed,
    /// A face can be seen, or could be made of the volume.
    Possible,
    /// Nobody can say.
    Unknown,
}

/// Writes what was done.
pub(super) fn write(clean: &mut InMemDicomObject, rules: &Rules, class: &str) {
    let profile = rules.profile();
    let items = claimed(profile).into_iter().map(|(code, meaning)| {
        let mut item = InMemDicomObject::new_empty();
        codes::put(&mut item, "DCM", &code.to_string(), meaning);
        item
    });
    let methods: C<String> = methods(profile).into_iter().map(str::to_owned).collect();
    clean.put(value::text(CHARACTER_SET, VR::CS, "ISO_IR 192"));
    clean.put(value::text(IDENTITY_REMOVED, VR::CS, "YES"));
    clean.put(DataElement::new(
        METHOD,
        VR::LO,
        PrimitiveValue::Strs(methods),
    ));
    clean.put(walk::sequence(METHOD_CODES, items.collect()));
    clean.put(value::text(TEMPORAL, VR::CS, temporal(profile)));
    for tag in [BURNED_IN, RECOGNIZABLE] {
        unproven(clean, class, tag);
    }
}

/// Takes a word of absence back that nobody has proven, where the object can do without it: in
/// some IODs Burned In Annotation needs a value.
fn unproven(object: &mut InMemDicomObject, class: &str, tag: Tag) {
    let place = rules::Place {
        class,
        parent: None,
    };
    let said = object.get(tag).and_then(|e| e.to_str().ok());
    if said.is_some_and(|said| said == "NO") && rules::type_of(tag, place) != Type::One {
        object.remove_element(tag);
    }
}

/// Writes what became of the pixels, once that is known: Burned In Annotation and code 113101
/// (PS3.15, E.3.1), Recognizable Visual Features and code 113102 (E.3.2). An earlier claim that
/// does not hold is taken back.
///
/// ```
/// use dicom_core::{Tag, VR};
/// use dicom_object::InMemDicomObject;
/// use spinemed_deidentify::{BurnedIn, Features, claim_pixels};
///
/// let mut object = InMemDicomObject::new_empty();
/// claim_pixels(&mut object, BurnedIn::Cleaned, Features::Possible);
/// let said = |tag| object.get(tag).unwrap().to_str().unwrap().into_owned();
/// assert_eq!(said(Tag(0x0028, 0x0301)), "NO");
/// assert_eq!(said(Tag(0x0028, 0x0302)), "YES");
/// ```
pub fn claim_pixels(object: &mut InMemDicomObject, text: BurnedIn, features: Features) {
    let burned = (text == BurnedIn::Cleaned).then_some("NO");
    let recognizable = match features {
        Features::Impossible | Features::Removed => Some("NO"),
        Features::Possible => Some("YES"),
        Features::Unknown => None,
    };
    let class = object.get(SOP_CLASS).and_then(|e| e.to_str().ok());
    let class = class.unwrap_or_default().into_owned();
    for (tag, said) in [(BURNED_IN, burned), (RECOGNIZABLE, recognizable)] {
        match said {
            Some(said) => {
                object.put(value::text(tag, VR::CS, said));
            }
            None => unproven(object, &class, tag),
        }
    }
    code(
        object,
        ProfileOption::CleanPixelData,
        text == BurnedIn::Cleaned,
    );
    let removed = features == Features::Removed;
    code(
        object,
        ProfileOption::CleanRecognizableVisualFeatures,
        removed,
    );
}

/// Adds the code of an option to the method's codes, or takes it away.
fn code(object: &mut InMemDicomObject, option: ProfileOption, holds: bool) {
    let text = option.code().to_string();
    let is = |item: &InMemDicomObject| {
        item.get(CODE)
            .is_some_and(|e| e.to_str().is_ok_and(|found| found == text.as_str()))
    };
    let said = object.get(METHOD_CODES).and_then(|e| e.items());
    let mut items: Vec<InMemDicomObject> = said.unwrap_or_default().to_vec();
    items.retain(|item| !is(item));
    if holds {
        let mut item = InMemDicomObject::new_empty();
        codes::put(&mut item, "DCM", &text, meaning(option));
        items.push(item);
        let number = |item: &InMemDicomObject| item.get(CODE).and_then(|e| e.to_int::<u32>().ok());
        items.sort_by_key(number);
    }
    if !items.is_empty() || object.get(METHOD_CODES).is_some() {
        object.put(walk::sequence(METHOD_CODES, items));
    }
}

/// The codes that hold for every object that the rules of a profile have cleaned, in order.
fn claimed(profile: &Profile) -> Vec<(u32, &'static str)> {
    let basic = (113_100, "Basic Application Confidentiality Profile");
    let options = profile.options.iter().filter(|option| match option {
        // What became of the pixels is claimed when it is known. Of the safe private
        // attributes only numbers are kept, which is less than the option demands.
        ProfileOption::CleanPixelData
        | ProfileOption::CleanRecognizableVisualFeatures
        | ProfileOption::RetainSafePrivate => false,
        // The option keeps times as well.
        ProfileOption::RetainFullDates => profile.times == TimesOfDay::Keep,
        _ => true,
    });
    let mut codes: Vec<_> = options.map(|o| (o.code(), meaning(*o))).collect();
    codes.push(basic);
    codes.sort_unstable();
    codes
}

/// The meaning of an option's code.
fn meaning(option: ProfileOption) -> &'static str {
    match option {
        ProfileOption::CleanPixelData => "Clean Pixel Data Option",
        ProfileOption::CleanRecognizableVisualFeatures => {
            "Clean Recognizable Visual Features Option"
        }
        ProfileOption::CleanGraphics => "Clean Graphics Option",
        ProfileOption::CleanStructuredContent => "Clean Structured Content Option",
        ProfileOption::CleanDescriptors => "Clean Descriptors Option",
        ProfileOption::RetainFullDates => {
            "Retain Longitudinal Temporal Information Full Dates Option"
        }
        ProfileOption::RetainModifiedDates => {
            "Retain Longitudinal Temporal Information Modified Dates Option"
        }
        ProfileOption::RetainPatientCharacteristics => "Retain Patient Characteristics Option",
        ProfileOption::RetainDeviceIdentity => "Retain Device Identity Option",
        ProfileOption::RetainUids => "Retain UIDs Option",
        ProfileOption::RetainSafePrivate => "Retain Safe Private Option",
        ProfileOption::RetainInstitutionIdentity => "Retain Institution Identity Option",
    }
}

/// How it was done, each text at most 64 characters long (PS3.5, 6.2: LO).
fn methods(profile: &Profile) -> Vec<&'static str> {
    let dated = profile.has(ProfileOption::RetainFullDates)
        || profile.has(ProfileOption::RetainModifiedDates);
    let mut methods = vec!["DICOM PS3.15 Basic Profile, 2024b and additions of 2026c"];
    methods.push(match (temporal(profile), dated, profile.times) {
        ("REMOVED", ..) => "dates and times of day removed",
        (_, _, TimesOfDay::Keep) if profile.has(ProfileOption::RetainFullDates) => {
            "dates and times of day kept"
        }
        (_, _, TimesOfDay::Keep) => "dates moved by whole days, times of day kept",
        _ if profile.has(ProfileOption::RetainFullDates) => "dates kept, times of day removed",
        _ => "dates moved by whole days, times of day removed",
    });
    if profile.has(ProfileOption::RetainPatientCharacteristics) {
        methods.push("sex and age kept, ages from 90 years on as 090Y");
    }
    if profile.has(ProfileOption::CleanDescriptors) {
        methods.push("descriptions: words of a radiological vocabulary kept");
    }
    if profile.has(ProfileOption::RetainSafePrivate) {
        methods.push("numbers of private elements known to be safe kept");
    }
    methods.push("elements that no rule knows removed");
    methods
}

/// What became of dates and times (PS3.3, Longitudinal Temporal Information Modified).
fn temporal(profile: &Profile) -> &'static str {
    if profile.has(ProfileOption::RetainModifiedDates) {
        "MODIFIED"
    } else if !profile.has(ProfileOption::RetainFullDates) {
        "REMOVED"
    } else if profile.times == TimesOfDay::Keep {
        "UNMODIFIED"
    } else {
        "MODIFIED"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MR: &str = "1.2.840.10008.5.1.4.1.1.4";

    fn said(object: &InMemDicomObject, tag: Tag) -> Option<String> {
        Some(object.get(tag)?.to_str().unwrap().into_owned())
    }

    fn codes_of(object: &InMemDicomObject) -> Vec<String> {
        let items = object.get(METHOD_CODES).unwrap().items().unwrap();
        for item in items {
            assert_eq!(said(item, Tag(0x0008, 0x0102)).as_deref(), Some("DCM"));
            let meaning = said(item, Tag(0x0008, 0x0104)).unwrap();
            assert!((1..=64).contains(&meaning.len()), "{meaning}");
        }
        items.iter().filter_map(|item| said(item, CODE)).collect()
    }

    fn check(options: &[ProfileOption], times: TimesOfDay, modified: &str, codes: &[&str]) {
        let profile = Profile {
            options: options.iter().copied().collect(),
            times,
        };
        let mut object = InMemDicomObject::new_empty();
        write(&mut object, &Rules::of(&profile), MR);
        assert_eq!(said(&object, TEMPORAL).as_deref(), Some(modified));
        assert_eq!(said(&object, IDENTITY_REMOVED).as_deref(), Some("YES"));
        assert_eq!(codes_of(&object), codes, "{options:?}");
        for method in object.get(METHOD).unwrap().to_multi_str().unwrap().iter() {
            assert!((1..=64).contains(&method.len()), "{method}");
        }
    }

    #[test]
    fn what_is_claimed_was_done() {
        use ProfileOption as O;
        let (keep, remove) = (TimesOfDay::Keep, TimesOfDay::Remove);
        check(&[], remove, "REMOVED", &["113100"]);
        check(&[], keep, "REMOVED", &["113100"]);
        check(
            &[O::RetainFullDates],
            keep,
            "UNMODIFIED",
            &["113100", "113106"],
        );
        check(&[O::RetainFullDates], remove, "MODIFIED", &["113100"]);
        check(
            &[O::RetainModifiedDates],
            keep,
            "MODIFIED",
            &["113100", "113107"],
        );
        for option in O::ALL {
            let code = option.code().to_string();
            let unknown = [
                O::CleanPixelData,
                O::CleanRecognizableVisualFeatures,
                O::RetainSafePrivate,
            ];
            let modified = match option {
                O::RetainFullDates => "UNMODIFIED",
                O::RetainModifiedDates => "MODIFIED",
                _ => "REMOVED",
            };
            let codes: &[&str] = if unknown.contains(option) {
                &["113100"]
            } else {
                &["113100", &code]
            };
            check(&[*option], keep, modified, codes);
        }
    }

    #[test]
    fn pixels_are_claimed_when_they_are_known() {
        let mut object = InMemDicomObject::new_empty();
        object.put(value::text(BURNED_IN, VR::CS, "NO"));
        object.put(value::text(RECOGNIZABLE, VR::CS, "NO"));
        write(&mut object, &Rules::of(&Profile::default()), MR);
        assert_eq!(said(&object, BURNED_IN), None);
        assert_eq!(said(&object, RECOGNIZABLE), None);
        let before = codes_of(&object);
        for (text, features, burned, recognizable, more) in [
            (BurnedIn::Unknown, Features::Unknown, None, None, &[][..]),
            (
                BurnedIn::Cleaned,
                Features::Impossible,
                Some("NO"),
                Some("NO"),
                &["113101"],
            ),
            (
                BurnedIn::Unknown,
                Features::Possible,
                None,
                Some("YES"),
                &[],
            ),
            (
                BurnedIn::Unknown,
                Features::Removed,
                None,
                Some("NO"),
                &["113102"],
            ),
        ] {
            claim_pixels(&mut object, text, features);
            let mut expect = before.clone();
            expect.splice(1..1, more.iter().map(|code| (*code).to_owned()));
            assert_eq!(codes_of(&object), expect);
            assert_eq!(said(&object, BURNED_IN).as_deref(), burned);
            assert_eq!(said(&object, RECOGNIZABLE).as_deref(), recognizable);
        }
    }

    #[test]
    fn an_object_that_cannot_do_without_a_word_keeps_its_own() {
        let digital = "1.2.840.10008.5.1.4.1.1.1.1";
        let mut object = InMemDicomObject::new_empty();
        object.put(value::text(BURNED_IN, VR::CS, "NO"));
        write(&mut object, &Rules::of(&Profile::default()), digital);
        assert_eq!(said(&object, BURNED_IN).as_deref(), Some("NO"));
    }
}
