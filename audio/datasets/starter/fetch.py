"""Get the pinned Debian packages, as an ordinary user, and unpack what the corpus needs.

They come from the machine's own package archive by ``apt-get download``, or from an address or
folder that the user names. A file takes its final name only once its SHA-256 is right, so what an
interrupted run has fetched is not fetched again.
"""

import os
import platform
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from audio.datasets.starter.deb import unpack
from audio.datasets.starter.packages import PACKAGES
from experiment.errors import DataError
from experiment.files import cache_folder, file_digest
from experiment.parallel import cores
from experiment.progress import meter

ALTERNATIVES = (
    "use your own recordings or a public data set (--data FOLDER), or name a Debian archive or a "
    "folder with the packages: fake-audio get-starter-corpus --mirror ADDRESS"
)
KEEP = (
    "usr/share/asterisk/sounds/",
    "usr/share/doc/asterisk-core-sounds",
    "usr/share/festival/",
    "usr/share/games/fillets-ng/script/",
    "usr/share/games/fillets-ng/sound/",
    "usr/share/klettres/",
    "usr/share/ktuberling/sounds/",
    "usr/bin/",
    "usr/lib/",
    "etc/festival",
)


def linux_x86_64():
    """Tell whether the programs in the pinned packages run on this machine."""
    return platform.system() == "Linux" and platform.machine() in ("x86_64", "AMD64")


def prepare(groups, mirror=None, any_version=False):
    """Fetch and unpack packages.

    Parameters
    ----------
    groups : sequence of sequence of str
        Names of packages; the next group is fetched while the last one is unpacked.
    mirror : str, optional
        Address of a Debian archive (what stands before ``/pool``), or a local folder.
    any_version : bool
        Take the version that the machine's archive offers where it no longer has the pinned one.

    Returns
    -------
    Path
        The folder in which ``usr/...`` begins.

    Raises
    ------
    DataError
        If a package cannot be had, or is not the pinned one.
    """
    store, root = cache_folder("starter", "packages"), cache_folder("starter", "unpacked")
    groups = [[PACKAGES[name] for name in group] for group in groups]
    total = sum(package.megabytes for group in groups for package in group)
    with ThreadPoolExecutor(cores()) as pool, meter("packages (MB)", round(total)) as advance:
        jobs = []
        for group in groups:
            for file in _fetch(group, store, mirror, any_version):
                jobs.append(pool.submit(_unpack_once, file, root))
            advance(sum(package.megabytes for package in group))
        for job in jobs:
            job.result()
    return root


def _unpack_once(file, root):
    stamp = root / f".done-{file.name}"
    if not stamp.exists():
        unpack(file, root, keep=KEEP)
        stamp.touch()


def _fetch(packages, store, mirror, any_version):
    """Return the files of the packages, after fetching those that are not there."""
    missing = [p for p in packages if _stored(p, store, any_version) is None]
    if missing:
        incoming = store / f"incoming-{os.getpid()}"
        incoming.mkdir(exist_ok=True)
        try:
            if mirror:
                _from_mirror(missing, incoming, mirror)
            else:
                _from_apt(missing, incoming, any_version)
            for package in missing:
                _accept(package, incoming, store, any_version)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return [_stored(package, store, any_version) for package in packages]


def _stored(package, store, any_version):
    names = [package.file, f"{package.name}_other.deb"] if any_version else [package.file]
    return next((store / name for name in names if (store / name).exists()), None)


def _accept(package, incoming, store, any_version):
    """Give a fetched file its final name if it is the pinned one."""
    file = next(incoming.glob(f"{package.name}_*.deb"))
    seen = file_digest(file)
    if seen == package.sha256:
        os.replace(file, store / package.file)
    elif any_version:
        os.replace(file, store / f"{package.name}_other.deb")
    else:
        raise DataError(
            f"{file.name}: SHA-256 is {seen}, not {package.sha256} as pinned for "
            f"{package.version}; fetch it again, or accept it with --any-version"
        )


# ------------------------------------------------------------------ an address or a folder


def _from_mirror(packages, incoming, mirror):
    for package in packages:
        target = incoming / package.file
        try:
            if mirror.startswith(("http://", "https://")):
                _download(f"{mirror.rstrip('/')}/{quote(package.path)}", target)
            else:
                shutil.copyfile(_local(package, Path(mirror).expanduser()), target)
        except (URLError, OSError, ValueError) as error:
            raise DataError(f"{package.file}: cannot be had from {mirror} ({error})") from None


def _download(address, target):
    with urlopen(address, timeout=60) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def _local(package, folder):
    nested = folder / package.path
    return nested if nested.exists() else folder / package.file


# ------------------------------------------------------------------ the machine's own archive


def _from_apt(packages, incoming, any_version):
    if shutil.which("apt-get") is None:
        raise DataError(f"the starter corpus needs apt-get, which is not here: {ALTERNATIVES}")
    wanted = [f"{package.name}={package.version}" for package in packages]
    result = _apt(["download", *wanted], incoming)
    if result.returncode:
        private = _private_lists()
        _apt([*private, "update"], incoming)
        result = _apt([*private, "download", *wanted], incoming)
        if result.returncode and any_version:
            result = _apt([*private, "download", *(p.name for p in packages)], incoming)
    if result.returncode:
        raise DataError(_why(result.stderr))


def _apt(arguments, folder):
    command = ["apt-get", "-q", "-o", "Acquire::Retries=2", *arguments]
    environment = dict(os.environ, LC_ALL="C")
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def _private_lists():
    """Options by which apt keeps its own lists in our cache: needs no root."""
    state, cache = cache_folder("starter", "apt", "state"), cache_folder("starter", "apt", "cache")
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    status = "/var/lib/dpkg/status"
    options = [f"Dir::State={state}", f"Dir::State::status={status}", f"Dir::Cache={cache}"]
    return [part for option in options for part in ("-o", option)]


def _why(stderr):
    """Return one sentence on what apt-get said."""
    gone = re.findall(r"Version '([^']+)' for '([^']+)' was not found", stderr)
    if gone:
        listed = ", ".join(f"{name} {version}" for version, name in gone)
        return (
            f"this machine's package archive does not offer {listed}, which the corpus pins: "
            f"accept what it offers with --any-version, or {ALTERNATIVES}"
        )
    errors = [line[3:] for line in stderr.splitlines() if line.startswith("E: ")]
    reason = errors[0] if errors else "no reason given"
    return f"apt-get could not fetch the packages of the starter corpus ({reason}): {ALTERNATIVES}"
