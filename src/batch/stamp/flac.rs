//! FLAC: an `APPLICATION` block behind the first one (RFC 9639, sections 8.1 and 8.4).

const MAGIC: &[u8; 4] = b"fLaC";
/// The head of a block, and the content of the first, `STREAMINFO`.
const BLOCK_HEAD: usize = 4;
const STREAMINFO: usize = 34;
/// The kind of a block of programs; the bit of the last block is not set.
const APPLICATION: u8 = 2;
const LAST: u8 = 0x80;
/// Whose block it is.
const ID: &[u8; 4] = b"effl";

/// The beginning of a file with `stamp` in it.
pub fn stamped(head: &[u8], stamp: &str) -> Option<Vec<u8>> {
    let at = MAGIC.len() + BLOCK_HEAD + STREAMINFO;
    let (first, rest) = head.split_at_checked(at)?;
    // Behind the last block only sound may stand.
    if !first.starts_with(MAGIC) || first[MAGIC.len()] & LAST != 0 {
        return None;
    }
    let content = [ID, stamp.as_bytes()].concat();
    let length = u32::try_from(content.len()).ok()?.to_be_bytes();
    Some([first, &[APPLICATION], &length[1..], &content, rest].concat())
}
