#!/usr/bin/env bash
#
# Times the partner massage beside copying its file, and beside a script that plays
# the same score. One run, warm cache; read the ratios, not the seconds.
#
#   benches/compare.sh [PEER…]
#
# PEER is a command that takes SCORE and OUT.wav; unless given, it is
# `$PYTHON benches/peer_numpy.py`, with PYTHON (python3) having numpy, soundfile and
# soxr. Needs hyperfine and GNU time. Files go into a folder in $TMPDIR. Our render
# waits until its bytes are on the disk, which the others do not: in memory
# (TMPDIR=/dev/shm) the work itself is compared.

set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
if [ $# -gt 0 ]; then peer=("$@"); else peer=("$python" benches/peer_numpy.py); fi
effleurage=${CARGO_TARGET_DIR:-target}/release/effleurage
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo build --locked --release
"$effleurage" plan partner --format json |
  "$python" benches/score_from_plan.py voice-clips/en >"$scratch/score.json"

hyperfine --warmup 2 --runs "${RUNS:-10}" --export-json "$scratch/times.json" \
  --command-name effleurage "$effleurage render partner -q -o $scratch/ours.wav" \
  --command-name cp "cp $scratch/ours.wav $scratch/copy.wav" \
  --command-name peer "${peer[*]} $scratch/score.json $scratch/peer.wav"
"$python" benches/ratios.py "$scratch/times.json"

echo
ls -l "$scratch"/*.wav | awk '{ print $5, "bytes", $9 }'
command time -f "peak memory of ours: %M kB" "$effleurage" render partner -q -o "$scratch/ours.wav"
command time -f "peak memory of the peer: %M kB" "${peer[@]}" "$scratch/score.json" "$scratch/peer.wav"
echo "size of the program: $(stat -c %s "$effleurage") bytes"
echo "crates: $(cargo tree --locked -e normal,build --prefix none | sed 's/ (\*)$//' | sort -u | wc -l)"
