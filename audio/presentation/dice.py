"""Which presentation a clip gets: drawn by a seed from its name, the same for a pair."""

from audio.presentation.chain import Presentation
from audio.presentation.codecs import FORMATS, Codec
from audio.presentation.devices import DEVICES, Band, Loudspeaker, Microphone
from audio.presentation.dynamics import AutomaticGain, Clipping, Level
from audio.presentation.noise import COLOURS, Noise
from audio.presentation.rawboost import PARTS, RawBoost
from audio.presentation.rooms import Room
from audio.presentation.timing import Ends, Loss, Resample, Trim
from experiment.errors import choose
from experiment.seeds import rng

MICROPHONES = tuple(name for name in DEVICES if name != "speaker")


class _Dice:
    """Draws steps with plausible values."""

    def __init__(self, generator, babble):
        self.generator = generator
        self.colours = (*COLOURS, *(["babble"] if babble else []))

    def one(self, options):
        return options[int(self.generator.integers(len(options)))]

    def between(self, low, high):
        return float(self.generator.uniform(low, high))

    def maybe(self, chance, draw):
        """Return the steps of ``draw()`` with a chance; always draws as much from the stream."""
        hit = self.generator.random() < chance
        found = draw()
        return found if hit else []

    def noise(self, low=5.0, high=30.0):
        return [Noise(self.one(self.colours), self.between(low, high))]

    def room(self):
        size = self.one(("small", "large"))
        time = self.between(0.15, 0.6) if size == "small" else self.between(0.5, 1.8)
        return [Room(size, time, self.between(-3, 12))]

    def microphone(self):
        return [Microphone(self.one(MICROPHONES))]

    def level(self):
        return [Level(self.between(-18, 6))]

    def gain(self):
        return [AutomaticGain(self.between(0.3, 0.9), self.between(0.1, 1.0))]

    def clipping(self):
        return [Clipping(10 ** self.between(-1.5, 0.5))]

    def loss(self):
        return [Loss(self.between(0.5, 6), self.between(1, 3))]

    def codec(self, *names, most=1000, least=0):
        name = self.one(names)
        rates = [rate for rate in FORMATS[name].kilobits if least <= rate <= most]
        return [Codec(name, self.one(rates or FORMATS[name].kilobits))]

    def ends(self):
        trim = self.maybe(0.5, lambda: [Trim(self.between(-45, -25))])
        return [*trim, Ends(self.between(-0.15, 0.5), self.between(-0.15, 0.5))]


def none(dice):
    """Leave it as it was recorded."""
    return []


def file(dice):
    """Store it, perhaps twice, as files on the web are."""
    again = dice.maybe(0.4, lambda: dice.codec("mp3", "aac", "opus", "vorbis"))
    return [*dice.codec("mp3", "aac", "opus", "vorbis"), *again]


def telephone(dice):
    """Send it through the band of a telephone and one or two legs of a network."""
    legs = ("alaw", "mulaw", "amrnb")
    low, high = dice.between(150, 350), dice.between(3200, 3600)
    second = dice.maybe(0.4, lambda: dice.codec(*legs))
    return [
        *dice.maybe(0.5, dice.microphone),
        *dice.maybe(0.4, dice.noise),
        Band(low, high),
        *dice.codec(*legs),
        *dice.maybe(0.3, dice.loss),
        *second,
    ]


def messenger(dice):
    """Record it with a phone, code it at a low rate, perhaps share it once more."""
    return [
        Microphone("phone"),
        *dice.maybe(0.4, dice.noise),
        *dice.maybe(0.6, dice.gain),
        *dice.codec("opus", "opus", "aac", "g722", most=32),
        *dice.maybe(0.2, dice.loss),
        *dice.maybe(0.4, lambda: dice.codec("mp3", "aac", "opus", most=96)),
    ]


def room(dice):
    """Record it in a room, with noise; perhaps store it with losses."""
    return [
        *dice.room(),
        *dice.microphone(),
        *dice.noise(10, 40),
        *dice.maybe(0.4, lambda: dice.codec("mp3", "aac", "opus", "vorbis", least=24)),
    ]


def replay(dice):
    """Play it by a loudspeaker in a room, and record it."""
    return [
        Loudspeaker(dice.between(3, 20)),
        *dice.room(),
        *dice.microphone(),
        *dice.noise(15, 40),
        *dice.maybe(0.3, lambda: dice.codec("mp3", "aac", "opus", least=24)),
    ]


def noise(dice):
    """Add noise alone, of any colour."""
    return dice.noise()


def device(dice):
    """Record it by a microphone, at a lower rate perhaps, sometimes driven too hard."""
    return [
        *dice.microphone(),
        *dice.maybe(0.4, dice.gain),
        *dice.maybe(0.3, dice.clipping),
        *dice.maybe(0.5, lambda: [Resample(dice.one((8.0, 11.025, 12.0)))]),
    ]


def ends(dice):
    """Cut or add silence."""
    return dice.ends()


def rawboost(dice):
    """Add one of the noises of RawBoost, or all."""
    share, ratio = dice.between(0, 10), dice.between(10, 40)
    return [RawBoost(dice.one(tuple(PARTS)), share, ratio)]


CHAINS = {
    chain.__name__: chain
    for chain in (none, file, telephone, messenger, room, replay, noise, device, ends, rawboost)
}
ALL = tuple(CHAINS)


def draw(name, seed, epoch=0, choices=ALL, *, babble=False):
    """Return the presentation of a clip.

    Parameters
    ----------
    name : str
        Of the clip; **of its original for a copy**, so that a pair gets the same.
    seed : int
        Of the run.
    epoch : int
        Each has draws of its own.
    choices : sequence of str
        Keys of `CHAINS`, of which one is drawn; one that is listed twice comes twice as often.
    babble : bool
        Whether there are voices for babble among the noises.

    Returns
    -------
    kind : str
        The key that was drawn.
    presentation : Presentation
        The same for the same arguments, whatever else is drawn.

    Raises
    ------
    UsageError
        If a choice is not known.
    """
    return drawn(rng(seed, "present", name, epoch), choices, babble=babble)


def drawn(generator, choices=ALL, *, babble=False):
    """Return kind and presentation as `draw` does, from a generator."""
    makers = {choice: choose(choice, CHAINS, "presentation") for choice in choices}
    kind = str(choices[int(generator.integers(len(choices)))])
    dice = _Dice(generator, babble)
    steps = makers[kind](dice)
    if kind not in ("none", "ends"):
        before, after = dice.maybe(0.3, dice.ends), dice.maybe(0.5, dice.level)
        steps = [*before, *steps, *after]
    key = f"{int(generator.integers(1 << 32)):08x}" if steps else ""
    return kind, Presentation(tuple(steps), key)
