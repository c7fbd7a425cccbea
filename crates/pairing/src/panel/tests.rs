use super::*;
use crate::document::tests::{block, document, figure};
use crate::pair;
use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::document::BlockKind;
use spinemed_core::media::MediaRef;

/// Labels and words, `A: words; B: words`.
fn check(caption: &str, expect: &str) {
    let found: Vec<String> = panels(caption)
        .iter()
        .map(|panel| {
            let words: Vec<&str> = panel.ranges.iter().map(|r| &caption[r[0]..r[1]]).collect();
            format!("{}={}", panel.label, words.join(" + "))
        })
        .collect();
    assert_eq!(found.join(" / "), expect, "{caption}");
}

#[test]
fn marks_stand_before_their_words() {
    check(
        "Fig. 1. (A) Sagittal view. (B) Axial view.",
        "A=Sagittal view. / B=Axial view.",
    );
    check(
        "Fig. 1 a Sagittal view. b Axial view",
        "a=Sagittal view. / b=Axial view",
    );
    check("图3-2 A：术前；B：术后", "A=术前 / B=术后");
    check(
        "Fig. 1: (A–C) Axial views. (D) Sagittal view.",
        "A=Axial views. / B=Axial views. / C=Axial views. / D=Sagittal view.",
    );
}

#[test]
fn marks_stand_after_their_words() {
    check(
        "Fig. 1. Sagittal (A) and axial (B) views.",
        "A=Sagittal / B=axial",
    );
    check("图1 矢状位（A）和轴位（B）。", "A=矢状位 / B=轴位");
}

#[test]
fn other_letters_name_no_panels() {
    check("Figure 1. Serum vitamin A and vitamin B.", "");
    check("Figure 1. Narrowing at L4 (A) without fracture.", "");
    check("Figure 1. Either (a) or (b) was met.", "");
    check("Figure 1. Excluded were: (1) trauma, (2) tumour.", "");
    check("Figure 1. Grade A, complete; grade B, incomplete.", "");
    check("图1 A组与B组的比较", "");
    check("", "");
}

fn picture(name: &str) -> MediaRef {
    MediaRef {
        sha256: Digest::of(name.as_bytes()),
        media_type: "image/png".to_owned(),
        width: 4,
        height: 4,
        transform: "original".to_owned(),
    }
}

#[test]
fn as_many_pictures_as_panels_go_together_by_place() {
    let mut caption = block(
        BlockKind::Paragraph,
        "Fig. 1 (A) Sagittal view. (B) Axial view.",
    );
    (caption.page, caption.bbox) = (Some(1), Some([50.0, 305.0, 400.0, 330.0]));
    let mut right = figure(Some(1), Some([230.0, 100.0, 400.0, 300.0]));
    right.media = vec![picture("right")];
    let mut left = figure(Some(1), Some([50.0, 101.0, 220.0, 300.0]));
    left.media = vec![picture("left")];
    let mut document = document(vec![caption], vec![right, left]);
    pair(&mut document);
    let [figure] = document.figures.as_slice() else {
        panic!("one figure, not {:?}", document.figures);
    };
    assert_eq!(figure.media, [picture("left"), picture("right")]);
    let media: Vec<Option<usize>> = figure.panels.iter().map(|p| p.medium).collect();
    assert_eq!(media, [Some(0), Some(1)]);
    assert_eq!(figure.panels[1].bbox, Some([230.0, 100.0, 400.0, 300.0]));
}

proptest! {
    #[test]
    fn never_panics(
        text in "(Figure 1\\. |图1 )?([(（\\[]?(A|a|B|b|C|1|2|i|ii|left|right|A–C|左|右图)[)）\\],.:：为 ]{0,2}([a-z ]{0,6}|轴位)[.;。 ]?){0,6}|\\PC{0,60}"
    ) {
        for panel in panels(&text) {
            for [start, end] in panel.ranges {
                prop_assert!(start < end && text.get(start..end).is_some());
            }
        }
    }
}
