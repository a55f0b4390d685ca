//! A page as PDF: letters stay letters, so that they can be searched and read aloud. The
//! fonts are inside; there is no date, so that the same page gives the same bytes.

use std::collections::BTreeMap;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{
    CidFontType, FontFlags, LineCapStyle, LineJoinStyle, SystemInfo, UnicodeCmap,
};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::font::{ASCENT, CAPITALS, DESCENT, Face, Run, UNITS_PER_EM, Weight};
use super::shape::{Colour, Outline, Page, Point, Segment, Shape};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const FIRST_OF_FONTS: i32 = 6;
/// As many objects make a font.
const OF_A_FONT: i32 = 5;
const WEIGHTS: [Weight; 2] = [Weight::Regular, Weight::Bold];
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// `page` as the bytes of a PDF file.
pub fn pdf(page: &Page) -> Vec<u8> {
    let (width, height) = page.paper.points();
    let mut pdf = Pdf::new();
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr(&page.language));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    pdf.pages(PAGES).kids([PAGE]).count(1);
    pdf.document_info(INFO).title(TextStr(&page.title)).creator(TextStr("effleurage"));
    let mut sheet = pdf.page(PAGE);
    sheet.parent(PAGES).media_box(Rect::new(0.0, 0.0, width, height)).contents(CONTENT);
    let mut resources = sheet.resources();
    let mut fonts = resources.fonts();
    for weight in WEIGHTS {
        fonts.pair(font_name(weight), font_object(weight, 0));
    }
    fonts.finish();
    resources.finish();
    sheet.finish();
    let content = compressed(&drawn(page, height));
    pdf.stream(CONTENT, &content).filter(Filter::FlateDecode);
    WEIGHTS.into_iter().for_each(|weight| font(&mut pdf, page, weight));
    pdf.finish()
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // A vector takes whatever is written.
    let _ = std::io::Write::write_all(&mut encoder, bytes);
    encoder.finish().unwrap_or_default()
}

fn font_name(weight: Weight) -> Name<'static> {
    match weight {
        Weight::Regular => Name(b"Regular"),
        Weight::Bold => Name(b"Bold"),
    }
}

fn font_object(weight: Weight, nth: i32) -> Ref {
    Ref::new(FIRST_OF_FONTS + weight as i32 * OF_A_FONT + nth)
}

/// The whole font of this weight, with a table from its glyphs to letters.
fn font(pdf: &mut Pdf, page: &Page, weight: Weight) {
    let [font, of_glyphs, about, file, letters] = [0, 1, 2, 3, 4].map(|n| font_object(weight, n));
    let face = Face::of(weight);
    let name = Name(face.name.as_bytes());
    let used = glyphs(page, weight);
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(of_glyphs)
        .to_unicode(letters);
    let mut cid = pdf.cid_font(of_glyphs);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(about);
    cid.cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = cid.widths();
    for glyph in used.keys() {
        widths.same(*glyph, *glyph, face.advance(*glyph));
    }
    widths.finish();
    cid.finish();
    pdf.font_descriptor(about)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(-300.0, -DESCENT * UNITS_PER_EM, 1400.0, ASCENT * UNITS_PER_EM))
        .italic_angle(0.0)
        .ascent(ASCENT * UNITS_PER_EM)
        .descent(-DESCENT * UNITS_PER_EM)
        .cap_height(CAPITALS * UNITS_PER_EM)
        .stem_v(if weight == Weight::Bold { 140.0 } else { 80.0 })
        .font_file2(file);
    let bytes = compressed(face.bytes);
    let mut stream = pdf.stream(file, &bytes);
    stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), face.bytes.len() as i32);
    stream.finish();
    let mut map = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    let told = used.iter().filter(|(glyph, letters)| **glyph != 0 && !letters.is_empty());
    told.for_each(|(glyph, letters)| map.pair_with_multiple(*glyph, letters.chars()));
    pdf.cmap(letters, &map.finish());
}

/// The glyphs of this weight that are on the page, each with letters that it stands for.
fn glyphs(page: &Page, weight: Weight) -> BTreeMap<u16, &str> {
    let runs = page.texts().map(|(run, _)| run).filter(|run| run.weight == weight);
    let glyphs = runs.flat_map(|run| &run.glyphs);
    glyphs.map(|glyph| (glyph.id, glyph.letters.as_str())).collect()
}

/// The page in the language of PDF, whose origin is at the lower left.
fn drawn(page: &Page, height: f32) -> Vec<u8> {
    let mut content = Content::new();
    content.transform([1.0, 0.0, 0.0, -1.0, 0.0, height]);
    content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
    for shape in &page.shapes {
        match shape {
            Shape::Fill(outline, colour) => {
                fill_colour(&mut content, *colour);
                path(&mut content, outline);
                content.fill_nonzero();
            }
            Shape::Line(outline, colour, width) => {
                let [red, green, blue] = parts(*colour);
                content.set_stroke_rgb(red, green, blue).set_line_width(*width);
                path(&mut content, outline);
                content.stroke();
            }
            Shape::Text(run, start, colour) => {
                fill_colour(&mut content, *colour);
                text(&mut content, run, *start);
            }
        }
    }
    content.finish().into_vec()
}

/// Each glyph at its place: where the font would put it elsewhere, it is told so.
fn text(content: &mut Content, run: &Run, start: Point) {
    let face = Face::of(run.weight);
    content.begin_text();
    content.set_font(font_name(run.weight), run.size);
    content.set_text_matrix([1.0, 0.0, 0.0, -1.0, start.x, start.y]);
    let mut positioned = content.show_positioned();
    let mut items = positioned.items();
    let mut x = 0.0;
    for glyph in &run.glyphs {
        if glyph.x != x {
            items.adjust(x - glyph.x);
        }
        items.show(Str(&glyph.id.to_be_bytes()));
        x = glyph.x + face.advance(glyph.id);
    }
    items.finish();
    positioned.finish();
    content.end_text();
}

fn path(content: &mut Content, outline: &Outline) {
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => content.move_to(to.x, to.y),
            Segment::Line(to) => content.line_to(to.x, to.y),
            Segment::Curve(a, b, to) => content.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y),
            Segment::Close => content.close_path(),
        };
    }
}

fn fill_colour(content: &mut Content, colour: Colour) {
    let [red, green, blue] = parts(colour);
    content.set_fill_rgb(red, green, blue);
}

fn parts(Colour(red, green, blue): Colour) -> [f32; 3] {
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}
