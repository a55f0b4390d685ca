//! Boxes of an MP4 (ISO/IEC 14496-12, section 4.2): a length, a name of four letters, and what
//! is in it.

/// A box.
pub fn boxed(name: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    // Tables of a session of a day and a cover are far from 4 GiB.
    let size = (content.len() + 8) as u32;
    [&size.to_be_bytes(), &name[..], &content].concat()
}

/// A box with a version and flags.
pub fn full(name: &[u8; 4], version: u8, flags: u32, content: &[&[u8]]) -> Vec<u8> {
    let head = (u32::from(version) << 24 | flags).to_be_bytes();
    boxed(name, &[&head, &content.concat()])
}

/// A table: how many entries there are, and each.
pub fn table<const N: usize>(
    name: &[u8; 4],
    entries: impl ExactSizeIterator<Item = [u8; N]>,
) -> Vec<u8> {
    let count = (entries.len() as u32).to_be_bytes();
    full(name, 0, 0, &[&count, &entries.flatten().collect::<Vec<u8>>()])
}

/// A number of 16 bits.
pub fn u16(number: u16) -> [u8; 2] {
    number.to_be_bytes()
}

/// A number of 32 bits.
pub fn u32(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}
