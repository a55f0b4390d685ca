//! Who is at fault where a file extends another: a mistake that stands in a line of the other
//! one, and that it has only since, is told where it was made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::file::RoutineFile;
use super::include_chain::{self, IncludeChain};
use super::request::Request;
use super::vocabulary::Vocabulary;
use super::{check, resolve};
use crate::diagnostic::{self, Diagnostic, SourceKind, Sources};

/// A file with more parts than this is blamed as a whole.
const MOST_PARTS: usize = 200;

/// The same mistakes; those in files that were extended, and right before, are told at the
/// line of the file that extends them.
pub fn blamed(
    request: &Request<'_>,
    vocabulary: &Vocabulary,
    sources: &Sources,
    mistakes: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let own = request.source.text.len();
    let is_elsewhere = |mistake: &Diagnostic| {
        let source = sources.locate(mistake.span.start);
        let is_file = source.is_some_and(|(_, source)| source.kind == SourceKind::File);
        is_file && mistake.span.start > own && mistake.is_error()
    };
    if !mistakes.iter().any(is_elsewhere) {
        return mistakes;
    }
    let court = Court::new(request, vocabulary);
    let mut left = diagnostic::MOST;
    let at_its_place = |mistake: Diagnostic| {
        if left == 0 || !is_elsewhere(&mistake) {
            return mistake;
        }
        left -= 1;
        let Some((start, base)) = sources.locate(mistake.span.start) else { return mistake };
        let file = sources.iter().take_while(|source| *source != base).count();
        let Some(span) = court.culprit(&mistake, file) else { return mistake };
        let line = 1 + base.text[..mistake.span.start - start].matches('\n').count();
        let place = format!("line {line} of {}", base.name);
        let Diagnostic { message, help, .. } = &mistake;
        Diagnostic::error(span, format!("{message} ({place})")).label("since this").help(help)
    };
    mistakes.into_iter().map(at_its_place).collect()
}

/// What is wrong with some files: where, and what.
type Verdict = BTreeSet<(usize, usize, String)>;

/// Judges files with one part less.
struct Court<'a> {
    vocabulary: &'a Vocabulary,
    files: Vec<RoutineFile>,
    /// Of the files from each on.
    alone: Vec<Verdict>,
    /// Of the files from one on, the first of them without a part.
    without: RefCell<BTreeMap<(usize, usize), Verdict>>,
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

impl<'a> Court<'a> {
    fn new(request: &Request<'_>, vocabulary: &'a Vocabulary) -> Court<'a> {
        let files = IncludeChain::read(request).files;
        let alone = (0..files.len()).map(|n| judged(files[n..].to_vec(), vocabulary)).collect();
        Court { vocabulary, files, alone, without: RefCell::default() }
    }

    /// The part that has made this a mistake of the file with the number `of`; none where it
    /// is one of that file alone, or is about how the files hang together.
    fn culprit(&self, mistake: &Diagnostic, of: usize) -> Option<Range<usize>> {
        let key = (mistake.span.start, mistake.span.end, mistake.message.clone());
        let innocent = |level: &usize| !self.alone[*level].contains(&key);
        if of >= self.files.len() || innocent(&0) {
            return None;
        }
        let level = (1..=of).find(innocent)? - 1;
        let file = &self.files[level];
        let parts = parts(file);
        let mut few = parts.iter().enumerate().filter(|_| parts.len() <= MOST_PARTS);
        let guilty = few.find(|(n, part)| !self.without((level, *n), **part, &key));
        let extends = || file.extends.as_ref().map(|named| named.span.clone());
        guilty.and_then(|(_, part)| span(file, *part)).or_else(extends)
    }

    /// Whether a mistake is still one without a part.
    fn without(&self, place: (usize, usize), part: Part, key: &(usize, usize, String)) -> bool {
        let mut known = self.without.borrow_mut();
        let verdict = known.entry(place).or_insert_with(|| {
            let mut files = self.files[place.0..].to_vec();
            take_out(&mut files[0], part);
            judged(files, self.vocabulary)
        });
        verdict.contains(key)
    }
}

fn judged(files: Vec<RoutineFile>, vocabulary: &Vocabulary) -> Verdict {
    let (routine, mut found) = resolve::resolve(&include_chain::stacked(files).0);
    found.extend(check::check(&routine, vocabulary));
    found.extend(check::safety(&routine));
    found.into_iter().map(|d| (d.span.start, d.span.end, d.message)).collect()
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
