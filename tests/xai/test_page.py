import re

import pytest

from audio.clip import Clip, write_wav
from experiment.errors import UsageError
from fake_audio.commands import call
from xai import Explanation, page


@pytest.fixture(scope="module")
def detector():
    """A detector as it is saved, with weights by chance."""
    import keras

    from audio.frontends import LogMel
    from detect import MODELS
    from detect.use.detector import Detector

    keras.utils.set_random_seed(1)
    front = LogMel(seconds=1.0)
    return Detector("cnn", front, MODELS["cnn"].build(front.shape))


def test_a_long_clip_is_cut_and_the_strongest_part_explained(detector, clips):
    import numpy as np

    long = Clip(np.concatenate([clip.samples for clip in clips]), 16000, "", name="long")
    for target, best in (("bonafide", max), ("spoof", min)):
        case = page.open_case(detector, long, "long.wav", target)
        size = detector.front_end.samples
        starts = range(0, len(long.samples) - size // 2, size)
        parts = [Clip(long.samples[s : s + size], 16000, "", name="p") for s in starts]
        assert case.score == pytest.approx(best(detector.score(parts)), abs=1e-5)
        assert case.clip.seconds <= 1.0 and case.start < long.seconds


def test_a_clip_as_short_as_the_front_end_is_one_part(detector, clips):
    short = Clip(clips[0].samples[:9000], 16000, "", name="short")
    assert page.open_case(detector, short, "short.wav").start == 0


def test_command_writes_one_offline_page_a_file(detector, clips, tmp_path, capsys):
    detector.save(tmp_path / "model")
    write_wav(tmp_path / "a <b>.wav", clips[0].samples, 16000)
    argv = [str(tmp_path / "a <b>.wav"), "--model", str(tmp_path / "model")]
    argv += ["--method", "[gradcam, saliency, occlusion]", "--out", str(tmp_path / "out")]
    assert call("explain", argv) == 0
    path = next((tmp_path / "out").glob("*.html"))
    assert str(path) in capsys.readouterr().out
    html = path.read_text()
    assert "a &lt;b&gt;.wav" in html and "<b>" not in html
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    assert html.count("<audio") == 7 and "no preference" in html
    saved = sorted((tmp_path / "out" / "explanations").glob("*.npz"))
    assert [Explanation.load(file).method for file in saved] == ["gradcam", "occlusion", "saliency"]


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--method", "magic"], 2, "gradcam"),
        (["--target", "real"], 2, "bonafide"),
        (["--model", "nowhere"], 3, "nowhere"),
    ],
)
def test_mistakes_of_the_command(flags, code, words, detector, clips, tmp_path, capsys):
    detector.save(tmp_path / "model")
    write_wav(tmp_path / "a.wav", clips[0].samples, 16000)
    argv = [str(tmp_path / "a.wav"), "--model", str(tmp_path / "model"), *flags]
    assert call("explain", argv) == code
    assert words in capsys.readouterr().err


def test_methods_that_cannot_are_named(black_box, clips):
    black_box.threshold = 0.0
    case = page.open_case(black_box, clips[0], "a.wav")
    found, refused = page.explain_case(black_box, case, ["gradcam", "occlusion"])
    assert [e.method for e in found] == ["occlusion"] and "gradients" in refused[0]
    with pytest.raises(UsageError, match="gradients"):
        page.explain_case(black_box, case, ["gradcam"])


def deletions(rows):
    import pandas as pd

    frames = (
        pd.DataFrame({"method": m, "share": [0.0, 0.2, 1.0], "deletion": [2.0, at, 0.0]})
        for m, at in rows.items()
    )
    return pd.concat(frames).reset_index(drop=True)


def test_findings_name_what_is_no_better_than_chance():
    frame = deletions({"random": 1.0, "energy": 0.8, "good": 0.1, "bad": 1.2})
    found = " ".join(page.findings(frame, "spoof"))
    assert "is 2.00 logits" in found and "leaves 1.00" in found and "good 0.10" in found
    assert "All but bad found more" in found and "no test" not in found


def test_findings_warn_where_the_fill_is_evidence_itself():
    found = page.findings(deletions({"random": 3.0, "energy": 3.1, "good": 2.5}), "bonafide")
    assert "what fills the gaps speaks for bonafide itself" in found[-1]
