//! The places to jump to.

use super::{Section, SectionKind, Timeline};
use crate::units::{FrameRange, Length, Position};

/// A place to jump to, and all until the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// What people read.
    pub title: String,
    /// Where it stands. Chapters adjoin and add up to the timeline's length.
    pub range: FrameRange,
    /// Whether a step begins with it.
    pub begins_step: bool,
}

impl Timeline {
    /// A chapter for every step, and one for every zone together with the words that
    /// lead into it, so that whoever jumps to a zone hears what to do there. Each starts
    /// where a section starts; none is empty.
    pub fn chapters(&self) -> Vec<Chapter> {
        self.adjoining(self.starts())
    }

    /// The chapters, for a format that holds no more than `most`: only steps where there
    /// are more, and of those the first; each lasts until the next, the last to the end.
    pub fn chapters_at_most(&self, most: usize) -> Vec<Chapter> {
        let all = self.chapters();
        if all.len() <= most {
            return all;
        }
        let steps = all.into_iter().enumerate().filter(|(n, c)| *n == 0 || c.begins_step);
        let starts = steps.map(|(_, c)| (c.range.start, c.title, c.begins_step));
        self.adjoining(starts.take(most).collect())
    }

    /// Where chapters start, their titles, and whether a step begins with them.
    fn starts(&self) -> Vec<(Position, String, bool)> {
        let mut starts: Vec<(Position, String, bool)> = Vec::new();
        let mut leads_in = None;
        for (n, section) in self.sections.iter().enumerate() {
            let start = section.range.start;
            if n == 0 || section.begins.is_some() {
                starts.push((start, first_title(section), section.begins.is_some()));
                leads_in = None;
                continue;
            }
            match section.kind {
                SectionKind::LeadIn => drop(leads_in.get_or_insert(start)),
                SectionKind::Zone(_) => {
                    starts.push((leads_in.take().unwrap_or(start), section.title.clone(), false));
                }
                _ => leads_in = None,
            }
        }
        starts
    }

    fn adjoining(&self, starts: Vec<(Position, String, bool)>) -> Vec<Chapter> {
        let end = Position::START + self.length();
        let ends = starts.iter().skip(1).map(|(start, ..)| *start).chain([end]);
        let ends: Vec<Position> = ends.collect();
        let chapters = starts.into_iter().zip(ends).map(|((start, title, begins_step), end)| {
            Chapter { title, range: FrameRange::new(start, end.since(start)), begins_step }
        });
        chapters.filter(|chapter| chapter.range.length > Length::ZERO).collect()
    }
}

/// The title of the step, and that of the zone where it begins with one.
fn first_title(section: &Section) -> String {
    match (&section.begins, &section.kind) {
        (Some(step), SectionKind::Zone(_)) => format!("{step}: {}", section.title),
        (Some(step), _) => step.clone(),
        (None, _) => section.title.clone(),
    }
}
