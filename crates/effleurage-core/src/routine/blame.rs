//! Who is at fault where a file extends another: a mistake that stands in a line of the other
//! one, and that it has only since, is told where it was made.

use std::ops::Range;

use super::file::RoutineFile;
use super::include_chain::IncludeChain;
use super::request::Request;
use super::vocabulary::Vocabulary;
use super::{check, resolve};
use crate::diagnostic::{Diagnostic, Sources};

/// The same mistakes; those in files that were extended, and right before, are told at the
/// line of the file that extends them.
pub fn blamed(
    request: &Request<'_>,
    vocabulary: &Vocabulary,
    sources: &Sources,
    mistakes: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let own = request.source.text.len();
    let court = Court { request, vocabulary };
    let at_its_place = |mistake: Diagnostic| {
        if mistake.span.start <= own || !mistake.is_error() {
            return mistake;
        }
        let Some((start, base)) = sources.locate(mistake.span.start) else { return mistake };
        let Some(span) = court.culprit(&mistake) else { return mistake };
        let line = 1 + base.text[..mistake.span.start - start].matches('\n').count();
        let place = format!("line {line} of {}", base.name);
        let Diagnostic { message, help, .. } = &mistake;
        Diagnostic::error(span, format!("{message} ({place})")).label("since this").help(help)
    };
    mistakes.into_iter().map(at_its_place).collect()
}

/// Judges files with one part less.
struct Court<'a> {
    request: &'a Request<'a>,
    vocabulary: &'a Vocabulary,
}

/// A part of a file that changes the one it extends.
#[derive(Clone, Copy)]
enum Part {
    Removed(usize),
    Step(usize),
    Technique(usize),
    Region(usize),
    Closing,
    Reminders,
    Audience,
}

impl Court<'_> {
    /// The part without which `mistake` is none, in the first file that has made it one.
    fn culprit(&self, mistake: &Diagnostic) -> Option<Range<usize>> {
        if !self.has(mistake, 0, None) {
            // It is about how the files hang together.
            return None;
        }
        let count = IncludeChain::read(self.request).files.len();
        let level = (1..count).find(|level| !self.has(mistake, *level, None))? - 1;
        let family = IncludeChain::read(self.request);
        let file = &family.files[level];
        let guilty = parts(file).into_iter().find(|part| !self.has(mistake, level, Some(*part)));
        let extends = || file.extends.as_ref().map(|named| named.span.clone());
        guilty.and_then(|part| span(file, part)).or_else(extends)
    }

    /// Whether `mistake` is one where the files from `level` on stand alone, the first of them
    /// without a part.
    fn has(&self, mistake: &Diagnostic, level: usize, without: Option<Part>) -> bool {
        let mut family = IncludeChain::read(self.request);
        family.files.drain(..level);
        if let Some(part) = without {
            take_out(&mut family.files[0], part);
        }
        let (routine, mut found) = resolve::resolve(&family.stacked());
        found.extend(check::check(&routine, self.vocabulary));
        found.extend(check::safety(&routine));
        found.iter().any(|d| d.span == mistake.span && d.message == mistake.message)
    }
}

fn parts(file: &RoutineFile) -> Vec<Part> {
    let removed = (0..file.remove.len()).map(Part::Removed);
    let steps = (0..file.steps.len()).map(Part::Step);
    let techniques = (0..file.techniques.len()).map(Part::Technique);
    let regions = (0..file.regions.len()).map(Part::Region);
    let others = [Part::Closing, Part::Reminders, Part::Audience];
    removed.chain(steps).chain(techniques).chain(regions).chain(others).collect()
}

fn span(file: &RoutineFile, part: Part) -> Option<Range<usize>> {
    let span = match part {
        Part::Removed(n) => &file.remove[n].span,
        Part::Step(n) => file.steps[n].id.as_ref().map_or(&file.steps[n].span, |id| &id.span),
        Part::Technique(n) => &file.techniques.keys().nth(n)?.span,
        Part::Region(n) => &file.regions[n].0.span,
        Part::Closing => &file.closing.as_ref()?.span,
        Part::Reminders => &file.remind.first()?.span,
        Part::Audience => &file.audience.as_ref()?.span,
    };
    Some(span.clone())
}

fn take_out(file: &mut RoutineFile, part: Part) {
    match part {
        Part::Removed(n) => drop(file.remove.remove(n)),
        Part::Step(n) => drop(file.steps.remove(n)),
        Part::Technique(n) => {
            let mut at = 0..;
            file.techniques.retain(|_, _| at.next() != Some(n));
        }
        Part::Region(n) => drop(file.regions.remove(n)),
        Part::Closing => file.closing = None,
        Part::Reminders => file.remind.clear(),
        Part::Audience => file.audience = None,
    }
}
