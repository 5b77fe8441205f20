"""The peer of benchmarks/gan.py: a plain WaveGAN in PyTorch, one step for each line on its input.

The same layers, losses, penalty, shuffles and optimisers in the formulations that PyTorch users
write. Answers each line ``critic`` or ``generator`` with the seconds of one such step.

  python benchmarks/gan_torch.py DIM BATCH {float32,bfloat16}
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional

LATENT, START, LAYERS, SHUFFLED = 100, 16, 5, 4


class Generator(nn.Module):
    """Latents [batch, 100] to audio [batch, 1, 16384]."""

    def __init__(self, dim):
        super().__init__()
        widths = [dim * 2**i for i in range(LAYERS - 1, -1, -1)] + [1]
        self.project = nn.Linear(LATENT, START * widths[0])
        self.ups = nn.ModuleList(
            nn.ConvTranspose1d(before, after, 25, 4, padding=11, output_padding=1)
            for before, after in zip(widths, widths[1:], strict=False)
        )

    def forward(self, z):
        """Generate."""
        x = functional.relu(self.project(z)).view(len(z), -1, START)
        for i, up in enumerate(self.ups):
            x = up(x)
            x = functional.relu(x) if i < LAYERS - 1 else torch.tanh(x)
        return x


class Critic(nn.Module):
    """Audio [batch, 1, 16384] to one number each."""

    def __init__(self, dim):
        super().__init__()
        widths = [1] + [dim * 2**i for i in range(LAYERS)]
        self.downs = nn.ModuleList(
            nn.Conv1d(before, after, 25, 4)
            for before, after in zip(widths, widths[1:], strict=False)
        )
        self.output = nn.Linear(START * widths[-1], 1)

    def forward(self, x):
        """Judge."""
        for i, down in enumerate(self.downs):
            x = functional.leaky_relu(down(functional.pad(x, (10, 11))), 0.2)
            if i < SHUFFLED:
                x = shuffle(x)
        return self.output(x.flatten(1))


def shuffle(x, limit=2):
    """Shift a batch in time, with the border reflected."""
    start = int(torch.randint(0, 2 * limit + 1, ()))
    return functional.pad(x, (limit, limit), mode="reflect")[..., start : start + x.shape[-1]]


class Peer:
    """Both networks with their optimisers, and a batch of noise for real audio."""

    def __init__(self, dim, batch, precision):
        torch.manual_seed(0)
        self.generator, self.critic = Generator(dim), Critic(dim)
        self.optimizers = [
            torch.optim.Adam(net.parameters(), 1e-4, betas=(0.5, 0.9))
            for net in (self.generator, self.critic)
        ]
        self.real = 0.3 * torch.randn(batch, 1, 16384)
        self.mixed = precision == "bfloat16"

    def _cast(self):
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.mixed)

    def _latent(self):
        return 2 * torch.rand(len(self.real), LATENT) - 1

    def step_critic(self):
        """Take one critic step."""
        with self._cast():
            with torch.no_grad():
                fake = self.generator(self._latent()).float()
            weights = torch.rand(len(self.real), 1, 1)
            between = (self.real + weights * (fake - self.real)).requires_grad_()
            loss = self.critic(fake).float().mean() - self.critic(self.real).float().mean()
            value = self.critic(between).float().sum()
            (gradient,) = torch.autograd.grad(value, between, create_graph=True)
            norm = (gradient.float().flatten(1).square().sum(1) + 1e-12).sqrt()
            loss = loss + 10 * ((norm - 1) ** 2).mean()
        self._apply(1, loss)

    def step_generator(self):
        """Take one generator step."""
        self.critic.requires_grad_(False)
        with self._cast():
            loss = -self.critic(self.generator(self._latent())).float().mean()
        self._apply(0, loss)
        self.critic.requires_grad_()

    def _apply(self, which, loss):
        self.optimizers[which].zero_grad()
        loss.backward()
        self.optimizers[which].step()


def main(dim, batch, precision):
    """Answer lines until the input ends."""
    peer = Peer(int(dim), int(batch), precision)
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        getattr(peer, f"step_{line.strip()}")()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
