//! The plan as a picture: time from left to right and to scale, the way up a leg from bottom
//! to top, so that a pass climbs; below it words and pauses.

use std::fmt::Write;
use std::time::Duration;

use super::clock::short;
use crate::body::Region;
use crate::routine::Vocabulary;
use crate::routine::words::{Leg, Word};
use crate::timeline::{Section, SectionKind, Stroking, Timeline};
use crate::units::{FrameRange, Position};

/// The colours of the leg's regions, from the bottom up, as on the card.
const COLOURS: [&str; Region::BUILT_IN.len()] =
    ["#2f447e", "#9cb2e6", "#5fb3d0", "#5fa972", "#e3c34f", "#8e3f80", "#b4606e"];
const INK: &str = "#1c1c20";
const GREY: &str = "#58585f";
const LANE: &str = "#f4f1ec";
const PAPER: &str = "#ffffff";

/// How wide a picture may be, in pixels.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 280..=4000;
/// What stands left of the time.
const GUTTER: f64 = 86.0;
const MARGIN: f64 = 10.0;
const ROW: f64 = 16.0;
const HEADING: f64 = 18.0;
const GAP: f64 = 8.0;
/// The most characters that the gutter holds.
const LONGEST_LABEL: usize = 12;
/// The least pixels between two times.
const BETWEEN_TIMES: f64 = 58.0;
/// Every how many seconds a time may stand.
const STEPS: [u64; 12] = [5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400];

/// `timeline` as an SVG picture so many pixels wide, in the words of `vocabulary`.
///
/// Its classes let a page give it other colours, and `data-from` and `data-to` tell where
/// the track begins and ends in it.
pub fn svg(timeline: &Timeline, vocabulary: &Vocabulary, width: u32) -> String {
    let width = f64::from(width.clamp(*WIDTHS.start(), *WIDTHS.end()));
    let mut picture =
        Picture { timeline, vocabulary, width, height: MARGIN, shapes: String::new() };
    for leg in [Leg::Left, Leg::Right] {
        picture.leg(leg);
    }
    picture.words();
    picture.steps();
    picture.times();
    picture.finished()
}

struct Picture<'a> {
    timeline: &'a Timeline,
    vocabulary: &'a Vocabulary,
    width: f64,
    /// What is drawn by now, from the top.
    height: f64,
    shapes: String,
}

impl Picture<'_> {
    /// A row for each region of a leg, the highest first; nothing where the leg rests.
    fn leg(&mut self, leg: Leg) {
        let timeline = self.timeline;
        let on_it = |stroking: &Stroking| stroking.leg == leg || stroking.leg == Leg::Both;
        let zones: Vec<(&Section, &Stroking)> =
            zones(timeline).filter(|(_, stroking)| on_it(stroking)).collect();
        if zones.is_empty() {
            return;
        }
        self.label(self.height + 12.0, &capital(self.vocabulary.title(leg.word())), true);
        self.height += HEADING;
        for (region, title) in timeline.regions().iter().rev() {
            self.lane(match region.is_own() {
                true => title,
                false => self.vocabulary.title(region.name()),
            });
            for (section, _) in zones.iter().filter(|(_, stroking)| stroking.zone == *region) {
                let colour = COLOURS[region.rank() % COLOURS.len()];
                let class = format!("zone r{}", region.rank() % COLOURS.len());
                self.bar(section.range, &class, colour, ROW - 2.0, &section.title);
            }
            self.height += ROW;
        }
        self.height += GAP;
    }

    /// A row for what is said, and for pauses.
    fn words(&mut self) {
        let timeline = self.timeline;
        self.lane(self.vocabulary.title("words"));
        let pauses = timeline.sections.iter().filter(|s| s.kind == SectionKind::Pause);
        for section in pauses {
            self.bar(section.range, "pause", "#d8d2c8", ROW - 2.0, &section.title);
        }
        for prompt in &timeline.speech {
            self.bar(prompt.range, "words", GREY, ROW / 2.0, &prompt.text);
        }
        self.height += ROW;
    }

    /// A fine line where a step begins.
    fn steps(&mut self) {
        let timeline = self.timeline;
        for section in timeline.sections.iter().filter(|section| section.begins.is_some()) {
            let x = self.x(section.range.start);
            self.line(x, MARGIN, self.height + 2.0, "step", "#b4b4ba", 0.6);
        }
    }

    /// The times along the bottom.
    fn times(&mut self) {
        let rate = self.timeline.sample_rate;
        let seconds = rate.duration_of(self.timeline.length()).as_secs();
        let span = self.width - GUTTER - MARGIN;
        let fits = |step: &&u64| span * **step as f64 >= BETWEEN_TIMES * seconds.max(1) as f64;
        let step = STEPS.iter().find(fits).copied().unwrap_or(seconds.max(1));
        self.height += 18.0;
        for at in (0..=seconds).step_by(step as usize) {
            let at = Duration::from_secs(at);
            let x = self.x(Position::START + rate.length_of(at));
            self.line(x, self.height - 16.0, self.height - 11.0, "time", GREY, 1.0);
            // The last one must not run out of the picture.
            let anchor = if x > self.width - 24.0 { "end" } else { "middle" };
            let (x, y) = (number(x), number(self.height));
            self.put(format_args!(
                "<text class=\"time\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" \
                 fill=\"{GREY}\">{}</text>\n",
                short(at)
            ));
        }
        self.height += MARGIN;
    }

    fn lane(&mut self, title: &str) {
        self.label(self.height + 11.0, title, false);
        let (y, width) = (number(self.height), number(self.width - GUTTER - MARGIN));
        let height = ROW - 2.0;
        self.put(format_args!(
            "<rect class=\"lane\" x=\"{GUTTER}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\" rx=\"2\" fill=\"{LANE}\"/>\n"
        ));
    }

    fn label(&mut self, y: f64, text: &str, heads: bool) {
        let class = if heads { "heading" } else { "label" };
        let weight = if heads { " font-weight=\"bold\"" } else { "" };
        let long = text.chars().count() > LONGEST_LABEL;
        let shown: String = text.chars().take(LONGEST_LABEL - usize::from(long)).collect();
        let cut = if long { "…" } else { "" };
        let y = number(y);
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\"{weight} fill=\"{INK}\">{}{cut}</text>\n",
            escaped(&shown)
        ));
    }

    fn bar(&mut self, range: FrameRange, class: &str, colour: &str, height: f64, title: &str) {
        let (from, to) = (self.x(range.start), self.x(range.end_exclusive()));
        let (x, width) = (number(from), number((to - from).max(0.5)));
        let y = number(self.height + (ROW - 2.0 - height) / 2.0);
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\" rx=\"1.5\" fill=\"{colour}\"><title>{}</title></rect>\n",
            escaped(title)
        ));
    }

    fn line(&mut self, x: f64, from: f64, to: f64, class: &str, colour: &str, width: f64) {
        let (x, from, to) = (number(x), number(from), number(to));
        self.put(format_args!(
            "<path class=\"{class}\" d=\"M{x} {from}V{to}\" stroke=\"{colour}\" \
             stroke-width=\"{width}\"/>\n"
        ));
    }

    /// Where a position lies, to scale.
    fn x(&self, position: Position) -> f64 {
        let total = self.timeline.length().0.max(1) as f64;
        GUTTER + (self.width - GUTTER - MARGIN) * position.0 as f64 / total
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.shapes.write_fmt(shape);
    }

    fn finished(self) -> String {
        let Picture { timeline, width, height, shapes, .. } = self;
        let lasts = short(timeline.sample_rate.duration_of(timeline.length()));
        let (to, width, height) = (number(width - MARGIN), number(width), number(height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" data-from=\"{GUTTER}\" \
             data-to=\"{to}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
             <title>{}, {lasts}</title>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n\
             {shapes}</svg>\n",
            escaped(&timeline.title),
        )
    }
}

fn zones(timeline: &Timeline) -> impl Iterator<Item = (&Section, &Stroking)> {
    timeline.sections.iter().filter_map(|section| match &section.kind {
        SectionKind::Zone(stroking) => Some((section, stroking)),
        _ => None,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// To a hundredth, without zeros at its end.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// XML holds no control characters, not even escaped ones.
fn escaped(text: &str) -> String {
    let allowed = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(allowed).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Length, SampleRate};

    #[test]
    fn a_session_of_any_length_has_times_that_do_not_touch() {
        let rate = SampleRate::new(1).unwrap();
        for seconds in [0, 1, 59, 360, 1_046, 36_000, 86_400 * 7] {
            let mut timeline = Timeline::empty("none", "en", rate);
            timeline.sections.push(Section {
                id: "pause".to_owned(),
                title: "A <pause> & more\u{1}".to_owned(),
                begins: None,
                kind: SectionKind::Pause,
                range: FrameRange::new(Position::START, Length(seconds)),
            });
            for width in [0, 280, 960] {
                let picture = svg(&timeline, &Vocabulary::default(), width);
                let times = picture.matches("<text class=\"time\"").count();
                let most = (f64::from(width.max(280)) / BETWEEN_TIMES) as usize;
                assert!((1..=most.max(2)).contains(&times), "{seconds} s, {width}: {times}");
                assert!(picture.contains("A &lt;pause&gt; &amp; more </title>"));
            }
        }
    }
}
