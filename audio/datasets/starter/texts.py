"""What the speech engines are given to say: texts of the packages, each in one split only."""

import re
from dataclasses import dataclass

from audio.datasets.starter.sources import SOURCES, asterisk_texts, fillets_texts
from experiment.seeds import rng

SHORTEST, LONGEST = 16, 90
SHARES = {"train": 0.5, "dev": 0.2, "test": 0.3}
SPOKEN_LANGUAGES = ("en", "es", "fr", "it", "ru", "cs", "nl")


@dataclass(frozen=True)
class Sentence:
    """A text for a speech engine.

    Attributes
    ----------
    text : str
        What to say.
    language : str
        Code of the language.
    """

    text: str
    language: str


def words(text):
    """Return a text without case and punctuation: two clips with equal words share their text."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def share_of(text):
    """Return the split of a text that nobody in the corpus says, by the hash of its words."""
    point = rng(0, "text", words(text)).random()
    for split, share in SHARES.items():
        point -= share
        if point < 0:
            return split
    return split


def pools(recordings, root, sources):
    """Return the sentences of each split and language.

    Parameters
    ----------
    recordings : dict of str to list of sources.Recording
        The real recordings by split; their texts belong to that split.
    root : Path
        Folder of the unpacked packages.
    sources : sequence of str
        Keys of `sources.SOURCES` that the corpus holds.

    Returns
    -------
    dict of (str, str) to list of Sentence
        Keys are (split, language); no two sentences of the corpus have equal words.
    """
    owner = {words(r.text): split for split, members in recordings.items() for r in members}
    said = [
        Sentence(r.text, r.language)
        for members in recordings.values()
        for r in members
        if not r.is_word
    ]
    pool, seen = {}, set()
    for sentence in [*said, *_unsaid(root, sources, owner)]:
        key = words(sentence.text)
        if key in seen or not SHORTEST <= len(sentence.text) <= LONGEST:
            continue
        seen.add(key)
        split = owner.get(key) or share_of(sentence.text)
        pool.setdefault((split, sentence.language), []).append(sentence)
    return pool


def _unsaid(root, sources, owner):
    """Texts of the packages beside the recordings: long prompts by sentence, other translations."""
    found = []
    for name in sources:
        if SOURCES[name].family == "asterisk":
            language = name.split("-")[1]
            texts = asterisk_texts(root, language).values()
            parts = [re.split(r"(?<=[.?!])\s+", text) for text in texts if words(text) not in owner]
            found += [Sentence(part, language) for sentences in parts for part in sentences]
    fillets = next((name for name in sources if SOURCES[name].family == "fillets"), None)
    for language in SPOKEN_LANGUAGES if fillets else ():
        found += [Sentence(t, language) for _, t in fillets_texts(root, language).values()]
    return found
