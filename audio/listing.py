"""Which files of a folder are sound or video, whether they can be read or not."""

import mimetypes
from pathlib import Path

from experiment.errors import DataError

SOUND = (  # what a system may not know by itself as sound or video
    *(".wav", ".flac", ".ogg", ".oga", ".opus", ".spx", ".mp3", ".mp2", ".mpga", ".m4a", ".m4b"),
    *(".aac", ".amr", ".awb", ".wma", ".ac3", ".eac3", ".dts", ".wv", ".ape", ".tta", ".tak"),
    *(".aiff", ".aif", ".aifc", ".au", ".snd", ".caf", ".w64", ".rf64", ".sph", ".nist", ".voc"),
    *(".g722", ".gsm", ".xi", ".svx", ".iff", ".avr", ".htk", ".sd2", ".paf", ".pvf", ".ircam"),
    *(".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".asf", ".wmv", ".webm", ".mkv", ".mka", ".avi"),
    *(".flv", ".mpg", ".mpeg"),
)


def audio_files(folder: str | Path) -> list[Path]:
    """Return the sound files below a folder, sorted; hidden files are left out.

    Parameters
    ----------
    folder : str or Path
        Searched through, links to folders are not followed.

    Returns
    -------
    list of Path
        Files whose suffix names a format of sound or video, whether it can be read or not.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder")
    return sorted(
        path
        for path in folder.rglob("*")
        if is_sound(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def is_sound(name):
    """Whether the suffix of a file name stands for sound or video.

    Examples
    --------
    >>> is_sound("talk.M4A"), is_sound("talk.txt")
    (True, False)
    """
    kind = mimetypes.guess_type(name)[0] or ""
    return Path(name).suffix.lower() in SOUND or kind.startswith(("audio/", "video/"))
