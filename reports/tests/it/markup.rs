//! A strict reader of the markup that the report writes: every tag closed, in order.

use std::collections::BTreeSet;

const VOID: [&str; 7] = ["meta", "img", "br", "path", "rect", "circle", "!doctype"];

/// Elements with their attributes, in order of appearance.
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

/// Reads a page; the error says what is not well formed.
pub(crate) fn read(page: &str) -> Result<Vec<Element>, String> {
    let (mut elements, mut open) = (Vec::new(), Vec::<String>::new());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') && open.last().is_none_or(|o| o != "style") {
            return Err(format!("a bare > in {:?}", &rest[..start]));
        }
        let (tag, after) = cut_tag(&rest[start + 1..])?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            close(&mut open, name)?;
            continue;
        }
        let element = element(tag)?;
        if !VOID.contains(&element.name.as_str()) {
            open.push(element.name.clone());
        }
        elements.push(element);
    }
    if open.is_empty() { Ok(elements) } else { Err(format!("never closed: {open:?}")) }
}

fn close(open: &mut Vec<String>, name: &str) -> Result<(), String> {
    match open.pop() {
        Some(last) if last == name => Ok(()),
        last => Err(format!("</{name}> closes {last:?}")),
    }
}

/// The inside of a tag, up to the first `>` outside of quotes.
fn cut_tag(text: &str) -> Result<(&str, &str), String> {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' => return Err(format!("a bare < in {:?}", &text[..i])),
            '>' if !quoted => return Ok((&text[..i], &text[i + 1..])),
            _ => {}
        }
    }
    Err("a tag without end".into())
}

fn element(tag: &str) -> Result<Element, String> {
    let tag = tag.strip_suffix('/').unwrap_or(tag);
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() && name != "!doctype" {
        let (key, after) = rest.split_once("=\"").ok_or_else(|| format!("no value in <{tag}>"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("no closing quote in <{tag}>"))?;
        attributes.push((key.trim().to_string(), value.to_string()));
        rest = after;
    }
    Ok(Element { name: name.to_string(), attributes })
}

/// All values of one attribute.
pub(crate) fn values<'a>(elements: &'a [Element], key: &str) -> Vec<&'a str> {
    let attributes = elements.iter().flat_map(|e| &e.attributes);
    attributes.filter(|(k, _)| k == key).map(|(_, v)| v.as_str()).collect()
}

/// Ids that stand twice, and links that lead nowhere.
pub(crate) fn broken_anchors(elements: &[Element]) -> Vec<String> {
    let ids = values(elements, "id");
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    let mut broken: Vec<String> = Vec::new();
    if unique.len() != ids.len() {
        broken.push(format!("{} ids, {} of them different", ids.len(), unique.len()));
    }
    let inside = values(elements, "href").into_iter().filter_map(|h| h.strip_prefix('#'));
    broken.extend(inside.filter(|h| !unique.contains(h)).map(String::from));
    broken
}

#[test]
fn the_reader_rejects_what_is_not_well_formed() {
    for bad in ["<p>", "<p></b>", "<p a=\"1></p>", "</p>", "<p>a > b</p>", "<p a></p>", "<p><b></p></b>", "<p <b>"] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let good = read("<p id=\"a\"><img alt=\"x > y\"><a href=\"#b\">z</a></p>").unwrap();
    assert_eq!(broken_anchors(&good), ["b"]);
}
