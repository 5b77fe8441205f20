"""Bounds of settings, by their names: what no command can mean is refused before it starts."""

import dataclasses
import math

from experiment.errors import UsageError

AT_LEAST = {
    **dict.fromkeys(("seed", "explained", "farthest", "fakes", "test_fakes", "interpolate"), 0),
    **dict.fromkeys(("copies", "pairs", "cache_limit", "memory", "r1", "shuffle"), 0),
    **dict.fromkeys(("seeds", "epochs", "batch", "steps", "workers", "repeats", "n"), 1),
    **dict.fromkeys(("dim", "gan_dim", "gan_batch", "gan_steps", "patience", "distance_clips"), 1),
    **dict.fromkeys(("megabytes", "latent", "channels", "check_every"), 1),
}
ABOVE_ZERO = ("seconds", "gan_seconds", "minutes", "learning_rate", "rate", "step")


def require(settings):
    """Return settings if every number in them can be meant.

    Parameters
    ----------
    settings : dataclass
        Of a command.

    Returns
    -------
    dataclass
        The same.

    Raises
    ------
    UsageError
        Naming the first number that is not finite or out of its range.
    """
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            _require(field.name, value)
    return settings


def _require(name, value):
    flag = name.replace("_", "-")
    if not math.isfinite(value):
        raise UsageError(f"{flag} is {value}; give a finite number")
    least = AT_LEAST.get(name)
    if least is not None and value < least:
        raise UsageError(f"{flag} is {value}; give at least {least}")
    if name in ABOVE_ZERO and not value > 0:
        raise UsageError(f"{flag} is {value}; give more than 0")
