use spinemed_core::vocabulary::Subjects;
use spinemed_deidentify::Deidentified;

fn main() {
    let _ = Deidentified { value: 1, subjects: Subjects::None };
}
