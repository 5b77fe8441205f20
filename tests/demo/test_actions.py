"""The functions that both pages call."""

import threading

import numpy as np
import pytest

from audio.clip import make_clip, read_clip
from demo import cards, distances, explanations, fakes, models, runs, samples, texts, verdicts
from demo.jobs import Queue
from demo.settings import Settings
from demo.uploads import read_bytes
from experiment.errors import DataError, UsageError


@pytest.fixture(scope="module")
def opinion(detector, clips):
    return verdicts.judge("starter", detector, read_clip(clips["vocos"]))


@pytest.fixture(scope="module")
def found(opinion, detector, clips):
    clip = read_clip(clips["vocos"])
    return explanations.explain(opinion, detector, clip, "a <b>.wav", ("gradcam", "lime"))


def test_the_score_is_the_detectors_and_lies_in_its_interval(opinion, detector, clips):
    clip = read_clip(clips["vocos"])
    assert opinion.found["llr"] == pytest.approx(detector.score([clip])[0], abs=1e-4)
    assert opinion.low <= opinion.found["llr"] <= opinion.high
    assert opinion.low < opinion.high
    again = verdicts.judge("starter", detector, clip)
    assert (again.low, again.high) == (opinion.low, opinion.high)


def test_copies_behind_the_interval_are_the_clip_but_for_ends_and_noise(clips):
    clip = read_clip(clips["real"])
    copies = verdicts._copies(clip, np.random.default_rng(0))
    spare = [len(clip.samples) - len(copy.samples) for copy in copies]
    assert len(copies) == 40 and min(spare) >= 0 and max(spare) <= 2 * 1600
    padded = np.pad(copies[0].samples, (0, spare[0]))
    shifts = [np.roll(padded, s) for s in range(spare[0] + 1)]
    error = min(np.abs(clip.samples - x)[1600:-1600].std() for x in shifts)
    assert error < 0.02 * clip.samples.std()


def test_a_long_clip_is_judged_by_its_windows(detector, clips):
    parts = [read_clip(clips[k]).samples for k in ("real", "world", "lpc", "piper")]
    opinion = verdicts.judge("starter", detector, make_clip(np.concatenate(parts)))
    assert opinion.long and "windows" in opinion.basis
    assert opinion.found["llr"] == pytest.approx(opinion.table["llr"].mean(), abs=1e-6)
    assert opinion.low < opinion.found["llr"] < opinion.high


def test_silence_gets_no_score_but_a_sentence(detector):
    opinion = verdicts.judge("starter", detector, make_clip(np.zeros(16000)))
    assert opinion.found["llr"] is None and opinion.low is None
    assert texts.sentences(opinion)[0] == "The recording is silent."
    assert "nothing to judge" in cards.verdict(opinion)


def test_a_recording_of_another_kind_is_called_outside(detector):
    tone = 0.3 * np.sin(np.arange(32000) * (1 + np.arange(32000) / 1e6))
    opinion = verdicts.judge("starter", detector, make_clip(tone))
    assert opinion.found["outside"]
    assert any("outside what the detector was trained on" in s for s in texts.cautions(opinion))


def test_every_flag_of_a_clip_has_a_sentence():
    known = "silent", "constant", "above full scale", "antiphase stereo", "truncated file"
    assert set(known) == set(texts.FLAGS)


def test_the_scale_holds_score_threshold_and_interval(opinion):
    place = texts.place(opinion)
    assert 0 < place["low"] <= place["score"] <= place["high"] < 100
    assert place["score"] < place["threshold"]  # a fake


def test_what_is_explained_is_what_was_judged(found, opinion):
    assert found.case.target == "spoof"
    assert found.case.score == pytest.approx(opinion.found["llr"])
    whole = found.evidence.sounds[0].scores["whole"]
    assert whole == pytest.approx(opinion.found["llr"], abs=1e-3)
    assert len(found.players) == 1 + 2 * 2


def test_beliefs_follow_the_gains(found):
    told = explanations.beliefs(found)
    for method, text in zip(("gradcam", "lime"), told, strict=True):
        gains = [value for row in found.gains if row[0] == method for value in row[2:]]
        assert ("do not rely" in text) == (min(gains) <= 0)


def test_report_and_card_are_escaped_and_offline(found, opinion):
    for html in (
        explanations.report(opinion, found),
        cards.explained(found, explanations.beliefs(found), "<i>name</i>"),
    ):
        assert "<b>" not in html.replace("<b>Caution", "") and "<i>" not in html
        assert 'src="http' not in html and 'href="http' not in html
    assert texts.certainty(opinion) in explanations.report(opinion, found)


def test_detectors_are_named_by_their_folder_and_loaded_once(mine):
    known = models.detectors(Settings(models=str(mine), runs="nowhere"))
    assert list(known) == ["starter", "framewise", "vocoded", "vocoded_small", "second"]
    seen = []
    place = known["second"]
    threads = [
        threading.Thread(target=lambda: seen.append(models.detector(place))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in seen}) == 1


def test_shipped_samples_are_those_that_their_table_says():
    from audio import manifest

    frame = manifest.load(samples.SHIPPED / "manifest.csv")
    assert [read_clip(path).digest for path in frame["path"]] == frame["name"].tolist()
    assert set(frame["label"]) == {"bonafide", "spoof"} and set(frame["split"]) == {"test"}
    title = next(iter(samples.shipped()))
    name, content = samples.read(title, samples.shipped())
    assert read_bytes(name, content, Settings()).digest == frame["name"][0]


def test_samples_of_the_corpus_have_every_kind(corpus):
    titles = " ".join(samples.corpus("tiny"))
    for attack in set(corpus[corpus["split"] == "test"]["attack"]) - {""}:
        assert f"fake by {attack}" in titles


def test_fakes_are_clips_at_16_khz_and_repeat_by_seed():
    name = next(iter(models.generators(Settings(runs="nowhere"))))
    generator = models.generator(name)
    first, again = fakes.make(generator, 2, seed=3), fakes.make(generator, 2, seed=3)
    assert [clip.name for clip in first] == [clip.name for clip in again]
    assert all(clip.rate == 16000 and clip.seconds > 0.9 for clip in first)
    assert len(fakes.make(generator, 1000, 0)) == fakes.MOST
    assert generator.digest in fakes.about(generator)


def test_distance_of_a_set_to_itself_is_zero_and_names_repeat(clips, limits):
    files = [("a.wav", path.read_bytes()) for path in clips.values()] + [("b.txt", b"text")]
    read, refused = distances.read(files, limits)
    assert len(read) == len(clips) and refused[0].startswith("b.txt: not audio")
    result = distances.measure(read, read)
    assert result["ranking"][0]["fad"] == pytest.approx(0, abs=1e-6)
    assert result["ranking"][0]["clips"] == len(clips)
    assert f"{len(clips)} clips against {len(clips)}" in distances.words(result)
    with pytest.raises(DataError, match="evaluated set has 1 readable"):
        distances.measure(read, read[:1])
    with pytest.raises(DataError, match="at most 200 files"):
        distances.read(files * 30, limits)


def test_finished_runs_alone_are_listed(tmp_path):
    for name in ("done", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_text(f"<p>{name}</p>")
    (tmp_path / "done" / "DONE").touch()
    known = runs.finished(Settings(runs=str(tmp_path)))
    assert list(known) == ["done"] and runs.report(known["done"]) == "<p>done</p>"
    assert runs.answers(known["done"]) == []


def test_jobs_run_in_order_one_at_a_time_and_the_queue_is_bounded():
    queue, gate, done = Queue(limit=3), threading.Event(), []
    jobs = [queue.submit(lambda k=k: (gate.wait(60), done.append(k))) for k in range(3)]
    assert [queue.ahead(job) for job in jobs] == [0, 1, 2]
    with pytest.raises(UsageError, match="3 jobs are waiting"):
        queue.submit(print)
    gate.set()
    for job in jobs:
        job.result(60)
    assert done == [0, 1, 2] and queue.ahead(jobs[2]) == 0
    assert queue.submit(lambda: "free again").result(60) == "free again"
