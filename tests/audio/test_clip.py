import numpy as np
import soundfile

from audio.clip import RATE, make_clip, read_clip, resample, write_wav


def test_sixteen_bits_survive_exactly(speech, tmp_path):
    write_wav(tmp_path / "a.wav", speech[0].samples)
    once = read_clip(tmp_path / "a.wav")
    write_wav(tmp_path / "b.wav", once.samples)
    assert read_clip(tmp_path / "b.wav").digest == once.digest
    assert np.abs(once.samples - speech[0].samples).max() <= 2**-15


def test_the_id_is_of_the_samples_and_not_of_the_file(speech, tmp_path):
    clip = speech[0]
    soundfile.write(tmp_path / "a.flac", clip.samples, RATE, "PCM_24")
    soundfile.write(tmp_path / "b.wav", clip.samples, RATE, "FLOAT")
    assert read_clip(tmp_path / "b.wav").digest == clip.digest
    assert make_clip(clip.samples * 0.5).digest != clip.digest


def test_channels_are_averaged_and_the_rate_is_changed_once(speech, tmp_path):
    samples = speech[0].samples
    wide = resample(samples, RATE, 44100)
    soundfile.write(tmp_path / "x.wav", np.stack([wide, wide], 1), 44100, "FLOAT")
    clip = read_clip(tmp_path / "x.wav")
    assert clip.rate == RATE
    n = min(len(samples), len(clip.samples))
    error = clip.samples[:n] - samples[:n]
    assert abs(len(clip.samples) - len(samples)) <= 2
    assert 10 * np.log10(np.mean(error**2) / np.mean(samples**2)) < -25


def test_g722_is_read_by_its_suffix(speech, tmp_path):
    import av

    samples = np.clip(speech[0].samples * 32767, -32768, 32767).astype("<i2")
    samples = samples[: len(samples) // 320 * 320]
    with av.open(str(tmp_path / "x.g722"), "w", format="g722") as file:
        stream = file.add_stream("g722", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    clip = read_clip(tmp_path / "x.g722")
    best = max(
        np.corrcoef(clip.samples[lag : lag + 8000], samples[:8000])[0, 1] for lag in range(40)
    )
    assert best > 0.98
