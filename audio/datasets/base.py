"""What the readers of published data sets share.

A reader takes the folder that the archive unpacks to, or the one above. It reads headers, not
sound: a clip keeps its official name, so that score files fit the official scorers. Files that a
protocol lists but that are not there, or have no readable header, are left out and listed.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from audio.decoding import native
from audio.manifest import COLUMNS, is_sound, validate
from experiment.errors import DataError
from experiment.progress import say, track


@dataclass(frozen=True)
class DataSet:
    """An entry of audio.datasets.DATASETS; calling it reads the data set.

    Attributes
    ----------
    read : callable
        ``read(path, **options)`` returns a manifest; what was left out is in
        ``frame.attrs["rejects"]``, columns path and reason.
    title : str
        Its name in the literature.
    address : str
        Where it is to be had.
    counts : mapping
        Official number of clips by (split, label); an empty split stands for all of them.
    shared : tuple of str
        Columns of whose values its splits share some.
    """

    read: Callable
    title: str
    address: str = ""
    counts: Mapping = field(default_factory=dict)
    shared: tuple[str, ...] = ()

    def __call__(self, *args, **options):
        """Return the manifest."""
        return self.read(*args, **options)


def locate(path, *patterns):
    """Return the first file or folder of a pattern in `path` or up to two folders below.

    Parameters
    ----------
    path : str or Path
        Where to look.
    *patterns : str
        Alternatives, as for glob.

    Returns
    -------
    Path or None
        None where there is none.

    Raises
    ------
    DataError
        If `path` is no folder.
    """
    path = Path(path).expanduser()
    if not path.is_dir():
        raise DataError(f"{path}: no such folder")
    for depth in ("", "*/", "*/*/"):
        for pattern in patterns:
            found = sorted(path.glob(depth + pattern))
            if found:
                return found[0]
    return None


def sounds(folder):
    """Return the sound files directly in a folder, dict of stem to Path."""
    found = sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else []
    return {
        path.stem: path for path in found if is_sound(path.name) and not path.name.startswith(".")
    }


def listed(protocol, folders, split, expected):
    """Return the rows of a protocol with the path of each clip.

    Parameters
    ----------
    protocol : DataFrame
        From audio.protocols.read.
    folders : sequence of Path
        Where its sound files lie; None for one that is missing.
    split : {"train", "dev", "test"}
        Of all its rows.
    expected : str
        Path of a missing clip is ``expected/clip``.

    Returns
    -------
    DataFrame
        With path and split.
    """
    found = {stem: path for folder in folders for stem, path in sounds(folder).items()}
    paths = [str(found.get(clip, Path(expected, clip))) for clip in protocol["name"]]
    return protocol.assign(path=paths, split=split)


def collect(parts, path, source):
    """Return the manifest of rows that know everything but durations and rates.

    Parameters
    ----------
    parts : sequence of DataFrame
        With clip, path, label, attack, speaker, split; text, if given.
    path : str or Path
        The data set's folder, for messages.
    source : str
        The data set's key.

    Returns
    -------
    DataFrame
        A manifest; what was left out is in ``attrs["rejects"]``.

    Raises
    ------
    DataError
        If no clip is left.
    """
    if not parts:
        raise DataError(f"{path}: no protocol and no clips of {source}; name the unpacked folder")
    frame = pd.concat(parts, ignore_index=True)
    with ThreadPoolExecutor() as pool:
        headers = list(track(pool.map(_header, frame["path"]), f"{source}: headers", len(frame)))
    reasons = pd.Series([reason for _, _, reason in headers])
    rejects = pd.DataFrame({"path": frame["path"], "reason": reasons})[reasons != ""]
    frame["duration"], frame["rate"] = [h[0] for h in headers], [h[1] for h in headers]
    frame = frame[(reasons == "").to_numpy()].assign(source=source)
    if frame.empty:
        raise DataError(
            f"{path}: none of the {len(rejects)} clips of {source} can be read; "
            f"first: {rejects['path'].iloc[0]}: {rejects['reason'].iloc[0]}"
        )
    if len(rejects):
        say(f"{path}: {len(rejects)} clips left out; first: {'; '.join(rejects.iloc[0])}")
    return _manifest(frame, rejects)


def _manifest(frame, rejects):
    if "text" not in frame:
        frame["text"] = ""
    extra = [name for name in frame if name not in COLUMNS]
    frame = frame[[*COLUMNS, *extra]].reset_index(drop=True)
    frame.attrs["rejects"] = rejects.reset_index(drop=True)
    return validate(frame)


def _header(path):
    """Return duration in s, rate in Hz, and why the file cannot be used (empty if it can)."""
    import soundfile

    try:
        frames, rate = _flac_header(path) or _other_header(path)
    except OSError:
        return 0.0, 0, "no such file"
    except (soundfile.LibsndfileError, RuntimeError) as error:
        return 0.0, 0, str(error).split(": ", 1)[-1]
    return (frames / rate, rate, "") if frames else (0.0, 0, "a header without samples")


def _flac_header(path):
    """Return frames and rate of a FLAC file from its first 26 bytes, None for other files.

    Five times faster than opening the file for reading: some data sets have a million clips.
    Source: Xiph.Org, *FLAC format*, metadata block STREAMINFO.
    """
    with open(path, "rb") as file:
        head = file.read(26)
    if len(head) < 26 or head[:4] != b"fLaC" or head[4] & 127:
        return None
    packed = int.from_bytes(head[18:26], "big")  # rate 20 bits, 3, 5, frames 36 bits
    return packed & (1 << 36) - 1, packed >> 44


def _other_header(path):
    import soundfile

    info = soundfile.info(native(path))
    return info.frames, info.samplerate
