use super::*;
use crate::document::tests::{block, document, figure};
use crate::pair;
use spinemed_core::document::BlockKind::{Caption, Paragraph, Reference};

/// Mentions of the first figure, whose caption is the first block.
fn check(caption: &str, others: &[(BlockKind, &str)], expect: &[&str]) {
    let mut blocks = vec![block(Caption, caption)];
    blocks.extend(others.iter().map(|(kind, text)| block(*kind, text)));
    let mut shown = figure(None, None);
    shown.caption = Some("b1".to_owned());
    let mut document = document(blocks, vec![shown]);
    pair(&mut document);
    assert_eq!(document.figures[0].mentions, expect);
}

#[test]
fn citing_blocks_are_mentions() {
    check(
        "Figure 2. Sagittal image. See also Figure 2 for the level.",
        &[
            (Paragraph, "The disc is narrow (Figs. 1–3)."),
            (Paragraph, "The disc is wide (Fig. 4)."),
            (Caption, "Figure 3. The same patient as in Figure 2."),
            (Paragraph, "As in Figure 2 of [12]."),
            (Reference, "Smith J. Figure 2 and its meaning. 2019."),
            (Paragraph, "Supplementary Figure 2 has more."),
        ],
        &["b2", "b4"],
    );
    check(
        "Fig. 3-2 Axial image.",
        &[(Paragraph, "see Fig. 3-2"), (Paragraph, "Fig. 3")],
        &["b2"],
    );
    check(
        "图2 腰椎侧位片",
        &[(Paragraph, "如图2所示，椎间隙变窄。"), (Paragraph, "图3")],
        &["b2"],
    );
}

#[test]
fn links_of_the_markup_count() {
    let mut linking = block(Paragraph, "as shown before");
    linking.links = vec!["f1".to_owned()];
    let mut document = document(vec![linking], vec![figure(None, None)]);
    pair(&mut document);
    assert_eq!(document.figures[0].mentions, ["b1"]);
}

#[test]
fn chapters_that_number_anew_keep_their_figures() {
    let inside = |chapter: &str, kind: BlockKind, text: &str| Block {
        section: vec![chapter.to_owned()],
        ..block(kind, text)
    };
    let blocks = vec![
        inside("One", Caption, "Figure 1. Atlas."),
        inside("One", Paragraph, "See Figure 1."),
        inside("Two", Paragraph, "See Figure 1 again."),
        inside("Two", Paragraph, "Words."),
        inside("Two", Paragraph, "Words."),
        inside("Two", Caption, "Figure 1. Axis."),
    ];
    let mut document = document(blocks, vec![]);
    pair(&mut document);
    let mentions: Vec<&[String]> = document
        .figures
        .iter()
        .map(|f| f.mentions.as_slice())
        .collect();
    assert_eq!(mentions, [["b2"], ["b3"]]);
}

#[test]
fn each_mention_says_where_and_why() {
    let mut linking = block(Paragraph, "图像见 Figs. 1–3 and the table.");
    linking.links = vec!["f1".to_owned()];
    let caption = block(Caption, "Figure 2. Sagittal view.");
    let mut shown = figure(None, None);
    shown.caption = Some("b2".to_owned());
    let mut document = document(vec![linking, caption], vec![shown]);
    pair(&mut document);
    let links = &document.figures[0].links;
    let words: Vec<(&str, f64, &str)> = links
        .iter()
        .map(|link| {
            let text = &document.blocks[0].text[link.range[0]..link.range[1]];
            (text, link.score, link.reason.as_str())
        })
        .collect();
    assert_eq!(
        words,
        [
            (
                "图像见 Figs. 1–3 and the table.",
                1.0,
                "the source's own link"
            ),
            ("Figs. 1–3", 0.95, "one of several in `Figs. 1–3`"),
        ]
    );
    assert_eq!(document.figures[0].mentions, ["b1"]);
}
