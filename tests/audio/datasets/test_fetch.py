"""Packages come whole and as pinned, or with one sentence that names the way out."""

import shutil

import pytest

from audio.datasets.starter import fetch
from audio.datasets.starter.packages import PACKAGES, Package
from experiment.errors import DataError
from experiment.files import file_digest


@pytest.fixture
def pinned(tmp_path, monkeypatch, package):
    """A folder that serves one package, and a cache of our own."""
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path / "cache"))
    served = tmp_path / "served"
    served.mkdir()
    file = package(
        served / "voice_1.0_all.deb", dict(name="./usr/share/klettres/a.ogg", data=b"sound")
    )
    voice = Package("voice", "1:1.0", "all", "v/voice", 0.1, file_digest(file))
    monkeypatch.setitem(PACKAGES, "voice", voice)
    return served


def test_a_package_is_fetched_once_and_unpacked(pinned):
    root = fetch.prepare([["voice"]], mirror=str(pinned))
    assert (root / "usr/share/klettres/a.ogg").read_bytes() == b"sound"
    shutil.rmtree(pinned)
    (root / ".done-voice_1.0_all.deb").unlink()
    (root / "usr/share/klettres/a.ogg").unlink()
    fetch.prepare([["voice"]], mirror=str(pinned))
    assert (root / "usr/share/klettres/a.ogg").exists()


def test_the_layout_of_an_archive_is_known(pinned):
    nested = pinned / PACKAGES["voice"].path
    nested.parent.mkdir(parents=True)
    (pinned / "voice_1.0_all.deb").rename(nested)
    assert fetch.prepare([["voice"]], mirror=str(pinned)).is_dir()


def test_an_other_file_is_refused_unless_accepted(pinned, package):
    package(pinned / "voice_1.0_all.deb", dict(name="./usr/share/klettres/a.ogg", data=b"other"))
    with pytest.raises(DataError, match="SHA-256 .* as pinned .*--any-version"):
        fetch.prepare([["voice"]], mirror=str(pinned))
    store = fetch.cache_folder("starter", "packages")
    assert not list(store.iterdir())
    root = fetch.prepare([["voice"]], mirror=str(pinned), any_version=True)
    assert (root / "usr/share/klettres/a.ogg").read_bytes() == b"other"


def test_a_half_fetched_file_is_not_taken(pinned):
    file = pinned / "voice_1.0_all.deb"
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(DataError, match="SHA-256"):
        fetch.prepare([["voice"]], mirror=str(pinned))


def test_a_mirror_without_the_package_is_named(pinned):
    (pinned / "voice_1.0_all.deb").unlink()
    with pytest.raises(DataError, match=r"voice_1.0_all.deb: cannot be had from .*served"):
        fetch.prepare([["voice"]], mirror=str(pinned))


def test_without_apt_one_sentence_names_the_alternatives(pinned, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(DataError, match=r"needs apt-get.*--data FOLDER.*--mirror") as caught:
        fetch.prepare([["voice"]])
    assert "\n" not in str(caught.value)


def test_what_apt_says_becomes_one_sentence():
    gone = "E: Version '1.0' for 'voice' was not found\nE: Version '2' for 'lexicon' was not found"
    assert "does not offer voice 1.0, lexicon 2, which the corpus pins" in fetch._why(gone)
    offline = "E: Failed to fetch x  Temporary failure resolving\nE: Some files failed"
    assert "Temporary failure resolving" in fetch._why(offline)
    assert "no reason given" in fetch._why("")


def test_every_package_is_pinned():
    assert all(len(p.sha256) == 64 and p.version and p.pool for p in PACKAGES.values())
    assert PACKAGES["klettres-data"].path.endswith("k/klettres/klettres-data_22.12.3-1_all.deb")
