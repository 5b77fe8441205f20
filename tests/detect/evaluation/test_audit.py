"""The audit finds a shortcut that is there, and none of level and offset in the corpus."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.clip import write_wav
from detect.evaluation.audit import area, audit, examine, measure, sentences
from experiment.errors import DataError

COPIES = ("vocos", "codec")


def test_features_say_what_they_are_called(speech):
    samples = speech[0].samples.astype(float)
    plain, loud, shifted = measure(samples), measure(samples / 2), measure(samples + 0.1)
    assert plain["level.rms"] - loud["level.rms"] == pytest.approx(6.02, abs=0.01)
    assert plain["level.crest"] == pytest.approx(loud["level.crest"], abs=0.01)
    assert shifted["dc.mean"] - plain["dc.mean"] == pytest.approx(0.1)
    late = measure(np.concatenate([np.zeros(8000), samples]))
    assert late["silence.before"] - plain["silence.before"] == pytest.approx(0.5, abs=0.02)
    coarse = measure(np.round(samples * 64) / 64)
    assert coarse["quantisation.values"] < plain["quantisation.values"]
    spectrum = np.fft.rfft(samples)
    spectrum[len(spectrum) // 4 :] = 0
    assert measure(np.fft.irfft(spectrum))["bandwidth.rolloff"] < 2100


def test_area_under_the_curve_of_known_scores():
    real = np.array([True, True, False, False])
    assert area(np.array([3, 2, 1, 0]), real) == 1
    assert area(np.array([0, 1, 2, 3]), real) == 0
    assert area(np.zeros(4), real) == 0.5


def test_level_and_offset_do_not_betray_the_copies(corpus):
    frame = corpus[corpus["attack"].isin({"", *COPIES})]
    found = audit(frame, ("dc", "level"), repeats=200)
    assert len(found) == 4
    assert (found["apart"] == "speaker").all()
    assert (found["auc"] < 0.7).all()
    assert (found["low"] <= found["auc"]).all()
    assert (found["auc"] <= found["high"]).all()


def test_an_offset_is_found(corpus, speech, tmp_path):
    frame = corpus[corpus["attack"].isin({"", "vocos"}) & (corpus["split"] == "train")].copy()
    from audio.manifest import clips

    for index, clip in zip(frame.index, list(clips(frame)), strict=True):
        if frame.loc[index, "label"] == "spoof":
            path = tmp_path / f"{clip.name}.wav"
            write_wav(path, clip.samples * 0.9 + 0.01)
            frame.loc[index, "path"] = str(path)
    assert audit(frame, ("dc",), repeats=50)["auc"].item() > 0.95


def test_the_file_betrays_what_the_sound_does_not(corpus, tmp_path):
    frame = corpus[corpus["attack"].isin({"", "vocos"}) & (corpus["split"] == "train")].copy()
    for index, row in frame[frame["label"] == "spoof"].iterrows():
        samples, rate = soundfile.read(row["path"])
        frame.loc[index, "path"] = str(tmp_path / f"{row['name']}.flac")
        soundfile.write(frame.loc[index, "path"], samples, rate, subtype="PCM_24")
    found = examine(frame, ("level", "codec", "format"), repeats=50)
    area_of = found.table.set_index("features")["auc"]
    assert area_of["codec"] == area_of["format"] == 1
    assert area_of["level"] < 0.7
    assert "format alone" in sentences(found.table)[0] or "codec alone" in sentences(found.table)[0]


def test_clips_to_mistrust_are_those_that_a_trivial_feature_names(corpus, tmp_path):
    frame = corpus[corpus["split"] == "train"].drop(columns="copy_of")
    frame = frame.assign(attack=frame["attack"].replace("codec", "vocos"))
    loud = frame[frame["label"] == "spoof"].sort_values("name").index[::2]
    for index in loud:
        samples, rate = soundfile.read(frame.loc[index, "path"])
        frame.loc[index, "path"] = str(tmp_path / f"{frame.loc[index, 'name']}.wav")
        soundfile.write(frame.loc[index, "path"], samples * 0.9 + 0.05, rate)
    found = examine(frame, ("dc", "all"), repeats=20)
    told = found.suspects(frame, sure=0.85)
    fakes = told.loc[told["label"] == "spoof", "name"]
    assert fakes.isin(frame.loc[loud, "name"]).sum() >= 0.8 * len(loud)
    assert len(fakes) < 1.5 * len(loud)
    assert set(told["strongest"]) == {"dc"}
    assert told["probability"].is_monotonic_decreasing


def test_few_clips_are_audited_where_few_are_asked_for(corpus):
    frame = corpus[corpus["attack"].isin({"", "vocos"})].drop(columns="language")
    found = examine(frame, ("duration",), repeats=20, most=8)
    counts = frame.groupby(["split", "label"]).size().clip(upper=8)
    assert found.table["n"].item() == counts.sum()


def test_unknown_speakers_are_kept_apart_clip_by_clip(corpus):
    frame = corpus[corpus["attack"].isin({"", "vocos"}) & (corpus["split"] == "train")]
    found = audit(frame.assign(speaker="", text="", copy_of=""), ("duration",), repeats=20)
    assert found["apart"].item() == "name"


def test_a_corpus_without_fakes_is_refused(corpus):
    real = corpus[corpus["label"] == "bonafide"]
    with pytest.raises(DataError, match="no fake"):
        audit(real)
    few = pd.concat([real.head(40), corpus[corpus["label"] == "spoof"].head(2)])
    with pytest.raises(DataError, match="at least 5"):
        audit(few)


@pytest.fixture(scope="module")
def pairs(corpus, tmp_path_factory):
    """Originals of the corpus, each with a copy that differs by a little noise alone."""
    from audio.manifest import clips

    real = corpus[corpus["label"] == "bonafide"].drop(columns="copy_of", errors="ignore")
    real = real.sort_values(["speaker", "name"]).groupby("speaker").head(8).reset_index(drop=True)
    folder, rows = tmp_path_factory.mktemp("pairs"), []
    for (_, row), clip in zip(real.iterrows(), clips(real), strict=True):
        noise = np.random.default_rng(len(rows)).standard_normal((2, len(clip.samples)))
        path = folder / f"{clip.name}.wav"
        samples = 0.9 * (clip.samples - clip.samples.mean())
        write_wav(path, samples + 1e-4 * noise[0])
        about = {"label": "spoof", "attack": "noisy", "copy_of": clip.name}
        rows.append({**row, **about, "name": f"{clip.name}-noisy", "path": str(path)})
        write_wav(folder / f"{clip.name}-original.wav", samples + 1e-4 * noise[1])
    paths = [str(folder / f"{name}-original.wav") for name in real["name"]]
    return pd.concat([real.assign(copy_of="", path=paths), pd.DataFrame(rows)], ignore_index=True)


def shifted(pairs, folder, offset):
    """Return pairs whose copies have an offset."""
    found = pairs.copy()
    for index, row in pairs[pairs["label"] == "spoof"].iterrows():
        samples, rate = soundfile.read(row["path"])
        found.loc[index, "path"] = str(folder / f"{row['name']}.wav")
        soundfile.write(found.loc[index, "path"], samples + offset, rate)
    return found


def test_pairs_that_differ_by_little_are_not_told_apart(pairs):
    found = audit(pairs, ("dc", "level", "silence"), repeats=100)
    assert (found["auc"] < 0.6).all()
    assert (found["pairs"] == len(pairs) // 2).all() and (found["n"] == len(pairs)).all()


def test_an_offset_of_the_copies_is_found(pairs, tmp_path):
    found = audit(shifted(pairs, tmp_path, 0.01), ("dc", "level"), repeats=100)
    areas = found.set_index("features")
    assert areas.loc["dc", "auc"] > 0.95 and areas.loc["dc", "low"] > 0.9


def test_copies_are_told_from_their_originals_alone(pairs):
    half = pairs[pairs["label"] == "spoof"].iloc[::2]
    real = pairs[pairs["label"] == "bonafide"]
    found = examine(pd.concat([real, half], ignore_index=True), ("dc",), repeats=20)
    assert found.table["pairs"].item() == len(half)
    assert set(found.clips.loc[found.clips["real"], "name"]) == set(half["copy_of"])


def test_few_clips_are_whole_pairs(pairs):
    found = examine(pairs, ("dc",), repeats=20, most=6)
    copies = pairs.set_index("name")["copy_of"]
    fakes = found.clips.loc[~found.clips["real"], "name"]
    assert set(found.clips.loc[found.clips["real"], "name"]) == set(copies[fakes])


def test_pairs_of_unknown_speakers_are_kept_together(pairs):
    found = audit(pairs.assign(speaker="", text=""), ("dc",), repeats=20)
    assert found["apart"].item() == "original"
