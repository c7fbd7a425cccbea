//! SpineMed: release.
