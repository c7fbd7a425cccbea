//! How deep headings stand.

use std::collections::BTreeMap;

use spinemed_core::document::BlockKind;

use crate::article::Article;
use crate::flow::Para;
use crate::kind;

type Rank = (u32, bool, bool, bool, u16);

/// How deep headings stand: by their own number, else by the rank of their type.
pub(crate) struct Depths {
    ranks: Vec<Rank>,
    numbered: BTreeMap<Rank, u8>,
    below_title: u8,
}

impl Depths {
    pub(crate) fn new(articles: &[Article], title: Option<usize>) -> Self {
        let mut ranks = Vec::new();
        let mut numbered: BTreeMap<Rank, u8> = BTreeMap::new();
        for (page, article) in articles.iter().enumerate() {
            for (number, unit) in article.units.iter().enumerate() {
                if unit.kind != BlockKind::Heading || (page == 0 && Some(number) == title) {
                    continue;
                }
                let rank = kind::rank_key(&unit.para);
                ranks.push(rank);
                if let Some(depth) = kind::numbered_depth(&unit.para.text) {
                    let least = numbered.entry(rank).or_insert(depth);
                    *least = depth.min(*least);
                }
            }
        }
        ranks.sort_unstable();
        ranks.dedup();
        Self {
            ranks,
            numbered,
            below_title: u8::from(title.is_some()),
        }
    }

    /// The depth of a heading, from 1.
    pub(crate) fn of(&self, para: &Para) -> u8 {
        let rank = kind::rank_key(para);
        let place = self
            .ranks
            .iter()
            .position(|r| *r == rank)
            .unwrap_or(0)
            .min(5) as u8
            + 1;
        let depth = kind::numbered_depth(&para.text).or(self.numbered.get(&rank).copied());
        depth.unwrap_or(place) + self.below_title
    }
}
