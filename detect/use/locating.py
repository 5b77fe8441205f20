"""How well a detector that judges frames finds the fake parts that the clips of a manifest name."""

from audio.manifest import clips
from audio.segments import named
from detect.evaluation.localisation import Timeline, overlap_f1, point_eer, range_eer
from detect.use.localise import RECORD, frame_scores, localises, step


def segments_of(frame):
    """Return the segments of each clip; a clip without is what its label says, list of str."""
    told = frame["segments"] if "segments" in frame else [""] * len(frame)
    return [
        text or f"0-{seconds:.6g}-{label}"
        for text, label, seconds in zip(told, frame["label"], frame["duration"], strict=True)
    ]


def timelines(detector, frame):
    """Return the frame scores of the clips of a manifest beside the truth, list of Timeline.

    Parameters
    ----------
    detector : Detector
        One that `detect.use.localise.localises`.
    frame : DataFrame
        A manifest.
    """
    told = zip(clips(frame, detector.rate), segments_of(frame), strict=True)
    return [
        Timeline(frame_scores(detector, clip.samples), step(detector), text) for clip, text in told
    ]


def localisation(detector, frame):
    """Return how well a detector finds the fake parts of the clips of a manifest.

    Parameters
    ----------
    detector : Detector
        One that `detect.use.localise.localises`.
    frame : DataFrame
        A manifest with ``segments``.

    Returns
    -------
    dict of str to float
        point_eer, range_eer, and precision, recall and f1 of stretches at the threshold from dev.
    """
    found = timelines(detector, frame)
    return figures(found, detector.training[RECORD]["threshold"])


def figures(found, threshold):
    """Return the figures of timelines, whose fake stretches are those below a threshold."""
    return {
        "point_eer": point_eer(found),
        "range_eer": range_eer(found),
        **overlap_f1(found, threshold),
    }


def located(detector, frame):
    """Return how well a detector that judges frames finds the fake parts of clips.

    Parameters
    ----------
    detector : Detector
        Any.
    frame : DataFrame
        A manifest.

    Returns
    -------
    dict or None
        See `localisation`; None for detectors that judge clips, and
        where no clip names its parts.
    """
    return localisation(detector, frame) if named(frame) and localises(detector) else None
