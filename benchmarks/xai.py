"""Explainers beside the lime and shap packages, used directly on the same model, clip and samples.

Both sides explain the same superpixels with the same fill. The peers call ``network.predict``, as
their own examples do; a second row gives them our compiled forward pass. The limit is the forward
passes alone. The last columns say whether the results agree: the correlation between ours and the
peer's, beside that of the peer with itself under another seed.

  python benchmarks/xai.py [--json]
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

import time

from experiment.command import run_command

FASTER = 0.2  # ours over the packages'
PASSES = 1.3  # Grad-CAM over one forward and backward pass


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    model : str
        Detector; its weights do not matter here.
    samples : int
        Perturbations of the clip.
    repeats : int
        Runs, of which the fastest counts: the machine's noise only adds.
    seed : int
        Of weights and perturbations.
    json : bool
        Print one JSON object instead of a table.
    """

    model: str = "cnn"
    samples: int = 1000
    repeats: int = 2
    seed: int = 0
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.files import dumps

    os.environ["TQDM_DISABLE"] = "1"  # the packages' own bars
    detector, clip = subject(settings)
    rows = [*lime_rows(detector, clip, settings), *shap_rows(detector, clip, settings)]
    rows += [gradcam_row(detector, clip, settings)]
    if settings.json:
        print(dumps({"settings": vars(settings), "rows": rows}))
        return
    print("| what | ours s | peer s | ratio | bar | limit s | agreement | peer with itself |")
    print("|---|---|---|---|---|---|---|---|")
    for r in rows:
        same = " | ".join("" if r[k] is None else f"{r[k]:.3f}" for k in ("agreement", "itself"))
        print(
            f"| {r['name']} | {r['ours']:.4f} | {r['peer']:.4f} | {r['ratio']:.2f} | {r['bar']} "
            f"| {r['limit']:.4f} | {same} |"
        )


def subject(settings):
    """Return a detector with random weights and a clip of real speech."""
    import keras

    from audio.datasets import DATASETS
    from audio.manifest import clips
    from detect import MODELS
    from detect.use.detector import Detector

    keras.utils.set_random_seed(settings.seed)
    entry = MODELS[settings.model]
    network = entry.build(entry.front_end.shape)
    clip = next(clips(DATASETS["starter"]("tiny").head(1)))
    return Detector(settings.model, entry.front_end, network), clip


def fastest(function, repeats):
    """Return the least wall time in seconds, after one run to warm up, and the last result."""
    result, times = function(), []
    for _ in range(repeats):
        began = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - began)
    return min(times), result


def row(name, ours, peer, bar, limit, agreement=None, itself=None):
    """Return one row of the table."""
    values = {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "bar": bar}
    return {**values, "limit": limit, "agreement": agreement, "itself": itself}


def compare(name, detector, clip, ours, peer, settings):
    """Return the rows of one method: the peer as its examples have it, and with our forward."""
    import numpy as np

    from xai.canvas import make_canvas
    from xai.subject import Subject

    canvas = make_canvas(Subject(detector, (clip,)), 0, None, "silence")
    features = np.repeat(detector.features([clip]), settings.samples, axis=0)
    limit, _ = fastest(lambda: detector.logits(features), settings.repeats)
    mine, heat = fastest(ours, settings.repeats)
    values = np.bincount(canvas.cells.ravel(), heat.ravel())
    forwards = {
        "predict": lambda x: detector.network.predict(x, verbose=0, batch_size=32)[:, 0],
        "our forward pass": detector.logits,
    }
    rows = []
    for how, forward in forwards.items():
        seconds, theirs = fastest(lambda f=forward: peer(canvas, f, 1), settings.repeats)
        again = peer(canvas, forward, 2)
        same = [float(np.corrcoef(theirs, other)[0, 1]) for other in (values, again)]
        label = f"{name}, {settings.samples} samples; peer with {how}"
        rows.append(row(label, mine, seconds, FASTER, limit, *same))
    return rows


def lime_rows(detector, clip, settings):
    """Return the rows of LIME beside lime_image."""
    import numpy as np
    from lime.lime_image import LimeImageExplainer

    from xai import explain

    def ours():
        options = {"samples": settings.samples, "fill": "silence"}
        return explain(detector, [clip], "lime", seed=settings.seed, **options)[0].heat

    def peer(canvas, forward, seed):
        image = np.repeat(canvas.original[..., None], 3, axis=-1).astype(float)
        explainer = LimeImageExplainer(random_state=seed, feature_selection="none")
        found = explainer.explain_instance(
            image,
            lambda images: forward(images[..., :1].astype(np.float32))[:, None],
            hide_color=float(canvas.filling.min()),
            num_samples=settings.samples,
            top_labels=1,
            num_features=canvas.size,
            segmentation_fn=lambda _: canvas.cells,
        )
        return np.array([weight for _, weight in sorted(found.local_exp[0])])

    return compare("LIME", detector, clip, ours, peer, settings)


def shap_rows(detector, clip, settings):
    """Return the rows of kernel SHAP beside shap.KernelExplainer."""
    import numpy as np
    import shap

    from xai import explain

    def ours():
        options = {"samples": settings.samples, "fill": "silence"}
        return explain(detector, [clip], "shap", seed=settings.seed, **options)[0].heat

    def peer(canvas, forward, seed):
        np.random.seed(seed)  # noqa: NPY002 - the package draws from the global state
        explainer = shap.KernelExplainer(
            lambda keep: forward(canvas.render_cells(keep)), np.zeros((1, canvas.size))
        )
        ones = np.ones((1, canvas.size))
        return explainer.shap_values(ones, nsamples=settings.samples, l1_reg=0, silent=True)[0]

    return compare("kernel SHAP", detector, clip, ours, peer, settings)


def gradcam_row(detector, clip, settings):
    """Return Grad-CAM's row beside one forward and backward pass, compiled."""
    import tensorflow as tf

    from xai.explainers.gradcam import gradcam
    from xai.subject import Subject

    subject = Subject(detector, (clip,))
    features = tf.constant(subject.features)

    @tf.function
    def both(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            logit = detector.network(x, training=False)
        return tape.gradient(logit, x)

    repeats = 20 * settings.repeats
    passes, _ = fastest(lambda: both(features).numpy(), repeats)
    ours, _ = fastest(lambda: gradcam(subject), repeats)
    return row("Grad-CAM; peer is one forward and backward pass", ours, passes, PASSES, passes)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
