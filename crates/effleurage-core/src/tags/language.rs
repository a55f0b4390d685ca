//! Languages as older formats of tags write them: with three letters.

/// The codes of ISO 639-1, each with that of ISO 639-2 for the same language behind it (for
/// use in terminology, where there are two).
const CODES: &str = "\
    aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel \
    bgbul bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu \
    cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas \
    ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb \
    hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido \
    isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor \
    krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub \
    lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde \
    nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan \
    pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme \
    sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa \
    tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah \
    uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor zazha zhzho \
    zuzul";

/// What stands for a language of which nobody knows (ISO 639-2).
const UNKNOWN: &str = "und";

/// The code of ISO 639-2 for a language as BCP 47 writes it: `por` for `pt-BR`.
pub fn iso_639_2(language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_code = primary.bytes().all(|byte| byte.is_ascii_lowercase());
    match primary.len() {
        3 if is_code => primary,
        2 => {
            let known = CODES.split_ascii_whitespace().find_map(|pair| pair.strip_prefix(&primary));
            known.unwrap_or(UNKNOWN).to_owned()
        }
        _ => UNKNOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_three_letters() {
        for (language, code) in [
            ("en", "eng"),
            ("es", "spa"),
            ("fr", "fra"),
            ("it", "ita"),
            ("pt-BR", "por"),
            ("DE", "deu"),
            ("zh-Hant", "zho"),
            ("gsw", "gsw"),
            ("xx", "und"),
            ("", "und"),
            ("esp\u{e4}", "und"),
        ] {
            assert_eq!(iso_639_2(language), code, "{language}");
        }
    }
}
