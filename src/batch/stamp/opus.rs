//! Opus: one more comment in its second packet (RFC 7845, section 5.2), which has the second
//! page of the Ogg file to itself, and may go on over more (RFC 3533, section 6).

/// A page has at most so many segments, each of at most as many bytes.
const MOST_SEGMENTS: usize = 255;
const SEGMENT: usize = 255;
/// The head of a page, up to the number of its segments; and where in it the checksum is.
const HEAD: usize = 27;
const CHECKSUM: std::ops::Range<usize> = 22..26;
/// What a packet of comments begins with, and what the comment is called.
const TAGS: &[u8] = b"OpusTags";
const NAME: &str = "EFFLEURAGE_BATCH";

/// A page of an Ogg file.
struct Page<'a> {
    head: &'a [u8],
    segments: &'a [u8],
    content: &'a [u8],
}

/// The beginning of a file with `stamp` in it; nothing where the comments would take another
/// number of pages, for all pages behind them would need other numbers. 64 KB of comments,
/// which is a thousand chapters, fit onto one.
pub fn stamped(head: &[u8], stamp: &str) -> Option<Vec<u8>> {
    let (_, mut rest) = page(head)?;
    let first = &head[..head.len() - rest.len()];
    let (mut pages, mut packet) = (Vec::new(), Vec::new());
    loop {
        let (page, behind) = page(rest)?;
        packet.extend(page.content);
        let ends = page.segments.last().is_some_and(|last| usize::from(*last) < SEGMENT);
        pages.push(page);
        rest = behind;
        if ends {
            break;
        }
    }
    let packet = with_comment(&packet, &format!("{NAME}={stamp}"))?;
    let mut lacing = vec![SEGMENT as u8; packet.len() / SEGMENT];
    lacing.push((packet.len() % SEGMENT) as u8);
    if lacing.len().div_ceil(MOST_SEGMENTS) != pages.len() {
        return None;
    }
    let mut out = first.to_vec();
    let contents = packet.chunks(MOST_SEGMENTS * SEGMENT).chain([&[][..]]);
    for ((page, segments), content) in pages.iter().zip(lacing.chunks(MOST_SEGMENTS)).zip(contents)
    {
        out.extend(page.with(segments, content));
    }
    out.extend(rest);
    Some(out)
}

/// The first page in `bytes`, and what stands behind it.
fn page(bytes: &[u8]) -> Option<(Page<'_>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (segments, rest) = rest.split_at_checked(usize::from(head[HEAD - 1]))?;
    let length = segments.iter().map(|segment| usize::from(*segment)).sum();
    let (content, rest) = rest.split_at_checked(length)?;
    head.starts_with(b"OggS").then_some((Page { head, segments, content }, rest))
}

impl Page<'_> {
    /// The same page with another content.
    fn with(&self, segments: &[u8], content: &[u8]) -> Vec<u8> {
        let mut page =
            [&self.head[..HEAD - 1], &[segments.len() as u8], segments, content].concat();
        page[CHECKSUM].fill(0);
        let checksum = checksum(&page).to_le_bytes();
        page[CHECKSUM].copy_from_slice(&checksum);
        page
    }
}

/// The packet of comments with one more: the name of the program that encoded it, how many
/// there are, and each behind its length.
fn with_comment(packet: &[u8], comment: &str) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(packet.get(at..at + 4)?.try_into().ok()?));
    let at = TAGS.len() + 4 + number(TAGS.len())? as usize;
    let count = number(at)?.checked_add(1)?;
    let (vendor, rest) = (packet.get(..at)?, packet.get(at + 4..)?);
    let length = (comment.len() as u32).to_le_bytes();
    let all = [vendor, &count.to_le_bytes(), &length, comment.as_bytes(), rest].concat();
    packet.starts_with(TAGS).then_some(all)
}

/// The checksum of a page in which there is none yet: a CRC of the polynomial 0x04c11db7.
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
            crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}
