"""The peer of benchmarks/fad.py: VGGish in PyTorch, and a FAD of two folders file by file.

Written as the public kits are: one file at a time, its examples as the batch, numpy covariances,
scipy's matrix square root. Weights are random; only speed is asked for.

  python benchmarks/fad_torch.py network        answers each batch size with examples per second
  python benchmarks/fad_torch.py first FILE     embeds one file
  python benchmarks/fad_torch.py fad LIST LIST  prints the FAD of two lists of WAV files
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn


def vggish():
    """Return the network, from [n, 1, 96, 64] to [n, 128]."""
    layers, before = [], 1
    for filters in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0):
        if filters:
            layers += [nn.Conv2d(before, filters, 3, padding=1), nn.ReLU(inplace=True)]
            before = filters
        else:
            layers.append(nn.MaxPool2d(2))
    dense = [nn.Flatten(), nn.Linear(12288, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()]
    return nn.Sequential(*layers, *dense, nn.Linear(4096, 128)).eval()


def rate(network, batch, seconds=4.0):
    """Return examples per second at one batch size."""
    examples = torch.randn(batch, 1, 96, 64)
    network(examples)
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        network(examples)
        done += batch
    return done / (time.perf_counter() - start)


def mel_bank():
    """Return the mel bank [257, 64] of VGGish."""

    def mel(hertz):
        return 1127.0 * np.log1p(hertz / 700.0)

    bins = mel(np.linspace(0, 8000, 257))[:, None]
    edges = np.linspace(mel(125.0), mel(7500.0), 66)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(rising, falling))
    bank[0] = 0
    return bank


def examples(path):
    """Return the log-mel examples [n, 1, 96, 64] of a file."""
    import soundfile

    samples, _ = soundfile.read(path)
    samples = np.pad(samples, (0, max(0, 15600 - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, 400)[::160]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    bands = np.log(np.abs(np.fft.rfft(frames * window, 512)) @ mel_bank() + 0.01)
    count = len(bands) // 96
    return torch.tensor(bands[: count * 96].reshape(count, 1, 96, 64), dtype=torch.float32)


def statistics(network, names):
    """Return mean and covariance of the embeddings of files."""
    rows = np.concatenate([network(examples(name)).numpy() for name in names])
    return rows.mean(axis=0), np.cov(rows, rowvar=False)


def fad(network, first, second):
    """Return the FAD of two lists of files."""
    from scipy import linalg

    (m1, s1), (m2, s2) = statistics(network, first), statistics(network, second)
    root = linalg.sqrtm(s1 @ s2)
    return float((m1 - m2) @ (m1 - m2) + np.trace(s1) + np.trace(s2) - 2 * np.trace(root.real))


def main(verb, *arguments):
    """Do one of the three things."""
    network = vggish()
    with torch.inference_mode():
        if verb == "network":
            print("ready", flush=True)
            for line in sys.stdin:
                print(rate(network, int(line)), flush=True)
        elif verb == "first":
            network(examples(arguments[0]))
        else:
            lists = [Path(name).read_text().split("\n") for name in arguments]
            print(fad(network, *lists))


if __name__ == "__main__":
    main(*sys.argv[1:])
