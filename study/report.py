"""The report of a run: one offline page, assembled from what the stages left."""

import json
from pathlib import Path

import pandas as pd

from audio.datasets import DATASETS
from audio.manifest import counts
from experiment.files import read_json
from experiment.progress import clock
from experiment.report import number, write_page
from study import figures, sentences, within
from study.corpus import DISJOINT, seen_attacks
from study.detectors import CONDITIONS
from study.generators import copies
from study.sentences import stage

TEMPLATES = Path(__file__).parent / "templates"
MAIN = ("eer", "auc", "min_dcf", "cllr", "accuracy", "precision", "recall", "f1")
NAMES = {
    "eer": "EER (%)",
    "auc": "AUC",
    "min_dcf": "minDCF",
    "cllr": "Cllr",
    "f1": "F1",
}
GROUPS = (  # split, kind, group, title
    ("test", "all", "all", "Test, all attacks of the corpus"),
    ("test", "seen", "seen", "Test, attacks that training had"),
    ("test", "unseen", "unseen", "Test, attacks that training had not"),
    ("test", "generated", "generator", "Test, clips of {}"),
    ("test", "generated", "second", "Test, clips of {}, another generator that no training had"),
    ("dev", "all", "all", "Dev (early stopping, calibration and threshold come from here)"),
)


def write(config, frame, run):
    """Write report.html into the run folder.

    Parameters
    ----------
    config : StudyConfig
        What was asked.
    frame : DataFrame
        Corpus and generated clips.
    run : Run
        All other stages are done.

    Returns
    -------
    str
        Path of the report.
    """
    results = {
        name: stage(run.folder, name)
        for name in ("generator", "shortcuts", "distances", "detectors", "evaluation")
    }
    evaluation = results["evaluation"]
    path = run.path("report.html")
    write_page(
        path,
        "report.html",
        TEMPLATES,
        title="Can this generator fool these detectors, and why?",
        lead=_lead(config, frame),
        answers=sentences.answers(evaluation, results["distances"]),
        data=_data(config, frame),
        shortcuts=_shortcuts(results["shortcuts"]),
        generator=_generator(config, frame, run, results["generator"]),
        distances=_distances(results["distances"]),
        detectors=_detectors(config, frame, run, results),
        world=within.told(evaluation, _shown),
        augmentation=_augmentation(evaluation),
        explanations=_explanations(config, frame, run),
        limits=sentences.LIMITS,
        times=[(name, clock(seconds)) for name, seconds in run.seconds().items()],
        config=json.dumps(read_json(run.path("config.json")), indent=2),
        environment=json.dumps(read_json(run.path("environment.json")), indent=2),
        licences=_licences(frame),
    )
    return str(path)


def _lead(config, frame):
    speakers = frame.loc[frame["label"] == "bonafide", "speaker"].nunique()
    return (
        f"{len(frame)} clips, {speakers} human speakers, {frame['attack'].nunique() - 1} kinds of "
        f"fake; {' and '.join(config.detectors)}, each trained {config.seeds} times without and "
        f"{config.seeds} times with up to {config.fakes} clips of {config.generator}."
    )


def _licences(frame):
    if "licence" not in frame:
        return "the user's own clips."
    known = frame[["source", "licence"]].dropna().drop_duplicates().sort_values("source")
    pairs = known[known["licence"].astype(str) != ""]
    return "; ".join(f"{row.source}: {row.licence}" for row in pairs.itertuples()) + "."


def _data(config, frame):
    rows = [
        [r.split, r.label, r.attack or "–", r.clips, f"{r.minutes:.1f}", _voices(r)]
        for r in counts(frame).itertuples()
    ]
    return {
        "words": f"{_origin(config)} {DISCIPLINE}",
        "columns": ["split", "class", "attack", "clips", "minutes", "speakers or voices"],
        "rows": rows,
    }


DISCIPLINE = "Models are chosen, calibrated and given their threshold on dev; test is used once."


def _origin(config):
    if not config.data:
        return (
            "Train, dev and test share no speaker, no text and no audio. Real speech is as it was "
            "recorded; a copy has the band, mean spectrum, envelope, level and dither of its "
            "original, and engines, in test alone, the levels of real clips."
        )
    shared = DATASETS[config.dataset].shared if config.dataset else ()
    apart = ", ".join(f"no {name}" for name in DISJOINT if name not in shared)
    return (
        f"Train, dev and test share {apart}, as far as these are known. The clips are as they "
        "came: what the two classes do not have in common beside the fakery is for the table of "
        "trivial features to show."
    )


def _voices(row):
    return "none" if row.speakers == row.clips else row.speakers


def _shortcuts(rows):
    features = list(dict.fromkeys(row["features"] for row in rows))
    attacks = list(dict.fromkeys(row["attack"] for row in rows))
    cell = {(row["attack"], row["features"]): row for row in rows}
    return {
        "words": (
            "AUC of a gradient-boosted classifier that sees a few numbers about the channel and "
            "nothing of the speech, folds by speaker and text. 0.5 means no shortcut; what "
            "is well above it could explain that much of any detector's success on that attack."
        ),
        "columns": ["attack", *features],
        "rows": [[attack, *(cell.get((attack, name)) for name in features)] for attack in attacks],
        "note": "95 % intervals by speaker, or by text where an attack has a voice or two.",
    }


def _schooling(facts):
    size = f"width {facts['dim']}, batch {facts['batch']}, "
    if not facts["shipped"]:
        return (
            f"{size}trained on the bona fide training clips for {facts['steps']} generator steps "
            f"in {clock(facts['seconds'])}"
        )
    if not facts["steps"]:
        return "which needs no training"
    return (
        f"{size}which comes with the toolkit (digest {facts['digest']}): {facts['steps']} "
        "generator steps, on the speech that its card names"
    )


def _generator(config, frame, run, facts):
    made = COPIES if copies(config.generator) else MADE_UP
    return {
        "words": (
            f"{config.generator}, {_schooling(facts)}. {made} The second generator, "
            f"{config.second}, is in test alone."
        ),
        "sheet": figures.clips_sheet(config, frame),
        "curve": figures.training_curve(run.path("generator")),
        "players": figures.players(config, frame),
    }


COPIES = (
    "It copies real speech of the split: same speaker, words, timing, level and file format. What "
    "the vocoder's channel would give away (low end, mean spectrum, envelope, crest) is matched to "
    "the original; the table of trivial features shows what is left."
)
MADE_UP = (
    "Its clips entered the manifest as one more attack and went through the same channel as every "
    "other fake. For scale: the paper's generator has width 64 and trained for 200,000 steps."
)


def _distances(distances):
    return {
        "words": (
            f"Embedding {distances['embedding']} (weights {distances['digest']}, preset "
            f"{distances['preset']}), reference of {distances['reference']} held-out real clips. "
            "Every clip is cut to the length of a generated one. Real speech gives the lower end "
            "of the scale. A distance falls with the number of clips, so each set is to be read "
            "beside the hollow mark: what as many clips of real speech give."
        ),
        "figure": figures.distances(distances["rows"]),
        "columns": ["set", "kind", "clips", "FAD", "as many real clips"],
        "rows": [
            [row["set"], row["kind"], row["clips"], row, row["real"]]
            for row in sorted(distances["rows"], key=lambda row: row["value"])
        ],
    }


def _detectors(config, frame, run, results):
    evaluation, facts = results["evaluation"], pd.DataFrame(results["detectors"])
    sizes = facts.drop_duplicates("model").set_index("model")["parameters"]
    told = "; ".join(f"{name}: {number(int(count))} parameters" for name, count in sizes.items())
    return {
        "words": (
            f"{told}. Mean over {config.seeds} trainings; 95 % intervals draw speakers and "
            f"trainings ({config.repeats} draws, seed {config.seed}). Higher scores mean bona "
            "fide; precision, recall and F1 are of the spoof class, at the threshold from dev. "
            "metrics.csv has more."
        ),
        "tables": [_metrics(config, evaluation, *group) for group in GROUPS],
        "attacks": figures.attacks(evaluation, seen_attacks(frame)),
        **figures.operating_points(frame, run),
    }


def _metrics(config, evaluation, split, kind, group, title):
    rows, first = [], None
    group = evaluation[group] if kind == "generated" else group
    for model in config.detectors:
        for condition, told in CONDITIONS.items():
            side = evaluation, model, condition, kind, group
            found = [_shown(sentences.find(*side, metric, split)) for metric in MAIN]
            if found[0]:
                first = first or found[0]
                rows.append([f"{model}, {told}", *found])
    note = "No such clips." if first is None else _size(first)
    columns = ["detector", *(NAMES.get(metric, metric) for metric in MAIN)]
    return {"title": title.format(group), "note": note, "columns": columns, "rows": rows}


def _size(row):
    return (
        f"{row['bonafide']} bona fide clips, {row['spoof']} spoofs, "
        f"{row['speakers']} speakers and voices."
    )


def _shown(row):
    """Return a row of a table as it is shown: error rates in percent."""
    if row is None or row["metric"] != "eer":
        return row
    return row | {key: sentences.percentage(row[key]) for key in ("value", "low", "high")}


def _augmentation(evaluation):
    rows = evaluation["differences"]
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    sides = list(dict.fromkeys((row["model"], row["group"]) for row in rows))
    cell = {(row["model"], row["group"], row["metric"]): _shown(row) for row in rows}
    return {
        "words": (
            "With fakes minus without: the same test clips, the same speakers in each bootstrap "
            "draw, trainings paired by seed. Negative EER, minDCF and Cllr, and positive AUC, mean "
            "that the fakes helped. An interval that holds zero shows no effect. On the generated "
            "clips themselves an effect is expected: that attack is then no longer unknown. The "
            "clips of another generator are unknown to both."
        ),
        "figure": figures.differences(rows),
        "columns": ["detector", "attacks", *(f"Δ {NAMES.get(m, m)}" for m in metrics)],
        "rows": [[*side, *(cell.get((*side, metric)) for metric in metrics)] for side in sides],
    }


def _explanations(config, frame, run):
    results = stage(run.folder, "explanations")
    gains = {(r["fill"], r["method"], r["measure"]): r for r in results["faithfulness"]}
    seconds = {row["method"]: row["seconds"] for row in results["seconds"]}
    methods = list(seconds) + ["energy"]
    pairs = {(r["first"], r["second"], r["measure"]): r for r in results["agreement"]}
    kinds = [("mean", "deletion"), ("mean", "insertion")]
    kinds += [("silence", "deletion"), ("silence", "insertion")]
    return {
        "words": (
            f"{config.explained_detector}, trained with the fakes, first seed; each clip is "
            "explained for its own class. Brown speaks for that class, violet against it."
        ),
        "examples": figures.examples(config, frame, run, results["files"]),
        "judged": (
            "How many logits a map's deletion curve falls faster, and its insertion curve rises "
            "faster, than those of random maps on the same clips (positive: better than random), "
            "when the removed part is filled with the background mean or with the clip's lowest "
            "level. The energy of the sound itself is a rival that knows nothing of the detector."
        ),
        "columns": ["method", *(f"{kind}, fill {fill}" for fill, kind in kinds), "seconds a clip"],
        "rows": [
            [
                method,
                *(gains.get((fill, method, kind)) for fill, kind in kinds),
                seconds.get(method),
            ]
            for method in methods
        ],
        "agreement": {
            "columns": ["methods", "rank correlation", "common top tenth (chance 0.1)"],
            "rows": [
                [f"{a} and {b}", pairs.get((a, b, "spearman")), pairs.get((a, b, "overlap"))]
                for a, b in dict.fromkeys((r["first"], r["second"]) for r in results["agreement"])
            ],
        },
        "bands": figures.bands(results["bands"]),
        "moved": figures.moved(results["moved"]),
    }
