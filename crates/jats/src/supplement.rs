//! Files that an article says belong to it, beside its pictures.

use roxmltree::Node;
use spinemed_core::document::Supplement;

use crate::head::child;
use crate::inline;

/// Every `supplementary-material`, `inline-supplementary-material` and `media` of the
/// article's own parts, in document order (JATS 1.2). A `media` inside one of the others is
/// its file.
pub fn find(article: Node<'_, '_>) -> Vec<Supplement> {
    let named = |node: Node<'_, '_>| {
        matches!(
            node.tag_name().name(),
            "supplementary-material" | "inline-supplementary-material" | "media"
        )
    };
    let around = |node: Node<'_, '_>| {
        node.ancestors()
            .skip(1)
            .any(|n| named(n) || matches!(n.tag_name().name(), "sub-article" | "response"))
    };
    article
        .descendants()
        .filter(|node| named(*node) && !around(*node))
        .map(read)
        .filter(|s| s.label.is_some() || s.href.is_some() || s.caption.is_some())
        .collect()
}

fn read(node: Node<'_, '_>) -> Supplement {
    let parts = || node.descendants().filter(Node::is_element);
    let text = |name: &str| {
        let texts = parts().filter_map(|part| child(part, name));
        texts.map(inline::text).find(|text| !text.is_empty())
    };
    let href = parts()
        .flat_map(|part| part.attributes())
        .find(|a| a.name() == "href" && !a.value().trim().is_empty());
    let inline = node.has_tag_name("inline-supplementary-material");
    let own = Some(inline::text(node)).filter(|text| inline && !text.is_empty());
    Supplement {
        label: text("label").or(own),
        href: href.map(|a| a.value().trim().to_owned()),
        caption: text("caption"),
    }
}

#[cfg(test)]
mod tests {
    fn check(xml: &str, expect: &[[Option<&str>; 3]]) {
        let xml = format!("<article xmlns:xlink='http://www.w3.org/1999/xlink'>{xml}</article>");
        let xml = roxmltree::Document::parse(&xml).expect("XML");
        let found = super::find(xml.root_element());
        let found: Vec<_> = found
            .iter()
            .map(|s| [&s.label, &s.href, &s.caption].map(Option::as_deref))
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn files_are_named_once() {
        check(
            "<supplementary-material><label>S1</label><caption><p>Data.</p></caption>\
             <media xlink:href='s1.docx'><caption><p>Click.</p></caption></media>\
             </supplementary-material>",
            &[[Some("S1"), Some("s1.docx"), Some("Data.")]],
        );
        check(
            "<p>see <inline-supplementary-material xlink:href='s2.pdf'>Table S2\
             </inline-supplementary-material></p><media xlink:href='film.mp4'/>",
            &[
                [Some("Table S2"), Some("s2.pdf"), None],
                [None, Some("film.mp4"), None],
            ],
        );
        check(
            "<supplementary-material/><response><media xlink:href='x'/></response>",
            &[],
        );
    }
}
