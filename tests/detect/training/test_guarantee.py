import numpy as np
import pytest

from detect.training.guarantee import fewest, guarantee, guaranteed, rank
from detect.use.detector import Detector
from experiment.errors import DataError, UsageError
from experiment.seeds import rng


@pytest.mark.parametrize("clips, alarms, confidence", [(30, 0.1, 0.9), (100, 0.05, 0.8)])
def test_more_real_recordings_are_called_spoof_in_as_many_draws_as_the_confidence_allows(
    clips, alarms, confidence
):
    draws = rng(0).uniform(size=(4000, clips))  # the share below a threshold is the threshold
    shares = np.array([guarantee(scores, alarms, confidence).threshold for scores in draws])
    broken = np.mean(shares > alarms)
    assert broken <= 1 - confidence + 3 * np.sqrt(confidence * (1 - confidence) / len(draws))
    expected = guarantee(draws[0], alarms, confidence).expected
    assert abs(shares.mean() - expected) < 0.01
    next_rank = np.mean(np.sort(draws)[:, rank(clips, alarms, confidence)] > alarms)
    assert next_rank > 1 - confidence  # a higher threshold would promise too much


def test_the_fewest_recordings_carry_a_guarantee_and_one_less_does_not():
    for alarms, confidence in ((0.1, 0.9), (0.05, 0.95), (0.2, 0.5)):
        n = fewest(alarms, confidence)
        assert rank(n, alarms, confidence) == 1 and rank(n - 1, alarms, confidence) == 0
        with pytest.raises(DataError, match=f"{n} can"):
            guarantee(np.zeros(n - 1), alarms, confidence)


def test_scores_that_tie_are_called_spoof_no_more_often():
    found = guarantee([0.0] * 50)
    assert found.threshold == 0.0 and not np.mean(np.zeros(50) < found.threshold)


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(UsageError):
        guarantee(np.zeros(100), alarms=share)
    with pytest.raises(UsageError):
        guarantee(np.zeros(100), confidence=share)


def test_a_detector_keeps_its_scores_and_tells_how_far_they_drifted(speech_folder):
    keras = pytest.importorskip("keras")
    from detect import MODELS
    from detect.training.drift import KEPT, quantiles

    front_end = MODELS["cnn"].front_end
    inputs = keras.Input(front_end.shape)
    network = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    paths = sorted(speech_folder.glob("*.wav"))
    plain = Detector("cnn", front_end, network, threshold=1e6)
    found = guaranteed(plain, paths, alarms=0.5, confidence=0.5)
    kept, moved = found.training["guarantee"], found.training["drift"]
    assert found.threshold == kept["threshold"] < plain.threshold
    assert kept["clips"] == len(paths) and found.calibration == plain.calibration
    assert moved["alarms"] == 1.0 and moved["lower"] is None
    dev = {KEPT: quantiles(np.linspace(1e5, 1e6, 50))}
    moved = guaranteed(Detector("cnn", front_end, network, training=dev), paths, 0.5, 0.5).training[
        "drift"
    ]
    assert moved["lower"] == 1.0 and moved["dev_median"] > moved["median"]
