//! Small writers of sound files, after the standards, for files that no encoder makes.

/// An ID3v2.3 tag around so many bytes of nothing.
pub fn id3(bytes: usize) -> Vec<u8> {
    let size = [bytes >> 21, bytes >> 14, bytes >> 7, bytes].map(|part| part as u8 & 0x7f);
    [b"ID3\x03\0\0".as_slice(), &size, &vec![0; bytes]].concat()
}

/// A chunk of a WAV file.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad = if body.len().is_multiple_of(2) { &[][..] } else { &[0] };
    [name.as_slice(), &(body.len() as u32).to_le_bytes(), body, pad].concat()
}

/// A WAV file of these chunks.
pub fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let chunks = chunks.concat();
    [b"RIFF".as_slice(), &(chunks.len() as u32 + 4).to_le_bytes(), b"WAVE", &chunks].concat()
}

/// A `fmt ` chunk of 16 bytes, and `more`.
pub fn format(tag: u16, channels: u16, hz: u32, bits: u16, more: &[u8]) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut body = [tag.to_le_bytes(), channels.to_le_bytes()].concat();
    body.extend(hz.to_le_bytes());
    body.extend((hz * u32::from(align)).to_le_bytes());
    body.extend([align, bits].map(u16::to_le_bytes).concat());
    body.extend(more);
    chunk(b"fmt ", &body)
}

/// A frame of FLAC whose samples are written as they are (RFC 9639, section 9).
pub struct FlacFrame<'a> {
    pub number: u8,
    /// The code of its rate: 4 is 8 kHz, 5 is 16 kHz.
    pub rate: u8,
    pub bits: u32,
    /// The samples of each channel. Of two, if `is_side`, the first is the left one and the
    /// second how far the right one is below it, which takes a bit more.
    pub channels: &'a [Vec<i64>],
    pub is_side: bool,
}

impl FlacFrame<'_> {
    pub fn write(&self) -> Vec<u8> {
        let code_of_bits = match self.bits {
            8 => 1,
            16 => 4,
            24 => 6,
            _ => 7,
        };
        let channels = if self.is_side { 8 } else { self.channels.len() as u8 - 1 };
        let length = self.channels[0].len() as u16 - 1;
        let mut frame = vec![0xff, 0xf8, 0x70 | self.rate, channels << 4 | code_of_bits << 1];
        frame.push(self.number);
        frame.extend(length.to_be_bytes());
        frame.push(crc(&frame, 8, 0x07) as u8);
        let mut bits = String::new();
        for (n, channel) in self.channels.iter().enumerate() {
            let size = self.bits as usize + usize::from(self.is_side && n == 1);
            bits += "00000010";
            for sample in channel {
                bits += &format!("{sample:064b}")[64 - size..];
            }
        }
        bits += &"0".repeat(bits.len().next_multiple_of(8) - bits.len());
        frame.extend(
            bits.as_bytes()
                .chunks(8)
                .map(|byte| byte.iter().fold(0_u8, |value, digit| value << 1 | (digit - b'0'))),
        );
        frame.extend((crc(&frame, 16, 0x8005) as u16).to_be_bytes());
        frame
    }
}

/// What a FLAC file begins with: 16 bits, mono, 8 kHz, and so many frames (0: unknown).
pub fn flac_head(frames: u64) -> Vec<u8> {
    let packed = 8_000 << 44 | 15 << 36 | frames;
    let sizes = [&[16, 0, 16, 0][..], &[0; 6]].concat();
    let info = [&sizes, u64::to_be_bytes(packed).as_slice(), &[0; 16]].concat();
    [b"fLaC\x80\0\0\x22".as_slice(), &info].concat()
}

/// A checksum of so many bits, the highest first, beginning with zeros.
pub fn crc(bytes: &[u8], bits: u32, polynomial: u32) -> u32 {
    let top = 1_u64 << (bits - 1);
    let mut crc = 0_u64;
    for byte in bytes {
        crc ^= u64::from(*byte) << (bits - 8);
        for _ in 0..8 {
            crc = if crc & top != 0 { crc << 1 ^ u64::from(polynomial) } else { crc << 1 };
        }
        crc &= (top << 1) - 1;
    }
    crc as u32
}

/// The pages of an Ogg file.
pub fn pages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = bytes;
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let segments = &rest[27..27 + usize::from(rest[26])];
        let size = 27 + segments.len() + segments.iter().map(|s| usize::from(*s)).sum::<usize>();
        pages.push(rest[..size].to_vec());
        rest = &rest[size..];
    }
    pages
}

/// Gives a page of an Ogg file its checksum.
pub fn sealed(mut page: Vec<u8>) -> Vec<u8> {
    page[22..26].fill(0);
    let checksum = crc(&page, 32, 0x04c1_1db7);
    page[22..26].copy_from_slice(&checksum.to_le_bytes());
    page
}

/// An Ogg file of one stream whose positions begin so many frames later.
pub fn later(bytes: &[u8], frames: i64) -> Vec<u8> {
    let moved = pages(bytes).into_iter().map(|mut page| {
        let position = i64::from_le_bytes(page[6..14].try_into().unwrap());
        if position > 0 {
            page[6..14].copy_from_slice(&(position + frames).to_le_bytes());
        }
        sealed(page)
    });
    moved.collect::<Vec<_>>().concat()
}

/// A box of an MP4.
pub fn mp4_box(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), name, body].concat()
}

/// The boxes in `bytes`: their names and what is in them.
fn boxes(bytes: &[u8]) -> Vec<([u8; 4], &[u8])> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while rest.len() >= 8 {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        found.push((rest[4..8].try_into().unwrap(), &rest[8..size]));
        rest = &rest[size..];
    }
    found
}

/// An MP4 whose `moov` lies last, with another box in the place of each of this `name`.
pub fn with_box(bytes: &[u8], name: &[u8; 4], other: &[u8]) -> Vec<u8> {
    let rewritten = boxes(bytes).into_iter().map(|(found, body)| match &found {
        found if found == name => other.to_vec(),
        b"moov" | b"trak" | b"edts" | b"mdia" | b"minf" | b"stbl" => {
            mp4_box(&found, &with_box(body, name, other))
        }
        _ => mp4_box(&found, body),
    });
    rewritten.collect::<Vec<_>>().concat()
}

/// What is in the only box of this name, wherever it is.
fn box_in<'a>(bytes: &'a [u8], name: &[u8]) -> &'a [u8] {
    let at = bytes.windows(4).position(|window| window == name).unwrap();
    let size = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    &bytes[at + 4..at - 4 + size]
}

/// The packets of an MP4 whose sound lies in one piece.
pub fn packets(bytes: &[u8]) -> Vec<&[u8]> {
    let sizes = &box_in(bytes, b"stsz")[12..];
    let sizes = sizes.chunks(4).map(|size| u32::from_be_bytes(size.try_into().unwrap()) as usize);
    let mut rest = box_in(bytes, b"mdat");
    sizes.map(|size| rest.split_off(..size).unwrap()).collect()
}

/// A table of samples of AAC at 44.1 kHz, of a kind that its `config` tells.
pub fn aac_table(config: &[u8]) -> Vec<u8> {
    let told = |kind: u8, body: &[u8]| [&[kind, body.len() as u8], body].concat();
    let decoder = [&[0x40, 0x15][..], &[0; 11], &told(5, config)].concat();
    let stream = told(3, &[&[0; 3][..], &told(4, &decoder), &told(6, &[2])].concat());
    let head = [&[0; 6][..], &[0, 1], &[0; 8], &[0, 1, 0, 16, 0, 0, 0, 0, 0xac, 0x44, 0, 0]];
    let entry = [head.concat(), mp4_box(b"esds", &[&[0; 4], &stream[..]].concat())].concat();
    let entries = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &mp4_box(b"mp4a", &entry)].concat();
    mp4_box(b"stsd", &entries)
}

/// Packets of AAC at 22.05 kHz, mono, as ADTS (ISO/IEC 13818-7, 6.2).
pub fn adts(packets: &[&[u8]]) -> Vec<u8> {
    let framed = packets.iter().map(|packet| {
        let size = packet.len() + 7;
        let sizes = [(size >> 11) as u8, (size >> 3) as u8, (size << 5) as u8 | 0x1f];
        let head = [0xff, 0xf1, 1 << 6 | 7 << 2, 1 << 6 | sizes[0], sizes[1], sizes[2], 0xfc];
        [&head[..], packet].concat()
    });
    framed.collect::<Vec<_>>().concat()
}

/// The same as LOAS (ISO/IEC 14496-3, 1.7.2 and 1.7.3), which tells what they are in the first
/// frame only.
pub fn loas(packets: &[&[u8]]) -> Vec<u8> {
    let framed = packets.iter().enumerate().map(|(n, packet)| {
        // One program of one layer: AAC-LC, 22.05 kHz, mono, packets of any size.
        let config = "01000000000000000010011100010000001111111100";
        let mut bits = if n == 0 { format!("0{config}") } else { "1".to_owned() };
        bits += &"11111111".repeat(packet.len() / 255);
        bits += &format!("{:08b}", packet.len() % 255);
        packet.iter().for_each(|byte| bits += &format!("{byte:08b}"));
        bits += &"0".repeat(bits.len().next_multiple_of(8) - bits.len());
        let body: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|byte| byte.iter().fold(0_u8, |value, digit| value << 1 | (digit - b'0')))
            .collect();
        [&[0x56, 0xe0 | (body.len() >> 8) as u8, body.len() as u8], &body[..]].concat()
    });
    framed.collect::<Vec<_>>().concat()
}
