"""What a generator is and how it is trained: one frozen record, checked where it is made."""

from dataclasses import dataclass

from experiment.errors import UsageError, choose
from gan.registry import GENERATORS, SAMPLES
from gan.sizes import SIZES

LOSSES = ("wgan-gp", "wgan", "lsgan", "dcgan")
VOCODER_LOSSES = ("hinge", "lsgan")
IMAGES = ("specgan", "logmelgan")
AUGMENTATIONS = ("level", "shift", "cut")
CRITICS = ("frames", "periods", "resolutions", "scales")
PRECISIONS = ("auto", "float32", "bfloat16")
POSITIVE = (
    "dim",
    "samples",
    "channels",
    "rate",
    "latent",
    "critic_steps",
    "batch",
    "check_every",
    "r1_every",
)
COUNTS = ("mels", "hop", "critic_dim")


@dataclass(frozen=True, kw_only=True)
class GanConfig:
    """Architecture, signal and optimisation of one generator.

    What is None takes the value that `gan.sizes` has for the model and its size.

    Attributes
    ----------
    model : str
        Architecture: wavegan, specgan and logmelgan make clips from latents, the others are
        vocoders, which copy speech: vocos, hifigan, istftnet, codec.
    size : str, optional
        Named configuration of the model: small (the default), or the published ones.
    dim : int, optional
        Width. Latent models: channels of the critic's first layer, the generator's first has 16
        times as many (logmelgan: 8 times). Vocos: channels of every block. hifigan, istftnet:
        channels before the first upsampling. codec: channels at the sampling rate.
    depth : int, optional
        Blocks of vocos.
    mels, fft, hop : int, optional
        Bands, frame length and distance in samples of a vocoder's mel spectrogram.
    books : tuple of int, optional
        Numbers of codebooks that the codec can be asked for, in rising order.
    critics : tuple of str, optional
        What judges a vocoder: frames, periods, resolutions, scales.
    critic_dim : int, optional
        Width of these.
    samples : int
        Length of a clip in samples: 16384, 32768 (not SpecGAN) or 65536. A vocoder is trained on
        such pieces and copies any length.
    channels : int
        Audio channels.
    rate : int, optional
        Sampling rate in Hz.
    latent : int
        Number of latent variables, uniform in (-1, 1).
    loss : str, optional
        Training criterion: wgan-gp, wgan, lsgan or dcgan, each with the optimiser of the reference;
        vocoders: hinge or lsgan.
    learning_rate : float, optional
        Instead of the criterion's own.
    critic_rate : float, optional
        Learning rate of a vocoder's critics, as a share of the generator's.
    decay_steps : int
        Steps over which a vocoder's learning rate falls to a twentieth, along a cosine; 0 keeps it.
    warm_up : int, optional
        First steps of a vocoder, which the spectral losses train alone.
    mel_weight, stft_weight, feature_weight : float, optional
        Weights of a vocoder's losses beside the adversarial one.
    gain : tuple of float, optional
        Lowest and highest random gain in dB of each training piece of a vocoder.
    critic_steps : int, optional
        Critic steps per generator step.
    batch : int, optional
        Clips per step, over all replicas.
    penalty : float
        Weight of the gradient penalty of wgan-gp.
    r1 : float, optional
        Weight of the R1 penalty on real clips; 0 leaves it out.
    r1_every : int
        Critic steps from one R1 penalty to the next, which weighs as many times as much.
    augment : tuple of str, optional
        What spectrograms go through before the critic sees them, real and generated: level, shift,
        cut. Not for WaveGAN and vocoders.
    vocoder : str, optional
        Vocoder that a logmelgan makes the spectrograms of; of a specgan, what turns its
        spectrograms into sound instead of Griffin-Lim. A shipped one's name or a folder.
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
    size: str | None = None
    dim: int | None = None
    depth: int | None = None
    mels: int | None = None
    fft: int | None = None
    hop: int | None = None
    books: tuple[int, ...] | None = None
    critics: tuple[str, ...] | None = None
    critic_dim: int | None = None
    samples: int = 16384
    channels: int = 1
    rate: int | None = None
    latent: int = 100
    loss: str | None = None
    learning_rate: float | None = None
    critic_rate: float | None = None
    decay_steps: int = 0
    warm_up: int | None = None
    mel_weight: float | None = None
    stft_weight: float | None = None
    feature_weight: float | None = None
    gain: tuple[float, float] | None = None
    critic_steps: int | None = None
    batch: int | None = None
    penalty: float = 10.0
    r1: float | None = None
    r1_every: int = 1
    augment: tuple[str, ...] | None = None
    vocoder: str | None = None
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
        self._complete()
        for name, allowed in (
            ("samples", SAMPLES[self.model]),
            ("loss", VOCODER_LOSSES if self.copies else LOSSES),
            ("precision", PRECISIONS),
            ("xla", ("auto", "on", "off")),
        ):
            value = getattr(self, name)
            if value not in allowed:
                known = ", ".join(map(str, allowed))
                raise UsageError(f"{name} is {value!r} for {self.model}; choose one of: {known}")
        for name in (*POSITIVE, *(COUNTS if self.copies else ())):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}; give at least 1")
        if not 0 <= self.overlap < 1:
            raise UsageError(f"overlap is {self.overlap}; give a share of at least 0 and below 1")
        if not 0 <= self.ema < 1:
            raise UsageError(f"ema is {self.ema}; give a decay of at least 0 and below 1")
        self._check_images()
        if self.copies:
            self._check_vocoder()

    def _complete(self):
        sizes = SIZES[self.model]
        size = self.size or next(iter(sizes))
        choose(size, sizes, f"size of {self.model}")
        defaults = {**sizes[size], "size": size}
        for name, value in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        for name in ("books", "critics", "gain", "augment"):  # JSON has lists
            if getattr(self, name) is not None:
                object.__setattr__(self, name, tuple(getattr(self, name)))

    def _check_images(self):
        for name in ("augment", "vocoder"):
            if (value := getattr(self, name)) and self.model not in IMAGES:
                raise UsageError(f"{name} is {value!r}; it is for: {', '.join(IMAGES)}")
        if self.vocoder and self.channels != 1:
            raise UsageError(f"channels is {self.channels}; {self.vocoder} has 1")
        for name in self.augment:
            if name not in AUGMENTATIONS:
                known = ", ".join(AUGMENTATIONS)
                raise UsageError(f"no augmentation {name!r}; choose among: {known}")

    def _check_vocoder(self):
        for name, held in (("channels", 1), ("label", "")):
            if getattr(self, name) != held:
                raise UsageError(f"{name} is {getattr(self, name)!r}; a vocoder has {held!r}")
        for name in self.critics:
            if name not in CRITICS:
                raise UsageError(f"no critic {name!r}; choose among: {', '.join(CRITICS)}")
        if self.samples % self.hop or (self.fft - self.hop) % 2 or self.fft < self.hop:
            raise UsageError(
                f"samples {self.samples}, fft {self.fft}, hop {self.hop}: the hop must divide the "
                "samples, and fft - hop must be even and not negative"
            )

    @property
    def copies(self):
        """Whether the model is a vocoder: it copies speech where others generate from latents."""
        return self.hop is not None
