//! Choices without randomness: by digest of what is being made.

use spinemed_core::digest::KeyHasher;

/// A deterministic source of choices for one purpose (I8).
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    seed: String,
}

impl Choice {
    /// Choices for a pack and purpose.
    pub fn new(parts: &[&str]) -> Self {
        Self {
            seed: parts.join("\u{1f}"),
        }
    }

    /// A number for a name, the same every time.
    pub fn number(&self, name: &str) -> u64 {
        let digest = KeyHasher::new("spinemed/choice/1")
            .field("seed", &self.seed)
            .field("name", name)
            .finish();
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&digest.as_bytes()[..8]);
        u64::from_be_bytes(bytes)
    }

    /// The options in an order of its own, and where the first one went.
    pub fn shuffle(&self, options: Vec<String>) -> (Vec<String>, usize) {
        let mut keyed: Vec<(u64, usize, String)> = options
            .into_iter()
            .enumerate()
            .map(|(at, option)| (self.number(&format!("{at}/{option}")), at, option))
            .collect();
        keyed.sort();
        let first = keyed.iter().position(|(_, at, _)| *at == 0).unwrap_or(0);
        (
            keyed.into_iter().map(|(_, _, option)| option).collect(),
            first,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_option_comes_to_stand_everywhere() {
        let mut places = [0; 4];
        for pack in 0..400 {
            let choice = Choice::new(&["pack", &pack.to_string()]);
            let options = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
            let (shuffled, first) = choice.shuffle(options.clone());
            assert_eq!(shuffled[first], "a");
            assert_eq!(choice.shuffle(options), (shuffled, first));
            places[first] += 1;
        }
        assert!(places.iter().all(|n| (60..140).contains(n)), "{places:?}");
    }
}
