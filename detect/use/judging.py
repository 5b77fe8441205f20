"""The verdict on one sound, by a detector or the name of one."""

from pathlib import Path

from audio.clip import read_clip
from detect.use.loading import load
from detect.use.verdict import verdicts


def judge(sound, detector="starter", step=None):
    """Return the verdict on one recording.

    Parameters
    ----------
    sound : str, Path or Clip
        A sound file of any format, or a clip at the detector's rate.
    detector : Detector, str or Path
        A calibrated detector, or what `detect.load` takes.
    step : float, optional
        Seconds between the windows on a long recording; half a window by default.

    Returns
    -------
    dict
        verdict, llr, threshold, meaning and more; see `detect.use.verdict.verdict`.

    Raises
    ------
    DataError
        If the sound or the detector cannot be read.

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
    if isinstance(detector, str | Path):
        detector = load(detector)
    if isinstance(sound, str | Path):
        sound = read_clip(sound, rate=detector.rate)
    return verdicts(detector, [sound], step)[0]
