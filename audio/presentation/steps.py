"""What a step of a presentation is, and how it is written as text: ``noise:pink:18dB``."""

import re
from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np

from experiment.errors import UsageError

NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(.*)")


def quantity(unit, digits=2, **options):
    """Return a dataclass field that holds a number, written with its unit.

    Parameters
    ----------
    unit : str
        Follows the number: ``s``, ``dB``.
    digits : int
        Decimals that are kept, so that the text says exactly what was done.
    **options
        Of ``dataclasses.field``, for example a default.
    """
    return field(metadata={"unit": unit, "digits": digits}, **options)


@dataclass(frozen=True)
class Step:
    """One thing that happens to a recording. Its fields are numbers with units, or words.

    Subclasses have a ``word``, the name in the text, and ``apply``.
    """

    word: ClassVar[str] = ""

    def __post_init__(self):
        for one in fields(self):
            if "unit" in one.metadata:
                exact = round(float(getattr(self, one.name)), one.metadata["digits"]) + 0.0
                object.__setattr__(self, one.name, exact)

    def apply(self, samples, rate, generator, scene):
        """Return the changed samples.

        Parameters
        ----------
        samples : float64 ndarray [n]
            One channel.
        rate : int
            In Hz.
        generator : numpy.random.Generator
            For what the fields leave open (a noise, a room's reflections). What it draws must not
            depend on the samples' values.
        scene : Scene
            What is around: voices for babble, the original of a copy.

        Returns
        -------
        ndarray [m]
            In step with the samples; ``m == n`` except where time is cut or added.
        """
        raise NotImplementedError

    def __str__(self):
        return ":".join([self.word, *(_written(self, one) for one in fields(self))])

    @classmethod
    def read(cls, words):
        """Return the step from the words after its name.

        Raises
        ------
        UsageError
            If they are too many, too few or not what the fields hold.
        """
        own = fields(cls)
        if len(words) != len(own):
            raise UsageError(f"{cls.word} takes {len(own)} values, received {len(words)}: {words}")
        return cls(**{one.name: _meant(one, text) for one, text in zip(own, words, strict=True)})


@dataclass(frozen=True)
class Scene:
    """What is around a recording while it is presented.

    Attributes
    ----------
    voices : sequence of ndarray
        Speech of others at the same rate, for babble.
    original : ndarray, optional
        The unpresented recording that a clip is a copy of: silences are looked for there, so that
        both are cut at the same places. The clip itself by default.
    """

    voices: tuple = ()
    original: np.ndarray | None = None


def _written(step, one):
    value = getattr(step, one.name)
    if "unit" not in one.metadata:
        return str(value)
    text = f"{value:.{one.metadata['digits']}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + one.metadata["unit"]


def _meant(one, text):
    unit = one.metadata.get("unit")
    if unit is None:
        return text
    found = NUMBER.fullmatch(text)
    if not found or found[2] != unit:
        raise UsageError(f"{text!r} is no {one.name}; write a number followed by {unit!r}")
    return float(found[1])


def power(samples):
    """Return the mean square of samples."""
    return float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0


def like(samples, before):
    """Return `samples` scaled to the power that `before` has."""
    return samples * np.sqrt(power(before) / max(power(samples), 1e-24))


def same_length(samples, n):
    """Return the first `n` samples; zeros follow where there are fewer."""
    return np.pad(samples, (0, max(n - len(samples), 0)))[:n]
