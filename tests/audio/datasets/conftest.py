"""Pack Debian packages, also bad ones."""

import io
import lzma
import tarfile

import pytest


def _member(name, kind=tarfile.REGTYPE, link="", data=b"", mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size, info.mode = kind, link, len(data), mode
    return info, data


def _package(path, *members, name=b"data.tar.xz", damage=lambda packed: packed):
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for info, data in (_member(**given) for given in members):
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(b"!<arch>\n")
    with open(path, "ab") as file:
        for title, content in (
            (b"debian-binary", b"2.0\n"),
            (b"control.tar.xz", b"odd"),
            (name, damage(lzma.compress(tar.getvalue()))),
        ):
            header = title.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
            file.write(header + str(len(content)).encode().ljust(10) + b"`\n" + content)
            file.write(b"\n" * (len(content) % 2))
    return path


@pytest.fixture
def package():
    """``package(path, *members)`` writes a .deb; a member is a dict of name, kind, link, data."""
    return _package
