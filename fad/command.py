"""What `fake-audio fad` does between its arguments and its output."""

from experiment.errors import UsageError, choose
from fad import sets
from fad.distance import reference as saved
from fad.distance.comparison import by_group, compare, memorised
from fad.distance.measures import METRICS
from fad.embeddings.cache import Cache
from fad.embeddings.sound_files import Settings, embed_files


def run(config):
    """Embed, compare, and return the result.

    Parameters
    ----------
    config : object
        With the fields of the settings of `fake-audio fad`.

    Returns
    -------
    dict or None
        From `fad.distance.comparison.compare`, with ``groups`` and ``memorisation`` where asked
        for; None where there was only a reference to save.

    Raises
    ------
    UsageError
        If the arguments do not fit together.
    DataError
        If a set cannot be used.
    """
    _check(config)
    settings = Settings(config.embedding, config.preset, config.source, config.short)
    if config.save_reference:
        files = sets.read(config.reference)["path"].tolist()
        made = saved.make(files, settings, config.reference, **_options(config, "reference"))
        saved.save(made, config.save_reference)
        if not config.evaluated:
            return None
    names = sets.short_names(config.evaluated)
    frames = {name: sets.read(text) for name, text in zip(names, config.evaluated, strict=True)}
    reference = _reference(config, settings)
    evaluated = {name: _embedded(frame, settings, config, name) for name, frame in frames.items()}
    result = compare(
        reference, evaluated, _metrics(config), config.seed, config.repeats, config.farthest
    )
    known = _known(config, settings, reference) if config.training else None
    for name, one in evaluated.items():
        if config.by:
            groups = _groups(frames[name], config.by, name)
            ranked = by_group(reference, one, groups, config.seed, config.repeats)
            result["sets"][name]["groups"] = ranked
        if config.training:
            result["sets"][name]["memorisation"] = _memorisation(
                config, settings, frames[name], one, known
            )
    return result


def _check(config):
    if not config.reference or not (config.evaluated or config.save_reference):
        raise UsageError("give REFERENCE and one or more EVALUATED sets, or --self-test")
    twice = {name for name in config.evaluated if config.evaluated.count(name) > 1}
    if twice:
        raise UsageError(f"named twice: {', '.join(sorted(twice))}")
    for name in _metrics(config):
        choose(name, METRICS, "metric")
    statistics = config.reference.endswith(saved.SUFFIX)
    if statistics and (config.training or config.save_reference):
        raise UsageError(f"{config.reference}: --training and --save-reference need the audio")


def _metrics(config):
    if config.metrics == "all":
        return tuple(METRICS)
    return tuple(name.strip() for name in config.metrics.split(","))


def _options(config, title):
    return {
        "workers": config.workers,
        "scheduler": config.scheduler,
        "cache": None if config.no_cache else Cache(limit=config.cache_limit),
        "title": f"embedding {title}",
    }


def _embedded(frame, settings, config, title):
    return embed_files(frame["path"].tolist(), settings, **_options(config, title))


def _reference(config, settings):
    if config.reference.endswith(saved.SUFFIX):
        return saved.load(config.reference)
    return _embedded(sets.read(config.reference), settings, config, "reference")


def _groups(frame, column, name):
    if column not in frame:
        raise UsageError(f"{name}: no column {column!r} to group by")
    return dict(zip(frame["path"], frame[column].astype(str), strict=True))


def _known(config, settings, reference):
    """Return (training, held out) by log-mel patches and by the chosen embedding, embedded once."""
    training, held_out = sets.read(config.training), sets.read(config.reference)
    plain, dense = _patches(settings)
    return (
        (
            _embedded(training, dense, config, "training set"),
            _embedded(held_out, plain, config, "reference"),
        ),
        (_embedded(training, settings, config, "training set"), reference),
    )


def _patches(settings):
    """Return the settings of log-mel patches: as windows lie, and cut densely."""
    return tuple(
        Settings("logmel_patch", preset, None, settings.short)
        for preset in (settings.preset, "dense")
    )


def _memorisation(config, settings, frame, embedded, known):
    """Look for repetitions by log-mel patches, cut densely, and by the chosen embedding."""
    plain, _ = _patches(settings)
    sides = (_embedded(frame, plain, config, "evaluated set"), embedded)
    return [
        memorised(training, held_out, evaluated, config.seed, config.repeats)
        for (training, held_out), evaluated in zip(known, sides, strict=True)
    ]
