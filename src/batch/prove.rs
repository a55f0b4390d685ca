//! Whether files that are there are what they should be, to the last byte that is heard: WAV
//! files are held against their plan, and copies against what is encoded once more.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::make::{self, Maker};
use super::order::{Kind, Order};
use super::plan::Planned;
use super::stamp::Stamp;
use super::together::{self, Taker};
use crate::cover::Cover;
use crate::encode;
use crate::error::{Error, Result};
use crate::session::{self, Prepared};
use crate::units::SampleRate;
use crate::voice::Pack;

/// What is wrong with a file; nothing where it is as planned.
pub type Proof = Option<String>;

impl Maker<'_> {
    /// Looks at those files of an order whose indices are `there`.
    pub fn prove(
        &self,
        order: &Order,
        planned: &Planned,
        there: &[usize],
        pack: &Pack,
    ) -> Vec<(usize, Result<Proof>)> {
        make::by_rate(order, there, |here, rate| self.proofs_at(order, planned, here, pack, rate))
    }

    fn proofs_at(
        &self,
        order: &Order,
        planned: &Planned,
        there: &[usize],
        pack: &Pack,
        rate: SampleRate,
    ) -> Result<Vec<Result<Proof>>> {
        let request = order.request();
        let session = order.session(&request, pack, rate, &self.cancel)?;
        let chunks = session.chunks(&request, pack)?;
        let cover = order.picture(&session, pack)?;
        let prepared = session.prepare(&self.cancel, &|_, _| ())?;
        let mut proofs = BTreeMap::new();
        let mut copies = Vec::new();
        for n in there {
            let path = self.folder.join(&order.files[*n].name);
            match order.files[*n].kind {
                Kind::Wav(_) => drop(proofs.insert(*n, self.wav(&prepared, &path, &chunks))),
                Kind::Copy(format) => copies.push((*n, path, format)),
            }
        }
        proofs.extend(self.copies(order, planned, &prepared, cover.as_ref(), copies)?);
        // In the order of `there`, which is that of their indices.
        Ok(proofs.into_values().collect())
    }

    /// The first thing that is wrong with a WAV file.
    fn wav(&self, session: &Prepared, path: &Path, chunks: &[u8]) -> Result<Proof> {
        let report = session::verify(session, path, chunks, false, &self.cancel)?;
        let misses = report.checks.iter().flat_map(|check| &check.misses);
        let first = misses.map(|miss| miss.what.clone()).next();
        Ok(first)
    }

    /// Encodes copies once more, side by side.
    fn copies(
        &self,
        order: &Order,
        planned: &Planned,
        session: &Prepared,
        cover: Option<&Cover>,
        copies: Vec<(usize, PathBuf, encode::Format)>,
    ) -> Result<Vec<(usize, Result<Proof>)>> {
        if copies.is_empty() {
            return Ok(Vec::new());
        }
        let about = session::about(session, cover);
        let about = &about;
        let taker = |(_, path, format): &(usize, PathBuf, encode::Format)| -> Taker<'_, File> {
            let (path, format) = (path.clone(), *format);
            Box::new(move |frames, watch| make::encoded(about, &path, &format, frames, watch))
        };
        let takers = copies.iter().map(taker).collect();
        let (encoded, sound) =
            together::taken(session, takers, order.channels(), &|_| (), &self.cancel)?;
        let proof = |(n, path): (usize, &Path), encoded: Result<File>| {
            let unreadable = |why| Error::unreadable(path, &why);
            let (file, identity) = (&order.files[n], planned.files[n].identity);
            let mut encoded = encoded?;
            let length = path.metadata().map_err(unreadable)?.len();
            let stamp = |_| Stamp { identity, bytes: length, sound };
            let head = make::stamped_head(&mut encoded, path, file, stamp)?;
            let (_, wanted) = make::sum(&head, &mut encoded).map_err(unreadable)?;
            let found = File::open(path).and_then(|mut file| make::sum(&[], &mut file));
            let (_, found) = found.map_err(unreadable)?;
            Ok((wanted != found).then(|| "it is not what is encoded once more".to_owned()))
        };
        let proved = copies.iter().zip(encoded);
        Ok(proved.map(|((n, path, _), encoded)| (*n, proof((*n, path), encoded))).collect())
    }
}
