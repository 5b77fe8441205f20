"""Settings that many commands share: bases of their dataclasses, each a group in ``--help``."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Output:
    """How the answer is printed.

    Attributes
    ----------
    json : bool
        Print one JSON object instead of text.
    """

    json: bool = False


@dataclass(frozen=True, kw_only=True)
class Tables(Output):
    """Files of the answer.

    Attributes
    ----------
    csv : str, optional
        Write the rows to this file.
    plot : str, optional
        Write a picture to this PNG file.
    """

    csv: str | None = None
    plot: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Intervals.

    Attributes
    ----------
    repeats : int
        Draws of speakers behind each 95 % interval.
    """

    repeats: int = 500


@dataclass(frozen=True, kw_only=True)
class Seeded(Draws):
    """Randomness.

    Attributes
    ----------
    seed : int
        Seed of every draw.
    """

    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Resumable:
    """An earlier run.

    Attributes
    ----------
    resume : bool
        Go on with the run that is there.
    force : bool
        Throw away the run that is there.
    """

    resume: bool = False
    force: bool = False
