//! From an article's element to its document.

use roxmltree::Node;
use spinemed_core::DocumentId;
use spinemed_core::document::{Document, Figure};
use spinemed_core::locator::FileRef;
use spinemed_core::source::Manifest;
use spinemed_markup::reader::{Read, Refusal};
use spinemed_markup::xml::place;

use crate::body::Walk;
use crate::head::{self, child};
use crate::{figure, licence, supplement};

/// Reads an article.
pub fn read(
    article: Node<'_, '_>,
    manifest: &Manifest,
    file: FileRef,
    stem: &str,
) -> Result<Read, Refusal> {
    let meta = child(article, "front").and_then(|front| child(front, "article-meta"));
    let (found, targets) = figure::find(article);
    let mut walk = Walk::new(article.document(), found, targets);
    for part in article.children() {
        match part.tag_name().name() {
            "front" => walk.front(part),
            "body" | "back" | "floats-group" => walk.part(part),
            "sub-article" | "response" => {
                let place = place(part.document(), part.range().start);
                let reason = format!("a `{}` is not read", part.tag_name().name());
                walk.problems.push((place, reason));
            }
            _ => {}
        }
    }
    let walked = walk.finish();
    let title = meta.and_then(head::title);
    if walked.blocks.is_empty() && title.is_none() {
        let place = place(article.document(), article.range().start);
        return Err(Refusal::new(
            place,
            "the article has neither a title nor any text",
        ));
    }
    let stated = meta.map(licence::stated).unwrap_or_default();
    let mut problems = walked.problems;
    problems.extend(stated.doubt.map(|doubt| ("permissions".to_owned(), doubt)));
    let texts = title
        .as_deref()
        .into_iter()
        .chain(walked.blocks.iter().map(|b| b.text.as_str()));
    let language = head::language(article, texts, manifest.language);
    let (figures, hrefs): (Vec<Figure>, _) = walked
        .figures
        .into_iter()
        .map(|found| (found.figure, found.hrefs))
        .unzip();
    let document = Document {
        id: DocumentId::new(format!("{}/{stem}", manifest.id)),
        file,
        title,
        identifier: meta.and_then(head::identifier),
        kind: head::kind(article),
        licence: stated.licence,
        language,
        pages: 0,
        blocks: walked.blocks,
        figures,
        supplements: supplement::find(article),
    };
    Ok(Read {
        document,
        hrefs,
        media: Vec::new(),
        problems,
    })
}
