"""What a generator is and how it is trained: one frozen record, checked where it is made."""

from dataclasses import dataclass

from experiment.errors import UsageError, choose
from gan import GENERATORS, SAMPLES

LOSSES = ("wgan-gp", "wgan", "lsgan", "dcgan")
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, kw_only=True)
class GanConfig:
    """Architecture, signal and optimisation of one generator.

    Attributes
    ----------
    model : str
        Architecture: wavegan or specgan.
    dim : int
        Width: the critic's first layer has this many channels, the generator's first 16 times as
        many. The papers use 64; 16 trains on a laptop.
    samples : int
        Length of a clip in samples: 16384, 32768 (WaveGAN alone) or 65536.
    channels : int
        Audio channels.
    rate : int
        Sampling rate in Hz.
    latent : int
        Number of latent variables, uniform in (-1, 1).
    loss : str
        Training criterion: wgan-gp, wgan, lsgan or dcgan, each with the optimiser of the reference.
    learning_rate : float, optional
        Instead of the criterion's own.
    critic_steps : int
        Critic steps per generator step.
    batch : int
        Clips per step, over all replicas.
    penalty : float
        Weight of the gradient penalty of wgan-gp.
    r1 : float
        Weight of the R1 penalty on real clips; 0 leaves it out.
    shuffle : int
        Largest shift of WaveGAN's phase shuffle; 0 leaves it out.
    ema : float
        Decay of the running mean of the generator's weights, which is what generates.
    label : str
        Column of the manifest that conditions the generator ("folder": the file's folder); empty
        for an unconditional one.
    normalize : bool
        Scale each file to a peak of 1.
    overlap : float
        Overlap of the slices of a long file, in [0, 1).
    memory : int
        Megabytes of decoded audio kept in memory; what exceeds it is read from disk slice by slice.
    precision : str
        float32, bfloat16, or auto: bfloat16 where the processor or GPU computes in it.
    xla : str
        Compile the steps with XLA: on, off, or auto (on a GPU).
    deterministic : bool
        Make TensorFlow's operations deterministic, for the whole process.
    check_every : int
        Generator steps between checks, previews and checkpoints.
    patience : int
        Checks in a row after which silence, or a score that no longer improves, ends the training.
    score_clips : int
        Generated clips per score.
    tensorboard : bool
        Write TensorBoard logs beside metrics.csv.
    seed : int
        Seed of weights, slices, latents and shifts.
    """

    model: str = "wavegan"
    dim: int = 16
    samples: int = 16384
    channels: int = 1
    rate: int = 16000
    latent: int = 100
    loss: str = "wgan-gp"
    learning_rate: float | None = None
    critic_steps: int = 5
    batch: int = 16
    penalty: float = 10.0
    r1: float = 0.0
    shuffle: int = 2
    ema: float = 0.999
    label: str = ""
    normalize: bool = True
    overlap: float = 0.0
    memory: int = 512
    precision: str = "auto"
    xla: str = "auto"
    deterministic: bool = False
    check_every: int = 200
    patience: int = 10
    score_clips: int = 256
    tensorboard: bool = True
    seed: int = 0

    def __post_init__(self):
        choose(self.model, GENERATORS, "generator")
        for name, allowed in (
            ("samples", SAMPLES[self.model]),
            ("loss", LOSSES),
            ("precision", PRECISIONS),
            ("xla", ("auto", "on", "off")),
        ):
            value = getattr(self, name)
            if value not in allowed:
                known = ", ".join(map(str, allowed))
                raise UsageError(f"{name} is {value!r} for {self.model}; choose one of: {known}")
        for name in ("dim", "channels", "rate", "latent", "critic_steps", "batch", "check_every"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}; give at least 1")
        if not 0 <= self.overlap < 1:
            raise UsageError(f"overlap is {self.overlap}; give a share of at least 0 and below 1")
        if not 0 <= self.ema < 1:
            raise UsageError(f"ema is {self.ema}; give a decay of at least 0 and below 1")
