"""Find out which explainer finds evidence that is known to be there.

For each kind of planted evidence: train a detector on pairs of clips with and without it, check
that it uses what was planted, explain unseen planted clips with every method, and score the maps
against the truth, with intervals by speaker and paired tests against random maps. Then ask each
faithfulness metric whether it ranks the truth above random: where it does not, it is misled.

  python benchmarks/planted.py                        the corpus `tiny`, every kind
  python benchmarks/planted.py --kinds '[band]' --json
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

MEASURES = ("pointing", "mass", "auprc")
EPOCHS = 40
OPTIONS = {"rise": {"samples": 500}, "lime": {"samples": 400}, "shap": {"samples": 400}}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    kinds : list of str
        Kinds of evidence: band, click, splice, phase.
    methods : list of str
        Explainers; all that this detector allows when left out.
    model : str
        Detector to train.
    size : str
        Size of the starter corpus.
    clips : int
        Test clips of each kind at most.
    fills : list of str
        Fills under which faithfulness is asked.
    seed : int
        Seed of plants, training and explainers.
    out : str
        Folder of sounds and detectors; kept, and used again.
    json : bool
        Print one JSON object instead of tables.
    """

    kinds: tuple[str, ...] = ("band", "click", "splice", "phase")
    methods: tuple[str, ...] = ()
    model: str = "cnn"
    size: str = "tiny"
    clips: int = 32
    fills: tuple[str, ...] = ("mean", "silence", "noise", "neighbour")
    seed: int = 0
    out: str = "runs/planted"
    json: bool = False


def main(settings):
    """Measure every kind and print."""
    from experiment.files import dumps

    results = []
    for kind in settings.kinds:
        results.append(measure(kind, settings))
        if not settings.json:
            print_result(results[-1])
    if settings.json:
        rows = [row for result in results for row in as_rows(result)]
        print(dumps({"rows": rows, "results": results}))


def measure(kind, settings):
    """Return everything that is measured on one kind of evidence, as a dict of plain values."""
    from xai import BASELINES, EXPLAINERS, explain
    from xai.faithfulness import cost
    from xai.planted import judge, use
    from xai.significance import paired

    detector, manifest, planted = prepare(kind, settings)
    clips = [item.clip for item in planted]
    explanations = []
    for method in (*(settings.methods or EXPLAINERS), *BASELINES):
        options = OPTIONS.get(method, {})
        explanations += explain(detector, clips, method, "spoof", settings.seed, **options)
    scores = judge(explanations, planted)
    tests = {m: paired(scores, m, "random", manifest, seed=settings.seed) for m in MEASURES}
    return {
        "kind": kind,
        "use": use(detector, planted),
        "area": scores.area.mean(),
        "methods": by_method(scores, tests, cost(explanations).seconds),
        "metrics": metrics(detector, planted, explanations, manifest, settings),
    }


def prepare(kind, settings):
    """Return a detector that was trained on planted evidence, its corpus, and unseen pairs."""
    from audio.datasets import DATASETS
    from detect import MODELS
    from detect.training.trainer import train
    from experiment.seeds import rng
    from xai.planted import planted_corpus

    corpus = DATASETS["starter"](settings.size)
    folder = Path(settings.out, settings.size, kind)
    front_end = MODELS[settings.model].front_end
    manifest, planted = planted_corpus(corpus, kind, front_end, folder / "clips", settings.seed)
    parts = [manifest[manifest.split == split] for split in ("train", "dev")]
    detector = train(
        settings.model,
        *parts,
        replace(MODELS[settings.model].config, epochs=EPOCHS, patience=EPOCHS),
        seed=settings.seed,
        folder=folder / f"{settings.model}-{settings.seed}",
        resume=True,
    )
    chosen = rng(settings.seed, "planted").permutation(len(planted))[: settings.clips]
    return detector, manifest, [planted[index] for index in chosen]


def by_method(scores, tests, seconds):
    """Return means of each method, and what it gains over random, with intervals and p."""
    rows = []
    for method, group in scores.groupby("method", sort=False):
        found = {"method": method, "seconds": float(seconds.get(method, 0))}
        for measure, table in tests.items():
            gain = table[table.method == method]
            found[measure] = float(group[measure].mean())
            found[f"{measure}_gain"] = gain.iloc[0].to_dict() if len(gain) else None
        rows.append(found)
    return rows


def metrics(detector, planted, explanations, manifest, settings):
    """Return what each faithfulness metric says of the truth, compared with random maps."""
    from xai.faithfulness import areas, curves, gains
    from xai.planted import oracle
    from xai.significance import mean_interval

    clips = [item.clip for item in planted]
    truths = {item.clip.name: item for item in planted}
    first = [e for e in explanations if e.method == "random"]
    known = [oracle(e, truths[e.name].truth(e.times, e.frequencies)) for e in first]
    speakers = manifest.drop_duplicates("name").set_index("name").speaker
    rows = []
    for fill in settings.fills:
        frame = gains(areas(curves(detector, clips, known, fill=fill, seed=settings.seed)))
        frame = frame[frame.method == "oracle"]
        for measure in ("deletion", "insertion"):
            found = mean_interval(frame[measure], speakers.loc[frame["name"]], settings.seed)
            misled = bool(found["high"] < 0)
            rows.append({"metric": measure, "fill": fill, **found, "misled": misled})
    return rows


def as_rows(result):
    """Return the average precision of each method beside random and the oracle."""
    ours = {row["method"]: row["auprc"] for row in result["methods"]}
    return [
        {
            "name": f"{result['kind']}: {method}, AUPRC",
            "ours": value,
            "peer": ours["random"],
            "ratio": value / ours["random"],
            "bar": "above random",
            "limit": ours["oracle"],
        }
        for method, value in ours.items()
    ]


def print_result(result):
    """Print one kind as Markdown."""
    use = result["use"]
    print(f"\n### {result['kind']}", flush=True)
    print(
        f"{use['n']} pairs; the planted clip has the lower logit in {use['pairs']:.0%}; giving the "
        f"true region back undoes {use['restored']:.0%} of the change; it is "
        f"{result['area']:.1%} of the plane.\n"
    )
    print("| method | pointing | mass | AUPRC | AUPRC over random [95 %] | p | s a clip |")
    print("|---|---|---|---|---|---|---|")
    for row in sorted(result["methods"], key=lambda row: -row["auprc"]):
        gain = row["auprc_gain"]
        beside, p = "–", "–"
        if gain:
            beside = f"{gain['value']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"
            p = f"{gain['p']:.4f}"
        print(
            f"| {row['method']} | {row['pointing']:.2f} | {row['mass']:.2f} | {row['auprc']:.2f} "
            f"| {beside} | {p} | {row['seconds']:.3f} |"
        )
    print("\n| metric | fill | truth over random, logits [95 %] | verdict |\n|---|---|---|---|")
    for row in result["metrics"]:
        verdict = "**misled: ranks random above the truth**" if row["misled"] else ""
        verdict = verdict or ("cannot tell" if row["low"] <= 0 else "ranks the truth first")
        print(
            f"| {row['metric']} | {row['fill']} | {row['value']:+.2f} "
            f"[{row['low']:+.2f}, {row['high']:+.2f}] | {verdict} |"
        )


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
