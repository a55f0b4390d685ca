//! A text as a QR code, to hand a session from a laptop to a phone.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code, by which a camera finds it (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Whether each module of the code for `text` is dark, row by row, quiet ones around them; or
/// nothing where it is too long for a code.
pub fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let side = -QUIET..code.size() + QUIET;
    Some(side.clone().map(|y| side.clone().map(|x| code.get_module(x, y)).collect()).collect())
}

/// The same as an SVG picture of dark squares.
pub fn svg(text: &str) -> Option<String> {
    let modules = modules(text)?;
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = modules.len();
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>\n"
    ))
}
