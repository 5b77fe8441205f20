"""Training a WaveGAN beside a plain PyTorch one of equal arithmetic, and beside the machine's peak.

One iteration is five critic steps and one generator step. Ours and the peer's steps alternate, so
that both see the same machine; the peer lives in a process of its own, so that neither library's
threads disturb the other's. The least time of each step counts: other load only adds. Both bars are
ratios to the peer in float32. The limit is the iteration's arithmetic at the measured peak of
matrix products. A last row trains on real speech and gives the share of time spent waiting for
audio.

  pip install '.[bench]'
  python benchmarks/gan.py [--json]
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

PEER = Path(__file__).with_name("gan_torch.py")
BARS = {"float32": 0.67, "bfloat16": 0.4}
WAITING = 0.03
CRITIC_STEPS = 5
CRITIC_PASSES = 1 + 2 * 3 + 4  # fakes; real and fake, each with its gradients; the penalty
GENERATOR_PASSES = 3 + 2  # the generator with its gradients; the critic with that of its input


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    dims : tuple
        Widths of the networks.
    batch : int
        Clips per step.
    repeats : int
        Steps of each kind, of which the fastest counts.
    peer_python : str
        Interpreter that has PyTorch; this one by default.
    train_steps : int
        Iterations on real speech for the share of waiting; 0 leaves it out.
    json : bool
        Print one JSON object instead of a table.
    """

    dims: tuple[int, ...] = (16, 32)
    batch: int = 16
    repeats: int = 12
    peer_python: str = sys.executable
    train_steps: int = 20
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.files import dumps
    from experiment.run import environment

    peaks = {precision: peak(precision) for precision in precisions()}
    rows = [row for dim in settings.dims for row in compare(dim, peaks, settings)]
    if settings.train_steps:
        rows.append(waiting(settings))
    result = {
        "settings": vars(settings),
        "environment": environment(),
        "peak_gflops": {precision: value / 1e9 for precision, value in peaks.items()},
        "peak_memory_mb": memory(),
        "rows": rows,
    }
    print(dumps(result) if settings.json else table(result))


def precisions():
    """Return the precisions that this machine computes in."""
    from gan import device

    return ["float32", "bfloat16"] if device.has_bfloat16() else ["float32"]


def fastest(function, repeats, clock=time.perf_counter):
    """Return the least time of a function in seconds of a clock."""
    times = []
    for _ in range(repeats):
        start = clock()
        function()
        times.append(clock() - start)
    return min(times)


def peak(precision, n=2048, clock=time.perf_counter):
    """Return the measured peak of matrix products, in operations per second of a clock."""
    import tensorflow as tf

    a = tf.cast(tf.random.stateless_uniform([n, n], (0, 0)), precision)
    product = tf.function(lambda: tf.reduce_sum(tf.matmul(a, a)))
    product()
    return 2 * n**3 / fastest(lambda: product().numpy(), 10, clock)


class Ours:
    """Our steps on a batch of noise."""

    def __init__(self, dim, batch, precision):
        import numpy as np

        from gan.config import GanConfig
        from gan.steps import Players

        self.players = Players(GanConfig(dim=dim, batch=batch, precision=precision))
        noise = np.random.default_rng(0).normal(0, 0.3, (batch, 16384, 1)).astype("float32")
        self.batch = self.players.share(noise, np.zeros(batch, "int32"))
        self.number = 0

    def seconds(self, kind):
        """Return the seconds of one step."""
        start = time.perf_counter()
        self.number += 1
        if kind == "critic":
            self.players.train_critic(*self.batch, self.number).numpy()
        else:
            self.players.train_generator(self.number).numpy()
        return time.perf_counter() - start


class Peer:
    """The peer's steps, taken by another process."""

    def __init__(self, python, dim, batch, precision):
        command = [python, PEER, str(dim), str(batch), precision]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit("the peer did not start: pip install '.[bench]', or --peer_python")

    def seconds(self, kind):
        """Return the seconds of one step."""
        self.process.stdin.write(f"{kind}\n")
        return float(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def compare(dim, peaks, settings):
    """Return the rows of one width: ours in each precision, beside the peer in float32."""
    sides = {precision: Ours(dim, settings.batch, precision) for precision in peaks}
    peers = {
        precision: Peer(settings.peer_python, dim, settings.batch, precision) for precision in peaks
    }
    runners = {("ours", p): side for p, side in sides.items()}
    runners |= {("peer", p): side for p, side in peers.items()}
    best = alternate(runners, settings.repeats)
    for peer in peers.values():
        peer.close()
    work = operations(sides["float32"].players, settings.batch)
    for precision, speed in peaks.items():
        ours, reference = best["ours", precision], best["peer", "float32"]
        yield {
            "name": f"wavegan dim {dim} batch {settings.batch} {precision}, s per iteration",
            "ours": ours,
            "peer": reference,
            "ratio": ours / reference,
            "bar": BARS[precision],
            "limit": work / speed,
            "peer_same_precision": best["peer", precision],
        }


def alternate(runners, repeats):
    """Return the seconds of one iteration of each runner, after one step of each to warm up."""
    steps = {key: {"critic": [], "generator": []} for key in runners}
    for _ in range(repeats + 1):
        for key, runner in runners.items():
            for kind, times in steps[key].items():
                times.append(runner.seconds(kind))
    return {
        key: CRITIC_STEPS * min(times["critic"][1:]) + min(times["generator"][1:])
        for key, times in steps.items()
    }


def operations(players, batch):
    """Return the multiplications and additions of one iteration.

    A forward pass of the critic costs as much as one of the generator but for the first dense
    layer, whose share is small.
    """
    import math

    products = 0
    for layer in players.generator.layers:
        if "up_" in layer.name:
            products += layer.output.shape[1] // layer.strides[0] * math.prod(layer.kernel.shape)
        elif layer.name == "project":
            products += math.prod(layer.kernel.shape)
    return 2 * batch * products * (CRITIC_STEPS * CRITIC_PASSES + GENERATOR_PASSES)


def waiting(settings):
    """Return the row of the share of time that training on real speech waits for audio."""
    import tempfile

    import pandas as pd

    from audio.datasets import DATASETS
    from gan.config import GanConfig
    from gan.training import train

    frame = DATASETS["starter"]("tiny")
    config = GanConfig(dim=settings.dims[0], batch=settings.batch)
    with tempfile.TemporaryDirectory() as folder:
        real = frame[frame["label"] == "bonafide"]
        train(config, real, f"{folder}/run", steps=settings.train_steps)
        share = float(pd.read_csv(f"{folder}/run/metrics.csv")["waiting"].median())
    values = {"ours": share, "peer": None, "ratio": None, "bar": WAITING, "limit": 0.0}
    return {"name": "share of time waiting for audio", **values}


def memory():
    """Return the peak memory of this process in megabytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def table(result):
    """Return the rows as text."""
    lines = [
        "| what | ours | peer | ratio | bar | limit | limit / ours |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        peer, ratio = ("" if row[key] is None else f"{row[key]:.3f}" for key in ("peer", "ratio"))
        share = row["limit"] / row["ours"] if row["ours"] else 0
        lines.append(
            f"| {row['name']} | {row['ours']:.3f} | {peer} | {ratio} | {row['bar']} "
            f"| {row['limit']:.3f} | {share:.2f} |"
        )
    peaks = ", ".join(f"{k} {v:.0f} GFLOP/s" for k, v in result["peak_gflops"].items())
    return "\n".join([*lines, "", f"peak: {peaks}; memory {result['peak_memory_mb']:.0f} MB"])


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
