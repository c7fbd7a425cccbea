//! Clinical words.
