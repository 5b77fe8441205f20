import numpy as np
import pandas as pd
import pytest

from experiment.errors import DataError, UsageError
from xai import Explanation, bands, explain

FREQUENCIES = np.array([100, 500, 1500, 2500, 3500, 5000, 6000, 7500.0])


def explanation(heat, clip="a"):
    times = np.arange(len(heat)) / 10
    return Explanation(clip, "m", "spoof", np.float32(heat), times, FREQUENCIES, "d", 0, 1.0)


def test_shares_of_a_known_map():
    heat = np.zeros((4, 8))
    heat[:, 2], heat[:, 5] = 3, -1
    everything = bands.shares([explanation(heat)])
    assert everything.set_index("low").share.to_dict() == {
        0: 0, 300: 0, 1000: 0.75, 2000: 0, 3000: 0, 4000: 0.25, 5500: 0,
    }  # fmt: skip
    positive = bands.shares([explanation(heat)], part="positive")
    assert positive.set_index("low").share[1000] == 1
    assert everything.flat.sum() == pytest.approx(1)


def test_a_map_without_evidence_has_no_share():
    assert bands.shares([explanation(np.zeros((4, 8)))]).share.isna().all()


def test_unknown_part():
    with pytest.raises(UsageError, match="absolute"):
        bands.shares([explanation(np.ones((4, 8)))], part="all")


def test_table_by_class_and_attack_with_intervals_by_speaker():
    rng = np.random.default_rng(0)
    found = [explanation(rng.random((4, 8)), f"c{k}") for k in range(12)]
    manifest = pd.DataFrame(
        {
            "name": [e.name for e in found],
            "label": ["bonafide"] * 6 + ["spoof"] * 6,
            "attack": [""] * 6 + ["world"] * 6,
            "speaker": ["s1", "s2", "s3"] * 4,
        }
    )
    table = bands.table(bands.shares(found), manifest)
    assert len(table) == 2 * 7 and set(table.attack) == {"", "world"}
    assert (table.n == 6).all() and (table.groups == 3).all()
    assert ((table.low <= table.value) & (table.value <= table.high)).all()
    assert table.groupby("label").value.sum().tolist() == pytest.approx([1, 1])


def test_two_detectors_are_compared_on_the_same_clips():
    low, high = np.zeros((4, 8)), np.zeros((4, 8))
    low[:, 0] = 1
    high[:, 7] = 1
    clips = [f"c{k}" for k in range(6)]
    first = bands.shares([explanation(low, clip) for clip in clips])
    second = bands.shares([explanation(high, clip) for clip in clips])
    manifest = pd.DataFrame(
        {"name": clips, "label": "spoof", "attack": "world", "speaker": list("aabbcc")}
    )
    found = bands.difference(first, second, manifest).sort_values("band_low")
    assert found.value.iloc[0] == -1 and found.value.iloc[-1] == 1
    assert found.value.sum() == pytest.approx(0)
    with pytest.raises(DataError, match="same clips"):
        bands.difference(first, second.assign(name="other"), manifest)


def test_figures_have_axes_in_seconds_and_hz(cnn, clips):
    import matplotlib.pyplot as plt

    from xai import faithfulness, figures

    found = explain(cnn, clips, "occlusion") + explain(cnn, clips, "saliency")
    signal = cnn.front_end.fit(clips[0].samples)
    panel = figures.panel(signal, 16000, [e for e in found if e.name == clips[0].name], "one clip")
    assert panel.axes[0].get_ylabel() == "frequency (kHz)"
    assert panel.axes[-1].get_xlabel() == "time (s)"
    manifest = pd.DataFrame({"name": [c.name for c in clips], "speaker": list("abc")}).assign(
        label="bonafide", attack=""
    )
    table = bands.table(bands.shares(found), manifest)
    picture = figures.bands_figure(table)
    both = pd.concat([table, table.assign(label="spoof", attack="x")])
    grid = figures.bands_grid(both[(both.attack == "x") | (both.method == "occlusion")])
    assert picture.axes[0].get_xlabel() == "band (kHz)"
    frame = faithfulness.curves(cnn, clips, found, steps=2, randoms=1)
    assert len(figures.curves_figure(frame).axes) == 2
    for figure in (panel, picture, grid):
        figure.canvas.draw()
    plt.close("all")
