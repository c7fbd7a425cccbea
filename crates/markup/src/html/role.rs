//! What HTML's elements mean, with the roles of DPUB-ARIA 1.1 and EPUB's structural semantics.

use crate::part::{Part, Role};
use crate::tree::Node;

/// Classes by which sites mark what is no part of the text.
const FURNITURE: [&str; 30] = [
    "ad",
    "ad-container",
    "ads",
    "advert",
    "advertisement",
    "anchor-link",
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "cookie-banner",
    "cookie-notice",
    "footnote-back",
    "headerlink",
    "mw-editsection",
    "navbar",
    "navigation",
    "newsletter",
    "noprint",
    "related-posts",
    "screen-reader-text",
    "share",
    "sidebar",
    "site-footer",
    "site-header",
    "skip-link",
    "social",
    "social-share",
    "sr-only",
    "table-of-contents",
    "visually-hidden",
];
/// Sides of pictures, in pixels, up to which they are icons.
const ICON: u32 = 48;

/// Whether elements of this name are blocks wherever they stand.
#[must_use]
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "div"
            | "dl"
            | "fieldset"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "ul"
    )
}

/// Whether an element makes the tables around it means of layout.
#[must_use]
pub fn breaks_tables(node: Node<'_>) -> bool {
    matches!(
        node.name(),
        "table" | "figure" | "h1" | "h2" | "h3" | "article" | "section"
    )
}

/// Whether a printed page begins here.
#[must_use]
pub fn is_page_break(node: Node<'_>) -> bool {
    node.tokens("epub:type").any(|kind| kind == "pagebreak")
        || node.attribute("role") == Some("doc-pagebreak")
}

/// What an element means.
#[must_use]
pub fn role(part: &Part<'_>, node: Node<'_>) -> Role {
    if is_hidden(node) {
        return Role::Silent;
    }
    if let Some(role) = semantic(node) {
        return role;
    }
    match node.name() {
        "html" | "body" | "div" | "main" | "center" | "hgroup" | "dir" | "tr" | "td" | "th"
        | "tbody" | "thead" | "tfoot" | "picture" | "address" | "fieldset" | "noscript" => {
            Role::Group
        }
        "article" | "section" | "blockquote" | "details" => Role::Scope,
        // Whole pages of EPUBs are one picture in a drawing.
        "svg" if node.find("image").is_some() => Role::Group,
        "desc" | "text" if node.is_inside("svg") => Role::Silent,
        "header" | "footer" if is_of_page(node) => of_page(node),
        "header" | "footer" => Role::Group,
        "aside" if is_of_page(node) => Role::Silent,
        "aside" => Role::Scope,
        "head" | "script" | "style" | "template" | "nav" | "form" | "button" | "select"
        | "input" | "textarea" | "iframe" | "object" | "embed" | "svg" | "canvas" | "audio"
        | "video" | "map" | "dialog" | "menu" | "title" | "meta" | "link" | "base" | "rp"
        | "datalist" | "progress" | "meter" | "legend" | "frameset" | "noframes" | "col"
        | "colgroup" => Role::Silent,
        "h1" => Role::Heading(1),
        "h2" => Role::Heading(2),
        "h3" => Role::Heading(3),
        "h4" => Role::Heading(4),
        "h5" => Role::Heading(5),
        "h6" => Role::Heading(6),
        "p" | "pre" | "summary" | "dt" | "dd" | "listing" | "xmp" => Role::Paragraph,
        "ul" | "ol" => Role::List,
        "li" => Role::Item,
        "dl" => Role::Definitions,
        "table" if part.is_arranging(node) || arranges(node) => Role::Group,
        "table" => Role::Table,
        "figure" => Role::Figure,
        "figcaption" | "caption" => Role::Caption,
        "img" | "image" => picture(node),
        "math" if node.attribute("display") == Some("block") => Role::Equation,
        "math" => Role::Formula,
        "a" if is_note_reference(node) => Role::Superscript,
        "a" if part.holds_blocks(node) => Role::Group,
        "a" => Role::Link,
        "sup" => Role::Superscript,
        "br" | "wbr" | "hr" => Role::Spaced,
        _ if part.holds_blocks(node) => Role::Group,
        _ => Role::Words,
    }
}

/// What `role`, `epub:type` and well-known classes say.
fn semantic(node: Node<'_>) -> Option<Role> {
    let kinds = || {
        let aria = node
            .tokens("role")
            .map(|kind| kind.trim_start_matches("doc-"));
        aria.chain(node.tokens("epub:type"))
    };
    let class = |wanted: &[&str]| node.tokens("class").any(|class| wanted.contains(&class));
    for kind in kinds() {
        match kind {
            "backlink" | "navigation" | "banner" | "contentinfo" | "search" | "toc" | "index"
            | "pagebreak" | "page-list" | "landmarks" => return Some(Role::Silent),
            "complementary" if !node.is_inside("main") && !node.is_inside("article") => {
                return Some(Role::Silent);
            }
            "footnote" | "endnote" | "rearnote" if node.name() != "section" => {
                return Some(Role::Footnote);
            }
            "biblioentry" => return Some(Role::Reference),
            _ => {}
        }
    }
    let noted = |around: Node<'_>| {
        let kinds = ["footnotes", "doc-endnotes", "endnotes", "rearnotes"];
        around
            .tokens("class")
            .chain(around.tokens("role"))
            .chain(around.tokens("epub:type"))
            .any(|kind| kinds.contains(&kind))
    };
    if node.name() == "li" && node.ancestors().skip(1).any(noted) {
        return Some(Role::Footnote);
    }
    if matches!(node.name(), "div" | "p" | "span" | "dd") {
        if node.name() != "span" && class(&["footnote"]) {
            return Some(Role::Footnote);
        }
        if class(&["figure", "fig"]) && node.find("img").is_some() && node.name() == "div" {
            return Some(Role::Figure);
        }
        let captions = ["caption", "figcaption", "fig-caption", "figure-caption"];
        if class(&captions) && is_in_figure(node) {
            return Some(Role::Caption);
        }
        if class(&["math", "equation"]) && matches!(node.name(), "div" | "p") {
            return Some(Role::Equation);
        }
    }
    None
}

fn is_in_figure(node: Node<'_>) -> bool {
    node.ancestors().skip(1).any(|around| {
        around.name() == "figure"
            || (around.name() == "div"
                && around
                    .tokens("class")
                    .any(|class| matches!(class, "figure" | "fig")))
    })
}

fn is_hidden(node: Node<'_>) -> bool {
    let style = node.attribute("style").unwrap_or_default();
    let bare: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(200)
        .collect();
    node.attribute("hidden").is_some()
        // Formulas are often hidden from screen readers in favour of a second form.
        || (node.attribute("aria-hidden") == Some("true") && node.name() != "math")
        || bare.to_ascii_lowercase().contains("display:none")
        || node.tokens("class").any(|class| FURNITURE.contains(&class))
}

/// Whether a header, footer or aside belongs to the page rather than to a part of its text.
fn is_of_page(node: Node<'_>) -> bool {
    let parts = ["article", "main", "section", "figure", "blockquote", "td"];
    !node
        .ancestors()
        .skip(1)
        .any(|around| parts.contains(&around.name()))
}

/// A page's header is furniture, unless it holds the title of the text.
fn of_page(node: Node<'_>) -> Role {
    if node.name() == "header" && node.find("h1").is_some() {
        Role::Group
    } else {
        Role::Silent
    }
}

/// Whether a table has one column, or says that it only arranges.
fn arranges(table: Node<'_>) -> bool {
    let said = matches!(table.attribute("role"), Some("presentation" | "none"));
    let cells = |row: Node<'_>| {
        let cells = row.elements().filter(|n| matches!(n.name(), "td" | "th"));
        cells.count()
    };
    let mut rows = table.descendants().filter(|n| n.name() == "tr").peekable();
    said || rows.peek().is_none() || rows.all(|row| cells(row) < 2)
}

/// Icons, rules and counters of visits are no pictures.
fn picture(node: Node<'_>) -> Role {
    let side = |name: &str| {
        let value = node.attribute(name).unwrap_or_default().trim();
        value.trim_end_matches("px").parse::<u32>().ok()
    };
    let small = |name| side(name).is_some_and(|pixels| pixels <= ICON);
    // An empty description marks decoration, unless the picture has a place of its own.
    let empty = node
        .attribute("alt")
        .is_some_and(|alt| alt.trim().is_empty());
    let decorative = matches!(node.attribute("role"), Some("presentation" | "none"))
        || (empty && !is_in_figure(node) && !is_alone(node));
    if decorative || small("width") || small("height") {
        Role::Silent
    } else {
        Role::Picture
    }
}

/// Whether a picture is all that its paragraph or box holds.
fn is_alone(node: Node<'_>) -> bool {
    /// Nodes of a box that holds little more.
    const FEW: u32 = 6;
    node.parent().is_some_and(|around| {
        matches!(around.name(), "p" | "div")
            && around.end() - around.id() <= FEW
            && around.all_text().trim().is_empty()
    })
}

/// A link to a footnote, whose number must not run into the word before it.
fn is_note_reference(link: Node<'_>) -> bool {
    let marked = link
        .tokens("role")
        .chain(link.tokens("epub:type"))
        .chain(link.tokens("class"))
        .any(|kind| matches!(kind, "doc-noteref" | "noteref" | "footnote-ref"));
    marked && !link.is_inside("sup")
}
