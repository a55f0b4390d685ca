//! The frames of a whole FLAC file, one after the other: for whoever has no room for all of it.

use std::io::{self, Read};

use symphonia::core::checksum::Md5;

use super::frame::{Frame, Header, NoFrame};
use super::{MARK, STREAM_INFO, StreamInfo, missing, take_in};
use crate::fault::ClipFault;

/// So much of the file is at hand: more than a frame takes.
const WINDOW: usize = 1 << 20;

/// A file of one stream, nothing of which is missing, and which has nothing else.
pub struct FlacStream<R> {
    source: R,
    window: Vec<u8>,
    /// Where in the window the next frame begins.
    at: usize,
    info: StreamInfo,
    md5: Option<Md5>,
    frames: u64,
    last: Option<Header>,
}

impl<R: Read> FlacStream<R> {
    /// Begins to read the stream of `source`; what stands before its frames is passed over.
    pub fn open(mut source: R) -> Result<FlacStream<R>, ClipFault> {
        let cut = |_: io::Error| ClipFault::Truncated;
        let mut mark = [0; MARK.len()];
        source.read_exact(&mut mark).map_err(cut)?;
        let mut info = None;
        let mut is_last = mark != *MARK;
        while !is_last {
            let mut head = [0; 4];
            source.read_exact(&mut head).map_err(cut)?;
            let [first, high, middle, low] = head;
            is_last = first & 0x80 != 0;
            let size = u64::from(u32::from_be_bytes([0, high, middle, low]));
            let mut body = source.by_ref().take(size);
            if first & 0x7f == 0 {
                let mut told = [0; STREAM_INFO];
                body.read_exact(&mut told).map_err(cut)?;
                info = Some(StreamInfo::of(&told));
            }
            io::copy(&mut body, &mut io::sink()).map_err(cut)?;
        }
        let info = info.ok_or(ClipFault::NotAudio)?;
        let (window, md5) = (Vec::new(), info.checksum());
        Ok(FlacStream { source, window, at: 0, info, md5, frames: 0, last: None })
    }

    /// Frames a second.
    pub fn hz(&self) -> u32 {
        self.info.usual.hz
    }

    /// How many channels there are.
    pub fn channels(&self) -> usize {
        self.info.channels
    }

    /// The depth of its samples.
    pub fn bits(&self) -> u32 {
        self.info.usual.bits
    }

    /// The samples of the next frame, channel beside channel, full scale at 1; `false` at the end,
    /// where nothing was missing.
    pub fn next(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, ClipFault> {
        let is_whole = self.fill().map_err(|_| ClipFault::Truncated)?;
        let rest = &self.window[self.at..];
        if rest.is_empty() {
            return self.end().map(|()| false);
        }
        let frame = Frame::read(rest, Some(self.info.usual)).map_err(|fault| match fault {
            NoFrame::Cut if is_whole => ClipFault::Truncated,
            NoFrame::Strange if self.info.frames == Some(self.frames) => behind(),
            _ => missing(),
        })?;
        let follows = self.last.as_ref().is_none_or(|last| last.is_before(&frame.header));
        if !follows || !self.info.fits(&frame.header) {
            return Err(missing());
        }
        self.at += frame.size;
        self.frames += frame.header.length as u64;
        if self.info.frames.is_some_and(|promised| self.frames > promised) {
            return Err(behind());
        }
        self.md5.iter_mut().for_each(|md5| take_in(md5, &frame));
        interleaved.clear();
        frame.interleave(interleaved);
        self.last = Some(frame.header);
        Ok(true)
    }

    /// Reads on; returns whether that was all.
    fn fill(&mut self) -> io::Result<bool> {
        if self.window.len() - self.at >= WINDOW {
            return Ok(false);
        }
        self.window.drain(..self.at);
        self.at = 0;
        let wanted = 2 * WINDOW - self.window.len();
        let read = self.source.by_ref().take(wanted as u64).read_to_end(&mut self.window)?;
        Ok(read < wanted)
    }

    fn end(&mut self) -> Result<(), ClipFault> {
        if self.info.frames.is_some_and(|promised| self.frames < promised) {
            return Err(ClipFault::Truncated);
        }
        match self.md5.take() {
            Some(md5) if md5.md5() != self.info.md5 => {
                Err(ClipFault::Malformed("its checksum is wrong".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn behind() -> ClipFault {
    ClipFault::Malformed("something stands behind its end".to_owned())
}
