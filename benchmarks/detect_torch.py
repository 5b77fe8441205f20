"""The peer of benchmarks/detect.py: RawNet2 and AASIST in plain PyTorch, of equal parameters.

The layers of the published models as their authors write them in PyTorch, in evaluation mode; what
the published residual blocks compute and leave unused (normalisation and activation of their input)
is left out, as in ours.
Prints ``ready`` and the number of parameters, then answers each line, a batch size, with the
seconds of one forward pass of so many clips of 64,600 samples.

  python benchmarks/detect_torch.py {rawnet2,aasist,aasist_l} {wall,processor}
"""

import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional

SAMPLES = 64600


def band_passes(count, length, rate=16000):
    """Return mel-spaced windowed band-pass filters [count, 1, length]."""
    top = 2595 * math.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (torch.linspace(0, top, count + 1) / 2595) - 1)
    taps = torch.arange(length) - length // 2
    low = 2 * edges[:, None] / rate * torch.sinc(2 * edges[:, None] / rate * taps)
    return ((low[1:] - low[:-1]) * torch.hamming_window(length, periodic=False))[:, None]


class ResidualOne(nn.Module):
    """Residual block of RawNet2 with feature-map scaling."""

    def __init__(self, before, after):
        super().__init__()
        self.conv1 = nn.Conv1d(before, after, 3, padding=1)
        self.norm2 = nn.BatchNorm1d(after)
        self.conv2 = nn.Conv1d(after, after, 3, padding=1)
        self.down = nn.Conv1d(before, after, 1) if before != after else nn.Identity()
        self.scale = nn.Linear(after, after)

    def forward(self, x):
        """Return maps at a third of the length."""
        y = functional.leaky_relu(self.norm2(self.conv1(x)), 0.3)
        x = functional.max_pool1d(self.conv2(y) + self.down(x), 3)
        s = torch.sigmoid(self.scale(x.mean(-1)))[..., None]
        return x * s + s


class RawNet2(nn.Module):
    """RawNet2 of the ASVspoof 2021 baseline."""

    def __init__(self):
        super().__init__()
        self.register_buffer("filters", band_passes(20, 1025))
        self.norm = nn.BatchNorm1d(20)
        widths = [20, 20, 20, 128, 128, 128, 128]
        self.blocks = nn.Sequential(
            *(ResidualOne(*pair) for pair in zip(widths, widths[1:], strict=False))
        )
        self.last = nn.BatchNorm1d(128)
        self.gru = nn.GRU(128, 1024, 3, batch_first=True)
        self.hidden, self.out = nn.Linear(1024, 1024), nn.Linear(1024, 2)

    def forward(self, x):
        """Return two scores of waveforms [batch, samples]."""
        x = functional.max_pool1d(functional.conv1d(x[:, None], self.filters).abs(), 3)
        x = self.blocks(functional.selu(self.norm(x)))
        x, _ = self.gru(functional.selu(self.last(x)).transpose(1, 2))
        return self.out(self.hidden(x[:, -1]))


class ResidualTwo(nn.Module):
    """Residual block of AASIST."""

    def __init__(self, before, after):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, (2, 3), padding=(1, 1))
        self.norm2 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, (2, 3), padding=(0, 1))
        same = before == after
        self.down = nn.Identity() if same else nn.Conv2d(before, after, (1, 3), padding=(0, 1))

    def forward(self, x):
        """Return maps at a third of the frames."""
        y = self.conv2(functional.selu(self.norm2(self.conv1(x))))
        return functional.max_pool2d(y + self.down(x), (1, 3))


class Attention(nn.Module):
    """Graph attention within one kind of nodes."""

    def __init__(self, before, after, temperature):
        super().__init__()
        self.score, self.weight = nn.Linear(before, after), nn.Parameter(torch.randn(after, 1))
        self.heard, self.own = nn.Linear(before, after), nn.Linear(before, after)
        self.norm, self.temperature = nn.BatchNorm1d(after), temperature

    def forward(self, x):
        """Return nodes [batch, n, after] of nodes [batch, n, before]."""
        products = x[:, :, None] * x[:, None]
        weight = torch.tanh(self.score(products)) @ self.weight / self.temperature
        y = self.heard(functional.softmax(weight, -2).squeeze(-1) @ x) + self.own(x)
        return functional.selu(self.norm(y.transpose(1, 2)).transpose(1, 2))


class Mix(nn.Module):
    """Heterogeneous graph attention with a master node."""

    def __init__(self, before, after, temperature=100.0):
        super().__init__()
        self.kinds = nn.ModuleList(nn.Linear(before, before) for _ in range(2))
        self.score, self.score_master = nn.Linear(before, after), nn.Linear(before, after)
        self.weights = nn.ParameterList(torch.randn(after, 1) for _ in range(4))
        self.heard, self.own = nn.Linear(before, after), nn.Linear(before, after)
        self.heard_master, self.own_master = nn.Linear(before, after), nn.Linear(before, after)
        self.norm, self.temperature = nn.BatchNorm1d(after), temperature

    def forward(self, first, second, master):
        """Return both kinds of nodes and the master."""
        n = first.shape[1]
        x = torch.cat([self.kinds[0](first), self.kinds[1](second)], 1)
        weight = self._between(torch.tanh(self.score(x[:, :, None] * x[:, None])), n)
        attention = functional.softmax(weight / self.temperature, -2).squeeze(-1)
        hears = torch.tanh(self.score_master(x * master)) @ self.weights[3] / self.temperature
        hears = functional.softmax(hears, -2).transpose(1, 2)
        master = self.heard_master(hears @ x) + self.own_master(master)
        y = (self.heard(attention @ x) + self.own(x)).transpose(1, 2)
        y = functional.selu(self.norm(y).transpose(1, 2))
        return y[:, :n], y[:, n:], master

    def _between(self, scores, n):
        weight = torch.zeros_like(scores[..., :1])
        weight[:, :n, :n] = scores[:, :n, :n] @ self.weights[0]
        weight[:, n:, n:] = scores[:, n:, n:] @ self.weights[1]
        weight[:, :n, n:] = scores[:, :n, n:] @ self.weights[2]
        weight[:, n:, :n] = scores[:, n:, :n] @ self.weights[2]
        return weight


class Pool(nn.Module):
    """Keep the nodes with the highest scores."""

    def __init__(self, width, share):
        super().__init__()
        self.score, self.share = nn.Linear(width, 1), share

    def forward(self, x):
        """Return the kept nodes, each times its score."""
        scores = torch.sigmoid(self.score(x))
        kept = max(int(x.shape[1] * self.share), 1)
        index = scores.topk(kept, dim=1).indices.expand(-1, -1, x.shape[2])
        return torch.gather(x * scores, 1, index)


class Branch(nn.Module):
    """Two heterogeneous layers, the second added to the first."""

    def __init__(self, width, share):
        super().__init__()
        self.master = nn.Parameter(torch.randn(1, 1, width))
        self.mixes = nn.ModuleList([Mix(width, 32), Mix(32, 32)])
        self.pools = nn.ModuleList(Pool(32, share) for _ in range(2))

    def forward(self, temporal, spectral):
        """Return both kinds of nodes and the master."""
        temporal, spectral, master = self.mixes[0](temporal, spectral, self.master)
        first = self.pools[0](temporal), self.pools[1](spectral), master
        return [a + b for a, b in zip(first, self.mixes[1](*first), strict=True)]


class Aasist(nn.Module):
    """AASIST; AASIST-L with other widths."""

    def __init__(self, width=64, keep=(0.5, 0.7, 0.5)):
        super().__init__()
        self.register_buffer("filters", band_passes(70, 129))
        self.norm = nn.BatchNorm2d(1)
        widths = [1, 32, 32, width, width, width, width]
        self.blocks = nn.Sequential(
            *(ResidualTwo(*pair) for pair in zip(widths, widths[1:], strict=False))
        )
        self.places = nn.Parameter(torch.randn(1, 23, width))
        self.attends = nn.ModuleList(Attention(width, width, 2.0) for _ in range(2))
        self.pools = nn.ModuleList(Pool(width, share) for share in keep[:2])
        self.branches = nn.ModuleList(Branch(width, keep[2]) for _ in range(2))
        self.out = nn.Linear(5 * 32, 2)

    def forward(self, x):
        """Return two scores of waveforms [batch, samples]."""
        x = functional.conv1d(x[:, None], self.filters)[:, None]
        x = functional.selu(self.norm(functional.max_pool2d(x.abs(), 3)))
        size = self.blocks(x).abs()
        spectral = size.amax(3).transpose(1, 2) + self.places
        spectral = self.pools[0](self.attends[0](spectral))
        temporal = self.pools[1](self.attends[1](size.amax(2).transpose(1, 2)))
        pairs = zip(*(branch(temporal, spectral) for branch in self.branches), strict=True)
        temporal, spectral, master = (torch.maximum(*pair) for pair in pairs)
        parts = [temporal.abs().amax(1), temporal.mean(1), spectral.abs().amax(1), spectral.mean(1)]
        return self.out(torch.cat([*parts, master[:, 0]], 1))


MODELS = {
    "rawnet2": RawNet2,
    "aasist": Aasist,
    "aasist_l": lambda: Aasist(24, (0.4, 0.5, 0.7)),
}


def main(name, clock):
    """Answer lines until the input ends."""
    now = {"wall": time.perf_counter, "processor": time.process_time}[clock]
    torch.manual_seed(0)
    model = MODELS[name]().eval()
    print("ready", sum(p.numel() for p in model.parameters()), flush=True)
    for line in sys.stdin:
        batch = torch.randn(int(line), SAMPLES)
        with torch.inference_mode():
            start = now()
            model(batch)
            print(now() - start, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
