"""Each family of detectors can be explained, or says in one sentence why not."""

import numpy as np
import pytest

from detect import MODELS
from experiment.errors import UsageError
from xai import explain

METHODS = {
    "gradcam": {},
    "integrated_gradients": {"steps": 4},
    "lime": {"samples": 16},
    "band_occlusion": {"hertz": (0, 2000, 4000, 8000)},
}
FAMILIES = ("cnn", "lcnn", "lstm", "mfcc_svm", "mobilenet", "rawnet2")
ALWAYS = {"lime", "band_occlusion"}


@pytest.fixture(scope="module", params=FAMILIES)
def detector(request):
    import keras

    from detect.use.detector import Detector

    keras.utils.set_random_seed(0)
    entry = MODELS[request.param]
    front = entry.front_end
    network = entry.build(front.shape)
    return Detector(request.param, front, network)


@pytest.mark.filterwarnings("ignore:integrated gradients")
def test_every_detector(detector, clips):
    for method, options in METHODS.items():
        try:
            found = explain(detector, clips[:1], method, "spoof", **options)[0]
        except UsageError as error:
            assert method not in ALWAYS
            assert "lime" in str(error) and str(error).count("\n") == 0
            continue
        assert np.isfinite(found.heat).all()
        assert found.heat.shape == (len(found.times), len(found.frequencies))
