//! Tables written as segments (PS3.3, C.7.9.2).

/// The entries that segments stand for, no more than `most`; none where they make no sense.
pub fn expand(words: &[u16], most: usize) -> Option<Vec<u16>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() && out.len() < most {
        at = match words[at] {
            2 => {
                let [count, low, high] = *words.get(at + 1..)?.first_chunk::<3>()?;
                let offset = usize::from(low) | usize::from(high) << 16;
                // Segments that are copied copy no others.
                let mut from = offset / 2;
                for _ in 0..count {
                    from = segment(words, from, most, &mut out)?;
                }
                at + 4
            }
            _ => segment(words, at, most, &mut out)?,
        };
    }
    Some(out)
}

/// Adds the entries of one segment, and gives the place behind it.
fn segment(words: &[u16], at: usize, most: usize, out: &mut Vec<u16>) -> Option<usize> {
    let [kind, length] = *words.get(at..)?.first_chunk::<2>()?;
    let length = usize::from(length);
    if out.len() + length > most {
        return None;
    }
    match kind {
        0 => {
            out.extend(words.get(at + 2..at + 2 + length)?);
            Some(at + 2 + length)
        }
        1 => {
            let (from, to) = (f64::from(*out.last()?), f64::from(*words.get(at + 2)?));
            let step = (to - from) / length.max(1) as f64;
            out.extend((1..=length).map(|i| (from + step * i as f64).round() as u16));
            Some(at + 3)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[u16], expect: Option<&[u16]>) {
        assert_eq!(expand(words, 16).as_deref(), expect);
    }

    #[test]
    fn segments_are_expanded() {
        check(&[0, 3, 5, 6, 7], Some(&[5, 6, 7]));
        check(&[0, 1, 10, 1, 4, 30], Some(&[10, 15, 20, 25, 30]));
        // Two segments once more.
        let twice = [0, 1, 8, 1, 2, 4, 2, 2, 0, 0];
        check(&twice, Some(&[8, 6, 4, 8, 6, 4]));
    }

    #[test]
    fn nonsense_is_none() {
        check(&[1, 2, 9], None);
        check(&[0, 3, 5], None);
        check(&[0, 1, 5, 1, 100, 9], None);
        check(&[3, 0], None);
        check(&[2, 1, 0, 0], None);
        check(&[2, 1, 200, 0], None);
    }
}
