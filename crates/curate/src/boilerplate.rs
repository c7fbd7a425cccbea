//! Texts that every article carries and no clinician asks about.

/// Headings whose sections are about the publication, not the patient: the back matter that
/// the ICMJE Recommendations and JATS (`back`, `notes`, `ack`) call for.
const SECTIONS: &[&str] = &[
    "abbreviations",
    "acknowledgement",
    "acknowledgment",
    "additional file",
    "additional information",
    "article information",
    "author contribution",
    "authors' contribution",
    "author's contribution",
    "author information",
    "availability of data",
    "competing interest",
    "conflict of interest",
    "conflicts of interest",
    "consent for publication",
    "consent to publish",
    "contributor",
    "copyright",
    "data availability",
    "data sharing",
    "declaration",
    "disclosure",
    "electronic supplementary",
    "ethical approval",
    "ethical issues",
    "ethical statement",
    "ethics",
    "financial support",
    "funding",
    "keywords",
    "peer review",
    "pre-publication history",
    "publisher's note",
    "reference",
    "bibliography",
    "statement of ethics",
    "supplementary information",
    "supplementary material",
    "supplemental material",
    "supporting information",
    "作者贡献",
    "利益冲突",
    "参考文献",
    "伦理",
    "基金",
    "致谢",
    "关键词",
];

/// Phrases of notices that many documents repeat word for word. A text that holds one says
/// nothing about whether two documents are related.
const NOTICES: &[&str] = &[
    "all rights reserved",
    "authors declare that",
    "authors have no conflict",
    "competing interests",
    "conflict of interest",
    "conflicts of interest",
    "consent for publication",
    "creative commons",
    "ethics committee",
    "institutional review board",
    "informed consent",
    "publisher's note",
    "open access article",
    "supported by the",
    "利益冲突",
    "知情同意",
    "伦理委员会",
];

/// The first section title that names back matter, if any.
pub(crate) fn back_matter<'a>(titles: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    titles.into_iter().find(|title| {
        let lower = crate::normalised(title);
        let bare = lower.trim_start_matches(|c: char| c.is_ascii_digit() || ".、) ".contains(c));
        SECTIONS.iter().any(|section| bare.starts_with(section))
    })
}

/// Whether a normalised text is a notice rather than evidence.
pub(crate) fn is_notice(normal: &str) -> bool {
    NOTICES.iter().any(|phrase| normal.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_matter_is_known_by_its_heading() {
        let check = |title: &str, expect: bool| {
            assert_eq!(back_matter([title]).is_some(), expect, "{title}");
        };
        check("Acknowledgements", true);
        check("7. Authors’ contributions", true);
        check("Conflict of Interest Statement", true);
        check("参考文献", true);
        check("Ethics approval and consent to participate", true);
        check("Results", false);
        check("3.2 Surgical technique", false);
        check("手术方法", false);
    }

    #[test]
    fn notices_are_known_by_their_words() {
        assert!(is_notice(
            "distributed under the terms of the creative commons licence"
        ));
        assert!(!is_notice("the l4/l5 disc was removed"));
    }
}
