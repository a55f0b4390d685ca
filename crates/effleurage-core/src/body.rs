//! The body: its regions, in the order of the way up.
//!
//! Those of the leg are built in; a routine may bring others, for an arm or a back, which
//! come above them in the order in which it lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A region of the body. Of two, the one further up is the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// How far up it comes.
    place: u8,
    /// Where the pitch of ticks begins and ends, in hundredths of its whole range.
    pitch: (u8, u8),
    name: Name,
}

/// A short text without an address, so that a region can be copied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name {
    bytes: [u8; Region::LONGEST_NAME],
    length: u8,
}

impl Name {
    const fn of(text: &str) -> Name {
        let mut bytes = [0; Region::LONGEST_NAME];
        let mut n = 0;
        while n < text.len() {
            bytes[n] = text.as_bytes()[n];
            n += 1;
        }
        Name { bytes, length: n as u8 }
    }
}

impl Region {
    /// The most bytes of a region's name.
    pub const LONGEST_NAME: usize = 24;
    /// The most regions that a routine may bring.
    pub const MOST_OWN: usize = 16;

    /// The sole of the foot.
    pub const SOLE: Region = Region::built_in(0, "sole", (0, 15));
    /// The foot.
    pub const FOOT: Region = Region::built_in(1, "foot", (0, 22));
    /// The ankle.
    pub const ANKLE: Region = Region::built_in(2, "ankle", (0, 30));
    /// The calf.
    pub const CALF: Region = Region::built_in(3, "calf", (20, 65));
    /// The knee.
    pub const KNEE: Region = Region::built_in(4, "knee", (60, 75));
    /// The thigh.
    pub const THIGH: Region = Region::built_in(5, "thigh", (65, 100));
    /// The hip.
    pub const HIP: Region = Region::built_in(6, "hip", (80, 100));

    /// Those of the leg, from the bottom up.
    pub const BUILT_IN: [Region; 7] = [
        Region::SOLE,
        Region::FOOT,
        Region::ANKLE,
        Region::CALF,
        Region::KNEE,
        Region::THIGH,
        Region::HIP,
    ];

    const fn built_in(place: u8, name: &str, pitch: (u8, u8)) -> Region {
        Region { place, pitch, name: Name::of(name) }
    }

    /// The region of the leg that has this name.
    pub fn of_leg(name: &str) -> Option<Region> {
        Region::BUILT_IN.into_iter().find(|region| region.name() == name)
    }

    /// The region of a routine that comes `nth` of `of`, counted from 0.
    fn own(name: &str, nth: usize, of: usize) -> Region {
        let share = |n: usize| (100 * n / of) as u8;
        Region {
            place: (Region::BUILT_IN.len() + nth) as u8,
            pitch: (share(nth), share(nth + 1)),
            name: Name::of(name),
        }
    }

    /// Its name in a routine.
    pub fn name(&self) -> &str {
        let bytes = &self.name.bytes[..usize::from(self.name.length)];
        // It was copied from a text, whole.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// Whether a routine brought it.
    pub fn is_own(&self) -> bool {
        self.rank() >= Region::BUILT_IN.len()
    }

    /// How many regions of the whole body come below it.
    pub fn rank(&self) -> usize {
        usize::from(self.place)
    }

    /// Where the pitch of ticks is at its bottom and at its top, in hundredths of the whole
    /// range. The leg has all of it, and so have the regions that a routine brings.
    pub fn pitch_span(&self) -> (u64, u64) {
        (self.pitch.0.into(), self.pitch.1.into())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The regions that a routine may speak of, from the bottom up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    regions: Vec<Region>,
    titles: BTreeMap<Region, String>,
}

impl Default for Body {
    fn default() -> Body {
        Body { regions: Region::BUILT_IN.to_vec(), titles: BTreeMap::new() }
    }
}

impl Body {
    /// The leg, and above it the regions with these names and titles, in their order. What
    /// has a name that is taken or too long is passed over, as is what is too many.
    pub fn with<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Body {
        let mut body = Body::default();
        let mut new: Vec<(&str, &str)> = Vec::new();
        for (name, title) in own {
            let free = body.region(name).is_none() && new.iter().all(|(known, _)| *known != name);
            let fits = name.len() <= Region::LONGEST_NAME && new.len() < Region::MOST_OWN;
            if free && fits {
                new.push((name, title));
            }
        }
        for (n, (name, title)) in new.iter().enumerate() {
            let region = Region::own(name, n, new.len());
            body.regions.push(region);
            body.titles.insert(region, (*title).to_owned());
        }
        body
    }

    /// All of them, from the bottom up.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The title of a region that a routine brought.
    pub fn title(&self, region: Region) -> Option<&str> {
        self.titles.get(&region).map(String::as_str)
    }

    /// The region of this name.
    pub fn region(&self, name: &str) -> Option<Region> {
        self.regions.iter().copied().find(|region| region.name() == name)
    }
}

/// A letter for each region of a session, by which drawings tell them apart: the first of
/// its name that no region further down has, or else of the alphabet.
pub fn letters(regions: impl IntoIterator<Item = Region>) -> BTreeMap<Region, char> {
    let regions: BTreeSet<Region> = regions.into_iter().collect();
    let mut letters = BTreeMap::new();
    for region in regions {
        let taken: BTreeSet<char> = letters.values().copied().collect();
        let mut own = region.name().chars().filter(char::is_ascii_lowercase).chain('a'..='z');
        letters.insert(region, own.find(|letter| !taken.contains(letter)).unwrap_or('?'));
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leg_goes_up_and_what_a_routine_brings_comes_above() {
        let body = Body::with(["hand", "forearm", "calf", "hand"].map(|name| (name, "A title")));
        let names: Vec<&str> = body.regions().iter().map(Region::name).collect();
        let leg = ["sole", "foot", "ankle", "calf", "knee", "thigh", "hip"];
        assert_eq!(names, [&leg[..], &["hand", "forearm"]].concat());
        assert!(body.regions().is_sorted() && names.len() == 9);
        assert_eq!(body.region("calf"), Some(Region::CALF));
        assert!(body.region("forearm").unwrap().is_own() && !Region::HIP.is_own());
        assert_eq!(body.title(body.region("hand").unwrap()), Some("A title"));
        assert_eq!(body.title(Region::CALF), None);
        assert_eq!(Body::with([("far-too-long-for-a-region", "")]), Body::default());
        let many: Vec<String> = (0..20).map(|n| format!("r{n}")).collect();
        let many = Body::with(many.iter().map(|name| (name.as_str(), "")));
        assert_eq!(many.regions().len(), 7 + 16);
    }

    #[test]
    fn ticks_climb_through_what_a_routine_brings() {
        let body = Body::with(["hand", "forearm", "upper-arm"].map(|name| (name, name)));
        let spans = body.regions()[7..].iter().map(Region::pitch_span);
        assert!(spans.eq([(0, 33), (33, 66), (66, 100)]));
    }

    #[test]
    fn every_region_has_a_letter_of_its_own() {
        let all = letters(Region::BUILT_IN);
        assert_eq!(all.values().collect::<String>(), "sfackth");
        let body = Body::with(["forearm", "foreleg"].map(|name| (name, name)));
        let own = letters(body.regions().iter().copied());
        let letter = |name| own[&body.region(name).unwrap()];
        assert_eq!((letter("foot"), letter("forearm"), letter("foreleg")), ('f', 'o', 'r'));
        let alone = letters(body.regions()[7..].iter().copied());
        assert_eq!(alone.values().collect::<String>(), "fo");
    }
}
