use super::marked::{Mark, html};
use super::*;

#[test]
fn text_is_escaped_between_marks() {
    let mark = |range, class: &str| Mark {
        range,
        class: class.to_owned(),
        title: "a \"b\"".to_owned(),
    };
    let check = |text: &str, marks: &[Mark], expect: &str| assert_eq!(html(text, marks), expect);
    check("<b>", &[], "&lt;b&gt;");
    check(
        "a<c",
        &[mark([0, 2], "x"), mark([1, 3], "y")],
        "<span class=\"x\" title=\"a &quot;b&quot;\">a</span>\
         <span class=\"x y\" title=\"a &quot;b&quot;; a &quot;b&quot;\">&lt;</span>\
         <span class=\"y\" title=\"a &quot;b&quot;\">c</span>",
    );
    check("图1", &[mark([1, 3], "x")], "图1");
}

#[test]
fn script_in_a_document_stays_words() {
    let problem = Problem {
        source: "s".to_owned(),
        file: "f".to_owned(),
        place: "<script>".to_owned(),
        reason: "\"x\" & y".to_owned(),
    };
    let html = troubles(&[problem]);
    assert!(
        html.contains("&lt;script&gt;") && html.contains("&quot;x&quot; &amp; y"),
        "{html}"
    );
}
