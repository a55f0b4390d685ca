"""What the flags that change a routine ask of its plan, in exact fractions."""

import math
import re
from fractions import Fraction

UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1}
# None of these makes a track longer or shorter.
OF_SOUND = {"--ticks", "--tick-level", "--voice-level", "--bed", "--bed-level", "--room"}
FULL_LENGTH_SECONDS = {"self-short": 360}


def paired(flags):
    """Each flag with its values; one that is followed by another flag has none."""
    found = {}
    for word in flags:
        if word.startswith("--"):
            values = found.setdefault(word, [])
        else:
            values.append(word)
    return found


def without(flags, names):
    """`flags` less those with these names, each of which has a value."""
    words = iter(flags)
    return tuple(word for word in words if not (word in names and next(words)))


def half_up(number):
    return math.floor(number + Fraction(1, 2))


def seconds(text):
    """`1m30s` as a number."""
    parts = re.findall(r"([0-9.]+)([hms])", text)
    return sum(Fraction(number) * UNIT_SECONDS[unit] for number, unit in parts)


def check(ledger, plan, routine):
    """The plan holds what the flags ask for; `routine` is the file, as it was written."""
    asked = paired(ledger.track.flags)
    zones = [section for section in plan["sections"] if section["kind"] == "zone"]
    ticks = [event for event in plan["events"] if event["track"] == "tick"]
    check_total(ledger, plan, asked)
    check_legs(ledger, zones, asked)
    check_zones(ledger, zones, asked, plan["sample_rate"])
    check_rates(ledger, zones, asked, routine, plan["sample_rate"])
    check_strokes(ledger, zones, ticks, asked, routine)
    check_counts(ledger, zones, ticks, asked, plan["sample_rate"])


def check_total(ledger, plan, asked):
    total = FULL_LENGTH_SECONDS.get(plan["routine"]) if asked.keys() <= OF_SOUND else None
    if "--total" in asked:
        total = seconds(asked["--total"][0])
    if total is not None:
        exactly = half_up(total * plan["sample_rate"])
        ledger.expect(plan["frames"] == exactly, f"{plan['frames']} frames, not {exactly}")


def check_legs(ledger, zones, asked):
    """Both legs get the same, to the frame; or one gets all, where that is asked for."""
    of = lambda leg: [
        (zone["id"].replace(f".{leg}.", "."), zone["frames"], zone["strokes"])
        for zone in zones
        if zone["leg"] == leg
    ]
    left, right = of("left"), of("right")
    match asked.get("--legs", ["both"]):
        case ["left"]:
            ledger.expect(left and not right, "the right leg has zones")
        case ["right"]:
            ledger.expect(right and not left, "the left leg has zones")
        case _:
            differ = sorted(set(left) ^ set(right))
            ledger.expect(left and not differ, f"the legs differ in {differ}")
    for first in asked.get("--first", []):
        ledger.expect(zones[0]["leg"] == first, f"the {zones[0]['leg']} leg comes first")


def check_zones(ledger, zones, asked, rate):
    """Each zone that is asked for lasts as it should."""
    for name, extent in (value.split("=") for value in asked.get("--zone", [])):
        found = [zone for zone in zones if set(name.split(".")) <= set(zone["id"].split("."))]
        if extent == "off":
            ledger.expect(not found, f"{name} is still there")
        elif extent.endswith("strokes"):
            fits = [zone["strokes"] == int(extent.removesuffix("strokes")) for zone in found]
            ledger.expect(fits and all(fits), f"{name} has not {extent}")
        else:
            fits = [zone["frames"] == half_up(seconds(extent) * rate) for zone in found]
            ledger.expect(fits and all(fits), f"{name} has not {extent}")


def check_rates(ledger, zones, asked, routine, rate):
    """The number of strokes is the one that is nearest to the rate that is asked for."""
    pace = Fraction(asked.get("--pace", ["1x"])[0].removesuffix("x"))
    for zone in zones:
        technique = routine["techniques"][zone["technique"]]
        wanted = pace * Fraction(str(technique["strokes_per_minute"]))
        exactly = Fraction(zone["frames"], rate) * wanted / 60
        near = abs(zone["strokes"] - exactly) <= Fraction(1, 2)
        ledger.expect(near, f"{zone['id']}: {zone['strokes']} strokes, not {float(exactly):.2f}")


def check_strokes(ledger, zones, ticks, asked, routine):
    """Every tick of a zone stands where the closed form puts it."""
    slowing = Fraction(asked.get("--slow-down", ["0%"])[0].removesuffix("%")) / 100
    for zone in zones:
        pattern = routine["techniques"][zone["technique"]]["ticks"]
        expected = places(zone, pattern, slowing)
        end = zone["at"] + zone["frames"]
        found = [tick["at"] for tick in ticks if zone["at"] <= tick["at"] < end]
        count = len(found) == len(expected)
        ledger.expect(count, f"{zone['id']}: {len(found)} ticks, not {len(expected)}")
        ledger.expect_all(
            [a == b for a, b in zip(found, expected)],
            lambda n: f"{zone['id']}: tick {n} is planned at {found[n]}, not {expected[n]}",
        )


def places(zone, pattern, slowing):
    """L·((1 - a)·x + a·x²), where x = k/n and a = p/(2 - p), half up."""
    bend = slowing / (2 - slowing)
    slots = zone["strokes"] * len(pattern)
    sounding = (slot for slot in range(slots) if pattern[slot % len(pattern)] != ".")
    shares = (Fraction(slot, slots) for slot in sounding)
    return [zone["at"] + half_up(zone["frames"] * ((1 - bend) * x + bend * x * x)) for x in shares]


def check_counts(ledger, zones, ticks, asked, rate):
    """Each zone is counted in, a second apart where strokes are slower than that."""
    count = int(asked.get("--count-in", ["0"])[0])
    expected = [zone["at"] - n * rate for zone in zones for n in range(count, 0, -1)]
    found = [tick["at"] for tick in ticks if tick["sound"] == "count"]
    ledger.expect(found == expected, f"{len(found)} ticks count in, not as {len(expected)} should")
