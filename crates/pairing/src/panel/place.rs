//! Which picture of a figure shows which panel.

use std::collections::BTreeMap;

use spinemed_core::document::Figure;
use spinemed_core::locator::PageBox;
use spinemed_core::media::MediaRef;

/// By figure id: pictures that pairing itself joined, each with its place on the page.
pub(crate) type Parts = BTreeMap<String, Vec<(PageBox, MediaRef)>>;

/// Says which picture shows which panel, where there are as many of both.
pub(super) fn fill(figure: &mut Figure, parts: &Parts) {
    let joined = parts.get(&figure.id);
    if figure.panels.len() != figure.media.len() || figure.panels.len() < 2 {
        return;
    }
    if let Some(parts) = joined {
        let ordered = in_rows(parts);
        let known = ordered.len() == figure.media.len();
        if !known {
            return;
        }
        figure.media = ordered.iter().map(|(_, media)| media.clone()).collect();
        for (panel, (bbox, _)) in figure.panels.iter_mut().zip(&ordered) {
            panel.bbox = Some(*bbox);
        }
    }
    for (at, panel) in figure.panels.iter_mut().enumerate() {
        panel.medium = Some(at);
    }
}

/// Rows from the top, each from the left. A picture starts a new row where its top lies below
/// the middle of the row's first.
fn in_rows(parts: &[(PageBox, MediaRef)]) -> Vec<(PageBox, MediaRef)> {
    let mut ordered = parts.to_vec();
    ordered.sort_by(|a, b| a.0[1].total_cmp(&b.0[1]).then(a.0[0].total_cmp(&b.0[0])));
    let mut start = 0;
    for at in 1..=ordered.len() {
        let middle = (ordered[start].0[1] + ordered[start].0[3]) / 2.0;
        if at == ordered.len() || ordered[at].0[1] > middle {
            ordered[start..at].sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
            start = at;
        }
    }
    ordered
}
