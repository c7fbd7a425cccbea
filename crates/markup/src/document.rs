//! From what was walked to a document.

use spinemed_core::DocumentId;
use spinemed_core::document::{Document, Figure, Supplement};

use crate::licence::Stated;
use crate::reader::{File, Read, Refusal};
use crate::text;
use crate::walk::Walked;

/// What a file says of itself.
#[derive(Debug, Default)]
pub struct Head {
    /// The title.
    pub title: Option<String>,
    /// A DOI or another public identifier.
    pub identifier: Option<String>,
    /// The kind that it states.
    pub kind: Option<String>,
    /// Licence.
    pub stated: Stated,
    /// Language as the file tells it (BCP 47).
    pub language: Option<String>,
}

/// Makes the document, or refuses where nothing was understood.
///
/// # Errors
/// Where there is neither a title nor any text.
pub fn assemble(file: &File<'_>, head: Head, walked: Walked) -> Result<Read, Refusal> {
    if walked.blocks.is_empty() && head.title.is_none() {
        let reason = "the file has neither a title nor any text";
        return Err(Refusal::new("file", reason));
    }
    let mut problems = walked.problems;
    problems.extend(head.stated.doubt.map(|doubt| ("licence".to_owned(), doubt)));
    let texts = head
        .title
        .as_deref()
        .into_iter()
        .chain(walked.blocks.iter().map(|block| block.text.as_str()));
    let language = text::language(head.language.as_deref(), texts, file.manifest.language);
    let (figures, hrefs): (Vec<Figure>, _) = walked
        .figures
        .into_iter()
        .map(|found| (found.figure, found.hrefs))
        .unzip();
    let document = Document {
        id: DocumentId::new(format!("{}/{}", file.manifest.id, file.stem)),
        file: file.reference.clone(),
        title: head.title,
        identifier: head.identifier,
        kind: head.kind,
        licence: head.stated.licence,
        language,
        pages: 0,
        blocks: walked.blocks,
        figures,
        supplements: Vec::<Supplement>::new(),
    };
    Ok(Read {
        document,
        hrefs,
        media: Vec::new(),
        problems,
    })
}

/// The DOI that a text holds or is (`https://doi.org/10.…`, `doi:10.…`), without what
/// stands before it.
#[must_use]
pub fn doi(text: &str) -> Option<String> {
    let at = text.find("10.")?;
    let before = &text[..at];
    let fits = before.trim().is_empty()
        || before.ends_with("doi.org/")
        || before.trim_end().to_ascii_lowercase().ends_with("doi:");
    let doi: String = text[at..]
        .chars()
        .take_while(|c| !c.is_whitespace() && !"\"<>".contains(*c))
        .collect();
    let (prefix, suffix) = doi.split_once('/')?;
    let registrant = &prefix["10.".len()..];
    let numbered =
        registrant.len() >= 4 && registrant.chars().all(|c| c.is_ascii_digit() || c == '.');
    (fits && numbered && !suffix.is_empty()).then_some(doi)
}

#[cfg(test)]
mod tests {
    #[test]
    fn dois() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(super::doi(text).as_deref(), expect, "{text}");
        };
        check(
            "10.1016/j.spinee.2019.01.001",
            Some("10.1016/j.spinee.2019.01.001"),
        );
        check("https://doi.org/10.1234/x", Some("10.1234/x"));
        check("doi: 10.1234/x y", Some("10.1234/x"));
        check("version 10.1234/x", None);
        check("10.12/x", None);
        check("10.1234/", None);
    }
}
