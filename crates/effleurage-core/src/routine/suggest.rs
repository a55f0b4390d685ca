//! "Did you mean": the known word nearest to a mistyped one.

/// Nobody mistypes a word into one that is longer than this.
const LONGEST: usize = 64;
/// As many words as can be named in one line.
const FEW: usize = 12;
/// Of more, so many are named.
const SOME: usize = 4;

/// The candidate that a person most likely meant by `typed`, if any is near:
/// at most one slip of the finger for every three letters.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.chars().count() > LONGEST {
        return None;
    }
    let slips = |candidate: &str| strsim::damerau_levenshtein(typed, candidate);
    let allowed = (typed.chars().count() / 3).max(1);
    let near = candidates.into_iter().map(|candidate| (slips(candidate), candidate));
    near.filter(|(slips, _)| *slips <= allowed).min_by_key(|(slips, _)| *slips).map(|(_, c)| c)
}

/// A way out of a mistyped word: the nearest one and, where they are few, all of them.
pub fn advice<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let all = match candidates.as_slice() {
        [] => "this file has none yet".to_owned(),
        [only] => format!("there is only `{only}`"),
        few if few.len() <= FEW => format!("there are {}", list(few)),
        many => format!("there are {}, among them {}", many.len(), list(&likely(typed, many))),
    };
    match nearest(typed, candidates.iter().copied()) {
        Some(near) if candidates.len() > FEW => format!("did you mean `{near}`?"),
        Some(near) => format!("did you mean `{near}`? ({all})"),
        None => all,
    }
}

/// Those of many that share the most of their beginning with a word, in their order.
fn likely<'a>(typed: &str, many: &[&'a str]) -> Vec<&'a str> {
    let alike = |word: &str| typed.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let mut order: Vec<usize> = (0..many.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(alike(many[*n])));
    order.truncate(SOME);
    order.sort_unstable();
    order.into_iter().map(|n| many[n]).collect()
}

/// `a`, `b` and `c`, each between backticks.
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let zones = ["ankle", "calf", "knee", "thigh"];
        assert_eq!(nearest("clalf", zones), Some("calf"));
        assert_eq!(nearest("thihg", zones), Some("thigh"));
        assert_eq!(nearest("elbow", zones), None);
        assert_eq!(nearest("", zones), None);
    }

    #[test]
    fn a_few_words_are_all_named() {
        assert_eq!(
            advice("clalf", ["ankle", "calf"]),
            "did you mean `calf`? (there are `ankle` and `calf`)"
        );
        assert_eq!(advice("x", []), "this file has none yet");
    }

    #[test]
    fn of_many_words_those_that_begin_alike_are_named() {
        let many: Vec<String> = (10..40).map(|n| format!("length-{n}s")).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        many.extend(["zone-calf", "zone-knee"]);
        assert_eq!(
            advice("zone-of-the-arm", many),
            "there are 32, among them `length-10s`, `length-11s`, `zone-calf` and `zone-knee`"
        );
    }
}
