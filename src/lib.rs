//! effleurage makes voice-guided audio tracks for a circulatory leg massage.
//!
//! A **routine** (a text file: steps, zones, techniques, durations, prompts) becomes
//! **one WAV file timed exactly to it**. Data flows one way, and each stage is a
//! function from one value to the next:
//!
//! ```text
//! routine file ─► Routine ─► Timeline ─► blocks of frames ─► WAV
//!                    ▲          ▲               ▲
//!                 changes  clip lengths      clip audio
//!                               └── voice pack ─┘
//! ```
//!
//! 1. [`routine`]: what an author wrote, as types, or every mistake in it at once.
//! 2. [`customise`](mod@customise): routine + changes → routine. Flags and files ask for
//!    changes in the same words.
//! 3. [`voice`]: a folder of clips and its manifest; clips made ready to be mixed.
//! 4. [`timeline`]: what sounds when, to the frame. Pure: no files, no audio. Cue
//!    sheets are written from it, and the mix, and all that will come.
//! 5. [`tick`], [`chime`] and [`bed`]: the sounds that are computed, or a person's own.
//! 6. [`mix`](mod@mix): any range of frames of a timeline, from its position alone.
//! 7. [`wav`]: frames into a file.
//! 8. [`encode`](mod@encode): frames into smaller files, for phones.
//! 9. [`sidecar`]: what is written beside a track: labels, captions, chapters.
//!
//! A finished file says what it is: [`provenance`] is what it carries behind its sound, in
//! chunks of [`riff`], and [`verify`](mod@verify) holds it against that, frame by frame.
//! [`card`] draws a timeline on one page, to print and lay beside the bed.
//! [`recording`] helps to make a voice of one's own.
//!
//! [`session`] is the one place where these meet; [`cli`] is the command line.
//! What opens no files and knows no system is in crates of its own, and shown here under the
//! same roof: [`effleurage_core`], [`effleurage_sound`], [`effleurage_card`],
//! [`effleurage_take`], [`effleurage_engine`], [`effleurage_encode`]. `studio` serves the page.
//!
//! Below them all stand [`units`] (time is a whole number of frames), [`diagnostic`]
//! (a mistake in somebody's file), [`error`](mod@error) (why there is no track),
//! [`atomic_file`] (a file is only ever the old one or the whole new one) and [`fade`].
//!
//! # Plan and render a routine
//!
//! ```
//! use effleurage::{routine, session::Session, units::SampleRate, voice::Pack};
//!
//! let source = routine::builtin::source("self-short").expect("it is built in");
//! let english = effleurage::voice::open("en".as_ref())?;
//! let session = Session::plan(&source.into(), &english, SampleRate::CD)?;
//! // Six minutes, to the frame.
//! assert_eq!(session.timeline.length().0, 6 * 60 * 44_100);
//! # Ok::<(), effleurage::error::Error>(())
//! ```

pub use effleurage_card as card;
pub use effleurage_core::{
    bed, body, chime, customise, diagnostic, fade, files, manifest, mix, routine, sidecar, tags,
    text, tick, timeline, units,
};
pub use effleurage_engine::{cancel, error};
pub use effleurage_sound::riff;

pub mod atomic_file;
pub mod batch;
pub mod broadcast;
pub mod cli;
pub mod cover;
pub mod encode;
pub mod provenance;
pub mod recording;
pub mod session;
#[cfg(feature = "studio")]
pub mod studio;
pub mod verify;
pub mod voice;
pub mod wav;
