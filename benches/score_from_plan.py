"""Turns a plan into a score that `peer_numpy.py` and its like can play.

    effleurage plan partner --format json | python score_from_plan.py CLIPS > score.json

CLIPS is the folder of the voice's clips. A score is JSON: `rate` in Hz, `frames` in
all, `voice` as a list of [frame, clip path], `tick` as a list of frames.
"""

import json
import sys
from pathlib import Path


def score(plan, clips):
    events = plan["events"]
    return {
        "rate": plan["sample_rate"],
        "frames": plan["frames"],
        "voice": [
            [event["at"], str(clips / f"{event['clip']}.flac")]
            for event in events
            if event["track"] == "voice"
        ],
        "tick": [event["at"] for event in events if event["track"] == "tick"],
    }


if __name__ == "__main__":
    json.dump(score(json.load(sys.stdin), Path(sys.argv[1]).resolve()), sys.stdout)
