import numpy as np
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
    real = np.arange(n) % 2 == 0
    level = np.where(real, 1.0, -1.0) + rng(0).normal(size=n)
    shape = detector.front_end.shape
    return np.broadcast_to(level[:, None, None, None], (n, *shape)).astype(np.float32), real


def test_calibration_makes_likelihood_ratios_of_logits(detector):
    features, real = labelled(detector)
    found = calibrated(detector, features, real)
    scores = found.calibration(found.logits(features))
    assert found.network is detector.network
    assert scores[real].mean() > 0 > scores[~real].mean()
    assert found.training["dev"]["cllr"] < 1
    misses, alarms = (
        (scores[real] < found.threshold).mean(),
        (scores[~real] >= found.threshold).mean(),
    )
    assert abs(misses - alarms) <= 0.1
    again = calibrated(found, features, real)
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
