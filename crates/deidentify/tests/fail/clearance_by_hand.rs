use spinemed_core::Digest;
use spinemed_core::vocabulary::Subjects;
use spinemed_deidentify::Clearance;

fn main() {
    let record = Digest::of(b"");
    let _ = Clearance { rules: 1, subjects: Subjects::None, record };
}
