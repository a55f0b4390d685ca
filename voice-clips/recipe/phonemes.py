#!/usr/bin/env python3
"""Writes the phonemes of new texts into a pack's manifest, with espeak-ng.

    phonemes.py ../en                          the prompts that have none yet
    phonemes.py ../en --again 'halfway'        these anew, because their text changed
    phonemes.py ../en-m --known ../en          a text that stands there is said as there

In English, a word that occurs in other lines is said as there, and only the rest
comes from espeak-ng. Every new line is printed: read it before use. The table
[phonemes] gets the order and the headings of [prompts].
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tomllib

# espeak-ng's name of each language, and what Kokoro writes otherwise. Digraphs come
# tied by "^", so that "t^ʃ" is one sound and "tʃ" would be two.
VOICES = {"en": "en-us", "es": "es", "fr": "fr-fr", "it": "it", "pt-BR": "pt-br"}
COMMON = {
    "a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "ɔ^ɪ": "Y", "o^ʊ": "O", "ə^ʊ": "Q",
    "d^ʒ": "ʤ", "t^ʃ": "ʧ", "d^z": "ʣ", "t^s": "ʦ",
}  # fmt: skip
ENGLISH = {
    "ə^l": "ᵊl", "ɜːɹ": "ɜɹ", "oːɹ": "ɔɹ", "ɚɹ": "əɹ", "ɚ": "əɹ", "ɐ": "ə", "r": "ɹ", "x": "k",
    "ɜː": "ɜɹ", "ɪə": "iə", "ɾ": "T", "ʔ": "t", "ː": "",
}  # fmt: skip
UNSAID = dict.fromkeys("^-\u0329", "")
MARKS = ",.;:!?"
VOWELS = "AIOWYQaiuæɑɒɐɔəɛɜɪʊʌᵻ"

PROMPT = re.compile(r'([a-z0-9-]+) *= *"')
HEADING = "# ---"


def espeak(language, words):
    """The sounds of some words between two marks, in Kokoro's notation."""
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", VOICES[language], "--", words]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    said = re.sub(r"\([a-z-]+\)", "", said)  # "(en)" where it changes the language
    said = " ".join(said.split())
    for table in (COMMON, ENGLISH if language == "en" else {}, UNSAID):
        for theirs, ours in table.items():
            said = said.replace(theirs, ours)
    return said


def clauses(text):
    """The text in turns: words, the mark after them, words, and so on."""
    for words, mark in re.findall(rf"([^{MARKS}¿¡]+)([{MARKS}]*)", text):
        if words.strip():
            yield words.strip(), mark


def phonemes(language, text, lexicon):
    parts = []
    for words, mark in clauses(text):
        said = [lexicon.get(word.lower()) for word in words.split()]
        if None in said:
            fresh = espeak(language, words).split()
            if len(fresh) == len(said):  # word for word, unless espeak-ng joined some
                said = [known or new for known, new in zip(said, fresh)]
            elif language == "en":
                said = [known or espeak(language, word) for known, word in zip(said, words.split())]
            else:
                said = fresh
        parts.append(" ".join(said) + mark)
    said = " ".join(parts)
    if language == "en":
        said = re.sub(rf"\bðə(?= [ˈˌ]?[{VOWELS}])", "ði", said)
    return said


def learn(pairs):
    """How words were said before; where there were several ways, the most common."""
    ways = {}
    for text, said in pairs:
        words = re.sub(rf"[{MARKS}]", "", text).split()
        sounds = re.sub(rf"[{MARKS}]", "", said).split()
        if len(words) == len(sounds):
            for word, sound in zip(words, sounds):
                ways.setdefault(word.lower(), []).append(sound)
    return {word: max(sorted(set(said)), key=said.count) for word, said in ways.items()}


def read(path):
    """A manifest's language, its texts and its phonemes."""
    manifest = tomllib.loads(path.read_text("utf-8"))
    return manifest["language"], manifest["prompts"], manifest.get("phonemes", {})


def table(lines, name):
    """Where a table's lines begin and end, without its title."""
    start = lines.index(f"[{name}]") + 1
    rest = (n for n in range(start, len(lines)) if lines[n].startswith("["))
    return start, next(rest, len(lines))


def remarks(lines):
    """The comments right above each phoneme line, to be kept there."""
    kept, above = {}, []
    for line in lines:
        if found := PROMPT.match(line):
            kept[found[1]], above = above, []
        elif line.startswith("#") and not line.startswith(HEADING):
            above.append(line)
    return kept


def laid_out(prompts, said, kept):
    """The table [phonemes], with the order and the headings of [prompts]."""
    lines = []
    for line in prompts:
        if found := PROMPT.match(line):
            lines += [*kept.get(found[1], []), f'{found[1]} = "{said[found[1]]}"']
        elif line.startswith(HEADING) or (not line and lines[-1:] != [""]):
            lines.append(line)
    return lines


def write(path, said):
    lines = path.read_text("utf-8").splitlines()
    if "[phonemes]" not in lines:
        end = table(lines, "prompts")[1]
        lines[end:end] = ["", "[phonemes]", ""]
    start, end = table(lines, "phonemes")
    prompts = lines[slice(*table(lines, "prompts"))]
    fresh = laid_out(prompts, said, remarks(lines[start:end]))
    while fresh[-1:] == [""]:
        fresh.pop()
    if end < len(lines):
        fresh.append("")
    lines[start:end] = fresh
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where manifest.toml is")
    parser.add_argument("--again", type=re.compile, help="names whose text changed, as a regular expression")
    parser.add_argument("--known", type=pathlib.Path, action="append", default=[], help="another pack's folder")
    options = parser.parse_args()
    path = options.folder / "manifest.toml"
    language, prompts, old = read(path)
    if language not in VOICES:
        sys.exit(f"phonemes.py: no language {language}, only {', '.join(VOICES)}")

    said = {
        name: how
        for name, how in old.items()
        if how and not (options.again and options.again.fullmatch(name))
    }
    pairs = [(prompts[name], how) for name, how in said.items() if name in prompts]
    for folder in options.known:
        _, texts, sounds = read(folder / "manifest.toml")
        pairs += [(texts[name], how) for name, how in sounds.items() if name in texts]
    whole = dict(pairs)
    lexicon = learn(pairs) if language == "en" else {}
    for name, text in prompts.items():
        if name not in said:
            said[name] = whole.get(text) or phonemes(language, text, lexicon)
            print(f"{name}: {said[name]}")
    write(path, said)


if __name__ == "__main__":
    main()
