import numpy as np
import pandas as pd
import pytest
import soundfile

from audio.clip import make_clip
from experiment.errors import DataError, UsageError
from gan.config import GanConfig
from gan.slices import Ahead, Slices, gather


def ramp(n, rate=16000):
    """A clip whose samples say where they are."""
    return make_clip(np.arange(1, n + 1, dtype="float32") / 1e6, rate)


def config(**values):
    return GanConfig(**{"batch": 4, "normalize": False, **values})


def slices(clips, **values):
    chosen = config(**values)
    return Slices(gather(clips, chosen)[0], chosen)


@pytest.mark.parametrize("n, count", [(16384, 1), (16385, 1), (32768, 1), (32769, 2), (49152, 2)])
def test_number_of_slices(n, count):
    assert len(slices([ramp(n)])) == count


@pytest.mark.parametrize("n", [1, 16383, 16384, 16385])
def test_lengths_around_one_slice(n):
    cut = slices([ramp(n)]).cut(0, 0.0)[:, 0]
    kept = min(n, 16384)
    np.testing.assert_allclose(cut[:kept], np.arange(1, kept + 1) / 1e6, rtol=1e-6)
    assert cut.shape == (16384,) and not cut[kept:].any()


def test_long_clips_are_cut_everywhere_and_never_beyond_their_end():
    several = slices([ramp(40000)])
    starts = {
        slot: [round(several.cut(slot, draw)[0, 0] * 1e6) - 1 for draw in (0, 0.5, 0.999999)]
        for slot in range(len(several))
    }
    assert starts[0] == [0, 8192, 16384]
    assert starts[1] == [16384, 20000, 40000 - 16384]


def test_overlap_gives_more_slices():
    assert len(slices([ramp(49152)], overlap=0.5)) == 2 * len(slices([ramp(49152)]))


def test_a_batch_depends_on_its_number_alone(speech):
    one, other = slices(speech), slices(speech)
    for number in (0, 1, 2):
        one.batch(number)
    np.testing.assert_array_equal(one.batch(3)[0], other.batch(3)[0])
    assert not np.array_equal(one.batch(4)[0], other.batch(3)[0])


def test_every_slice_is_used_once_before_any_returns():
    clips = [make_clip(np.full(100, (k + 1) / 100, "float32")) for k in range(8)]
    several = slices(clips)
    seen = np.concatenate([several.batch(number)[0][:, 0, 0] for number in range(2)])
    np.testing.assert_allclose(np.sort(seen), np.arange(1, 9) / 100)


def test_disk_and_memory_give_the_same_slices(speech_folder):
    disk = slices(speech_folder, memory=0)
    assert all(source.audio is None for source in disk.sources)
    memory = slices(speech_folder)
    assert all(source.audio is not None for source in memory.sources)
    for number in range(3):
        np.testing.assert_array_equal(disk.batch(number)[0], memory.batch(number)[0])
    assert disk.digest() == memory.digest()


def test_memory_is_bounded(speech_folder):
    several = slices(speech_folder, memory=1)
    kept = [source.audio.nbytes for source in several.sources if source.audio is not None]
    assert 0 < sum(kept) <= 1e6


def test_peak_is_normalised_and_silence_left_alone(speech):
    loud = slices(speech[:4], normalize=True, overlap=0)
    whole = [np.abs(s.audio).max() / s.peak for s in loud.sources]
    np.testing.assert_allclose(whole, 1, rtol=1e-6)
    quiet = slices([make_clip(np.zeros(100, "float32"))], normalize=True)
    assert not quiet.batch(0)[0].any()


def test_rate_and_channels_are_brought_to_the_models(tmp_path):
    time_ = np.arange(44100) / 44100
    tone = 0.5 * np.sin(2 * np.pi * 440 * time_)
    soundfile.write(tmp_path / "a.flac", np.stack([tone, tone], 1), 44100)
    for memory in (0, 512):
        cut = slices(tmp_path, memory=memory).cut(0, 0.0)
        assert cut.shape == (16384, 1)
        peak = np.fft.rfft(cut[:, 0]).__abs__().argmax() * 16000 / 16384
        assert peak == pytest.approx(440, abs=1)
    assert slices(tmp_path, channels=2).cut(0, 0.0).shape == (16384, 2)


def test_files_that_cannot_be_read_are_listed(speech_folder, tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "page.wav").write_text("<html></html>")
    soundfile.write(tmp_path / "nan.wav", np.full(100, np.nan), 16000, subtype="FLOAT")
    soundfile.write(tmp_path / "header.wav", np.zeros(0), 16000)
    good = next(speech_folder.glob("*.wav"))
    (tmp_path / "good.wav").write_bytes(good.read_bytes())
    (tmp_path / "._good.wav").write_bytes(b"resource fork")
    sources, rejects = gather(tmp_path, config())
    assert [source.path for source in sources] == [str(tmp_path / "good.wav")]
    assert [name.rsplit("/")[-1] for name, _ in rejects] == [
        "empty.wav",
        "header.wav",
        "nan.wav",
        "page.wav",
    ]
    assert "finite" in dict((n.rsplit("/")[-1], r) for n, r in rejects)["nan.wav"]


def test_nothing_usable_is_an_error(tmp_path):
    (tmp_path / "a.wav").write_text("no")
    with pytest.raises(DataError, match=r"a\.wav"):
        gather(tmp_path, config())


def test_three_channels_do_not_fit_two(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((100, 3)), 16000)
    with pytest.raises(DataError, match="3 channels"):
        gather(tmp_path, config(channels=2))


def test_labels_come_from_a_column_or_the_folder(speech_folder, corpus):
    real = corpus[corpus.label == "bonafide"].head(12)
    several = slices(real, label="speaker")
    assert several.classes == tuple(sorted(real.speaker.unique()))
    paths = dict(zip(real.path, real.speaker, strict=True))
    for slot in range(len(several)):
        source = several.sources[several.slots[slot][0]]
        assert several.classes[several.label(slot)] == paths[source.path]
    assert slices(speech_folder, label="folder").classes == (speech_folder.name,)


@pytest.mark.parametrize("data", ["folder", "clips", "frame"])
def test_a_label_that_is_not_there_is_a_usage_error(data, speech_folder, speech):
    given = {"folder": speech_folder, "clips": speech, "frame": pd.DataFrame({"path": []})}[data]
    with pytest.raises(UsageError, match="mood"):
        gather(given, config(label="mood"))


def test_ahead_gives_items_in_order_and_stops():
    ahead = Ahead(lambda k: k * k, first=3)
    assert [ahead.next() for _ in range(4)] == [9, 16, 25, 36]
    ahead.close()
    assert not ahead._thread.is_alive()


def test_ahead_passes_errors_on():
    def fail(number):
        raise DataError("gone")

    ahead = Ahead(fail)
    with pytest.raises(DataError, match="gone"):
        ahead.next()
    ahead.close()
