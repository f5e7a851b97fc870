//! Markdown of a text cell as HTML that can do nothing: no raw HTML, no scripts, no requests.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::report::escape;

/// HTML of a text cell. Raw HTML is shown as it was typed; links open another page and tell it
/// nothing; an image from elsewhere becomes a link to it; headings start at `h2`, below the
/// notebook's title.
pub fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut out = String::new();
    let mut open = Open::default();
    html::push_html(
        &mut out,
        Parser::new_ext(markdown, options).map(|event| open.tame(event)),
    );
    out
}

/// The first heading, or the first line of words: what an outline calls the cell.
pub fn outline(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(&t),
            Event::SoftBreak => text.push(' '),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item)
            | Event::HardBreak
                if !text.is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    text.trim().to_string()
}

/// Links and images under way, to close them as they were opened.
#[derive(Default)]
struct Open {
    links: Vec<bool>,
    images: Vec<Image>,
}

enum Image {
    Shown,
    Link,
    Words,
}

impl Open {
    fn tame<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
                level: below(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.links.push(leads_away(&dest_url));
                if leads_away(&dest_url) {
                    link(&dest_url)
                } else {
                    Event::Text(CowStr::Borrowed(""))
                }
            }
            Event::End(TagEnd::Link) => end_link(self.links.pop().unwrap_or(false)),
            Event::Start(Tag::Image {
                dest_url,
                link_type,
                title,
                id,
            }) => {
                // Within a link no other link may stand.
                let kind = match () {
                    () if is_here(&dest_url) => Image::Shown,
                    () if leads_away(&dest_url) && !self.links.contains(&true) => Image::Link,
                    () => Image::Words,
                };
                let event = match kind {
                    Image::Shown => Event::Start(Tag::Image {
                        link_type,
                        dest_url,
                        title,
                        id,
                    }),
                    Image::Link => link(&dest_url),
                    Image::Words => Event::Text(CowStr::Borrowed("")),
                };
                self.images.push(kind);
                event
            }
            Event::End(TagEnd::Image) => match self.images.pop() {
                Some(Image::Shown) => Event::End(TagEnd::Image),
                Some(Image::Link) => end_link(true),
                _ => end_link(false),
            },
            other => other,
        }
    }
}

fn link<'a>(url: &str) -> Event<'a> {
    let url = escape(url);
    Event::InlineHtml(
        format!("<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer\">").into(),
    )
}

fn end_link<'a>(is_open: bool) -> Event<'a> {
    if is_open {
        Event::InlineHtml("</a>".into())
    } else {
        Event::Text("".into())
    }
}

fn leads_away(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|s| {
        url.get(..s.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(s))
    })
}

/// Whether an image travels within the notebook.
fn is_here(url: &str) -> bool {
    ["png", "jpeg", "gif", "webp"]
        .iter()
        .any(|kind| url.starts_with(&format!("data:image/{kind};base64,")))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + 1).min(6)).unwrap_or(HeadingLevel::H6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expected: &str) {
        assert_eq!(render(markdown).trim_end(), expected, "{markdown}");
    }

    #[test]
    fn markdown_becomes_html() {
        check(
            "# Who\n\nshould *get* it",
            "<h2>Who</h2>\n<p>should <em>get</em> it</p>",
        );
        check("###### six", "<h6>six</h6>");
        check("~~a~~ `b`", "<p><del>a</del> <code>b</code></p>");
        check("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>");
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        check(
            "a <b onclick=x>c</b>",
            "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>",
        );
        check(
            "<script>alert(1)</script>",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        );
        check("# a {#x .y onclick=z}", "<h2>a {#x .y onclick=z}</h2>");
    }

    #[test]
    fn links_leave_only_for_known_places() {
        check(
            "[a](https://b.c/?d=\"e\")",
            "<p><a href=\"https://b.c/?d=&quot;e&quot;\" target=\"_blank\" rel=\"noopener noreferrer\">a</a></p>",
        );
        for url in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "file:///etc",
            "vbscript:x",
        ] {
            check(&format!("[a]({url})"), "<p>a</p>");
        }
    }

    #[test]
    fn images_from_elsewhere_are_not_loaded() {
        check(
            "![cat](https://b.c/cat.png)",
            "<p><a href=\"https://b.c/cat.png\" target=\"_blank\" rel=\"noopener noreferrer\">cat</a></p>",
        );
        check("![cat](cat.png)", "<p>cat</p>");
        check("![cat](data:image/svg+xml;base64,AAAA)", "<p>cat</p>");
        check(
            "![cat](data:image/png;base64,AAAA)",
            "<p><img src=\"data:image/png;base64,AAAA\" alt=\"cat\" /></p>",
        );
        check(
            "[![cat](https://b.c/cat.png)](https://d.e)",
            "<p><a href=\"https://d.e\" target=\"_blank\" rel=\"noopener noreferrer\">cat</a></p>",
        );
    }

    #[test]
    fn an_outline_takes_the_first_line() {
        let check = |markdown: &str, expected: &str| assert_eq!(outline(markdown), expected);
        check("# Who `should`\n\nget it", "Who should");
        check("\n\n- one\n- two", "one");
        check("", "");
    }
}
