"""What the readers of published data sets share.

A reader takes the folder that the archive unpacks to, or the one above. It reads headers, not
sound: a clip keeps its official name, so that score files fit the official scorers. Files that a
protocol lists but that are not there, or have no readable header, are left out and listed.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from audio.decoding import native
from audio.listing import audio_files, is_sound
from audio.manifest import COLUMNS, validate
from experiment.errors import DataError
from experiment.files import reason
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
    licence : str
        Of the clips; it becomes a column of the manifest and stands in the record of whatever is
        trained on them.
    shortcut : str
        What is known to tell its classes apart without listening.
    """

    read: Callable
    title: str
    address: str = ""
    counts: Mapping = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    licence: str = ""
    shortcut: str = ""

    def __call__(self, *args, **options):
        """Return the manifest."""
        frame = self.read(*args, **options)
        if not self.licence or "licence" in frame:
            return frame
        return frame.assign(licence=self.licence)

    @property
    def limits(self):
        """What the licence does not allow: NC (commerce), ND (derivatives), or both; tuple."""
        words = self.licence.upper().replace("-", " ").split()
        return tuple(mark for mark in ("NC", "ND") if mark in words)


def locate(path: str | Path, *patterns) -> Path | None:
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


def below(folder):
    """Return the sound files at any depth below a folder, dict of relative path without suffix."""
    if folder is None or not Path(folder).is_dir():
        return {}
    found = audio_files(folder)
    return {str(path.relative_to(folder).with_suffix("")): path for path in found}


def clips_of(
    found: dict[str, Path],
    label: str,
    attack: str | Callable = "",
    speaker: str | Callable = "",
    split: str | Callable = "train",
    text: str | Callable = "",
    prefix: str = "",
) -> pd.DataFrame:
    """Return rows of sound files.

    Parameters
    ----------
    found : dict of str to Path
        From `sounds` or `below`.
    label : {"bonafide", "spoof"}
        Of all.
    attack, speaker, split, text : str or callable
        The same for all, or from the key of a file to its own.
    prefix : str
        Before the key, which makes the name of the clip.

    Returns
    -------
    DataFrame
        What `collect` takes.
    """
    columns = {"attack": attack, "speaker": speaker, "split": split, "text": text}
    rows = [
        {
            "name": f"{prefix}{key}",
            "path": str(path),
            "label": label,
            **{name: value(key) if callable(value) else value for name, value in columns.items()},
        }
        for key, path in found.items()
    ]
    return pd.DataFrame(rows, columns=["name", "path", "label", *columns])


def table(path: Path, **options) -> pd.DataFrame:
    """Return a text table of a data set, every cell as text.

    Parameters
    ----------
    path : Path
        The file.
    **options
        Of pandas.read_csv.

    Returns
    -------
    DataFrame of str

    Raises
    ------
    DataError
        If it is missing or damaged.
    """
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, **options)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; unpack the whole data set") from None
    except (ValueError, OSError) as error:
        raise DataError(f"{path}: damaged ({reason(error)}); copy it again") from None


def require_columns(frame, path, *names) -> None:
    """Raise DataError where a table lacks columns, with those that it has."""
    missing = [name for name in names if name not in frame]
    if missing:
        raise DataError(
            f"{path}: no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}"
        )


def listed(
    protocol: pd.DataFrame, folders: Sequence[Path], split: str, expected: str
) -> pd.DataFrame:
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


def collect(parts: Sequence[pd.DataFrame], path: str | Path, source: str) -> pd.DataFrame:
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
    import av
    import soundfile

    try:
        frames, rate = _flac_header(path) or _other_header(path)
    except FileNotFoundError:
        return 0.0, 0, "no such file"
    except (soundfile.LibsndfileError, RuntimeError, OSError, av.FFmpegError) as error:
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

    try:
        info = soundfile.info(native(path))
    except (soundfile.LibsndfileError, RuntimeError):
        return _container_header(path)
    return info.frames, info.samplerate


def _container_header(path):
    """Return frames and rate of the first audio stream of what phones and messengers write."""
    import av

    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise OSError("no sound in it")
        stream = container.streams.audio[0]
        seconds = float(stream.duration * stream.time_base) if stream.duration else None
        seconds = seconds or (container.duration or 0) / av.time_base
        return round(seconds * stream.rate), stream.rate
