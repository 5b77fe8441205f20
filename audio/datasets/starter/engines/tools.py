"""Run the speech programs: one process for many texts, a WAV file each."""

import json
import os
import subprocess
import sys
from pathlib import Path

from experiment.errors import DataError

TIMEOUT = 1800


def run_tool(script, texts, voice, folder, *arguments):
    """Run one of the tools beside this file over texts.

    Parameters
    ----------
    script : str
        Name of the tool's file.
    texts : sequence of str
        What to say.
    voice : str
        Name of the voice.
    folder : Path
        Where the WAV files go.
    *arguments : object
        For the tool's command line.

    Returns
    -------
    list
        ``(samples, rate)`` a text, None where there is no sound.
    """
    paths = [folder / f"{k}.wav" for k in range(len(texts))]
    orders = [
        json.dumps({"text": text, "voice": voice, "path": str(path)})
        for text, path in zip(texts, paths, strict=True)
    ]
    tool = str(Path(__file__).with_name(script))
    command = [sys.executable, "-P", tool, *map(str, arguments)]
    run(command, input="\n".join(orders), timeout=TIMEOUT)
    return [heard(path) for path in paths]


def run(command, **options):
    """Run a program to its end.

    Parameters
    ----------
    command : list of str
        Program and arguments.
    **options
        For `subprocess.run`.

    Raises
    ------
    DataError
        With the last line that the program said, if it failed.
    """
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, **options)
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no word"])[-1]
        raise DataError(f"{Path(command[0]).name} failed ({said}): {' '.join(command)}") from None


def heard(path):
    """Return ``(samples, rate)`` of a WAV file, None if it is missing or empty."""
    import soundfile

    if not path.exists():
        return None
    samples, rate = soundfile.read(path)
    return (samples, rate) if len(samples) else None


def unpacked_environment(root):
    """Return the environment in which programs from unpacked packages find their libraries."""
    libraries = Path(root, "usr/lib/x86_64-linux-gnu")
    return dict(os.environ, LD_LIBRARY_PATH=str(libraries), LC_ALL="C.UTF-8")


def does_not_start(command, root):
    """Return why a program does not start, or an empty text."""
    from audio.datasets.starter.fetch import linux_x86_64

    if not linux_x86_64():
        return "its Debian package is for Linux on x86-64"
    try:
        result = subprocess.run(
            command, env=unpacked_environment(root), capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return result.stderr.strip().splitlines()[-1] if result.returncode == 127 else ""
