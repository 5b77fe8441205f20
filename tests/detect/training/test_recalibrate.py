import numpy as np
import pandas as pd
import pytest

from detect import MODELS
from detect.training.optimise import initialised
from detect.training.recalibrate import calibrated, recalibrated
from detect.use.detector import Detector
from experiment.errors import DataError
from experiment.seeds import rng

keras = pytest.importorskip("keras")


@pytest.fixture
def detector():
    """One whose logit is the mean of the picture."""
    front_end = MODELS["cnn"].front_end
    inputs = keras.Input(front_end.shape)
    logit = keras.layers.GlobalAveragePooling2D()(inputs)
    return Detector("cnn", front_end, keras.Model(inputs, logit), training={"attacks": []})


def labelled(detector, n=40):
    """Features of clips of eight speakers, the bona fide ones brighter, and their rows."""
    real = np.arange(n) % 2 == 0
    level = np.where(real, 1.0, -1.0) + rng(0).normal(size=n)
    shape = (n, *detector.front_end.shape)
    features = np.broadcast_to(level[:, None, None, None], shape).astype(np.float32)
    label = np.where(real, "bonafide", "spoof")
    speaker = [f"s{k // 5}" for k in range(n)]
    frame = pd.DataFrame({"name": [f"c{k}" for k in range(n)], "label": label, "speaker": speaker})
    return features, frame, real


def test_calibration_makes_likelihood_ratios_of_logits(detector):
    features, frame, real = labelled(detector)
    found = calibrated(detector, features, frame)
    scores = found.calibration(found.logits(features))
    assert found.network is detector.network
    assert scores[real].mean() > 0 > scores[~real].mean()
    assert found.training["dev"]["cllr"] < 1
    accepted = scores >= found.threshold
    assert abs((~accepted[real]).mean() - accepted[~real].mean()) <= 0.1
    again = calibrated(found, features, frame)
    assert again.calibration == found.calibration and again.threshold == found.threshold


def test_a_manifest_calibrates_a_detector_and_tells_its_domain(corpus):
    with initialised(0):
        network = MODELS["cnn"].build(MODELS["cnn"].front_end.shape, width=2)
    plain = Detector("cnn", MODELS["cnn"].front_end, network, training={"attacks": []})
    found = recalibrated(plain, corpus)
    assert found.domain is None and found.training["calibrated"] is True
    assert found.training["calibration_clips"] == len(corpus)
    assert found.digest != plain.digest
    known = recalibrated(plain, corpus, corpus)
    assert known.domain.level > 0 and known.training["domain_clips"] == len(corpus)
    with pytest.raises(DataError):
        recalibrated(plain, corpus[corpus["label"] == "spoof"])
