//! What an author writes.
//!
//! `parse` finds the shape of the file and of those it extends, `extend` puts them onto
//! each other, `resolve` types their values, and [`check`](mod@check) holds the result
//! against the laws. [`read`] does all of it and gives a [`Routine`] with the
//! [`Changes`] that were asked for, every mistake at once, or both.

pub mod asked;
pub mod blame;
pub mod builtin;
pub mod catalogue;
pub mod changes;
pub mod check;
pub mod claims;
pub mod cursor;
pub mod duration;
mod extend;
mod file;
pub mod flags;
mod flatten;
mod include_chain;
pub mod leaf;
mod model;
pub mod name;
pub mod parse;
pub mod phrases;
pub mod prompt;
pub mod request;
mod resolve;
mod resolve_changes;
mod resolve_regions;
mod schema;
pub mod sense;
pub mod settings;
pub mod spanned;
pub mod suggest;
pub mod tags;
mod template;
mod tree;
pub(crate) mod validator;
pub mod vocabulary;
pub mod words;
mod write;

pub use changes::Changes;
pub use flatten::flatten;
pub use model::{
    BedSound, Bounds, Closing, ClosingCue, Extent, Guidance, Routine, SoundSettings, Step,
    Technique, TickSound, Turn, ZoneStep,
};
pub use request::Request;
pub use schema::schema;
pub use template::template;
pub use vocabulary::{PromptId, Vocabulary};

use crate::diagnostic::{Diagnostic, Sources};
use crate::tags::Asked;
use include_chain::IncludeChain;
use validator::Validator;

/// What came of reading a routine.
pub struct Reading {
    /// The routine, as far as it can be told; worth using only without mistakes.
    /// `None` where a file is not even TOML.
    pub routine: Option<Routine>,
    /// What shall be different in it.
    pub changes: Changes,
    /// What its tracks are to be called.
    pub tags: Asked,
    /// Every mistake of the routine, and what its author may not have meant.
    pub diagnostics: Vec<Diagnostic>,
    /// Every mistake of the changes.
    pub refused: Vec<Diagnostic>,
    /// The texts into which the diagnostics point.
    pub sources: Sources,
}

/// Reads what a person asks for, to be spoken by a voice with `vocabulary`.
pub fn read(request: &Request<'_>, vocabulary: &Vocabulary) -> Reading {
    let mut family = IncludeChain::read(request);
    let mut validator = Validator::default();
    let flags = flags::written(&request.flags, &mut family.sources, &mut validator.mistakes);
    let layers = [flags].into_iter().chain(family.files.iter().map(file::RoutineFile::changes));
    let layers: Vec<_> = layers.collect();
    let changes = Changes(layers.iter().map(|written| validator.layer(written)).collect());
    let tags: Vec<_> = layers.into_iter().map(|written| written.tags).collect();
    let tags = validator.tags(&tags);
    let changes = if request.as_written { Changes::default() } else { changes };
    let refused = validator.mistakes;
    let mut diagnostics = Vec::new();
    let shapely = family.mistakes.is_empty();
    let routine = (!family.shapeless).then(|| {
        let file = family.stacked();
        let (routine, mistakes) = resolve::resolve(&file);
        diagnostics.extend(mistakes);
        diagnostics.extend(check::check(&routine, vocabulary));
        diagnostics
            .extend(Some(()).filter(|()| shapely).and_then(|()| check::has_a_step(&routine)));
        routine
    });
    diagnostics.append(&mut family.mistakes);
    if let (Some(routine), true) = (&routine, diagnostics.is_empty()) {
        diagnostics = check::advise(routine);
    }
    Reading { routine, changes, tags, diagnostics, refused, sources: family.sources }
}
