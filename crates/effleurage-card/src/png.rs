//! A page as a PNG picture, to be printed or looked at.

use std::io::Write;

use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use super::font::{Face, Run, UNITS_PER_EM};
use super::paper::POINTS_PER_INCH;
use super::shape::{Colour, Outline, Page, Point, Segment, Shape};

/// Dots an inch: that of a good printer.
pub const DOTS_PER_INCH: u32 = 300;
const INCHES_PER_METRE: f64 = 1.0 / 0.0254;

/// `page` as the bytes of a PNG file.
///
/// # Errors
///
/// What the encoder says, should it refuse a page of a size that it takes.
pub fn png(page: &Page) -> Result<Vec<u8>, png::EncodingError> {
    let (width, height) = page.paper.inches();
    let dots = |inches: f32| (inches * DOTS_PER_INCH as f32).round() as u32;
    let mut canvas =
        Pixmap::new(dots(width), dots(height)).ok_or(png::EncodingError::LimitsExceeded)?;
    // The last row of dots may be cut by the edge of the sheet.
    canvas.fill(tiny_skia::Color::WHITE);
    let scale = DOTS_PER_INCH as f32 / POINTS_PER_INCH;
    let transform = Transform::from_scale(scale, scale);
    page.shapes.iter().for_each(|shape| draw(&mut canvas, shape, transform));
    encoded(&canvas)
}

/// Without the alpha channel: a sheet of paper is opaque.
fn encoded(canvas: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width(), canvas.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (f64::from(DOTS_PER_INCH) * INCHES_PER_METRE).round() as u32;
    let unit = png::Unit::Meter;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    // Flat colours on white: smaller without a filter, and hardly smaller with more effort.
    encoder.set_deflate_compression(png::DeflateCompression::Level(3));
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let mut row = Vec::new();
    for dots in canvas.pixels().chunks_exact(canvas.width() as usize) {
        row.clear();
        row.extend(dots.iter().flat_map(|dot| [dot.red(), dot.green(), dot.blue()]));
        rows.write_all(&row)?;
    }
    rows.finish()?;
    writer.finish()?;
    Ok(bytes)
}

fn draw(canvas: &mut Pixmap, shape: &Shape, transform: Transform) {
    match shape {
        Shape::Fill(outline, colour) => fill(canvas, outline, *colour, transform),
        Shape::Line(outline, colour, width) => {
            let stroke = Stroke {
                width: *width,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            };
            if let Some(path) = path(outline) {
                canvas.stroke_path(&path, &paint(*colour), &stroke, transform, None);
            }
        }
        Shape::Text(run, start, colour) => text(canvas, run, *start, *colour, transform),
    }
}

fn text(canvas: &mut Pixmap, run: &Run, start: Point, colour: Colour, transform: Transform) {
    let scale = run.size / UNITS_PER_EM;
    for glyph in &run.glyphs {
        let (x, y) = (start.x + glyph.x * scale, start.y - glyph.y * scale);
        let place = transform.pre_translate(x, y).pre_scale(scale, -scale);
        fill(canvas, &Face::of(run.weight).outline(glyph.id), colour, place);
    }
}

fn fill(canvas: &mut Pixmap, outline: &Outline, colour: Colour, transform: Transform) {
    if let Some(path) = path(outline) {
        canvas.fill_path(&path, &paint(colour), FillRule::Winding, transform, None);
    }
}

fn paint(Colour(red, green, blue): Colour) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint.anti_alias = true;
    paint
}

/// `None` of what has no extent, such as a space.
fn path(outline: &Outline) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => builder.move_to(to.x, to.y),
            Segment::Line(to) => builder.line_to(to.x, to.y),
            Segment::Curve(a, b, to) => builder.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y),
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}
