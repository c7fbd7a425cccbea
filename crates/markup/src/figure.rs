//! Finds a document's figures before its text is read, so that links forward resolve; and
//! puts captions together.

use spinemed_core::document::{Figure, Panel};

use crate::inline::Inline;
use crate::links::{Reference, Targets};
use crate::part::{Dialect, Names, Part, Role};
use crate::text::{shortened, tidy};
use crate::tree::Node;

/// Words that a picture's own description has at least, to say anything of it.
const MIN_WORDS: usize = 3;
/// Chinese characters that do.
const MIN_HAN: usize = 6;

/// A figure and where the markup has it.
#[derive(Debug)]
pub struct Found {
    /// The file, by position.
    pub part: usize,
    /// The element.
    pub node: u32,
    /// The record; caption and mentions are still empty.
    pub figure: Figure,
    /// What its pictures are called, in order.
    pub hrefs: Vec<String>,
}

/// Every figure of a document, in document order.
pub fn find(parts: &[Part<'_>]) -> (Vec<Found>, Targets, Names) {
    let (mut found, mut targets, mut names) = (Vec::new(), Targets::default(), Names::new());
    for (position, part) in parts.iter().enumerate() {
        let Some(root) = part.tree.root() else {
            continue;
        };
        let mut until = 0;
        for node in root.descendants().filter(|node| node.is_element()) {
            name(part, node, &mut names);
            if node.id() < until {
                continue;
            }
            match part.role(node) {
                Role::Silent | Role::Table => until = node.end(),
                Role::Picture => add(position, part, node, &mut found, &mut targets),
                Role::Figure if is_figure(part, node) => {
                    add(position, part, node, &mut found, &mut targets);
                    until = node.end();
                }
                _ => {}
            }
        }
    }
    (found, targets, names)
}

/// What CNXML shows in place of a link without words: there the markup leaves wording to the
/// publisher. Numbers, which publishers count, are not in the file.
fn name(part: &Part<'_>, node: Node<'_>, names: &mut Names) {
    let Some(id) = node
        .attribute("id")
        .filter(|_| part.dialect == Dialect::Cnxml)
    else {
        return;
    };
    let kind = match node.name() {
        "figure" | "table" | "equation" | "example" | "exercise" | "note" => node.name(),
        "section" => "",
        _ => return,
    };
    let title = node.child("title").map(|title| tidy(&title.all_text()));
    let title = title.filter(|title| !title.is_empty());
    let quoted = title.map(|title| format!("“{title}”")).unwrap_or_default();
    names.insert(part.key(id), tidy(&format!("{kind} {quoted}")));
}

/// Whether a figure's element holds pictures: publishers also put tables, code and formulas
/// into it. One that only gathers captioned figures is none itself.
fn is_figure(part: &Part<'_>, figure: Node<'_>) -> bool {
    let roles = || figure.descendants().skip(1).map(|node| part.role(node));
    let drawn = |node: Node<'_>| matches!(node.name(), "svg" | "canvas" | "video" | "object");
    let pictures = roles().any(|role| role == Role::Picture);
    let inner = roles().filter(|role| *role == Role::Figure).count();
    if inner > 0 {
        return own_captions(part, figure).next().is_some();
    }
    pictures || (figure.descendants().any(drawn) && !roles().any(|role| role == Role::Table))
}

fn add(
    position: usize,
    part: &Part<'_>,
    node: Node<'_>,
    found: &mut Vec<Found>,
    targets: &mut Targets,
) {
    let at = found.len();
    for id in node.descendants().filter_map(|n| n.attribute("id")) {
        targets.add_id(&part.key(id), at);
    }
    let label = label(part, node);
    if let Some(label) = &label {
        targets.add_label(label, at);
    }
    found.push(Found {
        part: position,
        node: node.id(),
        figure: Figure {
            id: format!("f{}", at + 1),
            label,
            page: None,
            bbox: None,
            media: Vec::new(),
            caption: None,
            mentions: Vec::new(),
            score: 1.0,
            reasons: vec!["markup".to_owned()],
            panels: Vec::new(),
            links: Vec::new(),
        },
        hrefs: pictures(part, node).filter_map(href).collect(),
    });
}

/// The figure's number, where the file states one outside the caption. CNXML's `label`
/// replaces the word before a number that is counted elsewhere; alone it is no label.
fn label(part: &Part<'_>, node: Node<'_>) -> Option<String> {
    if part.dialect != Dialect::Cnxml {
        return None;
    }
    let label = tidy(&node.child("label")?.all_text());
    label
        .contains(|c: char| c.is_ascii_digit())
        .then_some(label)
}

fn pictures<'t>(part: &Part<'t>, node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let own = (part.role(node) == Role::Picture).then_some(node);
    let inside = node
        .descendants()
        .skip(1)
        .filter(|inner| part.role(*inner) == Role::Picture);
    // A picture in several formats (`picture`, `media`) is one.
    let inside = inside.filter(|inner| !repeats(part, *inner));
    own.into_iter().chain(inside)
}

fn repeats(part: &Part<'_>, picture: Node<'_>) -> bool {
    part.dialect == Dialect::Cnxml
        && picture
            .parent()
            .filter(|parent| parent.name() == "media")
            .is_some_and(|parent| parent.child("image") != Some(picture))
}

fn href(picture: Node<'_>) -> Option<String> {
    let href = ["src", "data-src", "xlink:href", "href", "data"]
        .iter()
        .filter_map(|name| picture.attribute(name))
        .find(|value| !value.trim().is_empty())?;
    Some(href.trim().to_owned())
}

/// What describes a picture without standing on the page: its alternative text, where that
/// says something.
pub fn description(part: &Part<'_>, figure: Node<'_>) -> Option<String> {
    pictures(part, figure)
        .filter_map(|picture| {
            let media = picture.parent().filter(|parent| parent.name() == "media");
            let own = picture.attribute("alt");
            let alt = own.or_else(|| media.and_then(|media| media.attribute("alt")))?;
            Some(tidy(alt))
        })
        .find(|alt| {
            let han = alt
                .chars()
                .filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c));
            alt.split(' ').count() >= MIN_WORDS || han.count() >= MIN_HAN
        })
}

/// A caption put together: the figure's own words, then those of the figures inside.
#[derive(Debug, Default)]
pub struct Caption<'t> {
    /// The words.
    pub text: String,
    /// What they link to.
    pub references: Vec<Reference>,
    /// Blocks that stand inside.
    pub nested: Vec<Node<'t>>,
    /// The element that the words are from, the first of several.
    pub node: Option<Node<'t>>,
    /// The parts that are captioned themselves.
    pub panels: Vec<Panel>,
}

impl<'t> Caption<'t> {
    /// Puts a figure's caption together.
    pub fn of(part: &Part<'t>, names: &Names, figure: Node<'t>) -> Self {
        let mut caption = Self::default();
        for node in own_captions(part, figure) {
            let title = part.role(node) == Role::Title;
            caption.append(part, names, node, title);
        }
        let inner: Vec<Node<'t>> = figure
            .descendants()
            .skip(1)
            .filter(|node| part.role(*node) == Role::Figure)
            .collect();
        for sub in &inner {
            let from = caption.text.len();
            for node in own_captions(part, *sub) {
                caption.append(part, names, node, part.role(node) == Role::Title);
            }
            let text = caption.text.get(from..).unwrap_or_default();
            let start = from + (text.len() - text.trim_start().len());
            if let Some(label) = panel_label(text.trim_start()) {
                caption.panels.push(Panel {
                    label,
                    ranges: vec![[start, caption.text.len()]],
                    medium: None,
                    bbox: None,
                });
            }
        }
        if caption.panels.len() < inner.len() {
            caption.panels.clear();
        }
        caption
    }

    fn append(&mut self, part: &Part<'t>, names: &Names, node: Node<'t>, title: bool) {
        let mut read = Inline::new(part, names);
        read.inside(node);
        let text = read.text();
        self.references.append(&mut read.references);
        self.nested.append(&mut read.nested);
        if text.is_empty() {
            return;
        }
        self.node = self.node.or(Some(node));
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&text);
        // A title set in bold ends where its sentence would; in a line it needs a mark.
        if title && !text.ends_with(['.', '?', '!', ':', '。', '？', '！', '：']) {
            self.text.push(':');
        }
    }
}

/// The captions of a figure itself, not of figures inside it; CNXML's `title` among them.
pub fn own_captions<'t>(part: &Part<'t>, figure: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let whose = move |node: Node<'t>| {
        node.ancestors()
            .skip(1)
            .find(|around| part.role(*around) == Role::Figure)
    };
    figure.descendants().skip(1).filter(move |node| {
        let captions = match part.role(*node) {
            Role::Caption => true,
            Role::Title => node.parent() == Some(figure),
            _ => false,
        };
        captions
            && whose(*node) == Some(figure)
            && !node
                .ancestors()
                .skip(1)
                .take_while(|around| *around != figure)
                .any(|around| part.role(around) == Role::Caption)
    })
}

/// The mark at the start of a panel's caption: `(a)`, `A.`, `b)`.
#[must_use]
pub fn panel_label(text: &str) -> Option<String> {
    let bare = text.strip_prefix(['(', '（']).unwrap_or(text);
    let opened = bare.len() < text.len();
    let end = bare.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (label, rest) = bare.split_at(end);
    let closed = rest.starts_with([')', '）']) || (!opened && rest.starts_with(['.', ':']));
    let short = match label.as_bytes() {
        [letter] => letter.is_ascii_alphabetic() || letter.is_ascii_digit(),
        [first, second] => first.is_ascii_digit() && second.is_ascii_digit(),
        _ => false,
    };
    (short && closed).then(|| shortened(label))
}

#[cfg(test)]
mod tests {
    #[test]
    fn marks_of_panels() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(super::panel_label(text).as_deref(), expect, "{text}");
        };
        check("(a) Sagittal", Some("a"));
        check("B. Axial", Some("B"));
        check("12) x", Some("12"));
        check("（C）轴位", Some("C"));
        check("A sagittal image", None);
        check("(see text)", None);
        check("", None);
    }
}
