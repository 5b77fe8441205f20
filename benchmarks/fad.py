"""The Frechet Audio Distance beside what the public kits do, and beside the machine's peak.

Every row but memory is a rate, so a ratio (ours over peer) of at least the bar passes; memory
passes at or below it. Ours and the peer's turns alternate and the best of each counts: other load
only adds time. What PyTorch does runs in processes of its own. The limit is the arithmetic of the
task at the measured peak of matrix products.

  pip install '.[bench]'
  python benchmarks/fad.py [--json]
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

ROOT = Path(__file__).parents[1]
PEER = Path(__file__).with_name("fad_torch.py")
BARS = {128: 4, 512: 8, 2048: 15}
EXAMPLE_FLOP = 2 * 862e6


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    dimensions : tuple
        Lengths of the embeddings for the distance.
    kad_rows : int
        Embeddings a side for KAD.
    clips : int
        Clips a side for the whole command.
    repeats : int
        Turns of ours and of the peer.
    peer_python : str
        Interpreter that has PyTorch; this one by default.
    data : str, optional
        Manifest of real speech; the starter corpus by default.
    json : bool
        Print one JSON object instead of a table.
    """

    dimensions: tuple[int, ...] = (128, 512, 2048)
    kad_rows: int = 10000
    clips: int = 400
    repeats: int = 3
    peer_python: str = sys.executable
    data: str | None = None
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.files import dumps
    from experiment.run import environment

    peaks = {name: peak(name) for name in ("float64", "float32")}
    rows = [distance(d, settings, peaks) for d in settings.dimensions]
    rows.append(few_clips(max(settings.dimensions), settings, peaks))
    rows += kad_rows(settings, peaks)
    rows += network(settings, peaks)
    with tempfile.TemporaryDirectory() as folder:
        rows += whole(settings, peaks, Path(folder))
    values = {f"peak_{name}_gflops": value / 1e9 for name, value in peaks.items()}
    result = {"settings": vars(settings), "environment": environment(), **values, "rows": rows}
    print(dumps(result) if settings.json else table(result))


def peak(dtype, n=2048):
    """Return the measured peak of matrix products, in operations per second."""
    import numpy as np

    a = np.random.default_rng(0).standard_normal((n, n)).astype(dtype)
    return 2 * n**3 / min(seconds(lambda: a @ a) for _ in range(8))


def seconds(function):
    """Return the wall time of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def rates(ours, peer, repeats, slow_peer=False):
    """Return calls per second of both, best of alternating turns after one to warm up."""
    best = {"ours": [seconds(ours), seconds(ours)], "peer": [seconds(peer)]}
    for _ in range(repeats):
        best["ours"].append(seconds(ours))
        if not slow_peer:
            best["peer"].append(seconds(peer))
    return 1 / min(best["ours"]), 1 / min(best["peer"])


def row(name, ours, peer, bar, limit):
    """Return one row of the result."""
    ratio = ours / peer if peer else None
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "bar": bar, "limit": limit}


def kit_distance(m1, s1, m2, s2):
    """Return the distance as the kits compute it, by scipy's matrix square root."""
    import numpy as np
    from scipy import linalg

    root = linalg.sqrtm(s1 @ s2)
    return (m1 - m2) @ (m1 - m2) + np.trace(s1) + np.trace(s2) - 2 * np.trace(root).real


def normal(seed, n, d):
    """Return embeddings whose spectrum falls as that of real ones does."""
    import numpy as np

    rows = np.random.default_rng(seed).standard_normal((n, d))
    return rows / np.sqrt(np.arange(1, d + 1))


def distance(d, settings, peaks):
    """Return the row of the distance between Gaussians, as both get them: mean and covariance."""
    from fad.distance.frechet import gaussian_distance
    from fad.embeddings.gaussian import Gaussian

    first, second = (Gaussian.of(normal(seed, 4 * d, d)) for seed in (0, 1))
    parts = (first.mean, first.covariance, second.mean, second.covariance)
    ours, peer = rates(
        lambda: gaussian_distance(first, second),
        lambda: kit_distance(*parts),
        settings.repeats if d > 512 else 20 * settings.repeats,
        slow_peer=d > 1024,
    )
    work = (2 / 3 + 2 + 8 / 3) * d**3
    return row(f"distance d={d}, 1/s", ours, peer, BARS.get(d), peaks["float64"] / work)


def few_clips(d, settings, peaks):
    """Return the row of 1,000 embeddings of more dimensions than that."""
    import numpy as np

    from fad.distance.frechet import frechet_distance

    n = min(1000, d // 2)
    x, y = normal(0, n, d), normal(1, n, d)
    ours, peer = rates(
        lambda: frechet_distance(x, y),
        lambda: kit_distance(x.mean(axis=0), np.cov(x.T), y.mean(axis=0), np.cov(y.T)),
        settings.repeats,
        slow_peer=True,
    )
    work = 2 * n * n * d + 8 / 3 * n**3
    return row(f"distance N={n} d={d}, 1/s", ours, peer, 80, peaks["float64"] / work)


KAD = """
import resource, sys, time
import numpy as np
sys.path.insert(0, {root!r})
from fad.distance.kad import kernel_audio_distance, median_distance
x, y = np.random.default_rng(0).standard_normal((2, {n}, 128), dtype=np.float32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
{call}
spent = time.perf_counter() - start
print(spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3)
"""
MATRICES = """
bandwidth = median_distance(x)
def mean_kernel(a, b):
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    kernel = np.exp(-squares / (2 * bandwidth**2))
    return kernel.sum() - (np.trace(kernel) if a is b else 0)
n = len(x)
within = (mean_kernel(x, x) + mean_kernel(y, y)) / (n * (n - 1))
within - 2 * mean_kernel(x, y) / n**2
"""


def kad_rows(settings, peaks):
    """Return the rows of speed and memory of KAD, each turn in a fresh process."""
    calls = {"ours": "kernel_audio_distance(x, y)", "peer": MATRICES}
    best = {}
    for _ in range(settings.repeats):
        for side, call in calls.items():
            text = KAD.format(root=str(ROOT), n=settings.kad_rows, call=call)
            output = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True)
            found = tuple(map(float, output.stdout.split()))
            best[side] = min(best.get(side, found), found)
    work = 2 * 128 * (2 * settings.kad_rows) ** 2 / 2
    name = f"KAD N={settings.kad_rows} d=128"
    (ours, our_memory), (peer, peer_memory) = best["ours"], best["peer"]
    return [
        row(f"{name}, 1/s", 1 / ours, 1 / peer, 5, peaks["float32"] / work),
        row(f"{name}, MB (at most)", our_memory, peer_memory, 500, 0.0),
    ]


def network(settings, peaks):
    """Return the rows of VGGish alone: the best batch of each side."""
    from fad.embeddings.vggish_keras import has_bfloat16

    peer = subprocess.Popen(
        [settings.peer_python, PEER, "network"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    if peer.stdout.readline().strip() != "ready":
        raise SystemExit("the peer did not start: pip install '.[bench]', or --peer_python")
    dtypes = ["float32", *(["mixed_bfloat16"] if has_bfloat16() else [])]
    ours = {dtype: our_network(dtype) for dtype in dtypes}
    best = dict.fromkeys([*dtypes, "peer"], 0.0)
    for _ in range(settings.repeats):
        for dtype, run in ours.items():
            best[dtype] = max(best[dtype], run())
        for batch in (1, 8, 16, 64):
            peer.stdin.write(f"{batch}\n")
            best["peer"] = max(best["peer"], float(peer.stdout.readline()))
    peer.stdin.close()
    peer.wait()
    limit = peaks["float32"] / EXAMPLE_FLOP
    return [
        row(f"VGGish {dtype}, frames/s", best[dtype], best["peer"], 1.5, limit) for dtype in dtypes
    ]


def our_network(dtype):
    """Return a function that measures frames per second as embeddings are computed."""
    import numpy as np

    from fad.embeddings.network import BATCH, compiled
    from fad.embeddings.vggish_keras import build

    forward = compiled(build(dtype=dtype))
    rows = np.random.default_rng(0).standard_normal((BATCH, 96, 64, 1)).astype(np.float32)
    forward(rows)
    return lambda: BATCH / min(seconds(lambda: forward(rows)) for _ in range(4))


def whole(settings, peaks, folder):
    """Return the rows of whole commands, from WAV files to a number, start-up included."""
    lists = wav_files(settings, folder)
    checkpoint = folder / "vggish_model.ckpt"
    write_checkpoint(checkpoint)
    names = [path for one in lists for path in one]
    peer = [settings.peer_python, PEER, "fad", *write_lists(lists, folder)]
    turns = {"peer": peer}
    for embedding in ("vggish_keras", "vggish_bf16")[: 1 + bfloat16()]:
        turns[embedding] = our_command(embedding, checkpoint, folder)
    first = {
        "ours": [
            sys.executable,
            "-c",
            FIRST.format(root=str(ROOT), source=str(checkpoint), file=str(names[0])),
        ],
        "peer": [settings.peer_python, PEER, "first", names[0]],
    }
    best = alternate({**turns, **{f"first {side}": call for side, call in first.items()}}, settings)
    limit = peaks["float32"] / EXAMPLE_FLOP * len(names) / count_examples(names)
    rows = [
        row(
            f"{name}, files to FAD, clips/s",
            len(names) / best[name],
            len(names) / best["peer"],
            3,
            limit,
        )
        for name in turns
        if name != "peer"
    ]
    starts = 1 / best["first ours"], 1 / best["first peer"]
    return [*rows, row("start to first clip embedded, 1/s", *starts, None, None)]


FIRST = """
import sys
sys.path.insert(0, {root!r})
from audio.clip import read_clip
from fad.embeddings.embedder import load
load("vggish_keras", source={source!r}).embed([read_clip({file!r})])
"""


def bfloat16():
    """Whether this machine has bfloat16."""
    from fad.embeddings.vggish_keras import has_bfloat16

    return has_bfloat16()


def our_command(embedding, checkpoint, folder):
    """Return the command line of ours, in the windowing of the peer."""
    options = {"--embedding": embedding, "--source": checkpoint, "--preset": "torch"}
    flat = [str(part) for pair in options.items() for part in pair]
    sets = [str(folder / "first"), str(folder / "second")]
    return [sys.executable, str(ROOT / "scripts" / "fad.py"), *sets, *flat, "--no-cache", "--json"]


def alternate(commands, settings):
    """Return the least wall time of each command over alternating turns."""
    best = {}
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    for _ in range(settings.repeats):
        for name, command in commands.items():
            spent = seconds(
                lambda command=command: subprocess.run(
                    command, capture_output=True, check=True, env=environment
                )
            )
            best[name] = min(best.get(name, spent), spent)
    return best


def wav_files(settings, folder):
    """Write two folders of real speech and return their files."""
    from audio import manifest
    from audio.clip import write_wav
    from audio.datasets import DATASETS

    frame = manifest.load(settings.data) if settings.data else DATASETS["starter"]("quick")
    real = frame[frame["label"] == "bonafide"].sample(2 * settings.clips, random_state=0)
    lists = [[], []]
    for number, clip in enumerate(manifest.clips(real)):
        path = folder / ("first", "second")[number % 2] / f"{number:05d}.wav"
        write_wav(path, clip.samples)
        lists[number % 2].append(str(path))
    return lists


def write_lists(lists, folder):
    """Write the names of the files of each side and return where."""
    paths = [folder / "first.txt", folder / "second.txt"]
    for path, names in zip(paths, lists, strict=True):
        path.write_text("\n".join(names))
    return paths


def write_checkpoint(path):
    """Write random weights under the names of the original checkpoint."""
    import tensorflow as tf

    from fad.embeddings.vggish_keras import LAYERS, build

    names = [f"vggish/{layer}/{kind}" for layer in LAYERS for kind in ("weights", "biases")]
    tf.raw_ops.SaveV2(
        prefix=str(path),
        tensor_names=names,
        shape_and_slices=[""] * len(names),
        tensors=build().get_weights(),
    )


def count_examples(names):
    """Return the number of examples of 0.96 s in files."""
    import soundfile

    return sum(max(1, 1 + (soundfile.info(name).frames - 15600) // 15360) for name in names)


def table(result):
    """Return the rows as text."""
    lines = ["| what | ours | peer | ratio | bar | limit |", "|---|---|---|---|---|---|"]
    for one in result["rows"]:
        cells = ["" if one[k] is None else f"{one[k]:.4g}" for k in list(one)[1:]]
        lines.append(f"| {one['name']} | {' | '.join(cells)} |")
    peaks = (
        f"float64 {result['peak_float64_gflops']:.0f}, float32 {result['peak_float32_gflops']:.0f}"
    )
    return "\n".join([*lines, "", f"peak of matrix products, GFLOP/s: {peaks}"])


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
