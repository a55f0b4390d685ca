//! What came of the changes that were asked for.

use super::Session;
use super::resolved_request::ResolvedRequest;
use crate::routine::Request;
use crate::routine::asked::Asked;
use crate::timeline::Timeline;
use crate::timeline::cue_sheet::{self, Outcome};
use crate::voice::Pack;

impl Session {
    /// What came of each change that `request`, of which this is the plan, asks for; none
    /// where it asks for none. Where it cannot be planned as it was written, there is
    /// nothing to set beside it, and none either.
    pub fn outcomes(&self, request: &Request<'_>, pack: &Pack) -> Vec<Outcome> {
        let written = self.written.as_deref().cloned();
        of(&self.asked, &self.timeline, written, request, pack)
    }
}

/// The same of a plan that is not yet a session.
pub fn of(
    asked: &Asked,
    timeline: &Timeline,
    written: Option<ResolvedRequest>,
    request: &Request<'_>,
    pack: &Pack,
) -> Vec<Outcome> {
    let Some(written) = written.filter(|_| *asked != Asked::default()) else { return Vec::new() };
    let written = Session::of(written, request, pack, timeline.sample_rate);
    written.map_or(Vec::new(), |written| cue_sheet::outcomes(asked, &written.timeline, timeline))
}
