import numpy as np
import pytest
import soundfile

from audio.manifest import load
from fake_audio.commands import call


@pytest.fixture
def folder(speech, tmp_path):
    """Folder of real speech: three speakers, one file that is none."""
    for place, clip in enumerate(speech[:6]):
        path = tmp_path / "in" / f"speaker{place % 3}" / f"{place}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, clip.samples, clip.rate)
    (tmp_path / "in" / "page.wav").write_text("<html>")
    return tmp_path / "in"


def test_a_folder_becomes_pairs(folder, tmp_path, capsys):
    out = str(tmp_path / "out")
    assert call("vocode", [str(folder), "--with", "griffinlim,lpc", "--each", "--out", out]) == 0
    assert capsys.readouterr().out.strip() == f"{out}/manifest.parquet"
    frame = load(out)
    assert frame["attack"].value_counts().to_dict() == {"": 6, "griffinlim": 6, "lpc": 6}
    assert set(frame["speaker"]) == {"speaker0", "speaker1", "speaker2"}
    original = frame[frame["label"] == "bonafide"].set_index("name")
    for copy in frame[frame["label"] == "spoof"].itertuples():
        assert copy.split == original.loc[copy.copy_of, "split"]
        assert copy.path.endswith(".flac")
        assert len(soundfile.read(copy.path)[0]) == round(copy.duration * copy.rate)


def test_the_same_command_goes_on_with_resume_alone(folder, tmp_path, capsys):
    flags = [str(folder), "--with=griffinlim", "--no-originals", "--out", str(tmp_path / "out")]
    assert call("vocode", flags) == 0
    assert call("vocode", flags) == 2
    assert "--resume" in capsys.readouterr().err
    assert call("vocode", [*flags, "--resume"]) == 0
    assert set(load(tmp_path / "out")["label"]) == {"spoof"}


@pytest.mark.parametrize("by, code", [("nosuch", 2), ("wavegan-starter", 2), ("", 2)])
def test_unknown_vocoders_are_named(folder, tmp_path, by, code, capsys):
    assert call("vocode", [str(folder), "--with", by, "--out", str(tmp_path / "out")]) == code
    assert "error: " in capsys.readouterr().err


def test_a_folder_of_silence_is_exit_code_three(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for place in range(3):
        soundfile.write(tmp_path / "in" / f"{place}.wav", np.zeros(16000 + place), 16000)
    flags = [str(tmp_path / "in"), "--with", "griffinlim", "--out", str(tmp_path / "out")]
    assert call("vocode", flags) == 3
    assert "silent" in capsys.readouterr().err
