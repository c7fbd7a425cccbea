//! A vote on a chain: many small trees, each of a few questions about the measures.
//!
//! The trees were fitted by gradient boosting (Friedman, Annals of Statistics 2001) on chains
//! that the demands let pass, in drawn lines and in clean pictures. In a drawing any of its
//! chains may carry the line, so each round learnt from the chains that the round before liked
//! best, and more from lines that it liked least.

use std::sync::LazyLock;

use super::measures::NAMES;

/// One tree a row: questions (measure and bound; up to the bound is left) from the root down,
/// level by level from the left, then the votes of the leaves from the left.
const TABLE: &str = include_str!("votes.tsv");
/// The questions of a tree.
const QUESTIONS: usize = 7;

/// The sum of votes that makes a chain text. About -0.4 would be as likely text as not among the
/// examples; less is asked, for text that leaves costs more than a picture that stays.
pub(super) const ENOUGH: f32 = -1.155;

/// A tree of three levels.
struct Tree {
    questions: [(usize, f32); QUESTIONS],
    votes: [f32; QUESTIONS + 1],
}

static TREES: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    rows(TABLE)
        .map(|row| tree(row).expect("the table is well formed, says its test"))
        .collect()
});

/// How sure the trees together are that the measured chain is text; it is taken for text from
/// [`ENOUGH`] on.
pub(super) fn for_text(measures: &[f32; NAMES.len()]) -> f32 {
    TREES.iter().map(|tree| tree.vote(measures)).sum()
}

impl Tree {
    fn vote(&self, measures: &[f32; NAMES.len()]) -> f32 {
        let mut place = 0;
        while let Some((measure, bound)) = self.questions.get(place) {
            place = 2 * place + 1 + usize::from(measures[*measure] > *bound);
        }
        self.votes[place - QUESTIONS]
    }
}

fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|row| !row.starts_with('#'))
}

fn tree(row: &str) -> Option<Tree> {
    let mut fields = row.split('\t');
    let mut questions = [(0, 0.0); QUESTIONS];
    for question in &mut questions {
        let name = fields.next()?;
        let measure = NAMES.iter().position(|other| *other == name)?;
        *question = (measure, fields.next()?.parse().ok()?);
    }
    let mut votes = [0.0; QUESTIONS + 1];
    for vote in &mut votes {
        *vote = fields.next()?.parse().ok()?;
    }
    fields.next().is_none().then_some(Tree { questions, votes })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests stop where they are")]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        for (number, row) in rows(TABLE).enumerate() {
            let tree = tree(row);
            assert!(
                tree.is_some_and(|tree| tree.votes.iter().all(|vote| vote.is_finite())),
                "row {number}"
            );
        }
        assert!(rows(TABLE).count() > 50);
    }

    #[test]
    fn questions_lead_to_votes() {
        let row = "height\t10\tgap\t0.5\tfill\t0.3\tstep\t1\tstep\t2\tstep\t3\tstep\t4";
        let tree = tree(&format!("{row}\t1\t2\t3\t4\t5\t6\t7\t8")).unwrap();
        let vote = |height, gap, fill, step| {
            let mut measures = [0.0; NAMES.len()];
            for (name, value) in [
                ("height", height),
                ("gap", gap),
                ("fill", fill),
                ("step", step),
            ] {
                measures[NAMES.iter().position(|other| *other == name).unwrap()] = value;
            }
            tree.vote(&measures)
        };
        assert_eq!(vote(10.0, 0.5, 0.9, 1.0), 1.0);
        assert_eq!(vote(10.0, 0.5, 0.9, 1.1), 2.0);
        assert_eq!(vote(10.0, 0.6, 0.0, 2.0), 3.0);
        assert_eq!(vote(10.1, 9.0, 0.3, 3.0), 5.0);
        assert_eq!(vote(11.0, 0.0, 0.4, 9.0), 8.0);
    }

    #[test]
    fn other_rows_are_no_trees() {
        for row in ["", "height\t1", "unknown\t1"] {
            assert!(tree(row).is_none(), "{row}");
        }
    }
}
