"""M-AILABS: audio books in nine languages; the real speech that MLAAD copies."""

from audio.datasets.base import DataSet, below, clips_of, collect, locate


def read(path):
    """Return the manifest of M-AILABS.

    Parameters
    ----------
    path : str or Path
        Folder with ``<locale>/by_book/<gender>/<speaker>/<book>/wavs``.

    Returns
    -------
    DataFrame
        Bona fide only, all in train; further column language.
    """
    root = locate(path, "*_*/by_book")
    parts = []
    for locale in sorted(root.parent.parent.glob("*_*")) if root else []:
        found = {key: file for key, file in below(locale).items() if "/wavs/" in f"/{key}"}
        rows = clips_of(found, "bonafide", speaker=_speaker, prefix=f"{locale.name}/")
        parts.append(rows.assign(language=locale.name))
    return collect(parts, path, "m_ailabs")


def _speaker(key):
    """Return the speaker of ``by_book/<gender>/<speaker>/<book>/wavs/<clip>``."""
    folders = key.split("/")
    return folders[2] if len(folders) > 3 else ""


DATA = DataSet(
    read,
    "M-AILABS",
    "https://github.com/imdatceleste/m-ailabs-dataset",
    licence="not verified here: see its LICENSE",
    shortcut="read audio books at 16 kHz, many with the room of one reader",
)
