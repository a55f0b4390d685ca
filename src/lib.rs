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
//! 8. [`copy`](mod@copy): frames into smaller files, for phones.
//! 9. [`beside`]: what is written beside a track: labels, captions, chapters.
//!
//! A finished file says what it is: [`imprint`] is what it carries behind its sound, in
//! chunks of [`riff`], and [`verify`](mod@verify) holds it against that, frame by frame.
//! [`card`] draws a timeline on one page, to print and lay beside the bed.
//! [`recording`] helps to make a voice of one's own.
//!
//! [`session`] is the one place where these meet; [`cli`] is the command line.
//! Below them all stand [`units`] (time is a whole number of frames), [`diagnostic`]
//! (a mistake in somebody's file), [`error`](mod@error) (why there is no track),
//! [`target`] (a file is only ever the old one or the whole new one) and [`fade`].
//!
//! # Plan and render a routine
//!
//! ```
//! use effleurage::{routine, session::Session, units::SampleRate, voice::Pack};
//!
//! let source = routine::builtin::source("self-short").expect("it is built in");
//! let english = Pack::open("en".as_ref())?;
//! let session = Session::plan(&source.into(), &english, SampleRate::CD)?;
//! // Six minutes, to the frame.
//! assert_eq!(session.timeline.length().0, 6 * 60 * 44_100);
//! # Ok::<(), effleurage::error::Error>(())
//! ```

pub mod bed;
pub mod beside;
pub mod card;
pub mod chime;
pub mod cli;
pub mod copy;
pub mod customise;
pub mod diagnostic;
pub mod error;
pub mod fade;
pub mod imprint;
pub mod mix;
pub mod recording;
pub mod riff;
pub mod routine;
pub mod session;
pub mod target;
pub mod tick;
pub mod timeline;
pub mod units;
pub mod verify;
pub mod voice;
pub mod wav;
