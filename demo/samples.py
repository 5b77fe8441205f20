"""Clips to try the page with: a few that come with it, and the corpus where it is wanted."""

from pathlib import Path

from audio import manifest
from experiment.errors import choose

SHIPPED = Path(__file__).parent / "clips"
EACH = 4


def shipped():
    """Return the clips that come with the page, dict of title to path."""
    return _titled(manifest.load(SHIPPED / "manifest.csv"))


def corpus(size="tiny"):
    """Return test clips of the starter corpus, which is built when missing.

    Parameters
    ----------
    size : str
        Of the corpus.

    Returns
    -------
    dict of str to str
        Title and path of a few clips of each kind.
    """
    from audio.datasets import DATASETS

    frame = DATASETS["starter"](size)
    test = frame[frame["split"] == "test"]
    few = test.groupby(["label", "attack"], sort=True).sample(EACH, random_state=0)
    return _titled(few.reset_index(drop=True))


def _titled(frame):
    return {f"{k + 1}. {_title(row)}": row["path"] for k, row in frame.iterrows()}


def _title(row):
    kind = "real" if row["label"] == "bonafide" else f"fake by {row['attack']}"
    return f"{kind}, {row['language']}: {row['text'][:44]}"


def read(title, known):
    """Return a sample as a file name and its bytes.

    Parameters
    ----------
    title : str
        A key of `known`.
    known : dict of str to str
        From `shipped` or `corpus`.

    Returns
    -------
    (str, bytes)
    """
    path = Path(choose(title, known, "sample"))
    return path.name, path.read_bytes()
