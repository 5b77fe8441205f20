"""Front ends: what a detector sees of a clip. Add one with a file and a line in `FRONTENDS`."""

from dataclasses import asdict

from audio.frontends.base import FrontEnd, Spectral
from audio.frontends.cepstral import LFCC, MFCC
from audio.frontends.constantq import CQT
from audio.frontends.mel import LogMel
from audio.frontends.published import PUBLISHED
from audio.frontends.waveform import Waveform
from audio.frontends.windowed import WindowedLFCC
from experiment.errors import DataError, choose

__all__ = [
    "CQT",
    "FRONTENDS",
    "LFCC",
    "MFCC",
    "PUBLISHED",
    "FrontEnd",
    "LogMel",
    "Waveform",
    "WindowedLFCC",
    "from_dict",
    "named",
    "to_dict",
]

FRONTENDS = {
    "logmel": LogMel,
    "mfcc": MFCC,
    "lfcc": LFCC,
    "lfcc_windows": WindowedLFCC,
    "cqt": CQT,
    "spectrogram": Spectral,
    "waveform": Waveform,
}


def named(name, **settings):
    """Return a front end by its name in `FRONTENDS`, with settings, or in `PUBLISHED`, as it is.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    entry = choose(name, {**FRONTENDS, **PUBLISHED}, "front end")
    return entry if name in PUBLISHED else entry(**settings)


def to_dict(front_end):
    """Return a front end as plain values, its name under ``"name"``."""
    name = next(name for name, kind in FRONTENDS.items() if kind is type(front_end))
    return {"name": name, **asdict(front_end)}


def from_dict(values):
    """Return the front end that `to_dict` wrote.

    Raises
    ------
    UsageError
        If no front end has that name.
    DataError
        If a setting is missing a meaning in this version.
    """
    settings = {**values}
    kind = choose(settings.pop("name", None), FRONTENDS, "front end")
    try:
        return kind(**settings)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"front end {values} does not fit this version: {error}") from None
