//! Every test from outside the library, in one program: linked once, and run side by side.
//! Only `fuzzed_tracks` stands alone, since it counts all that its process allocates.

mod support;

mod bad_clips;
mod bad_routines;
mod batch;
mod bytes;
mod cache;
mod card;
mod changes;
mod cli;
mod clips;
mod copies;
mod files;
mod golden;
mod hostile;
mod import;
mod inside;
mod laws;
mod layers;
mod loudness;
mod mix;
mod own_sounds;
mod own_voice;
mod pan;
mod part;
mod reading;
mod readme;
mod regions;
mod room;
mod sidecar;
mod studio;
mod tags;
mod transcripts;
mod truth;
mod verify;
mod verify_copies;
mod voices;
