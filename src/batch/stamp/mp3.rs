//! MP3: a `PRIV` frame at the start of its tag (ID3v2.4, main structure, sections 3.1 and 4,
//! and native frames, section 4.27).

/// Identifier, version, flags and size.
const HEAD: usize = 10;
/// Whose frame it is.
const OWNER: &[u8] = b"effleurage\0";

/// The beginning of a file with `stamp` in it.
pub fn stamped(head: &[u8], stamp: &str) -> Option<Vec<u8>> {
    let (tag, rest) = head.split_at_checked(HEAD)?;
    // With flags, a tag is laid out otherwise; ours has none.
    if !tag.starts_with(b"ID3\x04\0\0") {
        return None;
    }
    let content = [OWNER, stamp.as_bytes()].concat();
    let length = synchsafe(u32::try_from(content.len()).ok()?);
    let frame = [b"PRIV", length.as_slice(), &[0, 0], &content].concat();
    let size = size(&tag[6..]).checked_add(frame.len() as u32).filter(|size| *size < 1 << 28)?;
    Some([&tag[..6], &synchsafe(size), &frame, rest].concat())
}

/// A number of 28 bits, seven in a byte.
fn size(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |size, byte| size << 7 | u32::from(byte & 0x7f))
}

fn synchsafe(size: u32) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8)
}
