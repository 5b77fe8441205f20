import numpy as np
import pandas as pd
import pytest

from experiment.errors import UsageError
from tests.xai.conftest import Small, linear_weights
from xai import explain, faithfulness
from xai.canvas import make_canvas
from xai.fills import FILLS
from xai.subject import Subject


@pytest.fixture(scope="module")
def everywhere():
    """A linear detector that looks at the whole plane."""
    from tests.xai.conftest import FRONT

    return Small(FRONT, weights=linear_weights(FRONT, ..., seed=2))


@pytest.mark.parametrize("fill", sorted(FILLS))
def test_curves_begin_and_end_where_they_must(fill, everywhere, clips):
    found = explain(everywhere, clips, "occlusion", fill=fill)
    frame = faithfulness.curves(everywhere, clips, found, fill=fill, steps=5)
    subject = Subject(everywhere, tuple(clips))
    for index, clip in enumerate(clips):
        own = frame[(frame["name"] == clip.name) & (frame.method == "occlusion")]
        filling = make_canvas(subject, index, None, fill).filling[None]
        whole, empty = subject.logits(subject.features)[index], subject.logits(filling)[0]
        ends = own.set_index("share").loc[[0.0, 1.0], ["deletion", "insertion"]].to_numpy()
        np.testing.assert_allclose(ends, [[whole, empty], [empty, whole]], atol=1e-3)


def test_the_exact_map_beats_random_and_energy_on_every_clip(everywhere, clips):
    found = explain(everywhere, clips, "occlusion") + explain(
        everywhere, clips, "occlusion", "spoof"
    )
    areas = faithfulness.areas(faithfulness.curves(everywhere, clips, found))
    for rival in ("random", "energy"):
        gains = faithfulness.gains(areas, rival)
        exact = gains[gains.method == "occlusion"]
        assert len(exact) == 2 * len(clips)
        assert (exact[["deletion", "insertion"]] > 0).all(axis=None)


def test_a_random_map_gains_nothing_on_average(everywhere, speech):
    found = explain(everywhere, speech, "random", seed=77)
    for number, e in enumerate(found):
        found[number] = type(e)(**{**vars(e), "method": "guess"})
    areas = faithfulness.areas(faithfulness.curves(everywhere, speech, found, randoms=8))
    gains = faithfulness.gains(areas)
    guess = gains[gains.method == "guess"]
    size = faithfulness.gains(
        faithfulness.areas(
            faithfulness.curves(everywhere, speech, explain(everywhere, speech, "occlusion"))
        )
    ).query("method == 'occlusion'")
    assert abs(guess.deletion.mean()) < 0.25 * size.deletion.mean()


def test_area_of_a_known_curve():
    shares = [0, 0.5, 1]
    frame = pd.DataFrame(
        {"name": "a", "target": "spoof", "method": "m", "fill": "mean", "share": shares}
    ).assign(deletion=[4.0, 2.0, 0.0], insertion=[0.0, 3.0, 4.0])
    row = faithfulness.areas(frame).iloc[0]
    assert (row.deletion, row.insertion) == (2.0, 2.5)


def test_removals_follow_the_area():
    cells = np.repeat([0, 0, 1, 2], 5).reshape(4, 5)
    gone = faithfulness.removals(np.array([2, 0, 1]), cells, [0, 0.25, 0.75, 1])
    assert gone.tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1]]


def test_agreement_with_itself_and_with_its_opposite(everywhere, clips):
    real = explain(everywhere, clips, "occlusion")
    twin = [type(e)(**{**vars(e), "method": "twin"}) for e in real]
    anti = [type(e)(**{**vars(e), "method": "anti", "heat": -e.heat}) for e in real]
    frame = faithfulness.agreement([*real, *twin, *anti]).set_index(["first", "second"])
    same = frame.loc[[("occlusion", "twin")]]
    assert np.allclose(same.spearman, 1) and (same.overlap == 1).all()
    opposite = frame.loc[[("occlusion", "anti")]]
    assert np.allclose(opposite.spearman, -1) and (opposite.overlap == 0).all()


def test_agreement_with_a_constant_map_is_undefined(everywhere, clips):
    real = explain(everywhere, clips[:1], "occlusion")
    flat = [type(e)(**{**vars(e), "method": "flat", "heat": 0 * e.heat}) for e in real]
    assert faithfulness.agreement(real + flat).spearman.isna().all()


def test_cost_is_a_median():
    class Cost:
        method = "m"

        def __init__(self, seconds):
            self.seconds = seconds

    assert faithfulness.cost([Cost(s) for s in (9.0, 1.0, 1.0)]).seconds["m"] == 1.0


def test_summary_has_an_interval_by_speaker():
    frame = pd.DataFrame({"name": list("abcd"), "method": "m", "gain": [1.0, 1.0, 3.0, np.nan]})
    manifest = pd.DataFrame({"name": list("abcd"), "speaker": list("xxyy")})
    row = faithfulness.summary(frame, manifest, ["method"], ["gain"]).iloc[0]
    assert (row.n, row.groups) == (3, 2)
    assert row.value == pytest.approx(5 / 3) and (row.low, row.high) == (1, 3)


def test_maps_of_another_plane_are_refused(everywhere, clips):
    sound = explain(everywhere, clips[:1], "energy", domain="sound")
    with pytest.raises(UsageError, match="pass the domain"):
        faithfulness.curves(everywhere, clips[:1], sound)
    frame = faithfulness.curves(everywhere, clips[:1], sound, domain="sound", steps=2)
    assert np.isfinite(frame.deletion).all()
