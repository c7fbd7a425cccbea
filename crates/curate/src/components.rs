//! Connected components by union-find.

/// Disjoint sets over `0..n`. A set is named by its smallest member, so the result does not
/// depend on the order of unions.
#[derive(Debug, Clone)]
pub(crate) struct Components {
    parent: Vec<u32>,
}

impl Components {
    /// `n` sets of one member each.
    pub(crate) fn new(n: usize) -> Self {
        let n = u32::try_from(n).expect("fewer than 2^32 groups");
        Self {
            parent: (0..n).collect(),
        }
    }

    /// The smallest member of the set of `at`.
    pub(crate) fn find(&mut self, at: u32) -> u32 {
        let mut at = at;
        while self.parent[at as usize] != at {
            // Path halving (Tarjan and van Leeuwen 1984).
            let up = self.parent[at as usize];
            self.parent[at as usize] = self.parent[up as usize];
            at = self.parent[at as usize];
        }
        at
    }

    /// Joins the sets of two members.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        self.parent[high as usize] = low;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Components by repeated relaxation: slow and plainly right.
    fn naive(n: usize, edges: &[(u32, u32)]) -> Vec<u32> {
        let mut name: Vec<u32> = (0..u32::try_from(n).unwrap()).collect();
        for _ in 0..n {
            for &(a, b) in edges {
                let least = name[a as usize].min(name[b as usize]);
                name[a as usize] = least;
                name[b as usize] = least;
            }
        }
        name
    }

    proptest! {
        #[test]
        fn sets_are_the_connected_components(
            edges in proptest::collection::vec((0u32..12, 0u32..12), 0..20)
        ) {
            let mut sets = Components::new(12);
            for &(a, b) in &edges {
                sets.join(a, b);
            }
            let found: Vec<u32> = (0..12).map(|at| sets.find(at)).collect();
            prop_assert_eq!(found, naive(12, &edges));
        }
    }
}
