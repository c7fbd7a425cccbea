//! Wrong code does not compile: nobody outside the crate makes a `Deidentified`.

#[test]
fn no_way_around_the_gate() {
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}
