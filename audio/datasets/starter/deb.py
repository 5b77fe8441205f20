"""Read a Debian package without dpkg: an ar archive that holds a compressed tar.

Nothing in the archive is trusted. A member may not leave the folder, links become copies of what
they point to inside the package, devices are refused and the unpacked size is bounded.
"""

import lzma
import shutil
import tarfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from experiment.errors import DataError

MAGIC = b"!<arch>\n"
LIMIT = 2_000_000_000
MEMBERS = 100_000


def unpack(path, folder, keep=("",), limit=LIMIT):
    """Write the files of a package below a folder.

    Parameters
    ----------
    path : str or Path
        The ``.deb`` file.
    folder : str or Path
        Where ``usr/...`` begins.
    keep : sequence of str
        Only files whose path begins with one of these are written.
    limit : int
        Largest unpacked size in bytes.

    Returns
    -------
    int
        Number of files written.

    Raises
    ------
    DataError
        If the file is no package, is damaged, holds an unsafe member or unpacks beyond `limit`.
    """
    folder, links, written, size = Path(folder), [], 0, 0
    with _content(path) as archive:
        for count, member in enumerate(archive):
            size += member.size
            if size > limit or count > MEMBERS:
                raise DataError(f"{path}: unpacks to more than {limit} bytes; refused")
            name = _safe(path, member.name)
            if member.isdir() or not name.startswith(tuple(keep)):
                continue
            if member.issym() or member.islnk():
                links.append((name, _target(path, name, member)))
            elif member.isreg():
                _write(archive.extractfile(member), folder / name, member.mode & 0o111)
                written += 1
            else:
                raise DataError(f"{path}: {name} is neither a file, a folder nor a link; refused")
    return written + _copy_links(folder, links)


@contextmanager
def _content(path):
    """Yield the tar inside; damage of any layer is one kind of error."""
    with open(path, "rb") as file:
        try:
            with (
                _decompressed(file, path) as data,
                tarfile.open(fileobj=data, mode="r|") as archive,
            ):
                yield archive
        except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError) as error:
            raise DataError(f"{path}: damaged package ({error}); fetch it again") from None


def _decompressed(file, path):
    if file.read(len(MAGIC)) != MAGIC:
        raise DataError(f"{path}: not a Debian package")
    while header := file.read(60):
        name = header[:16].decode("ascii", "replace").strip().rstrip("/")
        if name == "data.tar.xz":
            return lzma.open(file)
        if name.startswith("data.tar"):
            raise DataError(f"{path}: packed as {name}; this reader knows data.tar.xz")
        if len(header) < 60 or not header[48:58].strip().isdigit():
            break
        size = int(header[48:58])
        file.seek(size + size % 2, 1)
    raise DataError(f"{path}: damaged package (no data.tar.xz inside); fetch it again")


def _safe(path, name):
    """Return a member's path without ``./``, or refuse one that leaves the folder."""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name.split("/")[0]:
        raise DataError(f"{path}: the member {name!r} would be written outside the folder; refused")
    return "/".join(part for part in pure.parts if part != ".")


def _target(path, name, member):
    """Return what a link points to, as a path inside the package."""
    parts = [] if member.islnk() else list(PurePosixPath(name).parent.parts)
    if member.linkname.startswith("/"):
        raise DataError(f"{path}: the link {name!r} points outside to {member.linkname!r}; refused")
    for part in PurePosixPath(member.linkname).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            raise DataError(f"{path}: the link {name!r} points outside; refused")
    return "/".join(part for part in parts if part != ".")


def _write(source, target, executable):
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    if executable:
        target.chmod(target.stat().st_mode | 0o111)


def _copy_links(folder, links):
    """Copy what each link points to; links to links settle within as many rounds as links."""
    known = dict(links)
    copied = 0
    for name, target in links:
        for _ in links:
            target = known.get(target, target)
        if (folder / target).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / target, folder / name)
            copied += 1
    return copied
