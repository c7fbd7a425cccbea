//! EPUB 2 and 3: an archive of XHTML documents with an order.

mod archive;
mod nav;
mod package;

use std::borrow::Cow;
use std::collections::BTreeMap;

use html5ever::data::NAMED_ENTITIES;
use spinemed_core::seam::{Ingest, Ingested, StepId, Tree as Files};
use spinemed_core::source::Manifest;

use crate::document::assemble;
use crate::part::{Dialect, Part};
use crate::reader::{Documents, File, Read, Refusal};
use crate::tree::{Node, Tree};
use crate::walk::{Walked, walk};
use crate::{charset, html, picture, xml};

use archive::Archive;
use nav::{Contents, Entry};
use package::Package;

/// Nodes of all documents of a book together.
const MAX_NODES: usize = 4_000_000;
/// Ways in which fonts are made unreadable without a licence: no text is hidden by them
/// (OCF 3.3, section 4.4; Adobe's older way).
const FONT_METHODS: [&str; 2] = [
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
];

/// The reader of EPUB. Every file ending in `.epub` is one document with the pictures inside.
#[derive(Debug, Clone, Copy, Default)]
pub struct EpubReader;

const DOCUMENTS: Documents = Documents {
    endings: &[".epub"],
    none: "no EPUB file: expected `.epub`",
    read,
};

impl Ingest for EpubReader {
    fn step(&self) -> StepId {
        StepId {
            name: "epub",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Files) -> Ingested {
        DOCUMENTS.ingest(manifest, tree)
    }
}

fn read(file: &File<'_>) -> Result<Read, Refusal> {
    let archive = Archive::open(file.bytes)?;
    refuse_encrypted(&archive)?;
    let container = markup(&archive, "META-INF/container.xml")?;
    let name = package::rootfile(&container)?;
    let mut package = package::read(&markup(&archive, &name)?, &name)?;
    let mut problems = Vec::new();
    let contents = contents(&archive, &package, &mut problems);
    let chapters = chapters(&archive, &package, &mut problems)?;
    if chapters.is_empty() {
        return Err(Refusal::new(name, "no document of the spine could be read"));
    }
    let parts = parts(&chapters, &contents);
    let roots: Vec<Vec<Node<'_>>> = chapters
        .iter()
        .map(|(_, tree)| tree.root().map(html::content).into_iter().collect())
        .collect();
    let mut walked = walk(&parts, &roots);
    place_pictures(&mut walked, &parts);
    let mut read = assemble(file, std::mem::take(&mut package.head), walked)?;
    read.problems.extend(problems);
    read.media = picture::attach(&mut read, &archive, "");
    read.hrefs.clear();
    Ok(read)
}

/// Text that is locked away is not read; obfuscated fonts are no text.
fn refuse_encrypted(archive: &Archive<'_>) -> Result<(), Refusal> {
    const PLACE: &str = "META-INF/encryption.xml";
    if !archive.has(PLACE) {
        return Ok(());
    }
    let tree = markup(archive, PLACE)?;
    let root = tree.root().into_iter();
    let methods = root
        .flat_map(Node::descendants)
        .filter(|n| n.name() == "EncryptionMethod");
    for method in methods {
        let way = method.attribute("Algorithm").unwrap_or_default();
        // What encrypts keys is an `EncryptedKey`, whose data are found by themselves.
        if !FONT_METHODS.contains(&way) {
            let reason = "the book is encrypted (digital rights management) and is not read";
            return Err(Refusal::new(PLACE, reason));
        }
    }
    Ok(())
}

/// An XML file of the archive.
fn markup(archive: &Archive<'_>, name: &str) -> Result<Tree, Refusal> {
    let bytes = archive.required(name)?;
    let within =
        |refusal: Refusal| Refusal::new(format!("{name}, {}", refusal.place), refusal.reason);
    let text = charset::decode(&bytes).map_err(within)?.text;
    let text = with_entities(&text);
    let parsed = xml::parse(&text).map_err(within)?;
    Ok(xml::tree(parsed.root_element()))
}

/// Contents and pages, from the navigation document or else the NCX.
fn contents(
    archive: &Archive<'_>,
    package: &Package,
    problems: &mut Vec<(String, String)>,
) -> Contents {
    let mut out = Contents::default();
    for name in package.nav.iter().chain(&package.ncx) {
        match markup(archive, name) {
            Ok(tree) => {
                let found = nav::read(&tree, name);
                if out.entries.is_empty() {
                    out.entries = found.entries;
                }
                if out.pages.is_empty() {
                    out.pages = found.pages;
                }
            }
            Err(refusal) => problems.push((refusal.place, refusal.reason)),
        }
    }
    out
}

/// The documents of the spine, those that cannot be read told. Publishers' files are XML
/// that is not always well-formed; such a one is read as browsers read HTML.
fn chapters(
    archive: &Archive<'_>,
    package: &Package,
    problems: &mut Vec<(String, String)>,
) -> Result<Vec<(String, Tree)>, Refusal> {
    let mut chapters: Vec<(String, Tree)> = Vec::new();
    let mut nodes = 0;
    for name in &package.spine {
        let listing = package.nav.as_ref() == Some(name) || package.lists.contains(name);
        if listing || chapters.iter().any(|(taken, _)| taken == name) {
            continue;
        }
        let tree = match markup(archive, name) {
            Ok(tree) => tree,
            Err(refusal) => match loosely(archive, name) {
                Ok(tree) => {
                    let told = format!("{}; read as HTML", refusal.reason);
                    problems.push((refusal.place, told));
                    tree
                }
                Err(_) => {
                    problems.push((refusal.place, refusal.reason));
                    continue;
                }
            },
        };
        nodes += tree.len();
        if nodes > MAX_NODES {
            let reason = format!("more than {MAX_NODES} nodes in all documents together");
            return Err(Refusal::new(name, reason));
        }
        chapters.push((name.clone(), tree));
    }
    Ok(chapters)
}

fn loosely(archive: &Archive<'_>, name: &str) -> Result<Tree, Refusal> {
    let bytes = archive.required(name)?;
    Ok(html::parse(&charset::decode(&bytes)?.text)?.tree)
}

fn parts<'t>(chapters: &'t [(String, Tree)], contents: &Contents) -> Vec<Part<'t>> {
    let mut entries: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in &contents.entries {
        entries.entry(&entry.file).or_insert(entry);
    }
    let mut pages: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (file, id, label) in &contents.pages {
        pages.insert((file, id), label);
    }
    let mut before: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for (name, tree) in chapters {
        let mut part = Part::new(tree, Dialect::Html);
        part.file.clone_from(name);
        part.prefix = format!("{name}!");
        part.pages = labels(&part, &pages);
        if let Some(entry) = entries.get(name.as_str()) {
            part.sections.clone_from(&entry.around);
            before.clone_from(&entry.around);
            before.push(entry.title.clone());
            if !has_heading(tree) {
                part.sections.clone_from(&before);
            }
        } else {
            // A chapter that was cut into several files goes on.
            part.sections.clone_from(&before);
        }
        parts.push(part);
    }
    parts
}

fn has_heading(tree: &Tree) -> bool {
    let root = tree.root().into_iter();
    root.flat_map(Node::descendants)
        .any(|n| matches!(n.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
}

/// Page numbers: what stands at the breaks themselves, else what the page list says.
fn labels(part: &Part<'_>, listed: &BTreeMap<(&str, &str), &str>) -> Vec<(u32, String)> {
    let mut labels: BTreeMap<u32, String> = html::pages(part).into_iter().collect();
    for node in part.tree.root().into_iter().flat_map(Node::descendants) {
        let id = node.attribute("id").or((node.id() == 0).then_some(""));
        if let Some(label) = id.and_then(|id| listed.get(&(part.file.as_str(), id))) {
            labels
                .entry(node.id())
                .or_insert_with(|| (*label).to_owned());
        }
    }
    labels.into_iter().collect()
}

/// References of pictures, as names in the archive.
fn place_pictures(walked: &mut Walked, parts: &[Part<'_>]) {
    for found in &mut walked.figures {
        let file = &parts[found.part].file;
        let folder = file.rfind('/').map_or("", |at| &file[..=at]);
        for href in &mut found.hrefs {
            if !href.contains(':')
                && let Some(name) = picture::resolved(folder, href)
            {
                *href = name;
            }
        }
    }
}

/// XML with HTML's named characters as themselves: documents of EPUB 2 take them from a DTD
/// that is not in the file.
fn with_entities(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 32;
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name = from[1..].bytes().take(LONGEST).position(|b| b == b';');
        let name = name.map(|end| &from[1..=end + 1]);
        let own = ["lt;", "gt;", "amp;", "quot;", "apos;"];
        let known = name
            .filter(|name| !own.contains(name))
            .and_then(|name| NAMED_ENTITIES.get(name));
        match (name, known) {
            (Some(name), Some(&(first, second))) if first != 0 => {
                let characters = [first, second].map(char::from_u32);
                out.extend(characters.into_iter().flatten().filter(|c| *c != '\0'));
                rest = &from[1 + name.len()..];
            }
            _ => {
                out.push('&');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_characters() {
        let check = |text: &str, expect: &str| assert_eq!(with_entities(text), expect);
        check("a&nbsp;b &eacute;&lt;&#8211;", "a\u{a0}b é&lt;&#8211;");
        check("&unknown; & &腰; &", "&unknown; & &腰; &");
        check("none", "none");
    }
}
