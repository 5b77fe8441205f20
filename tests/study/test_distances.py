import pytest

from study.distances import measure
from tests.study.conftest import FIRST, SECOND


@pytest.fixture(scope="module")
def found(manifest, settings):
    return measure(settings, manifest)


@pytest.fixture(scope="module")
def attacks(manifest):
    """The corpus's attacks with clips outside training."""
    own = manifest[(manifest["label"] == "spoof") & (manifest["source"] != "gan")]
    return sorted(set(own.loc[own["split"] != "train", "attack"]))


def rows_of(found):
    return {row["set"]: row for row in found["rows"]}


def test_every_kind_of_fake_stands_on_a_scale_of_real_speech_and_noise(found, attacks):
    kinds = {name: row["kind"] for name, row in rows_of(found).items()}
    assert kinds == {
        "real, same speakers": "real",
        "real, other speakers": "real",
        **dict.fromkeys(attacks, "engine"),
        FIRST: "generated",
        SECOND: "generated",
        "real + noise, 20 dB": "noise",
        "real + noise, 10 dB": "noise",
        "white noise alone": "noise",
    }
    value = {name: row["value"] for name, row in rows_of(found).items()}
    assert max(value, key=value.get) == "white noise alone"
    assert value["real + noise, 20 dB"] < value["real + noise, 10 dB"]


def test_each_distance_says_what_it_rests_on(found, settings):
    assert found["embedding"] == "logmel" and found["reference"] == settings.distance_clips
    for row in found["rows"]:
        assert 2 <= row["clips"] <= settings.distance_clips and row["dropped"] == 0
        assert row["low"] <= row["high"]


def test_beside_each_set_stands_as_much_real_speech(found):
    rows = rows_of(found)
    same = rows["real, same speakers"]
    assert same["real"] == pytest.approx(same["value"])
    assert all(row["real"] > same["real"] or row["clips"] == same["clips"] for row in rows.values())


def test_an_attack_of_one_clip_has_no_distance(manifest, settings, attacks, capsys):
    first, *others = attacks
    unseen = manifest[(manifest["attack"] == first) & (manifest["split"] != "train")]
    rows = rows_of(measure(settings, manifest.drop(unseen.index[1:])))
    assert first not in rows and rows.keys() > set(others)
    assert f"{first}: 1 clips outside training" in capsys.readouterr().err
