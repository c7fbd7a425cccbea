//! Elements by the key's paths: `0040A730[2]/0040A160`.

use dicom_core::Tag;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

/// Tags and item numbers.
pub type Path = Vec<(Tag, Option<usize>)>;

pub fn parse(path: &str) -> Path {
    path.split('/')
        .map(|part| {
            let number = |from, to| u16::from_str_radix(&part[from..to], 16).unwrap();
            let item = part[8..].trim_matches(['[', ']']);
            (Tag(number(0, 4), number(4, 8)), item.parse().ok())
        })
        .collect()
}

/// Every element at the path, whatever the items' numbers: items before it may be gone.
pub fn all<'a>(object: &'a InMemDicomObject, path: &Path) -> Vec<&'a InMemElement> {
    let mut level = vec![object];
    for (tag, _) in &path[..path.len() - 1] {
        let items = level.iter().filter_map(|object| object.get(*tag)?.items());
        level = items.flatten().collect();
    }
    let (tag, _) = path[path.len() - 1];
    level.iter().filter_map(|object| object.get(tag)).collect()
}

/// The element at exactly this path.
pub fn exact<'a>(object: &'a InMemDicomObject, path: &Path) -> Option<&'a InMemElement> {
    let mut here = object;
    for (tag, item) in &path[..path.len() - 1] {
        here = here.get(*tag)?.items()?.get((*item)?)?;
    }
    here.get(path[path.len() - 1].0)
}

/// The value as text, values divided by `\`.
pub fn text(element: &InMemElement) -> String {
    let values = element.value().to_multi_str().unwrap_or_default();
    let trimmed = values
        .iter()
        .map(|value| value.trim_matches(['\0', ' ']).to_owned());
    trimmed.collect::<Vec<_>>().join("\\")
}

/// Whether there is a value.
pub fn filled(element: &InMemElement) -> bool {
    match element.items() {
        Some(items) => !items.is_empty(),
        None => !text(element).trim_matches('\\').is_empty(),
    }
}
