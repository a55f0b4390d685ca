//! The engine, built for a page.

use std::path::Path;
use std::process::Command;

use crate::files;

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the engine and gives its module, without names that only a debugger reads.
pub fn build(root: &Path, target: &Path) -> Result<Vec<u8>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--locked", "--release", "--package", "effleurage-web", "--target", TARGET])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !built.success() {
        return Err(format!(
            "the engine was not built; if the target is missing: rustup target add {TARGET}"
        ));
    }
    let module = files::read(&target.join(TARGET).join("release/effleurage_web.wasm"))?;
    without_custom_sections(&module).ok_or_else(|| "the engine is no WebAssembly".to_owned())
}

/// A module is eight bytes and then sections: a kind, a length, and so many bytes. Those of
/// kind 0 change nothing (WebAssembly Core Specification 2.0, section 5.5).
fn without_custom_sections(module: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8)?;
    let mut kept = head.to_vec();
    while let Some((kind, after)) = rest.split_first() {
        let (length, behind) = leb128(after)?;
        let length_bytes = after.len() - behind.len();
        let whole = 1 + length_bytes + usize::try_from(length).ok()?;
        let (section, next) = rest.split_at_checked(whole)?;
        if *kind != 0 {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Some(kept)
}

/// A number of up to 32 bits, seven a byte, and what stands behind it.
fn leb128(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (n, byte) in bytes.iter().take(5).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[n + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_custom_sections_are_taken_out() {
        let head = b"\0asm\x01\0\0\0";
        let long = [&[0, 0x80, 0x01][..], &[7; 128]].concat();
        let module = [head, &[1, 2, 8, 9][..], &long, &[10, 1, 5]].concat();
        let kept = [head, &[1, 2, 8, 9, 10, 1, 5][..]].concat();
        assert_eq!(without_custom_sections(&module), Some(kept));
        assert_eq!(without_custom_sections(&module[..module.len() - 1]), None);
        assert_eq!(without_custom_sections(b"\0asm"), None);
    }
}
