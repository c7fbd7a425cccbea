//! The key that pseudonyms, dates and commitments are made with.
//!
//! Every mapping is HMAC-SHA-256 (RFC 2104, FIPS 180-4) under one 256-bit key and a domain of
//! its own: without the key a pseudonym cannot be guessed from an identifier, and two
//! workspaces with other keys cannot be linked. The key never enters the store; where it lives
//! and how it is changed is told in `docs/privacy.md`.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use spinemed_core::Digest;

/// A 256-bit key. It prints its public name alone.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; 32],
    public: bool,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[error("a key is one line: `spinemed-key-1 ` and 64 hexadecimal digits")]
pub struct BadKey;

const SECRET: &str = "spinemed-key-1";
const PUBLIC: &str = "spinemed-public-key-1";

impl Key {
    /// Reads a key file's text: `spinemed-key-1` or, for made data alone,
    /// `spinemed-public-key-1`, a space, and 64 hexadecimal digits. Lines that start with `#`
    /// are comments.
    ///
    /// # Errors
    /// [`BadKey`] for anything else; the error repeats nothing of the text.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(BadKey);
        };
        let (kind, hex) = line.split_once(' ').ok_or(BadKey)?;
        let public = match kind {
            SECRET => false,
            PUBLIC => true,
            _ => return Err(BadKey),
        };
        // A digest is 64 hexadecimal digits, and its reader is strict.
        let digest: Digest = hex.trim().parse().map_err(|_| BadKey)?;
        let bytes = *digest.as_bytes();
        if bytes.iter().all(|b| *b == bytes[0]) {
            return Err(BadKey);
        }
        Ok(Self { bytes, public })
    }

    /// The text of a key file for 32 random bytes.
    #[must_use]
    pub fn file(random: [u8; 32]) -> String {
        let hex: String = random.iter().map(|b| format!("{b:02x}")).collect();
        format!(
            "# A key of SpineMed. Whoever has it can link pseudonyms to patients: keep it secret,\n\
             # keep a copy, and never put it beside the data. See docs/privacy.md.\n{SECRET} {hex}\n"
        )
    }

    /// Whether everybody knows it: such a key serves made data alone.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.public
    }

    /// The key's public name: 16 hexadecimal digits that tell keys apart and reveal nothing.
    #[must_use]
    pub fn name(&self) -> String {
        hex(&self.mac("name", &[])[..8])
    }

    /// The keyed digest of some parts. Parts are prefixed with their lengths, so that no two
    /// lists of parts give one message.
    #[must_use]
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.bytes).expect("HMAC takes a key of any length");
        for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// What stands for the digest of a patient's file everywhere outside its own bytes (I5).
    #[must_use]
    pub fn commitment(&self, digest: &Digest) -> Digest {
        Digest::from_bytes(self.mac("file", &[digest.as_bytes()]))
    }

    /// What stands for a name or identifier: 16 hexadecimal digits. Equal texts of one domain
    /// give equal pseudonyms; outer white space and case do not matter.
    #[must_use]
    pub fn pseudonym(&self, domain: &str, text: &str) -> String {
        let text = text.trim().to_lowercase();
        hex(&self.mac(domain, &[b"pseudonym", text.as_bytes()])[..8])
    }

    /// What stands for a UID: `2.25.` and a UUID as a decimal number (DICOM PS3.5, B.2), at
    /// most 44 characters, no component with a leading zero.
    #[must_use]
    pub fn uid(&self, uid: &str) -> String {
        let uid = uid.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        let mac = self.mac("uid", &[uid.as_bytes()]);
        let mut half = [0; 16];
        half.copy_from_slice(&mac[..16]);
        // A version 8 UUID (RFC 9562, 5.8) of variant 1.
        half[6] = (half[6] & 0x0f) | 0x80;
        half[8] = (half[8] & 0x3f) | 0x80;
        format!("2.25.{}", u128::from_be_bytes(half))
    }

    /// How many days all dates of a patient are moved: 1 to 3,652 days into the past, the same
    /// for everything of one patient, so that intervals stay.
    #[must_use]
    pub fn days(&self, patient: &str) -> i64 {
        let mac = self.mac("days", &[patient.trim().to_lowercase().as_bytes()]);
        let mut start = [0; 8];
        start.copy_from_slice(&mac[..8]);
        -1 - i64::try_from(u64::from_be_bytes(start) % 3652).expect("below 3,652")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> Key {
        let mut random = [byte; 32];
        random[0] ^= 0xff;
        Key::parse(&Key::file(random)).unwrap()
    }

    #[test]
    fn files_are_read_strictly_and_errors_say_nothing_of_them() {
        assert!(!key(1).is_public());
        let hex = "0123456789abcdef".repeat(4);
        assert!(
            Key::parse(&format!("spinemed-public-key-1 {hex}"))
                .unwrap()
                .is_public()
        );
        for wrong in [
            String::new(),
            hex.clone(),
            format!("spinemed-key-1 {}", &hex[1..]),
            format!("spinemed-key-2 {hex}"),
            format!("spinemed-key-1 {hex}\nspinemed-key-1 {hex}"),
            format!("spinemed-key-1 {}", "00".repeat(32)),
        ] {
            let error = Key::parse(&wrong).unwrap_err().to_string();
            assert!(!error.contains("0123"), "{error}");
        }
    }

    #[test]
    fn it_never_prints_itself() {
        let shown = format!("{:?}", key(7));
        assert!(shown.contains(&key(7).name()), "{shown}");
        assert!(!shown.contains("0707"), "{shown}");
    }

    #[test]
    fn other_keys_give_other_pseudonyms() {
        let (a, b) = (key(1), key(2));
        assert_ne!(a.name(), b.name());
        assert_ne!(a.uid("1.2.3"), b.uid("1.2.3"));
        assert_ne!(a.pseudonym("patient", "x"), b.pseudonym("patient", "x"));
        assert_ne!(a.pseudonym("patient", "x"), a.pseudonym("site", "x"));
        assert_ne!(
            a.commitment(&Digest::of(b"x")),
            b.commitment(&Digest::of(b"x"))
        );
        assert_eq!(a.pseudonym("patient", " X "), a.pseudonym("patient", "x"));
        assert_eq!(a.uid("1.2.3\0"), a.uid("1.2.3"));
    }

    proptest! {
        #[test]
        fn uids_are_legal_and_days_lie_in_the_past(text in ".{0,80}") {
            let key = key(3);
            let uid = key.uid(&text);
            prop_assert!(uid.len() <= 64);
            for component in uid.split('.') {
                prop_assert!(component.bytes().all(|b| b.is_ascii_digit()));
                prop_assert!(component == "0" || !component.starts_with('0'));
            }
            prop_assert!((-3652..=-1).contains(&key.days(&text)));
        }
    }
}
