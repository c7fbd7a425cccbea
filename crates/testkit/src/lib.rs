//! SpineMed: testkit.
