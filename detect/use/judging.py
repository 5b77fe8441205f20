"""The verdict on one sound, by a detector or the name of one."""

from pathlib import Path

from audio.clip import Clip, read_clip
from detect.use.default import DEFAULT
from detect.use.detector import Detector
from detect.use.loading import load
from detect.use.prior import at_prior
from detect.use.verdict import verdicts


def judge(
    sound: str | Path | Clip,
    detector: Detector | str | Path = DEFAULT,
    step: float | None = None,
    prior: float | None = None,
) -> dict:
    """Return the verdict on one recording.

    Parameters
    ----------
    sound : str, Path or Clip
        A sound file of any format, or a clip at the detector's rate.
    detector : Detector, str or Path
        A calibrated detector, or what `detect.load` takes.
    step : float, optional
        Seconds between the windows on a long recording; half a window by default.
    prior : float, optional
        Probability of a spoof before anything is heard; it then chooses the threshold.

    Returns
    -------
    dict
        verdict, llr, threshold, meaning and more; see `detect.use.verdict.verdict`.

    Raises
    ------
    DataError
        If the sound or the detector cannot be read.
    UsageError
        If the prior is out of range, or the detector is not calibrated.

    See Also
    --------
    detect.use.verdict.judge_files : the verdicts on many files.

    Examples
    --------
    >>> import detect
    >>> result = detect.judge(speech_folder / f"{speech[0].name}.wav")
    >>> result["llr"] >= result["threshold"], result["verdict"]
    (True, 'bona fide')
    """
    judge = load(detector) if isinstance(detector, str | Path) else detector
    if prior is not None:
        judge = at_prior(judge, prior)
    clip = read_clip(sound, rate=judge.rate) if isinstance(sound, str | Path) else sound
    return verdicts(judge, [clip], step)[0]
