//! Formulas as one line of text.

use crate::text::superscript;
use crate::tree::Node;

/// A formula's text: its MathML (W3C MathML 3, presentation) in a line, else its TeX, else
/// the text it holds. Fractions keep their bar: `1/2` must not become `12`.
pub fn formula(node: Node<'_>) -> String {
    let named = |name: &str| node.descendants().find(|n| n.name() == name);
    if let Some(math) = named("math") {
        return line(math);
    }
    match named("tex-math") {
        Some(tex) => tex_body(&tex.all_text()),
        None => node.all_text(),
    }
}

/// Publishers wrap TeX in a whole document; only what stands between its dollar signs or
/// in its body is the formula.
fn tex_body(tex: &str) -> String {
    let body = tex
        .split_once("\\begin{document}")
        .map_or(tex, |(_, body)| body);
    let body = body
        .split_once("\\end{document}")
        .map_or(body, |(body, _)| body);
    body.trim().trim_matches('$').trim().to_owned()
}

/// A MathML element as text.
pub fn line(node: Node<'_>) -> String {
    if let Some(text) = node.text() {
        return text.trim().to_owned();
    }
    let parts: Vec<String> = node
        .children()
        .map(line)
        .filter(|part| !part.is_empty())
        .collect();
    match (node.name(), parts.as_slice()) {
        ("mfrac", [top, bottom]) => format!("{}/{}", grouped(top), grouped(bottom)),
        ("msup", [base, top]) => raise(base, top),
        ("msub" | "munder", [base, low]) => format!("{base}_{}", grouped(low)),
        ("msubsup" | "munderover", [base, low, top]) => {
            raise(&format!("{base}_{}", grouped(low)), top)
        }
        ("msqrt", _) => format!("√({})", parts.concat()),
        ("mfenced", _) => format!("({})", parts.join(", ")),
        ("mtr", _) => parts.join(" "),
        ("mtable", _) => parts.join("; "),
        ("mspace", _) => " ".to_owned(),
        ("annotation" | "annotation-xml", _) => String::new(),
        _ => parts.concat(),
    }
}

fn raise(base: &str, top: &str) -> String {
    let raised = superscript(top);
    if raised == top {
        format!("{base}^{}", grouped(top))
    } else {
        format!("{base}{raised}")
    }
}

fn grouped(text: &str) -> String {
    let simple = text.chars().all(|c| c.is_alphanumeric() || c == '.');
    if simple {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

#[cfg(test)]
mod tests {
    fn check(xml: &str, expect: &str) {
        let xml = format!("<f>{xml}</f>");
        let xml = roxmltree::Document::parse(&xml).expect("XML");
        let tree = crate::xml::tree(xml.root_element());
        let root = tree.root().expect("a root");
        assert_eq!(super::formula(root), expect);
    }

    #[test]
    fn formulas_in_a_line() {
        check("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2");
        check(
            "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>",
            "(a+b)/c",
        );
        check("<math><msup><mi>R</mi><mn>2</mn></msup></math>", "R²");
        check("<math><msub><mi>x</mi><mi>i</mi></msub></math>", "x_i");
        check("<math><msup><mi>e</mi><mi>x</mi></msup></math>", "e^x");
        check(
            "<tex-math>\\documentclass{x}\\begin{document}$$a=b$$\\end{document}</tex-math>",
            "a=b",
        );
        check("I = 5", "I = 5");
    }
}
