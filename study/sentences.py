"""Numbers in words: what a result says, and what it does not."""

from experiment.files import read_json
from experiment.report import number
from study.detectors import CONDITIONS


def stage(folder, name):
    """Return the result of a finished stage of a run."""
    return read_json(folder / "stages" / f"{name}.json")["result"]


def headline(folder):
    """Return the answers of a finished run, one line each.

    Parameters
    ----------
    folder : Path
        The run folder.

    Returns
    -------
    str
        The sentences at the head of the report.
    """
    return "\n".join(answers(stage(folder, "evaluation"), stage(folder, "distances")))


def answers(evaluation, distances):
    """Return what the experiment found, in sentences.

    Parameters
    ----------
    evaluation : dict
        From `study.evaluation.evaluate`.
    distances : dict
        From `study.distances.measure`.

    Returns
    -------
    list of str
        Whether the generator fools the detectors and what the fakes change, for detectors that
        learned anything; which did not; how far the fakes are from real speech.
    """
    models = list(dict.fromkeys(row["model"] for row in evaluation["metrics"]))
    able = [model for model in models if learned(evaluation, model)]
    told = [tell(evaluation, model) for tell in (fooling, change) for model in able]
    guessing = [guess(evaluation, model) for model in models if model not in able]
    return [*told, *guessing, distance(distances)]


def learned(evaluation, model):
    """Whether a model tells the classes of dev apart better than chance in either condition."""
    rows = [find(evaluation, model, c, "all", "all", "auc", "dev") for c in CONDITIONS]
    return any(row is not None and (row["low"] or 0) > 0.5 for row in rows)


def guess(evaluation, model):
    """Return that a model did not learn, with its figures on dev."""
    rows = [find(evaluation, model, c, "all", "all", "auc", "dev") for c in CONDITIONS]
    told = "; ".join(
        f"{words}: {ranged(row)}" for words, row in zip(CONDITIONS.values(), rows, strict=True)
    )
    return (
        f"{model} did not learn to tell fakes from the real speech of other speakers (AUC on dev, "
        f"{told}): its other figures are those of a guess."
    )


def fooling(evaluation, model):
    """Return how often fakes pass for real, before and after training on the generator's.

    Those of the generator itself, of another one, and of the attacks that training had not.
    """
    sides = {
        f"clips of {evaluation['generator']}": ("generated", evaluation["generator"]),
        f"clips of {evaluation['second']}, another generator": ("generated", evaluation["second"]),
        "attacks unseen in training": ("unseen", "unseen"),
    }
    told = {name: _passing(evaluation, model, *side) for name, side in sides.items()}
    parts = [f"{name}: {share}" for name, share in told.items() if share]
    return f"Fakes that {model} takes for bona fide speech — {'; '.join(parts)}."


def _passing(evaluation, model, kind, group):
    """Return the share of fakes that pass in both conditions; empty where there are none."""
    parts = []
    for condition, words in CONDITIONS.items():
        row = find(evaluation, model, condition, kind, group, "recall")
        if row is None:
            return ""
        miss = {k: None if row[k] is None else 1 - row[k] for k in ("value", "low", "high")}
        parts.append(f"{words} {percent(miss['value'], miss['high'], miss['low'])}")
    return ", ".join(parts)


def find(evaluation, model, condition, kind, group, metric, split="test"):
    """Return one row of the metrics, or None."""
    wanted = {"model": model, "condition": condition, "kind": kind, "metric": metric}
    wanted |= {"split": split, "group": group}
    rows = evaluation["metrics"]
    return next((row for row in rows if all(row[k] == v for k, v in wanted.items())), None)


def change(evaluation, model):
    """Return what adding the fakes changed on attacks that training had not."""
    rows = [r for r in evaluation["differences"] if r["model"] == model and r["metric"] == "eer"]
    row = next((r for r in rows if r["group"] == "attacks unseen in training"), rows[0])
    points = {key: percentage(row[key]) for key in ("value", "low", "high")}
    told = f"{signed(points['value'])} points [{signed(points['low'])}, {signed(points['high'])}]"
    return (
        f"Adding the fakes to training changed the EER of {model} on {row['group']} by {told}: "
        f"{verdict(points)}."
    )


def verdict(points):
    """Return in words which side of zero an interval of EER differences lies."""
    if points["low"] is None or points["high"] is None:
        return "too few speakers for an interval"
    if points["high"] < 0:
        return "they helped"
    if points["low"] > 0:
        return "they did harm"
    return "no effect is shown, in either direction"


def distance(distances):
    """Return the distances of the generators beside that of real speech."""
    fakes = [row for row in distances["rows"] if row["kind"] == "generated"]
    told = "".join(f", {row['set']} {ranged(row)}" for row in fakes)
    return (
        f"Frechet Audio Distance ({distances['embedding']}) to held-out real speech: real speech "
        f"of the same speakers {ranged(distances['rows'][0])}{told}."
    )


def ranged(row):
    """Return a value with its interval."""
    return f"{number(row['value'])} [{number(row['low'])}, {number(row['high'])}]"


def percent(value, low, high):
    """Return shares as percentages with their interval."""
    shown = [percentage(share) for share in (value, low, high)]
    return f"{number(shown[0])} % [{number(shown[1])}, {number(shown[2])}]"


def percentage(share):
    """Return a share in percent; None stays None."""
    return None if share is None else 100 * share


def signed(value):
    """Return a number with its sign."""
    if value is None or value != value:
        return "–"
    return f"{'+' if value > 0 else ''}{number(value)}"


LIMITS = (
    "Speech engines differ from real speakers in voice and language too, so a detector can "
    "separate them for reasons that have nothing to do with fakery. Copy synthesis (same speaker, "
    "words and timing) is the fair part of the test; the table of trivial features shows what "
    "level, silence, bandwidth and noise floor alone would give.",
    "The generator is small and trained for minutes or hours. That it is easy to detect says "
    "nothing about a generator that trained for days.",
    "Intervals draw speakers (and trainings), not attacks: they do not tell how the result would "
    "change with other engines, and an attack with one voice has an interval of that voice alone.",
    "Few speakers, several languages, read and acted speech of a few sources: nothing here "
    "transfers to telephone calls, to other recordings or to current voice cloning without a test "
    "of its own.",
    "Explanations rest on a few clips of one detector. Deletion and insertion depend on what "
    "fills the removed part; a method that does not beat random there should not be believed.",
)
