//! A page as SVG: letters are outlines, so that it looks the same everywhere; what it says
//! stands in its description.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::font::{Face, Run, UNITS_PER_EM, Weight};
use super::shape::{Colour, Outline, Page, Point, Segment, Shape};

/// `page` as an SVG document.
pub fn svg(page: &Page) -> String {
    let (width, height) = page.paper.points();
    let (wide, high) = page.paper.inches();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         width=\"{wide}in\" height=\"{high}in\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"title description\" xml:lang=\"{}\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n",
        number(width),
        number(height),
        escaped(&page.language),
        escaped(&page.title),
        escaped(&page.description),
    );
    out += &glyphs(page);
    out += "<g stroke-linecap=\"round\" stroke-linejoin=\"round\">\n";
    page.shapes.iter().for_each(|shape| out += &drawn(shape));
    out += "</g>\n</svg>\n";
    out
}

fn drawn(shape: &Shape) -> String {
    match shape {
        Shape::Fill(outline, colour) => {
            format!("<path d=\"{}\" fill=\"{}\"/>\n", path(outline), hex(*colour))
        }
        Shape::Line(outline, colour, width) => format!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
            path(outline),
            hex(*colour),
            number(*width)
        ),
        Shape::Text(run, start, colour) => text(run, *start, *colour),
    }
}

/// Every glyph of the page once.
fn glyphs(page: &Page) -> String {
    let mut seen: BTreeMap<String, Outline> = BTreeMap::new();
    for (run, _) in page.texts() {
        for glyph in &run.glyphs {
            let outline = || Face::of(run.weight).outline(glyph.id);
            seen.entry(name(run.weight, glyph.id)).or_insert_with(outline);
        }
    }
    let glyph = |(name, outline): (&String, &Outline)| {
        format!("<path id=\"{name}\" d=\"{}\"/>\n", path(outline))
    };
    format!("<defs>\n{}</defs>\n", seen.iter().map(glyph).collect::<String>())
}

fn name(weight: Weight, glyph: u16) -> String {
    let weight = match weight {
        Weight::Regular => 'r',
        Weight::Bold => 'b',
    };
    format!("{weight}{glyph}")
}

fn text(run: &Run, start: Point, colour: Colour) -> String {
    let scale = run.size / UNITS_PER_EM;
    let mut out = format!(
        "<g transform=\"translate({} {}) scale({scale} -{scale})\" fill=\"{}\">",
        number(start.x),
        number(start.y),
        hex(colour)
    );
    for glyph in &run.glyphs {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<use xlink:href=\"#{}\" x=\"{}\" y=\"{}\"/>",
            name(run.weight, glyph.id),
            number(glyph.x),
            number(glyph.y)
        );
    }
    out + "</g>\n"
}

fn path(outline: &Outline) -> String {
    let mut out = String::new();
    let mut put = |letter: char, points: &[Point]| {
        out.push(letter);
        let pairs: Vec<String> =
            points.iter().map(|p| format!("{} {}", number(p.x), number(p.y))).collect();
        out += &pairs.join(" ");
    };
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => put('M', &[to]),
            Segment::Line(to) => put('L', &[to]),
            Segment::Curve(a, b, to) => put('C', &[a, b, to]),
            Segment::Close => put('Z', &[]),
        }
    }
    out
}

/// To a hundredth, without zeros at its end.
fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
