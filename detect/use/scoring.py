"""The clips of a manifest scored from their files, on as many processes and machines as wanted."""

from functools import lru_cache

import pandas as pd

from detect.use.features import of_manifest
from experiment.errors import DataError
from experiment.parallel import each
from experiment.progress import say

CHUNK = 256  # files that a worker takes at a time


@lru_cache(maxsize=1)
def opened(model):
    """Return the detector of a name or folder, loaded once per process."""
    from detect.use.loading import load

    return load(model)


def score_chunk(task):
    """Judge some files in the process that this is called in.

    Parameters
    ----------
    task : (str, list of str)
        Name or folder of the detector, and paths.

    Returns
    -------
    list of (float or None, bool or None, str)
        Log-likelihood ratio, whether outside, and why there is none.
    """
    from detect.use.verdict import judge_files

    model, paths = task
    return [_kept(row) for row in judge_files(opened(model), paths)]


def _kept(row):
    return row.get("llr"), row.get("outside"), row.get("reason") or row.get("meaning", "")


def score_clips(model, frame, *, workers=1, scheduler=None):
    """Return the scores frame of a detector on a manifest.

    Parameters
    ----------
    model : str or Path
        Name or folder of a detector.
    frame : DataFrame
        A manifest.
    workers : int
        Processes; one uses all cores already.
    scheduler : str, optional
        Address of a running dask scheduler; its workers see the files and the detector.

    Returns
    -------
    DataFrame
        The columns of the manifest, score, outside, threshold and seen (whether the detector was
        trained on the attack); see `detect.evaluation.intervals`. ``frame.attrs["rejects"]`` has
        name, path and reason of each clip without a score, a list of dicts.

    Raises
    ------
    DataError
        If no clip of a class can be scored.
    """
    paths = frame["path"].astype(str).tolist()
    starts = range(0, len(paths), CHUNK)
    tasks = [(str(model), paths[start : start + CHUNK]) for start in starts]
    chunks = each(score_chunk, tasks, workers=workers, scheduler=scheduler, title="scoring")
    return _framed(opened(str(model)), frame, [row for chunk in chunks for row in chunk])


def scored(detector, frame):
    """Return the scores frame of a loaded detector on a manifest, as `score_clips` does.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    frame : DataFrame
        A manifest.

    Returns
    -------
    DataFrame
        Of this process.
    """
    from detect.use.verdict import judge_files

    return _framed(detector, frame, [_kept(row) for row in judge_files(detector, frame["path"])])


def score_manifest(detector, frame, change=None, name=None):
    """Return the scores of a detector on every clip of a manifest.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    frame : DataFrame
        A manifest.
    change, name : callable and object, optional
        A change of every clip, and what names it; see detect.use.features.of_manifest.

    Returns
    -------
    DataFrame
        A scores frame, see `detect.evaluation.intervals`; ``seen`` holds for attacks of the
        detector's training set.
    """
    logits = detector.logits(of_manifest(detector.front_end, frame, change, name))
    columns = ["name", "label", "attack", "speaker", "split"]
    return with_scores(detector, frame[columns], detector.calibration(logits))


def with_scores(detector, frame, scores):
    """Return the scores frame of a detector: the rows of clips, and what it says of each.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    frame : DataFrame
        A manifest.
    scores : array_like [clips]
        Of its clips.

    Returns
    -------
    DataFrame
        With score, threshold, and seen: whether the attack was in the detector's training.
    """
    return frame.assign(
        score=scores,
        seen=frame["attack"].isin(detector.training.get("attacks", ())),
        threshold=detector.threshold,
    )


def tally(scores):
    """Return in words how many clips `score_clips` or `scored` could score."""
    return f"{len(scores)} clips scored, {len(scores.attrs['rejects'])} could not be"


def _framed(detector, frame, told):
    found = pd.DataFrame(told, columns=["score", "outside", "reason"], index=frame.index)
    scores = with_scores(detector, frame, found["score"].astype(float))
    scores["outside"] = found["outside"].fillna(True).astype(bool)
    gone = scores["score"].isna()
    scores = scores[~gone].reset_index(drop=True)
    if scores["label"].nunique() < frame["label"].nunique():
        raise DataError(
            f"{gone.sum()} of {len(frame)} clips have no score, and with them a class; first: "
            f"{found.loc[gone, 'reason'].iloc[0]}"
        )
    if gone.any():
        say(f"{gone.sum()} clips cannot be scored; first: {found.loc[gone, 'reason'].iloc[0]}")
    rejects = frame.loc[gone, ["name", "path"]].assign(reason=found.loc[gone, "reason"])
    scores.attrs = {"rejects": rejects.to_dict("records")}
    return scores
