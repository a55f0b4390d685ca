//! Kinds of sound files that are not read, told by how they begin; so that whoever has one
//! hears what it is, and not that it were none.

/// What people call the file that begins with `bytes`, if it is one of these kinds.
pub fn name(bytes: &[u8]) -> Option<&'static str> {
    let at =
        |place: usize, mark: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(mark));
    let kinds: [(&'static str, bool); 25] = [
        ("AMR", at(0, b"#!AMR\n") || at(0, b"#!AMR_MC1.0\n")),
        ("AMR-WB", at(0, b"#!AMR-WB")),
        ("AIFF", at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC"))),
        ("CAF", at(0, b"caff\0\x01")),
        ("Windows Media Audio", at(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")),
        ("AC-3", at(0, b"\x0b\x77")),
        ("AU", at(0, b".snd\0\0\0")),
        ("AAC as ADIF", at(0, b"ADIF")),
        ("Wave64", at(0, b"riff\x2e\x91\xcf\x11")),
        ("big-endian WAV", at(0, b"RIFX") && at(8, b"WAVE")),
        ("QuickTime of an old kind", quicktime(bytes)),
        ("MIDI", at(0, b"MThd\0\0\0\x06")),
        ("WavPack", at(0, b"wvpk")),
        ("Monkey's Audio", at(0, b"MAC ")),
        ("Musepack", at(0, b"MPCK") || at(0, b"MP+")),
        ("True Audio", at(0, b"TTA1") || at(0, b"TTA2")),
        ("DSD", at(0, b"DSD \x1c") || (at(0, b"FRM8") && at(12, b"DSD "))),
        ("RealAudio", at(0, b".ra\xfd") || at(0, b".RMF\0")),
        ("Flash video", at(0, b"FLV\x01")),
        ("Creative Voice", at(0, b"Creative Voice File\x1a")),
        ("MPEG film", at(0, b"\0\0\x01\xba") || [0, 188, 376].iter().all(|place| at(*place, b"G"))),
        ("SILK", at(0, b"#!SILK_V3") || at(0, b"\x02#!SILK_V3")),
        ("OptimFROG", at(0, b"OFR ")),
        ("Impulse Tracker", at(0, b"IMPM")),
        ("Extended Module", at(0, b"Extended Module: ")),
    ];
    kinds.into_iter().find(|(_, is)| *is).map(|(name, _)| name)
}

/// QuickTime before it was MP4: its first box is one that says no brand.
fn quicktime(bytes: &[u8]) -> bool {
    let Some([size, name]) = bytes.first_chunk::<8>().map(|head| [&head[..4], &head[4..]]) else {
        return false;
    };
    let is_small = size[0] == 0 || name == b"mdat";
    is_small && [&b"moov"[..], b"mdat", b"wide", b"skip", b"pnot"].contains(&name)
}

/// Whether the MP4 that begins with `bytes` is a picture, as phones take them.
pub fn is_picture(bytes: &[u8]) -> bool {
    let brands: [&[u8]; 9] =
        [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"];
    bytes.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_kinds_are_named() {
        let cases: [(&[u8], Option<&str>); 8] = [
            (b"#!AMR\n\x3c\x91", Some("AMR")),
            (b"FORM\0\0\0\x10AIFFCOMM", Some("AIFF")),
            (b"FORM\0\0\0\x10ILBMBMHD", None),
            (b"\0\0\0\x08wide\0\0\x10\0mdat", Some("QuickTime of an old kind")),
            (b"\0\0\0\x20ftypM4A ", None),
            (b"Halfway. Well done!\n", None),
            (b"\x89PNG\r\n\x1a\n", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(name(bytes), expected, "{bytes:?}");
        }
    }
}
