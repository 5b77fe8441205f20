"""Detectors of fake audio: training, calibration, metrics. A higher score means bona fide.

Add a detector with one file in detect/models/ and one line in `MODELS`.
"""

from audio.frontends import MFCC, LogMel
from detect.config import Model, TrainConfig
from detect.models import cnn, lstm, mfcc_svm, mobilenet

__all__ = ["MODELS", "Model", "TrainConfig"]

MODELS = {
    "cnn": Model(cnn.build, LogMel()),
    "mobilenet": Model(mobilenet.build, LogMel()),
    "lstm": Model(lstm.build, LogMel()),
    "mfcc_svm": Model(mfcc_svm.build, MFCC(), fit=mfcc_svm.fit),
}
