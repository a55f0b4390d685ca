//! What an address asks for, in the words of the flags: `partner&zone=calf=3m&voice=es`.

use percent_encoding::percent_decode_str;

/// A session that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Which routine.
    pub routine: Routine,
    /// Who speaks.
    pub voice: String,
    /// Flags with their values, empty where they have none.
    pub flags: Vec<(String, String)>,
    /// How wide the plan is drawn, in pixels.
    pub width: u32,
    /// What the answer is to be called as a file.
    pub save: Option<String>,
}

/// A routine that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Routine {
    /// One that is built in.
    Named(String),
    /// A file that the page has put, by the name that it gave it.
    Own(String),
}

impl Default for Routine {
    fn default() -> Routine {
        Routine::Named(String::new())
    }
}

/// Widths of a drawing, in pixels.
const WIDTHS: std::ops::RangeInclusive<u32> = 280..=4000;
const USUAL_WIDTH: u32 = 960;

impl Asked {
    /// Reads what stands behind the question mark of an address.
    ///
    /// # Errors
    ///
    /// What cannot be read, as one sentence.
    pub fn parse(query: &str) -> Result<Asked, String> {
        let mut parts = query.split('&');
        let first = text(parts.next().unwrap_or_default())?;
        let routine = match first.split_once('=') {
            Some(("own", id)) => Routine::Own(id.to_owned()),
            Some(_) => return Err(format!("`{first}` is no routine")),
            None => Routine::Named(first),
        };
        let voice = "en".to_owned();
        let mut asked = Asked { routine, voice, width: USUAL_WIDTH, ..Asked::default() };
        for part in parts.filter(|part| !part.is_empty()) {
            let part = text(part)?;
            let (name, value) = part.split_once('=').unwrap_or((&part, ""));
            match name {
                "voice" => asked.voice = value.to_owned(),
                "save" => asked.save = Some(value.to_owned()),
                "width" => {
                    let width = value.parse().ok().filter(|width| WIDTHS.contains(width));
                    asked.width = width.ok_or("a drawing is 280 to 4000 pixels wide")?;
                }
                flag => asked.flags.push((format!("--{flag}"), value.to_owned())),
            }
        }
        Ok(asked)
    }

    /// The same session, however it is drawn or called.
    pub fn key(&self) -> Asked {
        Asked { width: 0, save: None, ..self.clone() }
    }
}

fn text(part: &str) -> Result<String, String> {
    let decoded = percent_decode_str(part).decode_utf8();
    decoded.map(String::from).map_err(|_| "the address is not UTF-8 text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_it_in_the_words_of_the_flags() {
        let asked = Asked::parse(
            "self&zone=calf=3m&zone=left.thigh=30s&gentle&bed=my%20rain%2B.wav&voice=es&width=400\
             &save=La%C3%ADn.wav",
        );
        let flag = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            asked,
            Ok(Asked {
                routine: Routine::Named("self".to_owned()),
                voice: "es".to_owned(),
                flags: vec![
                    flag("--zone", "calf=3m"),
                    flag("--zone", "left.thigh=30s"),
                    flag("--gentle", ""),
                    flag("--bed", "my rain+.wav"),
                ],
                width: 400,
                save: Some("Laín.wav".to_owned()),
            })
        );
        let own = Asked::parse("own=0a1b").map(|asked| asked.routine);
        assert_eq!(own, Ok(Routine::Own("0a1b".to_owned())));
        for bad in ["self&width=9", "self&width=x", "partner=1", "self&bed=%ff"] {
            assert!(Asked::parse(bad).is_err(), "{bad}");
        }
    }
}
