"""Test whether maps depend on the detector, and on little else.

On the detector of planted evidence (benchmarks/planted.py), for each explainer: the rank
correlation of its maps with those of the same network after its weights were permuted, with those
of a network that was trained on random labels, and with those of another seed; the relative
change of a map under noise 40 dB below the clip; and MuFidelity. Near 0 is right for the first two,
1 for the third.

  python benchmarks/sanity.py
  python benchmarks/sanity.py --methods '[gradcam, lime]' --json
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

SAMPLED = ("rise", "lime", "shap", "shap_partition")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to check.

    Attributes
    ----------
    methods : list of str
        Explainers; all that this detector allows when left out.
    kind : str
        Kind of planted evidence: band, click, splice, phase.
    model : str
        Detector to train.
    size : str
        Size of the starter corpus.
    clips : int
        Test clips, each of another speaker as far as they go.
    samples : int
        Samples of the methods that draw some.
    seed : int
        Seed of plants, training, labels and explainers.
    out : str
        Folder of sounds and detectors; kept, and used again.
    json : bool
        Print one JSON object instead of a table.
    """

    methods: tuple[str, ...] = ()
    kind: str = "phase"
    model: str = "cnn"
    size: str = "tiny"
    clips: int = 6
    samples: int = 300
    seed: int = 0
    out: str = "runs/planted"
    json: bool = False


def main(settings):
    """Check every method and print."""
    from benchmarks.planted import prepare
    from experiment.files import dumps
    from xai import EXPLAINERS

    detector, manifest, planted = prepare(settings.kind, settings)
    ignorant = by_lot(detector, manifest, settings)
    clips = [item.clip for item in planted]
    rows = []
    for method in settings.methods or EXPLAINERS:
        rows.append(check(detector, ignorant, clips, method, settings))
        if not settings.json:
            print_row(rows[-1], first=len(rows) == 1)
    if settings.json:
        print(dumps({"rows": rows, "clips": len(clips), "seed": settings.seed}))


def by_lot(detector, manifest, settings):
    """Return a detector whose training labels were drawn at random, from other initial weights."""
    from detect import MODELS
    from detect.training.trainer import train
    from xai.sanity import shuffled_labels

    parts = [manifest[manifest.split == split] for split in ("train", "dev")]
    epochs = len(detector.training["curves"])
    return train(
        settings.model,
        shuffled_labels(parts[0], settings.seed),
        parts[1],
        replace(MODELS[settings.model].config, epochs=epochs, patience=epochs),
        seed=settings.seed + 1,
        folder=Path(settings.out, settings.size, settings.kind, f"{settings.model}-drawn"),
        resume=True,
    )


def check(detector, ignorant, clips, method, settings):
    """Return every check of one method, each as a mean over clips."""
    from xai import explain, sanity

    options = {"samples": settings.samples} if method in SAMPLED else {}
    common = {"method": method, "target": "spoof", "seed": settings.seed, **options}
    maps, others = (explain(judge, clips, **common) for judge in (detector, ignorant))
    fidelity = sanity.mufidelity(detector, clips, maps, seed=settings.seed)
    fidelity = fidelity.groupby("method").mufidelity.mean()
    return {
        "method": method,
        "permuted": sanity.parameter_randomisation(detector, clips, **common).spearman.mean(),
        "labels": sanity.between(maps, others).spearman.mean(),
        "seeds": sanity.stability(detector, clips, **common).spearman.mean(),
        "sensitivity": sanity.sensitivity(detector, clips, **common).sensitivity.mean(),
        "mufidelity": fidelity[method],
        "mufidelity_random": fidelity["random"],
        "mufidelity_energy": fidelity["energy"],
    }


def print_row(row, first):
    """Print one method as a line of a Markdown table."""
    if first:
        beside = f"random {row['mufidelity_random']:.2f}, energy {row['mufidelity_energy']:.2f}"
        names = "parameters permuted", "random labels", "two seeds", "sensitivity at 40 dB"
        print(f"| method | {' | '.join(names)} | MuFidelity ({beside}) |\n|{6 * '---|'}")
    figures = (row[key] for key in ("permuted", "labels", "seeds", "sensitivity", "mufidelity"))
    print(f"| {row['method']} | {' | '.join(f'{value:.2f}' for value in figures)} |", flush=True)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
