"""CVoiceFake: Common Voice in five languages through six vocoders.

Source: X. Li et al., *SafeEar: content privacy-preserving audio deepfake detection*, CCS 2024.
"""

from audio.datasets.base import DataSet, clips_of, collect, locate, sounds
from audio.splitting import deal
from experiment.errors import DataError

REAL = "Bonafide"
END = "_generated"


def read(path, seed=0):
    """Return the manifest of CVoiceFake.

    Parameters
    ----------
    path : str or Path
        Folder ``CVoiceFake_Large`` (or Small), with ``<language>/{Bonafide,<vocoder>_generated}``.
    seed : int
        Of the deal to splits: an original and its copies stay together.

    Returns
    -------
    DataFrame
        The attack is the vocoder; text is the name of the original, language a further column.

    Raises
    ------
    DataError
        If there is no folder ``Bonafide``.
    """
    first = locate(path, f"*/{REAL}", REAL)
    if first is None:
        raise DataError(f"{path}: no <language>/{REAL}; name the folder CVoiceFake_Large")
    parts = []
    for language in sorted(p for p in first.parents[1].iterdir() if (p / REAL).is_dir()):
        for folder in sorted(p for p in language.iterdir() if p.is_dir()):
            vocoder = "" if folder.name == REAL else folder.name.removesuffix(END)
            rows = clips_of(
                sounds(folder), "spoof" if vocoder else "bonafide", attack=vocoder,
                text=lambda key, end=f"_{vocoder}": key.removesuffix(END).removesuffix(end),
                prefix=f"{language.name}/{folder.name}/",
            )  # fmt: skip
            parts.append(rows.assign(language=language.name))
    frame = collect(parts, path, "cvoicefake")
    return frame.assign(split=deal(frame, seed, by="text"))


DATA = DataSet(
    read,
    "CVoiceFake",
    "https://safeearweb.github.io/Project/",
    licence="not verified here: see its page",
    shortcut="all MP3; the originals were MP3 once, the copies twice",
)
