//! A routine file and those that it extends, one after the other.

use std::ops::Range;

use super::extend;
use super::file::RoutineFile;
use super::leaf::Scalar;
use super::parse;
use super::request::Request;
use super::spanned::Spanned;
use crate::diagnostic::{Diagnostic, Source, Sources};

/// So many files may build on each other.
const MOST_FILES: usize = 8;

/// The files in the order in which each extends the next, the one that was named first.
#[derive(Default)]
pub struct IncludeChain {
    /// Their texts.
    pub sources: Sources,
    /// Their shapes.
    pub files: Vec<RoutineFile>,
    /// What is wrong with their shapes.
    pub mistakes: Vec<Diagnostic>,
    /// Whether one of them has no shape at all, or cannot be found.
    pub shapeless: bool,
    /// Where the file that is read next was named.
    extending: Option<Range<usize>>,
}

impl IncludeChain {
    /// Reads the file that was asked for and all that it builds on.
    pub fn read(request: &Request<'_>) -> IncludeChain {
        let mut family = IncludeChain::default();
        let mut next = Some(request.source.clone());
        while let Some(source) = next {
            next = family.add(source, request);
        }
        family
    }

    /// The files put onto each other.
    pub fn stacked(&mut self) -> RoutineFile {
        let (stacked, mistakes) = stacked(std::mem::take(&mut self.files));
        self.mistakes.extend(mistakes);
        stacked
    }

    /// Adds a file and finds the one that it extends.
    fn add(&mut self, source: Source, request: &Request<'_>) -> Option<Source> {
        let start = self.sources.add(source.clone());
        let file = match self.shape(&source, start) {
            Some(file) => file,
            None => {
                self.mistakes.extend(self.extending.take().map(|span| {
                    Diagnostic::error(span, "the routine that this one extends cannot be read")
                        .help("its mistakes are told below")
                }));
                return None;
            }
        };
        let base = file.extends.clone();
        self.extending = base.as_ref().map(|named| named.span.clone());
        self.files.push(file);
        self.base(&base?, &source, request)
    }

    fn shape(&mut self, source: &Source, start: usize) -> Option<RoutineFile> {
        if source.text.trim().is_empty() {
            let empty = Diagnostic::error(start..start, "the file is empty")
                .help("begin with one that exists: `effleurage routines show self`");
            self.mistakes.push(empty);
            self.shapeless = true;
            return None;
        }
        let (file, mistakes) = parse::parse(&source.text, start);
        self.mistakes.extend(mistakes);
        self.shapeless |= file.is_none();
        file
    }

    fn base(
        &mut self,
        named: &Spanned<Scalar>,
        in_file: &Source,
        request: &Request<'_>,
    ) -> Option<Source> {
        let found = match &named.value {
            Scalar::Text(name) => request.extended(name, in_file.folder()),
            _ => Err("write a name between double quotes: extends = \"partner\"".to_owned()),
        };
        let found = found.and_then(|base| match self.sources.iter().any(|known| *known == base) {
            true => Err("it builds on this file itself; let one of the two extend a built-in one"
                .to_owned()),
            false if self.files.len() >= MOST_FILES => {
                Err(format!("{MOST_FILES} files build on each other already; put two into one"))
            }
            false => Ok(base),
        });
        match found {
            Ok(base) => Some(base),
            Err(why) => {
                let message = "the routine that this one extends cannot be used";
                self.mistakes.push(Diagnostic::error(named.span.clone(), message).help(why));
                self.shapeless = true;
                None
            }
        }
    }
}

/// Files put onto each other, each onto the next, and what is wrong with that.
pub fn stacked(files: Vec<RoutineFile>) -> (RoutineFile, Vec<Diagnostic>) {
    let mut files = files.into_iter().rev();
    let mut stacked = files.next().unwrap_or_default();
    let mut mistakes = extend::misplaced(&stacked);
    for file in files {
        let (onto, more) = extend::stack(file, stacked);
        stacked = onto;
        mistakes.extend(more);
    }
    (stacked, mistakes)
}
