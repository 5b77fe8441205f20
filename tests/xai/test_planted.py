import numpy as np
import pytest

from audio.clip import make_clip
from audio.frontends import LogMel
from experiment.errors import DataError, UsageError
from tests.xai.conftest import Small
from xai import explain, planted
from xai.superpixels import Grid

FRONT = LogMel(seconds=2.0)


@pytest.fixture(scope="module", params=sorted(planted.PLANTS))
def found(request, speech):
    return request.param, planted.plant(speech[:4], request.param, FRONT, others=speech[4:8])


def test_the_change_is_where_the_truth_says(found):
    kind, items = found
    for item in items:
        change = item.clip.samples - item.original.samples
        start, stop = (round(s * 16000) for s in item.seconds)
        inside = np.sum(change[max(start - 200, 0) : stop + 200] ** 2)
        assert inside > 0.999 * np.sum(change**2) > 0
        power = np.abs(np.fft.rfft(change)) ** 2
        frequencies = np.fft.rfftfreq(len(change), 1 / 16000)
        low, high = item.hertz
        near = (frequencies >= low - 150) & (frequencies <= high + 150)
        assert power[near].sum() > 0.99 * power.sum()
        assert np.abs(item.clip.samples).max() <= 1


def test_the_truth_is_a_small_part_of_the_plane(found):
    _, items = found
    for item in items:
        truth = item.truth(FRONT.times, FRONT.frequencies)
        assert truth.any() and truth.mean() < 0.45


def test_same_seed_same_place(speech):
    first, second = (planted.plant(speech[:2], "band", FRONT, seed=s) for s in (1, 1))
    other = planted.plant(speech[:2], "band", FRONT, seed=2)
    assert [i.clip.name for i in first] == [i.clip.name for i in second]
    assert first[0].seconds != other[0].seconds


def test_mistakes(speech):
    with pytest.raises(UsageError, match="splice"):
        planted.plant(speech[:1], "ghost", FRONT)
    with pytest.raises(DataError, match="others"):
        planted.plant(speech[:1], "splice", FRONT)


@pytest.fixture(scope="module")
def knowing(speech):
    """A detector that looks for energy in one band, and clips with noise there."""
    front = LogMel(seconds=2.0)
    items = planted.plant(speech[:6], "band", front)
    weights = -np.ones(front.shape, np.float32) / 1000
    return Small(front, weights=weights), items


def test_oracle_wins_every_measure_and_random_gets_the_area(knowing):
    detector, items = knowing
    clips = [item.clip for item in items]
    maps = explain(detector, clips, "random", "spoof") + explain(detector, clips, "energy", "spoof")
    scores = planted.judge(maps, items).groupby("method")[["pointing", "mass", "auprc", "area"]]
    mean = scores.mean()
    assert (mean.loc["oracle", ["pointing", "mass", "auprc"]] > 0.999).all()
    area = mean.area["random"]
    assert mean.mass["random"] == pytest.approx(area, rel=0.3)
    assert mean.auprc["random"] < 3 * area


def test_a_detector_that_uses_it_is_known_by_it(speech):
    """One that looks at the true pixels only, one that looks elsewhere."""
    items = planted.plant(speech[:1], "band", FRONT)
    truth = items[0].truth(FRONT.times, FRONT.frequencies)
    user = Small(FRONT, weights=-np.where(truth, 1.0, 0)[..., None].astype(np.float32))
    found = planted.use(user, items)
    assert found["pairs"] == 1 and found["restored"] == pytest.approx(1, abs=1e-3)
    other = Small(FRONT, weights=-np.where(truth, 0, 1.0)[..., None].astype(np.float32))
    assert not planted.use(other, items)["restored"] > 0.01


def test_explainers_find_what_a_linear_detector_uses():
    """The drop of a superpixel is what its weights lose; without weights it is zero."""
    front, grid = FRONT, Grid()
    tone = np.sin(np.arange(32000) * 2 * np.pi * 440 / 16000) * np.linspace(0.1, 0.5, 32000)
    [item] = planted.plant([make_clip(tone.astype(np.float32))], "band", front)
    truth = item.truth(front.times, front.frequencies)
    cells = grid.cells(front.times, front.frequencies)
    used = np.unique(cells[truth])
    user = Small(front, weights=-truth[..., None].astype(np.float32))
    [found] = explain(user, [item.clip], "occlusion", "spoof", grid=grid)
    inside, most = np.isin(cells, used), np.abs(found.heat).max()
    assert 0 < inside.mean() < 0.5 and most > 0
    assert np.abs(found.heat[~inside]).max() < 1e-4 * most
    assert planted.judge([found], [item]).set_index("method").mass["occlusion"] > truth.mean()


def test_corpus_pairs_every_clip_within_its_split(corpus, tmp_path):
    part = corpus[corpus.label == "bonafide"].groupby("split").head(3)
    frame, kept = planted.planted_corpus(part, "click", FRONT, tmp_path)
    from audio.manifest import validate

    validate(frame, files=True)
    assert frame.groupby(["split", "label"]).size().eq(3).all()
    assert len(kept) == 3 and set(frame[frame.label == "spoof"].attack) == {"planted-click"}
    assert {item.clip.name for item in kept} <= set(frame[frame.split == "test"]["name"])
