//! Exit codes: documented in `docs/errors.md`, stable, and ranked: where several apply, the
//! first of [`RANKED`] wins.

/// Done.
pub const DONE: u8 = 0;
/// A fault of the program.
pub const FAULT: u8 = 1;
/// Wrong usage or configuration.
pub const USAGE: u8 = 2;
/// Nothing of some source is usable.
pub const UNUSABLE: u8 = 3;
/// Refused by policy: licence, egress, privacy.
pub const POLICY: u8 = 4;
/// A model endpoint failed or a budget ran out; resumable.
pub const ENDPOINT: u8 = 5;
/// Verification found damage.
pub const DAMAGE: u8 = 6;
/// Done, but some records were rejected as bad input, failed or are pending.
pub const PARTIAL: u8 = 7;
/// Another process holds the workspace.
pub const HELD: u8 = 8;
/// Worker: a bad shard, never to be tried again.
pub const BAD_SHARD: u8 = 65;
/// Worker: try again.
pub const TRY_AGAIN: u8 = 75;
/// Interrupted; resumable.
pub const INTERRUPTED: u8 = 130;

/// From the one that wins to the one that loses.
pub const RANKED: [u8; 10] = [
    USAGE,
    HELD,
    POLICY,
    DAMAGE,
    ENDPOINT,
    UNUSABLE,
    PARTIAL,
    DONE,
    FAULT,
    INTERRUPTED,
];

/// The code that wins.
#[must_use]
pub fn strongest(codes: &[u8]) -> u8 {
    RANKED
        .into_iter()
        .find(|c| codes.contains(c))
        .unwrap_or(DONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_named_wins() {
        assert_eq!(strongest(&[PARTIAL, UNUSABLE]), UNUSABLE);
        assert_eq!(strongest(&[ENDPOINT, UNUSABLE, PARTIAL]), ENDPOINT);
        assert_eq!(strongest(&[]), DONE);
    }
}
