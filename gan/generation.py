"""A trained generator: loading it, clips by number, and a folder of them with its manifest.

A model is a folder with ``model.json`` (architecture, codec, provenance) and ``weights.npz``.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from audio.clip import read_clip, write_wav
from audio.manifest import load as load_manifest
from audio.manifest import row, save
from experiment import npz
from experiment.errors import DataError, UsageError
from experiment.files import digest, read_json, reason, write_json
from experiment.progress import meter, say
from experiment.seeds import rng
from gan import checkpoint
from gan.config import GanConfig

BATCH = 32
FOLDER = "generator"
SHIPPED = Path(__file__).parent / "weights"


class Generator:
    """A generator that is ready to use; `load` makes one.

    Attributes
    ----------
    config : GanConfig
        What it was trained with.
    classes : tuple of str
        Labels that it can be asked for; empty where it is unconditional.
    note : dict
        Provenance: steps, digest of the training audio, and what else model.json holds.
    digest : str
        Names weights and codec.
    """

    def __init__(self, config, network, codec, classes=(), note=None) -> None:
        import tensorflow as tf

        self.config = config
        self.network = network
        self.codec = codec
        self.classes = tuple(classes)
        self.note = note or {}
        self.digest = self.name([variable.numpy() for variable in network.variables])
        self._call = tf.function(network, reduce_retracing=True)

    @property
    def rate(self):
        """Sampling rate in Hz."""
        return self.config.rate

    def name(self, weights):
        """Return the digest of these weights, list of ndarray, with the model's codec."""
        floats = [array.astype("float32") for array in weights]
        return digest(self.config.model, self.config.rate, self.codec.to_dict(), *floats)

    def latents(self, n, seed):
        """Return `n` latents [n, latent]; the first ones do not depend on `n`."""
        return rng(seed, "latent").uniform(-1, 1, (n, self.config.latent)).astype("float32")

    def labels(self, n, seed, label=None):
        """Return the classes of `n` clips, [n] of int32: the one asked for, or drawn evenly."""
        if label is None:
            return rng(seed, "label").integers(max(len(self.classes), 1), size=n).astype("int32")
        if label not in self.classes:
            known = ", ".join(self.classes) or "none, the model is unconditional"
            raise UsageError(f"no class {label!r}; the model has: {known}")
        return np.full(n, self.classes.index(label), "int32")

    def synthesise(self, latents: np.ndarray, labels: np.ndarray):
        """Return audio of latents.

        Parameters
        ----------
        latents : ndarray [n, latent]
            In [-1, 1].
        labels : ndarray [n] of int
            Indices into `classes`; zeros where there are none.

        Returns
        -------
        ndarray [n, samples, channels], float32
            Computed in batches of one size, so that a clip does not depend on its neighbours.
        """
        n = len(latents)
        spare = -n % BATCH
        latents = np.pad(latents, [(0, spare), (0, 0)])
        labels = np.pad(labels, (0, spare))
        parts = []
        for start in range(0, len(latents), BATCH):
            part = slice(start, start + BATCH)
            inputs = [latents[part], labels[part]][: len(self.network.inputs)]
            parts.append(self.codec.decode(self._call(inputs).numpy()))
        return np.concatenate(parts)[:n] if parts else np.zeros((0, self.config.samples, 1), "f4")

    def generate(self, n: int, seed: int, label: str | None = None):
        """Return clips.

        Parameters
        ----------
        n : int
            How many.
        seed : int
            Of latents and classes.
        label : str, optional
            Class of a conditional model; drawn evenly where it is not given.

        Returns
        -------
        ndarray [n, samples], float32
            In [-1, 1]; [n, samples, channels] where the model has several channels.

        Raises
        ------
        UsageError
            If the model has no such class.
        """
        audio = self.synthesise(self.latents(n, seed), self.labels(n, seed, label))
        return audio[..., 0] if self.config.channels == 1 else audio

    def examples(self, n, seed, real):
        """Return `n` clips as `generate`, whatever the `real` ones are that stand beside them."""
        return self.generate(n, seed)

    def to_dict(self):
        """Return what model.json says: configuration, classes, codec, digest and provenance."""
        return {
            "config": asdict(self.config),
            "classes": self.classes,
            "codec": self.codec.to_dict(),
            "digest": self.digest,
            **self.note,
        }

    def interpolate(self, seed: int, steps: int, label: str | None = None):
        """Return clips on the straight line between the first two latents of `seed`.

        Parameters
        ----------
        seed : int
            Of latents and class.
        steps : int
            Number of clips, both ends included.
        label : str, optional
            See `generate`.

        Returns
        -------
        ndarray [steps, samples, channels], float32
            The uniform latents are convex, so that the line stays inside.
        """
        start, end = self.latents(2, seed)
        share = np.linspace(0, 1, steps, dtype="float32")[:, None]
        labels = np.repeat(self.labels(1, seed, label), steps)
        return self.synthesise((1 - share) * start + share * end, labels)


def export(folder: str | Path, model, half: bool = False) -> None:
    """Write a model folder.

    Parameters
    ----------
    folder : str or Path
        Where to.
    model : Generator or gan.vocoder.Vocoder
        What to write.
    half : bool
        Store the weights in half precision, in half the space.
    """
    folder = Path(folder)
    arrays = [variable.numpy() for variable in model.network.variables]
    if half:
        arrays = [array.astype("float16") for array in arrays]
    name = model.name(arrays)
    checkpoint.save(folder / "weights.npz", arrays, {"digest": name})
    write_json(folder / "model.json", {**model.to_dict(), "digest": name})


def shipped() -> list[str]:
    """Return the names of the generators that come with the package, list of str."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/model.json"))


def copies(folder: str | Path) -> bool:
    """Whether a shipped model, or the one in a model folder, copies speech."""
    folder = SHIPPED / folder if folder in shipped() else Path(folder)
    return read_json(folder / "model.json").get("config", {}).get("hop") is not None


def load(folder: str | Path) -> Any:
    """Load a generator.

    Parameters
    ----------
    folder : str or Path
        A model folder, the run folder of a training, or the name of a shipped generator.

    Returns
    -------
    Generator or gan.vocoder.Vocoder
        In float32.

    Raises
    ------
    DataError
        If there is no model or it is damaged.
    """
    folder = SHIPPED / folder if folder in shipped() else Path(folder)
    if (folder / FOLDER).is_dir():
        folder = folder / FOLDER
    if not (folder / "model.json").is_file():
        names = f", or choose one of: {', '.join(shipped())}" if shipped() else ""
        raise DataError(f"{folder}: no generator; train one with fake-audio train-gan{names}")
    note = read_json(folder / "model.json")
    arrays, stamp = checkpoint.load(folder / "weights.npz")
    try:
        generator = _restore(note, arrays, folder)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        told = reason(error)
        raise DataError(f"{folder}: model.json does not describe a generator ({told})") from None
    npz.require_finite(folder / "weights.npz", arrays)
    if not generator.digest == stamp.get("digest") == generator.note.get("digest"):
        raise DataError(f"{folder}: weights and model.json do not belong together; restore them")
    return generator


def _restore(note, arrays, folder):
    from gan import networks
    from gan.registry import GENERATORS

    config, classes, codec = GanConfig(**note["config"]), note["classes"], note["codec"]
    options = {} if config.copies else {"classes": len(classes), "codec": codec}
    with networks.policy("float32"):
        built = GENERATORS[config.model](config, **options)
    floats = [array.astype("float32") for array in arrays]
    checkpoint.assign(built.generator.variables, floats, folder / "weights.npz")
    rest = {k: v for k, v in note.items() if k not in ("config", "classes", "codec")}
    if config.copies:
        from gan.vocoder import Vocoder

        return Vocoder(config, built, rest)
    return Generator(config, built.generator, built.codec, classes, rest)


def generate(
    model: Generator | str | Path, n: int = 1, seed: int = 0, label: str | None = None
) -> np.ndarray:
    """Return clips of a generator.

    Parameters
    ----------
    model : Generator, str or Path
        A generator, or what `load` takes.
    n : int
        Number of clips.
    seed : int
        Seed of the latents; the first clips do not depend on their number.
    label : str, optional
        Class that a conditional generator is asked for; drawn evenly where it is not given.

    Returns
    -------
    ndarray [n, samples] of float32
        With a last axis of channels where there are several.

    Raises
    ------
    UsageError
        If the model copies speech instead of making it up, or has no such class.
    DataError
        If there is no model or it is damaged.

    Examples
    --------
    >>> import gan
    >>> gan.generate("wavegan-starter", n=2, seed=7).shape
    (2, 16384)
    """
    generator = load(model) if isinstance(model, str | Path) else model
    return _from_latents(generator).generate(n, seed, label)


def inverted(model: Generator, inversion: str) -> Generator:
    """Return a generator with another way from its spectrograms to sound.

    Parameters
    ----------
    model : Generator
        A specgan or logmelgan.
    inversion : str
        ``griffinlim`` (of a specgan), or a vocoder: a shipped one's name or a folder.

    Returns
    -------
    Generator
        Of the same weights and another digest.

    Raises
    ------
    UsageError
        If the model makes no spectrograms, or they cannot be inverted in this way.
    """
    vocoder = "" if inversion == "griffinlim" else inversion
    codec = _from_latents(model).codec.spoken_by(vocoder, model.rate)
    config = replace(model.config, vocoder=vocoder)
    return Generator(config, model.network, codec, model.classes, model.note)


def _from_latents(model):
    if model.config.copies:
        raise UsageError(f"{model.config.model} copies speech; give its `copy` some")
    return model


def write(
    generator: Generator,
    n: int,
    seed: int,
    folder: str | Path,
    *,
    split: str = "train",
    label: str | None = None,
) -> pd.DataFrame:
    """Write clips as 16-bit WAV files with a manifest.

    Parameters
    ----------
    generator : Generator
        What generates.
    n : int
        How many.
    seed : int
        Of latents and classes.
    folder : str or Path
        Gets ``clips/`` and ``manifest.parquet``.
    split : {"train", "dev", "test"}
        Column of the manifest.
    label : str, optional
        Class of a conditional model.

    Returns
    -------
    DataFrame
        The manifest: spoof, with the generator's digest, the seed and the number of the latent of
        each clip.

    Raises
    ------
    UsageError
        If `n` is less than 1, the model has several channels or copies speech, or the folder holds
        anything but generated clips.
    """
    _from_latents(generator)
    if n < 1:
        raise UsageError(f"n is {n}; ask for at least one clip")
    if generator.config.channels != 1:
        raise UsageError(f"clips are mono; the model has {generator.config.channels} channels")
    folder = Path(folder).resolve()
    _require_own(folder)
    latents, labels = generator.latents(n, seed), generator.labels(n, seed, label)
    rows: list[dict] = []
    with meter(f"generating {n} clips", n) as advance:
        for start in range(0, n, BATCH):
            part = slice(start, start + BATCH)
            for audio in generator.synthesise(latents[part], labels[part])[..., 0]:
                rows.append(_write_clip(generator, audio, folder, len(rows), labels, seed, split))
            advance(len(rows) - start)
    frame = pd.DataFrame(rows).drop_duplicates("name", ignore_index=True)
    if len(frame) < n:
        say(f"{n - len(frame)} of {n} clips are equal to another one and left out of the manifest")
    save(frame, folder / "manifest.parquet")
    return frame


def _require_own(folder):
    """Refuse a folder that holds anything but earlier clips of a generator."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    known = folder / "manifest.parquet"
    if not known.is_file() or set(load_manifest(known)["source"]) != {"gan"}:
        raise UsageError(
            f"{folder} is no folder of generated clips and not empty; choose another --out"
        )


def _write_clip(generator, audio, folder, index, labels, seed, split):
    path = folder / "clips" / f"{index:06d}.wav"
    write_wav(path, audio, generator.rate)
    name = generator.classes[labels[index]] if generator.classes else ""
    return row(
        read_clip(path, generator.rate),
        path,
        label="spoof",
        attack=generator.config.model,
        speaker=f"{generator.config.model}:{generator.digest[:8]}",
        source="gan",
        split=split,
        model=generator.digest,
        seed=seed,
        latent=index,
        condition=name,
    )
