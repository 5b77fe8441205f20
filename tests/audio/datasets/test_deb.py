"""A package from outside may hold anything: what is safe is unpacked, the rest is refused."""

import tarfile

import pytest

from audio.datasets.starter.deb import unpack
from experiment.errors import DataError


def test_files_links_and_programs_arrive(tmp_path, package):
    deb = package(
        tmp_path / "a.deb",
        dict(name="./usr/", kind=tarfile.DIRTYPE),
        dict(name="./usr/lib/libx.so.1", kind=tarfile.SYMTYPE, link="libx.so.1.2"),
        dict(name="./usr/lib/libx.so", kind=tarfile.SYMTYPE, link="../lib/libx.so.1"),
        dict(name="./usr/lib/libx.so.1.2", data=b"code"),
        dict(name="./usr/bin/tool", data=b"run", mode=0o755),
        dict(name="./etc/other", data=b"not wanted"),
    )
    assert unpack(deb, tmp_path / "out", keep=("usr/",)) == 4
    assert (tmp_path / "out/usr/lib/libx.so").read_bytes() == b"code"
    assert not (tmp_path / "out/usr/lib/libx.so.1").is_symlink()
    assert (tmp_path / "out/usr/bin/tool").stat().st_mode & 0o100
    assert not (tmp_path / "out/etc").exists()


@pytest.mark.parametrize(
    "bad",
    [
        dict(name="../outside", data=b"x"),
        dict(name="./usr/../../outside", data=b"x"),
        dict(name="/outside", data=b"x"),
        dict(name="C:/outside", data=b"x"),
        dict(name="usr\\..\\outside", data=b"x"),
        dict(name="./usr/link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        dict(name="./usr/link", kind=tarfile.SYMTYPE, link="../../outside"),
        dict(name="./usr/link", kind=tarfile.LNKTYPE, link="../outside"),
        dict(name="./usr/device", kind=tarfile.CHRTYPE),
        dict(name="./usr/pipe", kind=tarfile.FIFOTYPE),
    ],
)
def test_what_leaves_the_folder_is_refused(tmp_path, bad, package):
    deb = package(tmp_path / "a.deb", bad)
    with pytest.raises(DataError, match="refused"):
        unpack(deb, tmp_path / "deep" / "out")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and p != deb]


def test_links_in_a_circle_end(tmp_path, package):
    circle = [dict(name=a, kind=tarfile.SYMTYPE, link=b) for a, b in (("a", "b"), ("b", "a"))]
    assert unpack(package(tmp_path / "a.deb", *circle), tmp_path / "out") == 0


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, package):
    deb = package(
        tmp_path / "a.deb", dict(name="small", data=b"x"), dict(name="big", data=bytes(10**6))
    )
    assert deb.stat().st_size < 10_000
    with pytest.raises(DataError, match="more than 1000 bytes"):
        unpack(deb, tmp_path / "out", limit=1000)
    assert not (tmp_path / "out/big").exists()


@pytest.mark.parametrize(
    "damage", [lambda packed: packed[: len(packed) // 2], lambda packed: b"\0" * len(packed)]
)
def test_damage_is_named(tmp_path, damage, package):
    deb = package(tmp_path / "a.deb", dict(name="a", data=b"speech" * 99), damage=damage)
    with pytest.raises(DataError, match="damaged package"):
        unpack(deb, tmp_path / "out")


def test_other_files_are_no_packages(tmp_path, package):
    (tmp_path / "page.deb").write_bytes(b"<html>not found</html>")
    with pytest.raises(DataError, match="not a Debian package"):
        unpack(tmp_path / "page.deb", tmp_path / "out")
    (tmp_path / "short.deb").write_bytes(b"!<arch>\ndebian-binary")
    with pytest.raises(DataError, match="damaged package"):
        unpack(tmp_path / "short.deb", tmp_path / "out")
    with pytest.raises(DataError, match=r"packed as data\.tar\.zst"):
        unpack(package(tmp_path / "z.deb", name=b"data.tar.zst"), tmp_path / "out")
