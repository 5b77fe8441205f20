from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from audio.clip import make_clip, read_samples, write_wav
from audio.manifest import load, row, validate
from audio.presentation import draws, parse, present
from experiment.errors import UsageError
from experiment.seeds import rng

CLIPS = 10


@pytest.fixture
def pairs(speech, tmp_path):
    """Originals, each followed by a copy that differs by a little noise."""
    rows = []
    for i, clip in enumerate(speech[:CLIPS]):
        for label, of in (("bonafide", ""), ("spoof", f"clip{i}")):
            name = f"copy{i}" if of else f"clip{i}"
            noise = rng(i, label).normal(0, 1e-3, len(clip.samples)) if of else 0
            path = tmp_path / "in" / f"{name}.wav"
            write_wav(path, (0.5 * clip.samples + noise).astype(np.float32))
            attack = "noise" if of else ""
            values = {"label": label, "attack": attack, "copy_of": of, "name": name}
            rows.append(row(make_clip(read_samples(path)), path, **values))
    return validate(pd.DataFrame(rows))


def test_a_pair_is_presented_alike_and_recorded(pairs, tmp_path):
    found = present(pairs, tmp_path / "out", seed=1, workers=1)
    loaded = load(tmp_path / "out")
    assert loaded["name"].tolist() == found["name"].tolist()
    assert not set(found["name"]) & set(pairs["name"])
    by_name = found.set_index("name")
    for own in found[found["copy_of"] != ""].itertuples():
        original = by_name.loc[own.copy_of]
        assert own.presentation == original["presentation"]
        assert own.condition == original["condition"]
        assert own.duration == original["duration"]
    for own, source in zip(found.itertuples(), pairs["path"], strict=True):
        sound = read_samples(own.path)
        assert len(sound) == pytest.approx(own.duration * 16000)
        chain = parse(own.presentation)
        if chain.keeps_time and "babble" not in own.presentation:
            expected = chain.apply(read_samples(source), 16000)
            expected *= min(1, 0.98 / np.abs(expected).max())
            assert np.abs(sound - expected).max() < 1e-4


def test_a_copy_that_is_alone_gets_the_draw_of_its_original(pairs):
    alone = pairs[pairs["label"] == "spoof"]
    together = [str(chain) for _, chain in draws(pairs, 0)]
    assert [str(chain) for _, chain in draws(alone, 0)] == together[1::2]


def test_no_time_is_cut_where_segments_are_known(pairs):
    marked = pairs.assign(segments="0.1-0.2:spoof")
    assert all(chain.keeps_time for _, chain in draws(marked, 0, choices=["ends", "noise"]))


def test_resume_writes_what_is_missing_and_nothing_else(pairs, tmp_path):
    out = tmp_path / "out"
    found = present(pairs, out, workers=1)
    first, second = map(Path, found["path"].iloc[:2])
    content, table = first.read_bytes(), (out / "manifest.parquet").read_bytes()
    first.unlink()
    before = second.stat().st_mtime_ns
    again = present(pairs, out, workers=1, resume=True)
    assert first.read_bytes() == content
    assert second.stat().st_mtime_ns == before
    assert (out / "manifest.parquet").read_bytes() == table
    pd.testing.assert_frame_equal(found, again)


def test_another_presentation_or_no_resume_is_refused(pairs, tmp_path):
    present(pairs, tmp_path / "out", workers=1)
    with pytest.raises(UsageError, match="pass resume"):
        present(pairs, tmp_path / "out", workers=1)
    with pytest.raises(UsageError, match="other presentations"):
        present(pairs, tmp_path / "out", seed=5, workers=1, resume=True)
