"""Hidden states of a pretrained encoder as the front end of a detector."""

import os
import shutil
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio import frontends
from audio.frontends import FRONTENDS, PUBLISHED, FrontEnd
from encoders import ENCODERS, open_encoder
from experiment.errors import DataError, UsageError, choose

LEVEL = 10 ** (-26 / 20)  # nominal level of speech, ITU-T P.56
KEPT = "encoder"  # folder of weights in a detector's folder


@dataclass(frozen=True)
class Encoded(FrontEnd):
    """Hidden states of a frozen encoder: [frames, width], or [blocks, frames, width].

    Clips lose their mean and are brought to one level before they are encoded.

    Attributes
    ----------
    encoder : str
        A key of `encoders.ENCODERS`.
    source : str or Path, optional
        Where the weights are, for encoders that no package ships.
    digest : str
        Names the weights; found when not given.
    block : int, optional
        The block whose hidden state is used, 0 for what the first one takes; the last by default.
        Later blocks are not computed.
    every : bool
        Use all hidden states from 0 to `block`.
    tuned : int
        So many blocks up to `block` belong to the detector's network, where training changes them;
        the front end ends before them.
    lora : int
        Rank of the change that training makes to the attention of the tuned blocks; 0 for a change
        of all their weights.
    """

    encoder: str = "whisper_tiny"
    source: str | Path | None = field(default=None, compare=False)
    digest: str = ""
    block: int | None = None
    every: bool = False
    tuned: int = 0
    lora: int = 0

    def __post_init__(self):
        super().__post_init__()
        opened = self.opened
        if self.digest and self.digest != opened.digest:
            raise DataError(
                f"{self.source}: weights {opened.digest} of {self.encoder}, but the detector was "
                f"trained with {self.digest}; name the folder of those"
            )
        if self.rate != opened.rate:
            raise UsageError(f"{self.encoder} hears {opened.rate} Hz. Received: rate {self.rate}")
        object.__setattr__(self, "digest", opened.digest)
        object.__setattr__(self, "block", opened.require_block(self.block))
        if not 0 <= self.tuned <= self.block or self.lora < 0 or (self.lora and not self.tuned):
            raise UsageError(
                f"tuned is 0 to block (here {self.block}), and lora a rank where tuned is not 0. "
                f"Received: tuned {self.tuned}, lora {self.lora}"
            )

    @property
    def opened(self):
        """The encoder, encoders.types.Encoder."""
        return _opened(self.encoder, self.source)

    @property
    def first(self):
        """The last hidden state that the front end computes."""
        return self.block - self.tuned

    @property
    def times(self):
        """Centres of the frames in seconds, ndarray [frames]."""
        return self.opened.times(self.samples)

    @property
    def frequencies(self):
        """None: a place in a hidden state is no frequency."""
        return None

    @property
    def shape(self):
        """Shape of the features of one clip: (frames, width) or (blocks, frames, width)."""
        blocks = (self.first + 1,) if self.every and not self.tuned else ()
        return (*blocks, self.opened.frames(self.samples), self.opened.width)

    def __call__(self, samples):
        """Return the features of one clip.

        Parameters
        ----------
        samples : array_like [n]
            Mono samples at `rate`.

        Returns
        -------
        ndarray [*shape] of float32
        """
        return self.batch([samples])[0]

    def batch(self, clips):
        """Return the features of several clips, ndarray [clips, *shape] of float32."""
        if not len(clips):
            return np.empty((0, *self.shape), np.float32)
        samples = np.stack([levelled(self.fit(clip)) for clip in clips])
        return self.opened.states(samples, self.first, self.every and not self.tuned)


@lru_cache
def _opened(name, source):
    return open_encoder(name, source)


def levelled(samples):
    """Return samples [n] with mean zero at -26 dB; silence stays zero."""
    samples = samples - samples.mean(dtype=np.float64)
    size = np.sqrt(np.mean(samples**2))
    return (samples * (LEVEL / size) if size > 1e-9 else 0 * samples).astype(np.float32)


# ------------------------------------------------------------------ by name, in folders


def named(name, **settings):
    """Return a front end by name.

    Parameters
    ----------
    name : str
        A key of audio.frontends.FRONTENDS, audio.frontends.PUBLISHED or `encoders.ENCODERS`.
    **settings
        Its fields.

    Raises
    ------
    UsageError
        If there is no such front end, or it has no such field.
    """
    choose(name, {**FRONTENDS, **PUBLISHED, **ENCODERS}, "front end")
    if name in PUBLISHED:
        return changed(PUBLISHED[name], **settings)
    if name in ENCODERS:
        settings = {"encoder": name, **settings}
    return _with(FRONTENDS.get(name, Encoded), settings)


def changed(front_end, **settings):
    """Return a front end with other settings; see `named`."""
    own = {one.name: getattr(front_end, one.name) for one in fields(front_end)}
    if "source" in settings:
        own["digest"] = ""
    return _with(type(front_end), {**own, **settings})


def _with(kind, settings):
    known = dict.fromkeys(one.name for one in fields(kind))
    for name in settings:
        choose(name, known, "setting of the front end")
    return kind(**settings)


def to_dict(front_end):
    """Return a front end as plain values, its name under ``"name"``.

    Where an encoder's weights lie is left out: their digest names them.
    """
    if not isinstance(front_end, Encoded):
        return frontends.to_dict(front_end)
    settings = asdict(front_end)
    settings.pop("source")
    return {"name": settings.pop("encoder"), **settings}


def from_dict(values, folder=None):
    """Return the front end that `to_dict` wrote.

    Parameters
    ----------
    values : dict
        From `to_dict`.
    folder : Path, optional
        Of the detector, in which `keep` may have left an encoder's weights.

    Raises
    ------
    UsageError
        If no front end has that name.
    DataError
        If a setting is missing a meaning in this version, or the weights are others.
    """
    if values.get("name") not in ENCODERS:
        return frontends.from_dict(values)
    settings = {**values}
    kept = Path(folder, KEPT) if folder is not None else None
    if kept is not None and kept.is_dir():
        settings["source"] = kept
    try:
        return Encoded(encoder=settings.pop("name"), **settings)
    except TypeError as error:
        raise DataError(f"front end {values} does not fit this version: {error}") from None


def keep(front_end, folder):
    """Put what a front end needs beside its settings into a detector's folder.

    The weights of an encoder that no package ships, as links where the disk allows, else as copies.

    Parameters
    ----------
    front_end : FrontEnd
        Of the detector.
    folder : Path
        Of the detector.
    """
    source = front_end.opened.source if isinstance(front_end, Encoded) else None
    target = Path(folder, KEPT)
    if source is None or target.is_dir():
        return
    target.mkdir(parents=True)
    for file in front_end.opened.files:
        try:
            os.link(file.resolve(), target / file.name)
        except OSError:
            shutil.copyfile(file, target / file.name)
