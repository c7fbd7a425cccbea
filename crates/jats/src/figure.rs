//! Finds the article's figures before its text is read, so that links forward resolve.

use roxmltree::{Node, NodeId};
use spinemed_core::document::Figure;
use spinemed_markup::links::Targets;

use crate::head::child;
use crate::inline;

/// A figure and where the markup has it.
#[derive(Debug)]
pub struct Found {
    /// The element.
    pub node: NodeId,
    /// The record; caption and mentions are still empty.
    pub figure: Figure,
    /// What its `graphic` elements name, in order.
    pub hrefs: Vec<String>,
}

/// Every figure of the article's own parts, in document order.
pub fn find(article: Node<'_, '_>) -> (Vec<Found>, Targets) {
    let mut found: Vec<Found> = Vec::new();
    let mut targets = Targets::default();
    let drawn = |n: &Node<'_, '_>| n.has_tag_name("fig") || is_one(*n);
    for node in article.descendants().filter(drawn) {
        let foreign = |n: &Node<'_, '_>| matches!(n.tag_name().name(), "sub-article" | "response");
        let part = node.parent_element().is_some_and(is_one);
        if part || node.ancestors().any(|n| foreign(&n)) {
            continue;
        }
        let position = found.len();
        let label = label(node);
        let group = node
            .parent_element()
            .filter(|n| n.has_tag_name("fig-group"));
        for id in [Some(node), group]
            .into_iter()
            .flatten()
            .filter_map(|n| n.attribute("id"))
        {
            targets.add_id(id, position);
        }
        for id in panels(node).filter_map(|panel| panel.attribute("id")) {
            targets.add_id(id, position);
        }
        if let Some(label) = &label {
            targets.add_label(label, position);
        }
        found.push(Found {
            node: node.id(),
            figure: blank(position, label),
            hrefs: hrefs(node),
        });
    }
    (found, targets)
}

/// Whether a `fig-group` is one figure, whose parts are panels: it is labelled or captioned
/// itself, and no part has a number of its own.
pub fn is_one(node: Node<'_, '_>) -> bool {
    let marked = |panel: Node<'_, '_>| child(panel, "label").is_none_or(|l| mark(l).is_some());
    node.has_tag_name("fig-group")
        && (child(node, "label").is_some() || child(node, "caption").is_some())
        && panels(node).next().is_some()
        && panels(node).all(marked)
}

/// The parts of a group.
pub fn panels<'a, 'i>(group: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    let grouped = group.has_tag_name("fig-group");
    group
        .children()
        .filter(move |n| grouped && n.has_tag_name("fig"))
}

/// A panel's mark without its brackets: `A`, `b`, `12`.
pub fn mark(label: Node<'_, '_>) -> Option<String> {
    let text = inline::text(label);
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let short = (1..=2).contains(&bare.chars().count());
    short.then(|| bare.to_owned())
}

/// The figure's own label, else that of the group which it opens.
fn label(node: Node<'_, '_>) -> Option<String> {
    let own = |n: Node<'_, '_>| {
        child(n, "label")
            .map(inline::text)
            .filter(|l| !l.is_empty())
    };
    own(node).or_else(|| {
        let group = node
            .parent_element()
            .filter(|n| n.has_tag_name("fig-group"))?;
        let first = child(group, "fig")? == node;
        own(group).filter(|_| first)
    })
}

fn blank(position: usize, label: Option<String>) -> Figure {
    Figure {
        id: format!("f{}", position + 1),
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
    }
}

/// What the figure's pictures are called. Of `alternatives` the first is taken: they show
/// the same in other formats.
fn hrefs(figure: Node<'_, '_>) -> Vec<String> {
    let repeated = |graphic: Node<'_, '_>| {
        graphic
            .parent_element()
            .filter(|p| p.has_tag_name("alternatives"))
            .is_some_and(|parent| {
                parent.children().find(|n| n.has_tag_name("graphic")) != Some(graphic)
            })
    };
    figure
        .descendants()
        .filter(|n| n.has_tag_name("graphic") && !repeated(*n))
        .filter_map(|n| {
            n.attributes()
                .find(|a| a.name() == "href")
                .map(|a| a.value().trim())
        })
        .filter(|href| !href.is_empty())
        .map(str::to_owned)
        .collect()
}
