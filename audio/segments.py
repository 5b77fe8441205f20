"""Which parts of a recording are bona fide and which are spoof, as one text per clip.

The column ``segments`` of a manifest holds ``0-1.62-bonafide/1.62-2.48-spoof``: start and end in
seconds and the label of each part, without gaps. Empty text: the whole clip is what its label says.
"""

import numpy as np

from experiment.errors import DataError

LABELS = ("bonafide", "spoof")
GAP = 1e-3  # seconds by which neighbours may miss each other


def parse(text):
    """Return the parts of a recording.

    Parameters
    ----------
    text : str
        As above.

    Returns
    -------
    edges : ndarray [parts + 1]
        In seconds, rising.
    spoof : ndarray [parts] of bool
        Which parts are spoof.

    Raises
    ------
    DataError
        If a part has another form, an unknown label, no length, or does not begin where the one
        before it ends.

    Examples
    --------
    >>> parse("0-1.5-bonafide/1.5-2-spoof")
    (array([0. , 1.5, 2. ]), array([False,  True]))
    """
    edges, spoof = [], []
    for part in text.split("/"):
        try:
            start, end, label = part.split("-")
            start, end = float(start), float(end)
            spoof.append(bool(LABELS.index(label)))
        except ValueError:
            raise DataError(
                f"segments: {part[:40]!r} is not start-end-label with a label of "
                f"{', '.join(LABELS)}"
            ) from None
        if edges and abs(start - edges[-1]) > GAP:
            raise DataError(f"segments: {part!r} begins at {start}, the part before ends elsewhere")
        if not start < end < np.inf:
            raise DataError(f"segments: {part!r} has no length")
        edges = [*(edges or [start]), end]
    return np.array(edges), np.array(spoof)


def named(frame):
    """Whether some clip of a manifest names its parts."""
    return "segments" in frame and bool(frame["segments"].fillna("").astype(bool).any())


def text_of(edges, spoof):
    """Return parts as text, the inverse of `parse`; neighbours of one label become one.

    Parameters
    ----------
    edges : sequence of float [parts + 1]
        In seconds.
    spoof : sequence of bool [parts]

    Returns
    -------
    str
    """
    edges, spoof = np.asarray(edges, float), np.asarray(spoof, bool)
    first = np.flatnonzero(np.r_[True, spoof[1:] != spoof[:-1]])
    ends = np.r_[edges[first][1:], edges[-1]]
    return "/".join(
        f"{start:.4g}-{end:.4g}-{LABELS[int(flag)]}"
        for start, end, flag in zip(edges[first], ends, spoof[first], strict=True)
    )


def frames(edges, spoof, count, step):
    """Return which frames are spoof: those most of which is.

    Parameters
    ----------
    edges, spoof : ndarray
        From `parse`.
    count : int
        Number of frames.
    step : float
        Seconds from one to the next; frame k covers ``[k, k + 1] * step``.

    Returns
    -------
    ndarray [count] of bool
    """
    starts = np.arange(count) * step
    covered = np.zeros(count)
    for start, end in zip(edges[:-1][spoof], edges[1:][spoof], strict=True):
        covered += np.clip(np.minimum(starts + step, end) - np.maximum(starts, start), 0, None)
    return covered > step / 2


def stretches(flags, step):
    """Return the runs of frames that are set, as starts and ends in seconds.

    Parameters
    ----------
    flags : ndarray [frames] of bool
    step : float
        Seconds of a frame.

    Returns
    -------
    ndarray [runs, 2]
    """
    padded = np.r_[False, np.asarray(flags, bool), False]
    changes = np.flatnonzero(padded[1:] != padded[:-1])
    return changes.reshape(-1, 2) * step
