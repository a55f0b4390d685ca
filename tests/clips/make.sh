#!/bin/sh
# Makes the clips of this folder anew, with flac, lame, vorbis-tools,
# opus-tools, perl and ffmpeg.
# The tests need none of these: they read what is here.
#
# Every clip holds the same sound, 0.5 s and a few frames of a rising tone that
# starts at full amplitude in its first frame; see `chirp` in ../clips.rs. Where
# there are more channels, each has it at its own level.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
tone='0.6*cos(2*PI*(300*t+2700*t*t))'

# chirp RATE LEVELS CODEC: the sound as a WAV file, LEVELS separated by "|".
chirp() {
    all=$(echo "$2" | sed "s/[^|]*/&*$tone/g")
    frames=$(($1 / 2 + 17))
    ffmpeg -v error -y -f lavfi -i "aevalsrc=exprs='$all':s=$1:d=1" \
        -af "atrim=end_sample=$frames" -c:a "$3" -bitexact "$work/$1.wav"
}
convert() { ffmpeg -v error -y -i "$@"; }
# As browsers write clusters, which they do not know the size of while they record.
unsize() { perl -0777 -pe 's/(\x1f\x43\xb6\x75)[\x40-\x7f]./$1\x7f\xff/gs'; }

chirp 8000 1 pcm_s16le
convert "$work/8000.wav" -c:a pcm_u8 -bitexact 8000-8bit.wav
convert "$work/8000.wav" -c:a pcm_mulaw -bitexact 8000-mulaw.wav
convert "$work/8000.wav" -f wav - | cat > 8000-piped.wav
convert "$work/8000.wav" -f flac - | cat > 8000-piped.flac
oggenc -Q -q 4 --serial 1 -o 8000.ogg "$work/8000.wav"
oggenc -Q -q 4 --serial 2 -o "$work/other.ogg" "$work/8000.wav"
cat 8000.ogg "$work/other.ogg" > 8000-chained.ogg
chirp 8000 '1|0.8|0.6|0.1|0.4|0.2' pcm_s16le
cp "$work/8000.wav" 8000-six.wav
chirp 11025 1 pcm_s24le
cp "$work/11025.wav" 11025-24bit.wav
chirp 11025 1 pcm_s16le
lame --quiet -b 32 "$work/11025.wav" 11025.mp3
chirp 44100 1 pcm_s16le
flac --silent --no-padding -f -8 -o 44100.flac "$work/44100.wav"
lame --quiet -b 64 "$work/44100.wav" 44100-cbr.mp3
lame --quiet -b 64 -t "$work/44100.wav" 44100-untagged.mp3
lame --quiet -V 5 -t "$work/44100.wav" 44100-untagged-vbr.mp3
convert "$work/44100.wav" -c:a libmp3lame -b:a 64k -metadata title=chirp 44100-titled.mp3
oggenc -Q -q 3 --serial 3 -o 44100.ogg "$work/44100.wav"
convert "$work/44100.wav" -c:a aac -b:a 64k -bitexact 44100.m4a
convert "$work/44100.wav" -c:a aac -b:a 64k -bitexact 44100.aac
convert "$work/44100.wav" -c:a aac -b:a 64k -bitexact -f mp4 \
    -movflags +frag_keyframe+empty_moov -frag_duration 100000 44100-fragmented.mp4
convert "$work/44100.wav" -c:a aac -b:a 64k -bitexact -f mp4 \
    -movflags +frag_keyframe+delay_moov -frag_duration 100000 44100-fragmented-edit.mp4
ffmpeg -v error -y -itsoffset 0.25 -i "$work/44100.wav" -c:a aac -b:a 64k -bitexact \
    44100-empty-edit.m4a
chirp 48000 1 pcm_s16le
opusenc --quiet --serial 4 --bitrate 48 --framesize 60 "$work/48000.wav" 48000-60ms.opus
convert "$work/48000.wav" -c:a libopus -b:a 24k -application voip -bitexact 48000-speech.ogg
convert "$work/48000.wav" -c:a libopus -b:a 48k -bitexact 48000-opus.webm
convert "$work/48000.wav" -c:a libopus -b:a 48k -bitexact -f webm -live 1 \
    -cluster_time_limit 200 - | unsize > 48000-opus-recorded.webm
convert "$work/48000.wav" -c:a libopus -b:a 48k -bitexact -f mp4 \
    -movflags +frag_keyframe+empty_moov -frag_duration 100000 48000-opus-fragmented.mp4
chirp 48000 '1|0.5' pcm_s16le
lame --quiet -V 4 -m s "$work/48000.wav" 48000-stereo-vbr.mp3
convert "$work/48000.wav" -c:a aac -b:a 96k -bitexact -movflags +faststart 48000-stereo.m4a
convert "$work/48000.wav" -c:a libopus -b:a 64k -bitexact 48000-opus.ogg
convert "$work/48000.wav" -c:a libopus -b:a 48k -bitexact 48000-opus.mp4
convert "$work/48000.wav" -c:a alac -bitexact 48000-alac.m4a
chirp 96000 '1|0.5' pcm_s24le
flac --silent --no-padding -f -8 -o 96000-stereo.flac "$work/96000.wav"
# 44100-he-aac.m4a is 2.8 s of a synthetic voice by fdk-aac (HE-AAC, mono, 24 kbit/s), which
# Debian's ffmpeg has not.
