"""WaveFake: LJSpeech and JSUT through neural vocoders."""

import pandas as pd

from audio.datasets.base import DataSet, collect, locate, sounds
from audio.splitting import deal
from experiment.errors import DataError

REAL = {
    "ljspeech": ("LJSpeech-1.1/wavs",),
    "jsut": ("jsut_ver1.1/basic5000/wav",),
}


def read(path, seed=0):
    """Return the manifest of WaveFake with the real speech that it copies.

    Parameters
    ----------
    path : str or Path
        Folder with ``generated_audio`` and, beside it, ``LJSpeech-1.1`` and ``jsut_ver1.1``.
    seed : int
        Of the deal to splits, which the data set does not have: all copies of an utterance go to
        the split of its original.

    Returns
    -------
    DataFrame
        The attack is the vocoder, the speaker the corpus (one voice each), the text the name of
        the utterance.

    Raises
    ------
    DataError
        If there is no ``generated_audio``.
    """
    generated = locate(path, "generated_audio")
    if generated is None:
        raise DataError(f"{path}: no generated_audio; unpack WaveFake there")
    parts = [_copies(folder) for folder in sorted(generated.iterdir()) if folder.is_dir()]
    parts += [
        _rows(folder, corpus, "bonafide", "", folder.parts[-2])
        for corpus, patterns in REAL.items()
        if (folder := locate(path, *patterns))
    ]
    frame = collect([part for part in parts if len(part)], path, "wavefake")
    return frame.assign(split=deal(frame, seed, by="text"))


def _copies(folder):
    """Return the clips of one vocoder, named ``<corpus>_<vocoder>``."""
    corpus = next((name for name in REAL if folder.name.startswith(f"{name}_")), "ljspeech")
    return _rows(folder, corpus, "spoof", folder.name.removeprefix(f"{corpus}_"), folder.name)


def _rows(folder, corpus, label, attack, where):
    rows = [(f"{where}/{stem}", str(path), _text(stem)) for stem, path in sounds(folder).items()]
    return pd.DataFrame(rows, columns=["name", "path", "text"]).assign(
        label=label, attack=attack, speaker=corpus, split="train"
    )


def _text(stem):
    """Return the utterance of ``LJ001-0001_gen``; other names are an utterance of their own."""
    return stem.removesuffix("_gen")


DATA = DataSet(
    read,
    "WaveFake",
    "https://zenodo.org/record/5642694",
    {("", "spoof"): 117985, ("", "bonafide"): 13100 + 5000},
    shared=("speaker",),
)
