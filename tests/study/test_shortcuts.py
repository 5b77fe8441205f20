import pandas as pd
import pytest

from audio.clip import write_wav
from audio.manifest import clips
from study.shortcuts import GROUPS, audit

FEW = 4  # clips, with which no attack can be audited


@pytest.fixture(scope="module")
def real(corpus):
    return corpus[(corpus["label"] == "bonafide") & (corpus["split"] == "train")].head(20)


@pytest.fixture(scope="module")
def frame(real, tmp_path_factory):
    """Real speech; the same as attacks: at half level, as it is, and of few clips."""
    folder = tmp_path_factory.mktemp("quiet")
    paths = [str(folder / f"{k}.wav") for k in range(len(real))]
    for clip, path in zip(clips(real), paths, strict=True):
        write_wav(path, clip.samples / 2, clip.rate)
    quiet = _attack(real, "quiet").assign(path=paths)
    return pd.concat(
        [real, quiet, _attack(real, "same"), _attack(real.head(FEW), "rare")], ignore_index=True
    )


def _attack(frame, name):
    return frame.assign(label="spoof", attack=name, name=f"{name}-" + frame["name"], copy_of="")


def test_level_gives_quiet_fakes_away_and_the_rare_are_not_audited(frame, settings, capsys):
    rows = audit(settings, frame)
    assert [(row["attack"], row["features"]) for row in rows] == [
        (attack, group) for attack in ("quiet", "same") for group in GROUPS
    ]
    value = {(row["attack"], row["features"]): row["value"] for row in rows}
    assert value["quiet", "level"] > 0.9
    assert value["same", "level"] < 0.7 and value["quiet", "silence"] < 0.7
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    assert "not audited, fewer than 5 clips: rare" in capsys.readouterr().err


def test_rare_attacks_alone_leave_nothing_to_audit(frame, settings):
    assert audit(settings, frame[frame["attack"].isin(["", "rare"])]) == []
