//! A request, read and with its changes made.

use crate::customise::customise;
use crate::diagnostic::{Diagnostic, Source, Sources};
use crate::error::{self, Result};
use crate::routine::asked::Asked;
use crate::routine::blame::blamed;
use crate::routine::{self, Reading, Request, Routine};
use crate::tags;
use crate::voice::Pack;

/// What a person wants: the routine as it was changed, or all that is wrong with it.
#[derive(Clone)]
pub struct ResolvedRequest {
    /// What it has become; worth using only without mistakes.
    pub routine: Option<Routine>,
    /// What it was before its changes, where there are some.
    pub written: Option<Routine>,
    /// What was asked for, beside what was written.
    pub asked: Asked,
    /// What its tracks are to be called.
    pub tags: tags::Asked,
    /// What came of the changes that a reader might not expect.
    pub notes: Vec<String>,
    /// Every mistake, and what an author may not have meant.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts into which the diagnostics point.
    pub sources: Sources,
}

impl ResolvedRequest {
    /// The same without its changes; none where there are none.
    pub fn as_written(&self) -> Option<ResolvedRequest> {
        Some(ResolvedRequest {
            routine: Some(self.written.clone()?),
            written: None,
            asked: Asked::default(),
            tags: self.tags.clone(),
            notes: Vec::new(),
            diagnostics: Vec::new(),
            sources: self.sources.clone(),
        })
    }

    /// Reads what is requested and makes its changes.
    pub fn read(request: &Request<'_>, pack: &Pack) -> Result<ResolvedRequest> {
        let known = pack.known()?;
        let reading = routine::read(request, known);
        let Reading { routine, changes, tags, mut diagnostics, refused, sources } = reading;
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        diagnostics.extend(refused);
        let mut resolved = ResolvedRequest {
            routine,
            written: None,
            asked: Asked::default(),
            tags,
            notes: Vec::new(),
            diagnostics,
            sources,
        };
        if let (false, false, Some(routine)) = (broken, changes.is_empty(), &resolved.routine) {
            let changed = customise(routine.clone(), &changes, &pack.vocabulary);
            resolved.diagnostics.extend(changed.mistakes);
            resolved.diagnostics.extend(routine::check::check(&changed.routine, known));
            (resolved.asked, resolved.notes) = (changed.asked, changed.notes);
            resolved.written = resolved.routine.replace(changed.routine);
        }
        let safety = resolved.routine.iter().flat_map(routine::check::safety);
        // A routine with other mistakes is not played; what it lacks is told later.
        resolved.diagnostics.extend(safety.filter(|d| d.is_error() || !broken).collect::<Vec<_>>());
        resolved.diagnostics = blamed(request, known, &resolved.sources, resolved.diagnostics);
        if !resolved.diagnostics.iter().any(Diagnostic::is_error) {
            resolved.diagnostics.extend(resolved.routine.iter().flat_map(routine::sense::advise));
        }
        let name = error::routine_word(routine_name(&request.source));
        for diagnostic in &mut resolved.diagnostics {
            diagnostic.help = diagnostic.help.replace("ROUTINE", &name);
        }
        Ok(resolved)
    }
}

/// The name by which a person asks for a routine: a built-in one is no file.
pub fn routine_name(source: &Source) -> &str {
    let stem = source.name.strip_suffix(".toml").unwrap_or(&source.name);
    let is_built_in =
        routine::builtin::source(stem).is_some_and(|built_in| built_in.text == source.text);
    if is_built_in { stem } else { &source.name }
}
