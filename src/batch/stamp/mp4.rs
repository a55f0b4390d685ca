//! Apple Lossless: a `uuid` box in the place of a part of the `free` one behind the first
//! (ISO/IEC 14496-12, sections 4.2, 8.1.2 and 11.1), so that nothing behind it moves.

/// A length and a name.
const HEAD: usize = 8;
/// Whose box it is: any number that nobody else has.
const ID: &[u8; 16] = b"effleurage-batch";

/// The beginning of a file with `stamp` in it.
pub fn stamped(head: &[u8], stamp: &str) -> Option<Vec<u8>> {
    let at = size(head, b"ftyp")?;
    let (before, rest) = head.split_at_checked(at)?;
    let free = size(rest, b"free")?;
    let stamp = boxed(b"uuid", &[ID, stamp.as_bytes()].concat());
    let left = free.checked_sub(stamp.len() + HEAD)?;
    let free_still = boxed(b"free", &vec![0; left]);
    Some([before, &stamp, &free_still, rest.get(free..)?].concat())
}

/// How many bytes the first box has, if it is called so.
fn size(bytes: &[u8], name: &[u8; 4]) -> Option<usize> {
    let (size, rest) = bytes.split_first_chunk::<4>()?;
    rest.starts_with(name).then(|| u32::from_be_bytes(*size) as usize)
}

fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    // Far fewer than 4 GiB.
    let size = (content.len() + HEAD) as u32;
    [&size.to_be_bytes(), &name[..], content].concat()
}
