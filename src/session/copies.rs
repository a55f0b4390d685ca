//! Copies of a session in smaller files.

use std::path::Path;

use super::Prepared;
use crate::copy;
use crate::error::Result;
use crate::units::Position;
use crate::wav;

impl Prepared {
    /// Renders the session to the file at `path`, which is a `format`.
    pub fn copy_to_file(
        &self,
        path: &Path,
        format: &copy::Format,
        watch: &wav::Watch<'_>,
    ) -> Result<()> {
        let mixer = self.mixer()?;
        let mut mix = |at: Position, block: &mut [f32]| mixer.mix(at, block);
        copy::write_to_file(path, format, &self.timeline, &mut self.frames(&mut mix), watch)
    }
}
