"""Sound that a visitor hands over: bounded before it is decoded, kept in memory alone."""

from pathlib import Path

from audio.clip import RATE, read_clip
from audio.datasets.starter.sources import G722_BYTES
from audio.decoding import MAX_RATE, MIN_RATE, UNKNOWN, native
from demo import scratch
from experiment.errors import DataError

VALUES = 60_000_000  # decoded numbers of one file, 240 MB as float32


def read_bytes(name, content, settings, rate=RATE):
    """Read sound from memory.

    Parameters
    ----------
    name : str
        What the visitor calls it; used in messages, and its suffix where that is G.722.
    content : bytes
        The file.
    settings : demo.settings.Settings
        Limits.
    rate : int
        In Hz, to resample to.

    Returns
    -------
    Clip

    Raises
    ------
    DataError
        In one sentence that names the file as the visitor does.
    """
    _require_small(name, len(content), settings)
    suffix = ".g722" if name.lower().endswith(".g722") else ".sound"
    with scratch.folder() as folder:
        path = Path(folder, f"upload{suffix}")
        path.write_bytes(content)
        return read_file(path, name, settings, rate)


def read_file(path, name, settings, rate=RATE):
    """Read sound from a file that was uploaded; as `read_bytes`.

    Parameters
    ----------
    path : str or Path
        Where it lies.
    name : str
        What the visitor calls it.
    settings, rate
        As for `read_bytes`.

    Returns
    -------
    Clip
    """
    path = Path(path)
    try:
        _require_small(path, path.stat().st_size, settings)
        _require_short(path, settings)
        return read_clip(path, rate, seconds=60 * settings.minutes)
    except (DataError, OSError) as error:
        raise DataError(str(error).replace(str(path), name)) from None


def _require_small(name, size, settings):
    if size > settings.bytes:
        raise DataError(
            f"{name}: {size / (1 << 20):.1f} MB, at most {settings.megabytes} MB are taken; "
            "cut it, or save it as FLAC or MP3"
        )


def _require_short(path, settings):
    """Refuse by the header alone what would take too long or too much memory to decode."""
    frames, rate, channels = _declared(path)
    if not MIN_RATE <= rate <= MAX_RATE:
        return
    if frames >= UNKNOWN:
        raise DataError(f"{path}: its header does not say how long it is; save it again as WAV")
    if frames > settings.minutes * 60 * rate:
        raise DataError(
            f"{path}: {frames / rate / 60:.1f} minutes, at most {settings.minutes:g} are taken; "
            "cut it"
        )
    if frames * channels > VALUES:
        raise DataError(
            f"{path}: {frames * channels / 1e6:.0f} million samples, at most {VALUES / 1e6:.0f} "
            "million are taken; save it as mono at 16 kHz"
        )


def _declared(path):
    """Return frames, rate and channels; zeros where `read_clip` will say what is wrong."""
    if path.suffix.lower() == ".g722":
        return path.stat().st_size * RATE // G722_BYTES, RATE, 1
    import soundfile

    try:
        header = soundfile.info(native(path))
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        return 0, 0, 0
    return header.frames, header.samplerate, header.channels
