"""A comparison as people read it, and as a spreadsheet does."""

import csv
import io

from experiment.tables import defused


def table(rows, columns):
    """Return rows as aligned text.

    Parameters
    ----------
    rows : list of dict
        What to print.
    columns : sequence of str
        Which keys, in order; a column that is empty throughout is left out.

    Returns
    -------
    str
        Lines without a final newline.
    """
    columns = [name for name in columns if any(row.get(name) is not None for row in rows)]
    cells = [columns, *[[cell(row.get(name)) for name in columns] for row in rows]]
    widths = [max(len(line[k]) for line in cells) for k in range(len(columns))]
    lines = [
        "  ".join(
            text.ljust(width) if k < 2 else text.rjust(width)
            for k, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def cell(value):
    """Return one value as text: four significant digits."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


RANKING = ("rank", "set", "fad", "low", "high", "clips", "windows", "dropped", "p_above")
MEASURES = ("set", "metric", "value", "low", "high", "p")


def report(result):
    """Return a comparison as text.

    Parameters
    ----------
    result : dict
        From `fad.distance.comparison.compare`, with what the command added.

    Returns
    -------
    str
        Provenance, ranking, other metrics, groups, memorisation, farthest clips, dropped clips.
    """
    identity, reference = result["identity"], result["reference"]
    parts = [
        f"embedding {identity['embedding']} (weights {identity['weights']}), "
        f"preset {identity['preset']}, {identity['rate']} Hz\n"
        f"reference: {reference['clips']} clips, {reference['windows']} windows, "
        f"{reference['seconds'] / 60:.1f} min, {len(reference['dropped'])} dropped",
        table(result["ranking"], RANKING),
    ]
    others = [row for row in measures(result) if row["metric"] != "fad"]
    parts += [table(others, MEASURES)] if others else []
    for name, one in result["sets"].items():
        parts += _details(name, one)
    parts += _dropped("reference", reference)
    seeded = f"seed {result['seed']}, {result['repeats']} draws of whole clips"
    return "\n\n".join([*parts, f"intervals: {result['level']:.0%}, {seeded}"])


def _details(name, one):
    if one.get("groups"):
        yield f"{name} by group\n" + table(one["groups"], RANKING)
    for row in one.get("memorisation", ()):
        medians = f"{row['median_held_out']:.3g} held out, {row['median_evaluated']:.3g} evaluated"
        yield (
            f"{name}: nearest training clips by {row['embedding']}\n"
            f"nearer than 95 % of held-out clips: {row['value']:.1%} "
            f"[{row['low']:.1%}, {row['high']:.1%}], 5 % expected, p {row['p']:.2g}\n"
            f"median distance {medians}\n" + table(row["pairs"], ("name", "nearest", "distance"))
        )
    if one["farthest"]:
        yield f"{name}: farthest clips\n" + table(one["farthest"], ("name", "windows", "fad"))
    yield from _dropped(name, one)


def _dropped(name, one):
    if one["dropped"]:
        yield f"{name}: dropped\n" + table(list(one["dropped"]), ("name", "reason"))


def measures(result):
    """Return every metric of every set as flat rows."""
    return [{"set": name, **row} for name, one in result["sets"].items() for row in one["metrics"]]


def as_csv(result):
    """Return every metric of every set as CSV, with provenance and counts in each row.

    Parameters
    ----------
    result : dict
        From `fad.distance.comparison.compare`.

    Returns
    -------
    str
        With a header.
    """
    identity, reference = result["identity"], result["reference"]
    rows = []
    for row in measures(result):
        one = result["sets"][row["set"]]
        rows.append(
            {
                **{key: row.get(key) for key in MEASURES},
                **identity,
                "clips": one["clips"],
                "windows": one["windows"],
                "dropped": len(one["dropped"]),
                "reference_clips": reference["clips"],
                "reference_windows": reference["windows"],
                "level": result["level"],
                "seed": result["seed"],
            }
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows([{name: defused(value) for name, value in row.items()} for row in rows])
    return text.getvalue()
