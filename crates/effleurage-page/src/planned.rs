//! A plan for a page to show, and the files that are made of it.

use effleurage_card::{Card, Paper, page, pdf};
use effleurage_core::routine::asked::Asked;
use effleurage_core::routine::{Request, flatten};
use effleurage_core::sidecar;
use effleurage_core::timeline::cue_sheet::{self, Outcome};
use effleurage_core::timeline::{Timeline, document};
use effleurage_core::units::SampleRate;
use effleurage_engine::error::{Error, Result};
use effleurage_engine::session::Session;
use effleurage_engine::voice::Pack;
use effleurage_engine::wav::Format;

use crate::refusal::{Refusal, mistakes};
use crate::view::{Shape, View};

/// How wide the drawing is that people take along, as of `effleurage plan --format svg`.
const DRAWN_WIDTH: u32 = 960;

/// A plan and the texts that can be made of it.
pub struct Planned {
    timeline: Timeline,
    outcomes: Vec<Outcome>,
    /// The routine with its changes, as one file.
    routine: String,
}

/// Plans what is requested at `rate`, to become the `format` that a plan asks for and to be seen
/// `width` pixels wide; or tells what is wrong.
///
/// # Errors
///
/// Every mistake, and what the routine has to ask for.
pub fn plan(
    request: &Request<'_>,
    pack: &Pack,
    rate: SampleRate,
    format: &dyn Fn(&Timeline) -> Format,
    width: u32,
) -> std::result::Result<(View, Planned), Box<Refusal>> {
    // Without the flags at all, so that a page knows the zones even if one is refused.
    let plain = Request { flags: Vec::new(), ..request.as_written() };
    let written = Session::plan(&plain, pack, rate).map(|session| session.timeline);
    seen(request, &written, pack, (rate, format), width).map_err(|error| {
        let shape = written.as_ref().ok();
        let shape = shape.map(|written| Shape::of(written, &pack.vocabulary));
        Box::new(Refusal { shape, ..Refusal::of(&error) })
    })
}

fn seen(
    request: &Request<'_>,
    written: &Result<Timeline>,
    pack: &Pack,
    (rate, format): (SampleRate, &dyn Fn(&Timeline) -> Format),
    width: u32,
) -> Result<(View, Planned)> {
    let session = Session::plan(request, pack, rate)?;
    let outcomes = match written {
        Ok(_) if session.asked == Asked::default() => Vec::new(),
        Ok(written) => cue_sheet::outcomes(&session.asked, written, &session.timeline),
        // It can only be had with its changes.
        Err(_) => session.outcomes(request, pack),
    };
    let timeline = session.timeline;
    format(&timeline).check_size(timeline.length())?;
    let written = written.as_ref().unwrap_or(&timeline);
    let spoken = (&pack.vocabulary, pack.manifest.language.as_str());
    let mut view = View::of(&timeline, written, outcomes.clone(), spoken, width);
    view.warnings = mistakes(&session.warnings);
    let routine = flatten(request, &session.asked);
    Ok((view, Planned { timeline, outcomes, routine }))
}

impl Planned {
    /// The file called `name`: `plan.json`, `plan.svg`, `captions.vtt`, `card.pdf` or
    /// `routine.toml`; none by another name.
    ///
    /// # Errors
    ///
    /// [`Error::Ours`].
    pub fn file(&self, name: &str, pack: &Pack) -> Result<Option<Vec<u8>>> {
        let Planned { timeline, outcomes, routine } = self;
        let mut bytes = Vec::new();
        let written = match name {
            "plan.json" => document::json(timeline, outcomes, &mut bytes),
            "captions.vtt" => sidecar::captions(timeline, &mut bytes),
            "routine.toml" => return Ok(Some(routine.clone().into_bytes())),
            "plan.svg" => {
                let drawn = cue_sheet::svg(timeline, &pack.vocabulary, DRAWN_WIDTH);
                return Ok(Some(drawn.into_bytes()));
            }
            "card.pdf" => {
                let card = Card::of(timeline, pack.known()?, &pack.manifest.language);
                return Ok(Some(pdf(&page(&card, Paper::A4))));
            }
            _ => return Ok(None),
        };
        written.map_err(|error| Error::Ours { what: error.to_string() })?;
        Ok(Some(bytes))
    }
}
