//! The title of a document, and the authors and affiliations around it.

use spinemed_core::document::BlockKind;

use crate::article::Article;
use crate::flow::Para;
use crate::geometry::union;
use crate::kind::{self, Body};
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};
use crate::unit::Unit;

/// The largest text in the upper part of the first page, where it is larger than the body.
/// Parts of a title that was taken apart by wide leading are put together.
pub(crate) fn title_unit(article: &mut Article, sheet: &Sheet, body: &Body) -> Option<usize> {
    let fits = |u: &Unit| {
        matches!(u.kind, BlockKind::Heading | BlockKind::Paragraph)
            && u.para.chars >= 12
            && !kind::is_article_type(&u.para.text)
            && u.para.bbox[1] < 0.6 * sheet.size.1
            && u.para.size >= 1.15 * body.size
    };
    let best = (0..article.units.len())
        .filter(|&i| fits(&article.units[i]))
        .max_by(|&a, &b| {
            let size = |i: usize| article.units[i].para.size;
            size(a).total_cmp(&size(b)).then(b.cmp(&a))
        })?;
    let size = article.units[best].para.size;
    while article.units.get(best + 1).is_some_and(|next| {
        fits(next)
            && (next.para.size - size).abs() < 0.3
            && next.para.bbox[1] - article.units[best].para.bbox[3] < 1.5 * size
    }) {
        let next = article.units.remove(best + 1).para;
        for figure in &mut article.figures {
            figure.caption = figure.caption.map(|c| if c > best { c - 1 } else { c });
        }
        absorb(&mut article.units[best].para, next, &Lexicon::default());
    }
    article.units[best].kind = BlockKind::Heading;
    Some(best)
}

fn absorb(para: &mut Para, next: Para, lexicon: &Lexicon) {
    text::join(&mut para.text, &next.text, lexicon);
    para.bbox = union(para.bbox, next.bbox);
    para.chars += next.chars;
    para.lines += next.lines;
    para.full = next.full;
    para.members.extend(next.members);
}

/// Authors and affiliations are often set like headings; before the first long paragraph only
/// headings known by name are believed.
pub(crate) fn quiet_front_matter(article: &mut Article, title: Option<usize>) {
    let named = |u: &Unit| u.kind == BlockKind::Heading && kind::is_known(&u.para.text);
    let body = article.units.iter().position(named);
    for (number, unit) in article.units.iter_mut().enumerate() {
        let long = unit.kind == BlockKind::Paragraph && unit.para.chars >= 250;
        if body.map_or(long, |body| number >= body) {
            break;
        }
        if unit.kind == BlockKind::Heading
            && Some(number) != title
            && !kind::is_known(&unit.para.text)
            && kind::numbered_depth(&unit.para.text).is_none()
        {
            unit.kind = BlockKind::Paragraph;
        }
    }
}
