"""Copies keep length, timing, rate, format and splits; what cannot be copied is listed."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.manifest import load, row
from audio.recording import examine
from experiment.errors import DataError, UsageError
from gan.copying import attack, open_vocoder, write_copies
from gan.vocoding import Plan, vocode


@pytest.fixture(scope="session")
def tiny_vocoder(tmp_path_factory):
    """Folder of a vocoder that knows nothing yet."""
    from gan.config import GanConfig
    from gan.generation import export
    from gan.registry import GENERATORS
    from gan.vocoder import Vocoder

    config = GanConfig(model="vocos", dim=8, depth=1, critic_dim=4)
    folder = tmp_path_factory.mktemp("vocoder") / "tiny"
    export(folder, Vocoder(config, GENERATORS["vocos"](config)))
    return str(folder)


@pytest.fixture(scope="session")
def recordings(speech, tmp_path_factory):
    """Manifest of six recordings of several rates and formats, three speakers in three splits."""
    folder = tmp_path_factory.mktemp("recordings")
    formats = [("wav", 16000), ("flac", 16000), ("wav", 44100), ("ogg", 24000), ("mp3", 16000)]
    rows = []
    for place, clip in enumerate(speech[:6]):
        suffix, rate = formats[place % len(formats)]
        path = folder / f"{place}.{suffix}"
        soundfile.write(path, np.resize(clip.samples, 2 * rate) / 2, rate)
        about = {"speaker": f"s{place % 3}", "text": f"t{place}", "source": "here"}
        split = ("train", "dev", "test")[place % 3]
        rows.append(row(clip, path, label="bonafide", split=split, language="it", **about))
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def copies(recordings, tiny_vocoder, tmp_path_factory):
    """Manifest of the recordings and of their copies by two vocoders."""
    plan = Plan(("griffinlim", tiny_vocoder))
    return vocode(recordings, plan, tmp_path_factory.mktemp("copies") / "run")


def test_every_copy_has_length_rate_and_format_of_its_original(copies, recordings):
    assert len(copies) == 3 * len(recordings)
    originals = copies[copies["label"] == "bonafide"].set_index("name")
    source = recordings.set_index("name")
    for copy in copies[copies["label"] == "spoof"].itertuples():
        found, beside = examine(copy.path), examine(originals.loc[copy.copy_of, "path"])
        before = examine(source.loc[copy.copy_of, "path"])
        for name in ("rate", "length", "container", "subtype", "suffix"):
            assert getattr(found, name) == getattr(beside, name) == getattr(before, name)


def test_what_the_manifest_says_is_kept(copies, recordings):
    source = recordings.set_index("name")
    for copy in copies[copies["label"] == "spoof"].itertuples():
        for name in ("speaker", "text", "source", "split", "language"):
            assert getattr(copy, name) == source.loc[copy.copy_of, name]
    assert set(copies["attack"]) == {"", "griffinlim", "tiny"}
    assert (copies.loc[copies["label"] == "bonafide", "copy_of"] == "").all()


def test_the_manifest_is_written(copies):
    from pathlib import Path

    again = load(Path(copies["path"].iloc[0]).parents[1])
    assert list(again["name"]) == list(copies["name"])


def test_level_and_timing_are_those_of_the_original(copies):
    originals = copies[copies["label"] == "bonafide"].set_index("name")
    for copy in copies[copies["attack"] == "griffinlim"].itertuples():
        ours, rate = soundfile.read(copy.path)
        theirs = soundfile.read(originals.loc[copy.copy_of, "path"])[0]
        assert np.isclose(ours.std(), theirs.std(), rtol=0.05)
        envelopes = [np.abs(x[: len(x) // 80 * 80]).reshape(-1, 80).mean(1) for x in (ours, theirs)]
        centred = [x - x.mean() for x in envelopes]
        lags = np.correlate(*centred, mode="full")
        assert np.argmax(lags) == len(centred[0]) - 1


def test_an_original_at_the_rate_of_the_vocoder_is_dithered_and_no_more(copies, recordings):
    source = recordings.set_index("name")
    same = copies[(copies["label"] == "bonafide") & (copies["rate"] == 16000)]
    lossless = same[~same["path"].str.endswith("mp3")]
    assert len(lossless) >= 2
    for clip in lossless.itertuples():
        ours = soundfile.read(clip.path, dtype="int16")[0].astype(int)
        theirs = soundfile.read(source.loc[clip.name, "path"], dtype="int16")[0]
        assert np.abs(ours - theirs).max() == 1


def test_both_sides_end_at_the_band_of_the_vocoder(copies):
    for clip in copies[copies["rate"] == 44100].itertuples():
        samples, rate = soundfile.read(clip.path)
        power = np.abs(np.fft.rfft(samples)) ** 2
        above = np.fft.rfftfreq(len(samples), 1 / rate) > 8200
        assert power[above].sum() < 1e-5 * power.sum()


def test_one_vocoder_a_clip_is_drawn_by_its_name(recordings, tmp_path):
    plan = Plan(("griffinlim", "lpc"), per_clip=1, originals=False, seed=3)
    found = vocode(recordings, plan, tmp_path / "a")
    assert len(found) == len(recordings) and set(found["attack"]) == {"griffinlim", "lpc"}
    turned = vocode(recordings[::-1], plan, tmp_path / "b")
    pd.testing.assert_series_equal(
        found.set_index("name")["attack"].sort_index(),
        turned.set_index("name")["attack"].sort_index(),
    )


def test_several_vocoders_of_a_clip_are_different_ones():
    plan = Plan(("griffinlim", "lpc", "world"), per_clip=2)
    drawn = [plan.of(str(name)) for name in range(60)]
    assert all(len(set(names)) == 2 for names in drawn) and len(set(drawn)) == 3
    assert Plan(("lpc", "world")).of("a") == ("lpc", "world")
    with pytest.raises(UsageError, match="per_clip is 3; give 1 to 2"):
        Plan(("lpc", "world"), per_clip=3)


def test_a_long_recording_is_copied_piece_by_piece(speech, tmp_path, monkeypatch):
    import audio.recording

    path = tmp_path / "a.wav"
    soundfile.write(path, np.resize(speech[0].samples, 5 * 16000) / 2, 16000)
    vocoder = open_vocoder("griffinlim")
    write_copies(examine(path), [vocoder], [tmp_path / "whole.wav"])
    monkeypatch.setattr("gan.copying.PIECE", 1.0)
    monkeypatch.setattr(audio.recording.pieces, "__defaults__", (1.0, 0.25))
    write_copies(examine(path), [vocoder], [tmp_path / "cut.wav"], tmp_path / "original.wav")
    cut, whole = (soundfile.read(tmp_path / name)[0] for name in ("cut.wav", "whole.wav"))
    assert len(cut) == len(whole) and np.isclose(cut.std(), whole.std(), rtol=0.1)
    original = soundfile.read(tmp_path / "original.wav", dtype="int16")[0]
    assert np.abs(original - soundfile.read(path, dtype="int16")[0].astype(int)).max() <= 2


def test_a_full_scale_recording_is_scaled_with_its_copy(speech, tmp_path):
    samples = speech[0].samples / np.abs(speech[0].samples).max()
    soundfile.write(tmp_path / "a.wav", samples, 16000, subtype="FLOAT")

    class Louder:
        rate = 16000

        def copy(self, samples, rate):
            return np.sign(samples) * np.abs(samples) ** 1.1

    target, original = tmp_path / "copy.wav", tmp_path / "original.wav"
    write_copies(examine(tmp_path / "a.wav"), [Louder()], [target], original)
    pair = [soundfile.read(path)[0] for path in (target, original)]
    assert max(np.abs(side).max() for side in pair) <= 1
    assert np.isclose(pair[0].std(), pair[1].std(), rtol=0.1)


def test_resuming_makes_what_is_missing_and_no_more(recordings, tmp_path, monkeypatch):
    from pathlib import Path

    plan = Plan(("griffinlim",))
    first = vocode(recordings, plan, tmp_path / "run")
    lost = Path(first["path"].iloc[-1])
    lost.unlink()
    made = []
    real = write_copies
    monkeypatch.setattr(
        "gan.vocoding.write_copies", lambda *args: (made.append(args[0].path), real(*args))
    )
    again = vocode(recordings, plan, tmp_path / "run", resume=True)
    assert len(made) == 1 and lost.exists()
    pd.testing.assert_frame_equal(first, again)
    with pytest.raises(UsageError, match="--resume"):
        vocode(recordings, plan, tmp_path / "run")
    with pytest.raises(UsageError, match="another configuration"):
        vocode(recordings, Plan(("lpc",)), tmp_path / "run", resume=True)


def test_force_copies_anew(recordings, tmp_path, capsys):
    from pathlib import Path

    plan = Plan(("griffinlim",))
    paths = vocode(recordings, plan, tmp_path / "run")["path"]
    before = [Path(path).stat().st_mtime_ns for path in paths]
    again = vocode(recordings, plan, tmp_path / "run", force=True)["path"]
    assert all(Path(p).stat().st_mtime_ns > t for p, t in zip(again, before, strict=True))
    assert "no run wrote" not in capsys.readouterr().err


def test_what_cannot_be_copied_is_listed(recordings, tmp_path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(16000), 16000)
    soundfile.write(tmp_path / "short.wav", np.ones(100) / 2, 16000)
    (tmp_path / "page.wav").write_text("<html>")
    bad = recordings.head(3).copy()
    bad["path"] = [str(tmp_path / name) for name in ("silent.wav", "short.wav", "page.wav")]
    bad["name"] = ["a", "b", "c"]
    frame = pd.concat([recordings.tail(2), bad], ignore_index=True)
    found = vocode(frame, Plan(("griffinlim",)), tmp_path / "run")
    assert len(found) == 4
    rejects = pd.read_csv(tmp_path / "run" / "rejects.csv")
    assert len(rejects) == 3
    for word in ("silent", "needed", "not audio"):
        assert rejects["reason"].str.contains(word).sum() == 1
    with pytest.raises(DataError, match="none of 3 recordings"):
        vocode(bad, Plan(("griffinlim",)), tmp_path / "none")
    assert not list((tmp_path / "none").rglob("*.wav"))


def test_fakes_are_not_copied(recordings, tmp_path):
    fakes = recordings.assign(label="spoof", attack="x")
    with pytest.raises(DataError, match="nothing to copy"):
        vocode(fakes, Plan(("griffinlim",)), tmp_path / "run")


def test_processes_make_the_same_copies(recordings, copies, tmp_path):
    found = vocode(recordings, Plan(("griffinlim",)), tmp_path / "run", workers=2)
    ours = found[found["attack"] == "griffinlim"]["path"]
    theirs = copies[copies["attack"] == "griffinlim"]["path"]
    for a, b in zip(ours, theirs, strict=True):
        assert np.array_equal(soundfile.read(a)[0], soundfile.read(b)[0])


@pytest.mark.parametrize(
    "names", [("nosuch",), ("wavegan-starter",), ("world:4",), ("griffinlim", "griffinlim"), ()]
)
def test_unknown_and_doubled_vocoders_are_refused(recordings, tmp_path, names):
    with pytest.raises(UsageError):
        vocode(recordings, Plan(names), tmp_path / "run")


def test_attacks_are_named_after_vocoders():
    assert attack("vocos") == "vocos" and attack("runs/mine") == "mine"
    assert attack("codec:4") == "codec-4"
