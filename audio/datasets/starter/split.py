"""Who is heard in which split: no speaker, no text and no clip is in two of them.

Labels that may hide one person stay together: the two languages of one telephone voice, all actors
of one dubbing, and the word games of one language.
"""

from audio.datasets.starter.texts import words
from audio.manifest import SPLITS

SPEAKERS = {
    "asterisk:maxim": "train",
    "asterisk:june": "dev",
    "asterisk:allison": "test",
    "asterisk:carlo": "test",
    "festvox-ru:nsh": "train",
    "fillets-nl:small": "dev",
    "fillets-nl:big": "test",
}
FAMILIES = {"fillets-cs": "train"}
LANGUAGES = {
    "train": "ca cs de en lt nds pt ru uk",
    "dev": "da el fr hu nb",
    "test": "ar es ga gl he it nl ro sl sr wa",
}
_BY_LANGUAGE = {code: split for split in SPLITS for code in LANGUAGES[split].split()}


def split_of(recording):
    """Return the split of a recording, which is that of its speaker.

    Parameters
    ----------
    recording : sources.Recording
        Of any source.

    Returns
    -------
    str
        One of ``train``, ``dev``, ``test``; empty where the language of a word game has none.
    """
    if recording.speaker in SPEAKERS:
        return SPEAKERS[recording.speaker]
    if recording.source in FAMILIES:
        return FAMILIES[recording.source]
    return _BY_LANGUAGE.get(recording.language, "")


def by_split(recordings):
    """Return ``{split: recordings}``; those whose speaker has no split are left out."""
    found = {split: [] for split in SPLITS}
    for recording in recordings:
        if split_of(recording):
            found[split_of(recording)].append(recording)
    return found


def without_shared_texts(frame):
    """Drop the clips whose words are also said in a smaller split.

    Parameters
    ----------
    frame : DataFrame
        With the columns ``text`` and ``split``.

    Returns
    -------
    DataFrame
        No text is in two splits, whatever its case and punctuation.
    """
    said = frame["text"].map(words)
    smallest_first = frame["split"].value_counts(ascending=True).index
    rank = frame["split"].map({split: k for k, split in enumerate(smallest_first)})
    return frame[rank == rank.groupby(said).transform("min")].reset_index(drop=True)
