"""A verdict as a line for people and as a row of a table."""

import json

from detect.use.verdict import NEITHER, called
from experiment.progress import shown

TABLE = (
    "verdict",
    "llr",
    "threshold",
    "posterior",
    "outside",
    "distance",
    "limit",
    "seconds",
    "judged",
)


def record(one):
    """Return a result of `detect.use.verdict.judge_files` as the cells of a row, dict.

    A file that could not be read has the verdict "cannot judge", and lies outside.
    """
    if "reason" in one:
        return {"verdict": NEITHER, "outside": True, **one}
    return one


def line(one):
    """Return a verdict as one line of text; what a name hides is shown."""
    if one["llr"] is None or one["verdict"] == NEITHER:
        return f"{shown(one['file'])}: {NEITHER}: {'; '.join([one['meaning'], *one['flags']])}"
    parts = [one["meaning"]]
    if one.get("posterior") is not None:
        parts += [f"{100 * one['posterior']:.3g} % likely to be a spoof"]
    if one["judged"] < one["seconds"]:
        parts += [f"judged by {one['judged']:.3g} s of {one['seconds']:.3g} s"]
    if one["fake"]:
        parts += ["called spoof: " + ", ".join(f"{a:.1f}-{b:.1f} s" for a, b in one["fake"])]
    if one["outside"]:
        parts += [outside(one["distance"], one["limit"])]
    parts += one["flags"]
    return (
        f"{shown(one['file'])}: {one['verdict']} (LLR {one['llr']:+.2f}, "
        f"spoof below {one['threshold']:+.2f}): {'; '.join(parts)}"
    )


def outside(distance, limit):
    """Return the warning that a sound is unlike all that a detector was trained on."""
    return (
        f"OUTSIDE what the detector was trained on (distance {distance:.2f}, limit {limit:.2f}), "
        "do not rely on it"
    )


def window(detector, heard, form, first):
    """Return a window of live sound as text, one line of JSON or a row.

    Parameters
    ----------
    detector : Detector
        That scored it.
    heard : detect.use.streaming.Heard
        The window.
    form : {"text", "csv", "json"}
        How it is written.
    first : bool
        Whether a row needs its header.
    """
    values = {k: None if v != v else round(v, 6) for k, v in heard.to_dict().items()}
    limit = None if detector.domain is None else detector.domain.level
    values |= told(detector, heard.llr, heard.distance, limit)
    if form == "json":
        return json.dumps(values)
    if form == "csv":
        row = ",".join("" if value is None else str(value) for value in values.values())
        return f"{','.join(values)}\n{row}" if first else row
    score = "" if values["llr"] is None else f" (LLR {heard.llr:+.2f})"
    far = values["outside"] and values["verdict"] != NEITHER
    odd = "; " + outside(heard.distance, limit) if far else ""
    return f"{heard.start:.1f}-{heard.end:.1f} s: {values['verdict']}{score}{odd}"


def told(detector, score, distance, limit):
    """Return verdict and outside of one window, dict."""
    from detect.use.verdict import learned

    known = limit is None or distance < float("inf")
    judged = learned(detector) and known
    verdict = called(score, detector.threshold) if judged else NEITHER
    far = limit is not None and not distance <= limit
    return {"verdict": verdict, "outside": bool(score != score or far)}
