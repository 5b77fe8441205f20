"""Configuration and weights of an encoder in a folder or on the Hugging Face hub."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from experiment.errors import DataError, UsageError
from experiment.files import digest, file_digest, read_json
from experiment.tensors import read_tensors

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"
INDEX = "model.safetensors.index.json"
WEIGHTS = ("model.safetensors", INDEX, "pytorch_model.bin")
PREFIX = "hf://"


@dataclass(frozen=True)
class Files:
    """What the package `transformers` writes of a model.

    Attributes
    ----------
    source : str
        As the user named it, for messages.
    folder : Path
        With config.json and model.safetensors (in one file or several) or pytorch_model.bin.
    """

    source: str
    folder: Path

    @cached_property
    def config(self):
        """The model's configuration, dict."""
        return read_json(self.folder / CONFIG)

    @cached_property
    def preprocessor(self):
        """What is done to samples first, dict; empty where nothing says so."""
        path = self.folder / PREPROCESSOR
        return read_json(path) if path.is_file() else {}

    @cached_property
    def weights(self):
        """The files with weights, list of Path."""
        found = [self.folder / name for name in WEIGHTS if (self.folder / name).is_file()]
        if not found:
            raise DataError(f"{self.source}: holds none of {', '.join(WEIGHTS)}")
        if found[0].name != INDEX:
            return found[:1]
        parts = sorted(set(read_json(found[0])["weight_map"].values()))
        return [self.folder / Path(part).name for part in parts]

    @property
    def paths(self):
        """All files that make the encoder, list of Path."""
        names = (CONFIG, PREPROCESSOR, INDEX)
        return [self.folder / name for name in names if (self.folder / name).is_file()] + (
            self.weights
        )

    @cached_property
    def digest(self):
        """16 hexadecimal digits that name configuration and weights."""
        return digest(self.config, self.preprocessor, *map(file_digest, self.weights))

    def tensors(self, prefix):
        """Return the tensors by name, without the prefix that a model with a head puts before.

        Parameters
        ----------
        prefix : str
            Of the encoder in such a model, for example ``wav2vec2``.

        Returns
        -------
        dict of str to ndarray
        """
        tensors = {}
        for path in self.weights:
            tensors |= read_tensors(path)
        inside = {k: v for k, v in tensors.items() if k.startswith(f"{prefix}.")}
        return {k.removeprefix(f"{prefix}."): v for k, v in (inside or tensors).items()}


def find(name, source):
    """Return the files of an encoder that no package ships.

    Parameters
    ----------
    name : str
        Key of the encoder, for messages.
    source : str or Path
        A folder, or ``hf://user/name``, if need be with ``@revision``.

    Returns
    -------
    Files

    Raises
    ------
    UsageError
        If no source is given, or huggingface_hub is missing.
    DataError
        If there is no such folder, or the hub does not serve it.
    """
    if source is None:
        raise UsageError(
            f"{name} needs weights: name a folder with config.json and model.safetensors, or "
            "hf://user/name, as the encoder's source"
        )
    if str(source).startswith(PREFIX):
        return Files(str(source), _fetched(str(source)))
    if not Path(source, CONFIG).is_file():
        raise DataError(f"{source}: no folder with {CONFIG}")
    return Files(str(source), Path(source))


def _fetched(source):
    try:
        import huggingface_hub
    except ImportError:
        raise UsageError("the hub needs huggingface_hub: pip install '.[export]'") from None
    repository, _, revision = source.removeprefix(PREFIX).partition("@")
    options = {"repo_id": repository, "revision": revision or None}
    small = [CONFIG, PREPROCESSOR, INDEX]
    try:
        offered = huggingface_hub.list_repo_files(**options)
        safe = [name for name in offered if name.endswith(".safetensors")]
        wanted = small + (safe or ["pytorch_model.bin"])
        return Path(huggingface_hub.snapshot_download(**options, allow_patterns=wanted))
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"{source}: the hub did not serve it ({reason})") from None
