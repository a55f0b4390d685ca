//! What stands before the frames: of the stream, its title and chapters, and where to seek.

use std::num::NonZero;

use flac_codec::Error;
use flac_codec::metadata::{
    BlockList, OptionalBlockType, Padding, Picture, PictureType, SeekPoint, SeekTable, Streaminfo,
    VorbisComment,
};

use super::BLOCK;
use crate::vorbis_comments::comments;
use crate::{About, Format};
use effleurage_core::units::Length;
use effleurage_engine::cover::Cover;

/// Between one point to seek to and the next.
const SECONDS_BETWEEN_POINTS: u64 = 10;
/// Room for whoever adds tags later.
const PADDING_BYTES: u16 = 4096;

/// The blocks of a stream of `length` frames, as much of them as is known before the first.
///
/// # Errors
///
/// Where FLAC cannot hold that many frames, or that rate.
pub fn blocks(format: &Format, about: &About<'_>, length: Length) -> Result<BlockList, Error> {
    let bits = u32::from(format.bits().count());
    let channels = NonZero::new(format.channels().count() as u8);
    let mut blocks = BlockList::new(Streaminfo {
        minimum_block_size: BLOCK as u16,
        maximum_block_size: BLOCK as u16,
        minimum_frame_size: None,
        maximum_frame_size: None,
        sample_rate: format.rate().hz(),
        channels: channels.ok_or(Error::ExcessiveChannels)?,
        bits_per_sample: bits.try_into().map_err(|_| Error::NonSubsetBitsPerSample)?,
        total_samples: NonZero::new(length.0),
        md5: None,
    });
    let fields = comments(about).into_iter().map(|(name, value)| format!("{name}={value}"));
    blocks.insert(VorbisComment { fields: fields.collect(), ..VorbisComment::default() });
    let points = points(format, length).map(|_| SeekPoint::Placeholder);
    blocks.insert(SeekTable { points: points.collect::<Vec<_>>().try_into().unwrap_or_default() });
    blocks.extend(about.cover.map(picture));
    blocks.insert(Padding { size: PADDING_BYTES.into() });
    blocks.sort_by(|block| match block {
        OptionalBlockType::VorbisComment => 0,
        OptionalBlockType::SeekTable => 1,
        OptionalBlockType::Picture => 2,
        _ => 3,
    });
    Ok(blocks)
}

fn picture(cover: &Cover) -> Picture {
    Picture {
        picture_type: PictureType::FrontCover,
        media_type: cover.mime().to_owned(),
        description: String::new(),
        width: cover.width(),
        height: cover.height(),
        color_depth: cover.depth(),
        colors_used: cover.colours().and_then(NonZero::new),
        data: cover.bytes().to_vec(),
    }
}

/// The blocks to which one can seek, by number: each in which ten seconds more are over.
pub fn points(format: &Format, length: Length) -> impl Iterator<Item = u64> {
    let step = SECONDS_BETWEEN_POINTS * u64::from(format.rate().hz());
    let places = (0..length.0).step_by(step as usize);
    places.map(|place| place / BLOCK).take(SeekTable::MAX_POINTS)
}
