//! One-to-one assignment at the least total cost.

/// Assigns rows to columns, each column at most once, so that the sum of costs is least; a
/// row is better left alone than assigned at `limit` or more. `costs[row][column]` is `None`
/// where the two cannot go together. Gives each row's column.
///
/// The Hungarian method with potentials (Kuhn 1955, Munkres 1957), O(rows² · columns). Costs
/// are whole numbers, so the result is the same on every machine.
pub(crate) fn assign(costs: &[Vec<Option<i64>>], limit: i64) -> Vec<Option<usize>> {
    let rows = costs.len();
    let real = costs.first().map_or(0, Vec::len);
    // One column of its own for each row stands for "left alone".
    let columns = real + rows;
    let cost = |row: usize, column: usize| {
        let given = if column < real {
            costs[row][column]
        } else {
            None
        };
        given.unwrap_or(limit).min(limit)
    };
    // Position 0 is a sentinel in all of these; rows and columns count from 1.
    let mut row_potential = vec![0i64; rows + 1];
    let mut column_potential = vec![0i64; columns + 1];
    let mut owner = vec![0usize; columns + 1];
    for row in 1..=rows {
        let mut via = vec![0usize; columns + 1];
        let mut least = vec![i64::MAX; columns + 1];
        let mut done = vec![false; columns + 1];
        owner[0] = row;
        let mut at = 0;
        while owner[at] != 0 {
            done[at] = true;
            let from = owner[at];
            let (mut step, mut next) = (i64::MAX, 0);
            for column in 1..=columns {
                if done[column] {
                    continue;
                }
                let reduced =
                    cost(from - 1, column - 1) - row_potential[from] - column_potential[column];
                if reduced < least[column] {
                    least[column] = reduced;
                    via[column] = at;
                }
                if least[column] < step {
                    step = least[column];
                    next = column;
                }
            }
            for column in 0..=columns {
                if done[column] {
                    row_potential[owner[column]] += step;
                    column_potential[column] -= step;
                } else if least[column] != i64::MAX {
                    least[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            owner[at] = owner[via[at]];
            at = via[at];
        }
    }
    let mut found = vec![None; rows];
    for column in 1..=real {
        let row = owner[column];
        if row > 0 && costs[row - 1][column - 1].is_some_and(|cost| cost < limit) {
            found[row - 1] = Some(column - 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(costs: &[Vec<Option<i64>>], limit: i64, found: &[Option<usize>]) -> i64 {
        let one = |(row, column): (usize, &Option<usize>)| {
            column.map_or(limit, |column| costs[row][column].unwrap_or(limit))
        };
        found.iter().enumerate().map(one).sum()
    }

    /// Every assignment tried.
    fn best(costs: &[Vec<Option<i64>>], limit: i64, row: usize, used: u32) -> i64 {
        if row == costs.len() {
            return 0;
        }
        let mut least = limit + best(costs, limit, row + 1, used);
        for (column, cost) in costs[row].iter().enumerate() {
            if let (Some(cost), 0) = (cost, used >> column & 1) {
                least = least.min(cost + best(costs, limit, row + 1, used | 1 << column));
            }
        }
        least
    }

    #[test]
    fn a_greedy_choice_is_given_up_for_the_sum() {
        let costs = vec![vec![Some(1), Some(2)], vec![Some(1), Some(50)]];
        assert_eq!(assign(&costs, 100), [Some(1), Some(0)]);
        assert_eq!(assign(&[vec![Some(100)], vec![None]], 100), [None, None]);
        assert_eq!(assign(&[], 100), Vec::<Option<usize>>::new());
    }

    proptest! {
        #[test]
        fn the_sum_is_the_least(
            costs in (0usize..5).prop_flat_map(|columns| proptest::collection::vec(
                proptest::collection::vec(proptest::option::of(0i64..30), columns), 0..5))
        ) {
            let found = assign(&costs, 20);
            let mut columns: Vec<usize> = found.iter().flatten().copied().collect();
            columns.sort_unstable();
            prop_assert!(columns.windows(2).all(|pair| pair[0] != pair[1]));
            prop_assert_eq!(total(&costs, 20, &found), best(&costs, 20, 0, 0));
        }
    }
}
