//! A cover as a comment: a FLAC picture (RFC 9639, section 8.8) in Base64 (RFC 4648), as Xiph's
//! wiki has it ("VorbisComment", "METADATA_BLOCK_PICTURE").

use effleurage_engine::cover::Cover;

/// What the comment is called.
pub const NAME: &str = "METADATA_BLOCK_PICTURE";
/// The front cover.
const FRONT_COVER: u32 = 3;

/// The value of the comment.
pub fn comment(cover: &Cover) -> String {
    base64(&block(cover))
}

fn block(cover: &Cover) -> Vec<u8> {
    let number = |number: u32| number.to_be_bytes();
    // A cover has a few megabytes at most.
    let length = |bytes: &[u8]| number(bytes.len() as u32);
    let mime = cover.mime().as_bytes();
    [
        &number(FRONT_COVER)[..],
        &length(mime),
        mime,
        // No description.
        &number(0),
        &number(cover.width()),
        &number(cover.height()),
        &number(cover.depth()),
        &number(cover.colours().unwrap_or(0)),
        &length(cover.bytes()),
        cover.bytes(),
    ]
    .concat()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let padded = [0, 1, 2].map(|n| group.get(n).copied().unwrap_or(0));
        let bits = padded.iter().fold(0, |bits: u32, byte| bits << 8 | u32::from(*byte));
        for n in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * n) & 0x3f) as usize];
            text.push(if n <= group.len() { char::from(sign) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
