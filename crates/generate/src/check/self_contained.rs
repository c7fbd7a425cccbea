//! Items stand alone: no pointer to what the reader does not have.

use spinemed_core::instance::Revision;
use spinemed_core::pack::EvidencePack;

use super::parts;
use crate::text::{has_word, is_han};

/// Pointers to a text around the item, in lower case.
const EN_TEXT: &[&str] = &[
    "the text",
    "the passage",
    "this passage",
    "the article",
    "this article",
    "this paper",
    "the paper",
    "the excerpt",
    "this excerpt",
    "the authors",
    "this chapter",
    "the chapter",
    "the document",
    "this document",
    "the paragraph",
    "this paragraph",
    "the abstract",
    "the provided",
    "provided evidence",
    "provided context",
    "the context",
    "given context",
    "the caption",
    "this study found",
    "the present study",
    "mentioned above",
    "described above",
    "shown above",
    "above-mentioned",
    "aforementioned",
    "as above",
    "the above",
    "figure above",
    "image above",
    "picture above",
    "table above",
    "following text",
    "text above",
    "figure below",
    "table below",
    "image below",
    "this table",
    "the table",
    "span s1",
    "evidence pack",
];

/// Pointers to a picture, allowed where the item shows one.
const EN_PICTURE: &[&str] = &[
    "this image",
    "the image",
    "this picture",
    "the picture",
    "these images",
    "the images",
    "this figure",
    "the figure",
    "this radiograph",
    "this mr image",
    "this ct image",
    "this scan",
    "image shown",
    "picture shown",
    "shown in the image",
];

const ZH_TEXT: &[&str] = &[
    "上文",
    "下文",
    "本文",
    "文中",
    "原文",
    "文章",
    "该段",
    "本段",
    "上述文字",
    "上图",
    "下图",
    "上表",
    "下表",
    "根据材料",
    "材料中",
    "短文",
    "文献中",
    "作者认为",
    "如上所述",
    "前文",
    "本研究",
    "该研究",
    "根据文本",
    "所给文本",
    "表中",
];
const ZH_PICTURE: &[&str] = &[
    "如图所示",
    "如图",
    "图中",
    "这幅图",
    "该图",
    "此图",
    "这张图",
    "这幅",
    "该影像",
    "图像中",
];

pub(super) fn run(_: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let shows = !revision.images.is_empty();
    for (part, text) in parts::all(&revision.item) {
        let lower = text.to_lowercase();
        let mut pointers: Vec<&str> = EN_TEXT
            .iter()
            .copied()
            .filter(|p| has_word(&lower, p))
            .collect();
        pointers.extend(ZH_TEXT.iter().filter(|p| text.contains(**p)));
        if !shows {
            pointers.extend(
                EN_PICTURE
                    .iter()
                    .filter(|p| has_word(&lower, p) && !is_generic(&part)),
            );
            pointers.extend(ZH_PICTURE.iter().filter(|p| text.contains(**p)));
        }
        if !shows && !is_generic(&part) && picture_pointed_at(&lower) {
            pointers.push("this image");
        }
        if let Some(pointer) = pointers.first() {
            return Err(format!("`{part}` points to `{pointer}`"));
        }
        if let Some(label) = figure_label(&lower) {
            return Err(format!("`{part}` points to `{label}`"));
        }
    }
    Ok(())
}

/// The first pointer of a text to what its reader does not have, pictures of an examination
/// apart.
pub(crate) fn pointer(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let english = EN_TEXT.iter().find(|p| has_word(&lower, p));
    let mut chinese = ZH_TEXT.iter().chain(ZH_PICTURE);
    english
        .or_else(|| chinese.find(|p| text.contains(**p)))
        .map(|pointer| (*pointer).to_owned())
        .or_else(|| figure_label(&lower))
}

/// `this sagittal T2/STIR MR image`: a picture that the reader is to look at.
fn picture_pointed_at(text: &str) -> bool {
    const PICTURES: &[&str] = &[
        "image",
        "images",
        "radiograph",
        "radiographs",
        "scan",
        "scans",
        "picture",
        "pictures",
        "figure",
    ];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace())
        .map(|word| word.trim_matches([',', '.', '?', ';', ':']))
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        matches!(*word, "this" | "these")
            && words[at..]
                .iter()
                .take(7)
                .any(|word| PICTURES.contains(word))
    })
}

/// Reports and consultations speak of "the images" of the examination that they are about.
fn is_generic(part: &str) -> bool {
    part.starts_with("sections.") || part.starts_with("turns[") || part == "request"
}

/// `figure 2`, `fig. 3a`, `table ii`, `图1`, `表 2`: a label means nothing without its document.
fn figure_label(text: &str) -> Option<String> {
    for word in [
        "figure", "figures", "fig.", "figs.", "fig", "table", "tables", "box", "图", "表",
    ] {
        for (at, _) in text.match_indices(word) {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].trim_start();
            let starts = before.is_none_or(|c| !c.is_alphanumeric() || is_han(c));
            let han = word.chars().all(is_han);
            // 代表2例, 发表1篇: the sign ends another word.
            let inside = han && before.is_some_and(|c| "代发外体图列量".contains(c));
            if starts && !inside && after.starts_with(|c: char| c.is_ascii_digit()) {
                return Some(text[at..].chars().take(10).collect());
            }
        }
    }
    None
}
