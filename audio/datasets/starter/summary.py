"""What is in a corpus, as tables for people."""

from pathlib import Path

from audio.manifest import counts


def summary(frame):
    """Return tables on a corpus.

    Parameters
    ----------
    frame : DataFrame
        Manifest of the starter corpus.

    Returns
    -------
    dict of str to DataFrame
        ``attacks``: clips, minutes and speakers by split; ``real speech``: by source, language
        and split; ``licences``: clips by package; ``where``: the folder.
    """
    import pandas as pd

    attacks = counts(frame)
    unseen = set(frame.loc[~frame["seen"], "attack"])
    attacks["in training"] = ["" if a in unseen or not a else "yes" for a in attacks["attack"]]
    real = frame[frame["label"] == "bonafide"]
    return {
        "attacks": attacks,
        "real speech": _minutes(real, ["split", "source", "language"]),
        "licences": _minutes(frame, ["licence", "package"]),
        "where": pd.DataFrame({"folder": [_folder(frame)]}),
    }


def _minutes(frame, names):
    grouped = frame.groupby(names).agg(
        clips=("name", "size"), minutes=("duration", "sum"), speakers=("speaker", "nunique")
    )
    grouped["minutes"] = (grouped["minutes"] / 60).round(1)
    return grouped.reset_index()


def _folder(frame):
    path = Path(frame["path"].iloc[0])
    return str([p for p in path.parents if (p / "manifest.parquet").exists()][-1])
