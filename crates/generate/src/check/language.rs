//! The language asked for dominates each part that is long enough to tell.

use spinemed_core::instance::Revision;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::parts;
use crate::text::scripts;

pub(super) fn run(_: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let wanted = revision.task.language;
    let mut whole = (0, 0);
    for (part, text) in parts::all(&revision.item) {
        let (han, latin) = scripts(text);
        whole = (whole.0 + han, whole.1 + latin);
        // Options are often names, levels or numbers that both languages share.
        let long = han + latin >= 6 && !part.starts_with("options[");
        if long && !dominates(han, latin, wanted) {
            return Err(format!(
                "`{part}` is not in `{wanted}`: {han} Chinese characters, {latin} Latin words"
            ));
        }
    }
    if dominates(whole.0, whole.1, wanted) {
        return Ok(());
    }
    Err(format!(
        "not in `{wanted}`: {} Chinese characters, {} Latin words",
        whole.0, whole.1
    ))
}

/// A Chinese word has about two characters; terms and names in Latin letters are common in
/// Chinese, Chinese characters are rare in English.
fn dominates(han: usize, latin: usize, wanted: Language) -> bool {
    match wanted {
        Language::En => latin > 4 * han,
        Language::Zh => han > latin,
    }
}
