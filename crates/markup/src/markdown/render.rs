//! Markdown to HTML, remembering which line became which.

use pulldown_cmark::{
    CodeBlockKind, Event, MetadataBlockKind, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

use super::front::Matter;

/// HTML made of a Markdown text.
#[derive(Debug)]
pub struct Rendered {
    /// The page.
    pub html: String,
    /// Lines of the page and of the Markdown, growing: a block of the page that begins at or
    /// after the first was made of the second.
    pub lines: Vec<(u32, u32)>,
    /// What stands before the text.
    pub front: Option<Matter>,
}

/// Renders a text.
#[must_use]
pub fn html(text: &str) -> Rendered {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_MATH
        | Options::ENABLE_DEFINITION_LIST;
    let mut out = Writer {
        html: String::new(),
        lines: vec![(0, 1)],
        made: 1,
        front: None,
        matter: None,
        alt: None,
        header: false,
    };
    let (mut at, mut line) = (0, 1);
    for (event, range) in
        TextMergeWithOffset::new(Parser::new_ext(text, options).into_offset_iter())
    {
        if let Event::Start(_) = &event {
            // Footnotes come at their own place; no range begins before the last but those.
            if range.start < at {
                (at, line) = (0, 1);
            }
            line += count(&text[at..range.start]);
            at = range.start;
            out.place(line);
        }
        out.event(event);
    }
    Rendered {
        html: out.html,
        lines: out.lines,
        front: out.front,
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

struct Writer {
    html: String,
    lines: Vec<(u32, u32)>,
    /// The line of the page that is being written.
    made: u32,
    front: Option<Matter>,
    /// Front matter that is being read.
    matter: Option<(MetadataBlockKind, String)>,
    /// A picture's description that is being read, and what ends its tag.
    alt: Option<(String, String)>,
    header: bool,
}

impl Writer {
    /// Begins a new line of the page for a line of the text.
    fn place(&mut self, line: u32) {
        if self.alt.is_none() && self.lines.last().is_none_or(|(_, last)| *last != line) {
            self.push("\n");
            self.lines.push((self.made, line));
        }
    }

    fn push(&mut self, html: &str) {
        self.made += count(html);
        self.html.push_str(html);
    }

    fn text(&mut self, text: &str) {
        if let Some((_, matter)) = &mut self.matter {
            matter.push_str(text);
        } else if let Some((alt, _)) = &mut self.alt {
            alt.push_str(text);
        } else {
            let text = marked(&escaped(text), '^', "sup");
            self.push(&marked(&text, '~', "sub"));
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) if self.alt.is_some() => self.text(&text),
            Event::Code(text) => self.push(&format!("<code>{}</code>", escaped(&text))),
            Event::InlineMath(text) => self.text(&text),
            Event::DisplayMath(text) => {
                self.push(&format!("<div class=\"math\">{}</div>", escaped(&text)));
            }
            Event::Html(html) | Event::InlineHtml(html) => self.push(&html),
            Event::FootnoteReference(name) => {
                let name = escaped(&name);
                self.push(&format!("<sup><a href=\"#fn-{name}\">{name}</a></sup>"));
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push("<br>"),
            Event::Rule => self.push("<hr>"),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let html = match tag {
            Tag::Heading { level, id, .. } => {
                let id = id.map(|id| format!(" id=\"{}\"", escaped(&id)));
                format!("<{level}{}>", id.unwrap_or_default())
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(kind)) if &*kind == "math" => {
                "<div class=\"math\">".to_owned()
            }
            Tag::FootnoteDefinition(name) => {
                format!("<div class=\"footnote\" id=\"fn-{}\">", escaped(&name))
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                let open = format!("<img src=\"{}\" alt=\"", escaped(&dest_url));
                self.push(&open);
                self.alt = Some((String::new(), format!("\" title=\"{}\">", escaped(&title))));
                return;
            }
            Tag::Link { dest_url, .. } => format!("<a href=\"{}\">", escaped(&dest_url)),
            Tag::MetadataBlock(kind) => {
                self.matter = Some((kind, String::new()));
                return;
            }
            Tag::TableHead => {
                self.header = true;
                "<thead><tr>".to_owned()
            }
            tag => format!("<{}>", self.name(tag.to_end())),
        };
        if self.alt.is_none() {
            self.push(&html);
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Image => {
                if let Some((alt, end)) = self.alt.take() {
                    self.push(&format!("{}{end}", escaped(&alt)));
                }
            }
            TagEnd::MetadataBlock(_) => {
                self.front = self.matter.take().map(|(kind, text)| match kind {
                    MetadataBlockKind::YamlStyle => Matter::Yaml(text),
                    MetadataBlockKind::PlusesStyle => Matter::Toml(text),
                });
            }
            _ if self.alt.is_some() => {}
            TagEnd::TableHead => {
                self.header = false;
                self.push("</tr></thead>");
            }
            tag => {
                let html = format!("</{}>", self.name(tag));
                self.push(&html);
            }
        }
    }

    fn name(&self, tag: TagEnd) -> &'static str {
        match tag {
            TagEnd::Paragraph => "p",
            TagEnd::Heading(level) => ["h1", "h2", "h3", "h4", "h5", "h6"][level as usize - 1],
            TagEnd::BlockQuote(_) => "blockquote",
            TagEnd::CodeBlock => "pre",
            TagEnd::List(true) => "ol",
            TagEnd::List(false) => "ul",
            TagEnd::Item => "li",
            TagEnd::Table => "table",
            TagEnd::TableRow => "tr",
            TagEnd::TableCell if self.header => "th",
            TagEnd::TableCell => "td",
            TagEnd::Emphasis => "em",
            TagEnd::Strong => "strong",
            TagEnd::Strikethrough => "s",
            TagEnd::Link => "a",
            TagEnd::DefinitionList => "dl",
            TagEnd::DefinitionListTitle => "dt",
            TagEnd::DefinitionListDefinition => "dd",
            _ => "div",
        }
    }
}

/// Raised and lowered text (`10^5^`, `CO~2~`; Pandoc's manual, section 8.17). The parser's own
/// option sees neither inside a word, where medicine has nearly all of them.
fn marked(text: &str, mark: char, name: &str) -> String {
    const LONGEST: usize = 20;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let inner = after.split_once(mark).filter(|(inner, _)| {
            let fits = (1..=LONGEST).contains(&inner.len());
            fits && !inner.contains(char::is_whitespace)
        });
        match inner {
            Some((inner, after)) => {
                out.push_str(&format!("<{name}>{inner}</{name}>"));
                rest = after;
            }
            None => {
                out.push(mark);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_remembered() {
        let made = html("# A\n\nb\nc\n\n- d\n- e\n");
        assert_eq!(
            made.html,
            "<h1>A</h1>\n<p>b c</p>\n<ul><li>d</li>\n<li>e</li></ul>"
        );
        assert_eq!(made.lines, [(0, 1), (2, 3), (3, 6), (4, 7)]);
    }

    #[test]
    fn marks_become_elements() {
        let check = |text: &str, expect: &str| assert_eq!(html(text).html, expect, "{text}");
        check(
            "![a *b*](x.png \"T\")",
            "<p><img src=\"x.png\" alt=\"a b\" title=\"T\"></p>",
        );
        check("a < b & `c<d`", "<p>a &lt; b &amp; <code>c&lt;d</code></p>");
        check("10^5^ CO~2~", "<p>10<sup>5</sup> CO<sub>2</sub></p>");
        check("2 ^ 3 and ~5 to 6^", "<p>2 ^ 3 and ~5 to 6^</p>");
    }
}
