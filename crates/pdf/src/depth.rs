//! How deep headings stand.

use std::collections::BTreeMap;

use spinemed_core::document::BlockKind;

use crate::article::Article;
use crate::flow::Para;
use crate::heading::Outline;
use crate::kind;

type Rank = (u32, bool, bool, bool, u16);

/// How deep headings stand: by the file's outline, else by their own number, else by the rank
/// of their type.
pub(crate) struct Depths<'a> {
    outline: &'a Outline,
    /// Whether the outline has the title above all else.
    titled: bool,
    /// The place in the outline behind the last heading found there.
    place: usize,
    ranks: Vec<Rank>,
    numbered: BTreeMap<Rank, u8>,
    below_title: u8,
}

impl<'a> Depths<'a> {
    pub(crate) fn new(articles: &[Article], title: Option<usize>, outline: &'a Outline) -> Self {
        let titled = title.is_some_and(|t| {
            outline
                .depth(&articles[0].units[t].para.text, 0)
                .is_some_and(|(d, _)| d == 1)
        });
        let mut ranks = Vec::new();
        let mut numbered: BTreeMap<Rank, u8> = BTreeMap::new();
        let mut place = 0;
        for (page, article) in articles.iter().enumerate() {
            for (number, unit) in article.units.iter().enumerate() {
                if unit.kind != BlockKind::Heading || (page == 0 && Some(number) == title) {
                    continue;
                }
                let rank = kind::rank_key(&unit.para);
                ranks.push(rank);
                let outlined = outlined(outline, &unit.para, titled, &mut place);
                if let Some(depth) = outlined.or_else(|| kind::numbered_depth(&unit.para.text)) {
                    let least = numbered.entry(rank).or_insert(depth);
                    *least = depth.min(*least);
                }
            }
        }
        ranks.sort_unstable();
        ranks.dedup();
        Self {
            outline,
            titled,
            place: 0,
            ranks,
            numbered,
            below_title: u8::from(title.is_some()),
        }
    }

    /// The depth of a heading, from 1. Headings are asked for in document order.
    pub(crate) fn of(&mut self, para: &Para) -> u8 {
        let rank = kind::rank_key(para);
        let place = self
            .ranks
            .iter()
            .position(|r| *r == rank)
            .unwrap_or(0)
            .min(5) as u8
            + 1;
        let outlined = outlined(self.outline, para, self.titled, &mut self.place);
        let depth = outlined
            .or_else(|| kind::numbered_depth(&para.text))
            .or_else(|| self.numbered.get(&rank).copied());
        depth.unwrap_or(place) + self.below_title
    }
}

/// The depth that the outline gives, without the title's own level.
fn outlined(outline: &Outline, para: &Para, titled: bool, place: &mut usize) -> Option<u8> {
    let (depth, next) = outline.depth(&para.text, *place)?;
    *place = next;
    Some(depth.saturating_sub(u8::from(titled)).max(1))
}
