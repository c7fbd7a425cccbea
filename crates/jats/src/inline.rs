//! The text of a paragraph-like element, with what interrupts it and what it links to.

use roxmltree::Node;
use spinemed_markup::links::Reference;
use spinemed_markup::text::{superscript, tidy};
use spinemed_markup::{math, xml};

/// Elements that stand inside paragraphs in the markup but are blocks of their own.
const BLOCKS: [&str; 21] = [
    "array",
    "boxed-text",
    "chem-struct-wrap",
    "code",
    "def-list",
    "disp-formula",
    "disp-formula-group",
    "disp-quote",
    "fig",
    "fig-group",
    "fn",
    "fn-group",
    "list",
    "media",
    "preformat",
    "statement",
    "supplementary-material",
    "table-wrap",
    "table-wrap-group",
    "verse-group",
    "ref-list",
];
/// Elements whose children are words of their own though no space stands between them.
const SPACED: [&str; 10] = [
    "element-citation",
    "nlm-citation",
    "citation-alternatives",
    "person-group",
    "name",
    "date",
    "td",
    "th",
    "caption",
    "list-item",
];
/// Elements that show no text.
const SILENT: [&str; 6] = [
    "graphic",
    "inline-graphic",
    "object-id",
    "index-term",
    "private-char",
    "processing-meta",
];

/// An element's own text.
#[derive(Debug, Default)]
pub struct Inline<'a, 'i> {
    raw: String,
    /// Cross references in order.
    pub references: Vec<Reference>,
    /// Elements that are blocks of their own, in order.
    pub nested: Vec<Node<'a, 'i>>,
}

impl Inline<'_, '_> {
    /// The text, normalised.
    pub fn text(&self) -> String {
        tidy(&self.raw)
    }
}

/// Reads an element's text.
pub fn read<'a, 'i>(node: Node<'a, 'i>) -> Inline<'a, 'i> {
    let mut out = Inline::default();
    add_children(node, &mut out);
    out
}

/// Reads several elements' text as one, a space between them.
pub fn read_all<'a, 'i>(nodes: impl Iterator<Item = Node<'a, 'i>>) -> Inline<'a, 'i> {
    let mut out = Inline::default();
    for node in nodes {
        add(node, &mut out);
        out.raw.push(' ');
    }
    out
}

/// An element's text alone, normalised.
pub fn text(node: Node<'_, '_>) -> String {
    read(node).text()
}

/// A formula's text.
pub fn formula(node: Node<'_, '_>) -> String {
    if node.is_text() {
        return node.text().unwrap_or_default().to_owned();
    }
    let tree = xml::tree(node);
    tree.root().map(math::formula).unwrap_or_default()
}

fn add_children<'a, 'i>(node: Node<'a, 'i>, out: &mut Inline<'a, 'i>) {
    let spaced = SPACED.contains(&node.tag_name().name());
    for child in node.children() {
        add(child, out);
        if spaced {
            out.raw.push(' ');
        }
    }
}

fn add<'a, 'i>(node: Node<'a, 'i>, out: &mut Inline<'a, 'i>) {
    if node.is_text() {
        out.raw.push_str(node.text().unwrap_or_default());
        return;
    }
    if !node.is_element() {
        return;
    }
    match node.tag_name().name() {
        name if BLOCKS.contains(&name) => {
            out.nested.push(node);
            out.raw.push(' ');
        }
        name if SILENT.contains(&name) => {}
        "break" => out.raw.push(' '),
        "xref" => add_reference(node, out),
        "sup" => add_superscript(node, out),
        "inline-formula" | "tex-math" | "math" => out.raw.push_str(&formula(node)),
        "p" | "title" | "label" | "attrib" | "term" | "def" => {
            out.raw.push(' ');
            add_children(node, out);
            out.raw.push(' ');
        }
        _ => add_children(node, out),
    }
}

fn add_reference<'a, 'i>(node: Node<'a, 'i>, out: &mut Inline<'a, 'i>) {
    let start = out.raw.len();
    let last = out.references.last().map_or(0, |reference| reference.end);
    let before = tidy(out.raw.get(last..start).unwrap_or_default());
    add_children(node, out);
    let words = tidy(out.raw.get(start..).unwrap_or_default());
    let targets = node.attribute("rid").unwrap_or_default().split_whitespace();
    out.references.push(Reference {
        to_figure: node.attribute("ref-type") == Some("fig"),
        targets: targets.map(str::to_owned).collect(),
        words,
        before,
        end: out.raw.len(),
    });
}

fn add_superscript<'a, 'i>(node: Node<'a, 'i>, out: &mut Inline<'a, 'i>) {
    let start = out.raw.len();
    add_children(node, out);
    let raised = superscript(out.raw.get(start..).unwrap_or_default());
    out.raw.truncate(start);
    out.raw.push_str(&raised);
    // Superscript digits are longer in UTF-8; references inside must not end beyond.
    if let Some(reference) = out.references.last_mut()
        && reference.end > start
    {
        reference.end = out.raw.len();
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    fn check(xml: &str, expect: &str) {
        let xml = Document::parse(xml).expect("XML");
        assert_eq!(super::text(xml.root_element()), expect);
    }

    #[test]
    fn marks_of_style_are_plain_text() {
        check("<p>at <italic>L4</italic>–<bold>L5</bold></p>", "at L4–L5");
        check(
            "<p>CO<sub>2</sub>, 10<sup>5</sup>, cm<sup>2</sup></p>",
            "CO2, 10⁵, cm²",
        );
        check(
            "<p>at L4<sup><xref rid='b1'>5</xref>,<xref rid='b2'>6</xref></sup>.</p>",
            "at L4⁵,⁶.",
        );
        check("<p>one<break/>two<!-- not --><?pi not?></p>", "one two");
    }

    #[test]
    fn citations_keep_their_words_apart() {
        let xml = "<ref><label>1</label><element-citation><person-group><name><surname>Li</surname>\
                   <given-names>A</given-names></name></person-group><year>2019</year>\
                   </element-citation></ref>";
        check(xml, "1 Li A 2019");
    }

    #[test]
    fn floats_leave_their_paragraph() {
        let xml = Document::parse("<p>Before <fig id='f'><label>L</label></fig>after.</p>");
        let xml = xml.expect("XML");
        let read = super::read(xml.root_element());
        assert_eq!(
            (read.text().as_str(), read.nested.len()),
            ("Before after.", 1)
        );
    }

    #[test]
    fn references_know_what_stands_before_them() {
        let xml = "<p>See Figs. <xref ref-type='fig' rid='F2'>2</xref>–<xref ref-type='fig' \
                   rid='F4'>4</xref></p>";
        let xml = Document::parse(xml).expect("XML");
        let read = super::read(xml.root_element());
        let last = &read.references[1];
        assert_eq!(
            (last.before.as_str(), last.targets[0].as_str()),
            ("–", "F4")
        );
    }
}

#[cfg(test)]
mod link_tests {
    use roxmltree::Document;

    use super::read;
    use spinemed_markup::links::{Targets, resolve};

    /// Six figures `F1` to `F6`, labelled `Figure 1` to `Figure 6`.
    fn check(paragraph: &str, expect: &[usize]) {
        let mut targets = Targets::default();
        for figure in 0..6 {
            targets.add_id(&format!("F{}", figure + 1), figure);
            targets.add_label(&format!("Figure {}", figure + 1), figure);
        }
        let xml = Document::parse(paragraph).expect("XML");
        let read = read(xml.root_element());
        assert_eq!(
            resolve(&read.references, &targets).figures,
            expect,
            "{paragraph}"
        );
    }

    #[test]
    fn references_and_ranges() {
        let x = |n: u32| format!("<xref ref-type='fig' rid='F{n}'>{n}</xref>");
        check(&format!("<p>Fig. {}</p>", x(2)), &[1]);
        check(&format!("<p>Figs. {}–{}</p>", x(2), x(5)), &[1, 2, 3, 4]);
        check(&format!("<p>Figs. {} to {}</p>", x(1), x(3)), &[0, 1, 2]);
        check(&format!("<p>图{}至{}</p>", x(1), x(3)), &[0, 1, 2]);
        check(&format!("<p>Figs. {} and {}</p>", x(2), x(5)), &[1, 4]);
        check(
            &format!("<p>{} – see also Fig. {}</p>", x(2), x(5)),
            &[1, 4],
        );
        check(&format!("<p>{}-{}</p>", x(5), x(2)), &[4, 1]);
        check(
            "<p><xref ref-type='fig' rid='F2'>Figs 2–4</xref></p>",
            &[1, 2, 3],
        );
        check(
            "<p><xref ref-type='fig' rid='F2 F4'>2, 4</xref></p>",
            &[1, 3],
        );
        check("<p><xref ref-type='fig' rid='F3a'>3a</xref></p>", &[2]);
        check("<p><xref ref-type='table' rid='T3'>3</xref></p>", &[]);
    }

    #[test]
    fn links_to_nothing_are_told() {
        let xml = Document::parse("<p><xref ref-type='fig' rid='X9'>9</xref></p>").expect("XML");
        let read = read(xml.root_element());
        let linked = resolve(&read.references, &Targets::default());
        assert_eq!(linked.dangling, ["X9"]);
    }
}
