"""Run an explainer over clips, a few at a time."""

import inspect
import time

import numpy as np

from experiment.errors import UsageError, choose
from xai.explanation import Explanation
from xai.subject import Subject

TARGETS = {"bonafide": 1, "spoof": -1}
DOMAINS = {"auto": None, "sound": None}
TOGETHER = 8


def run(detector, clips, method, registry, target, seed, options):
    """Explain clips by a registered method; see `xai.explain`.

    Parameters
    ----------
    detector, clips, method, target, seed
        As for `xai.explain`.
    registry : dict
        Where `method` is looked up.
    options : dict
        Of the method and of the subject.

    Returns
    -------
    list of Explanation
        One per clip; `seconds` is an equal share of the time that its group took.
    """
    explainer = choose(method, registry, "explanation method")
    sign = choose(target, TARGETS, "target")
    background, domain, rest = split(options, method, explainer)
    found = []
    for start in range(0, len(clips), TOGETHER):
        began = time.perf_counter()
        part = tuple(clips[start : start + TOGETHER])
        subject = Subject(detector, part, sign, background, domain)
        heats = np.asarray(explainer(subject, seed=seed, **rest), np.float32)
        seconds = (time.perf_counter() - began) / len(part)
        shared = (*subject.axes, detector.digest, seed, seconds, plain(options))
        found += [
            Explanation(clip.name, method, target, heat, *shared)
            for clip, heat in zip(part, heats, strict=True)
        ]
    return found


def split(options, method, explainer):
    """Return the subject's background and domain, and the method's own options."""
    rest = dict(options)
    background = tuple(rest.pop("background", ()))
    domain = rest.pop("domain", "auto")
    choose(domain, DOMAINS, "domain")
    known = [name for name in inspect.signature(explainer).parameters if name not in FIXED]
    for name in rest:
        if name not in known:
            raise UsageError(f"{method} has no option {name!r}; it has: {', '.join(known) or '-'}")
    return background, domain, rest


FIXED = ("subject", "seed")


def plain(options):
    """Return options as JSON holds them; background clips become their names."""
    kept = {name: value for name, value in options.items() if name != "background"}
    if "background" in options:
        kept["background"] = [clip.name for clip in options["background"]]
    return {name: vars(v) if hasattr(v, "__dict__") else v for name, v in kept.items()}
