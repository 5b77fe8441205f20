"""Which frames of a recording a detector takes for fake, where it judges frame by frame."""

import numpy as np

LAYER = "frames"
RECORD = "frames"  # of what training noted about them


def localises(detector):
    """Whether a detector judges frame by frame."""
    return RECORD in detector.training


def step(detector):
    """Return the seconds from one frame to the next."""
    return detector.front_end.hop / detector.rate


def frame_logits(network, features, batch=32):
    """Return the logits of the frames of windows.

    Parameters
    ----------
    network : keras.Model
        With a layer ``frames``.
    features : ndarray [windows, frames, bands, 1]
    batch : int
        Windows at a time.

    Returns
    -------
    ndarray [windows, frames] of float32
    """
    import keras

    model = keras.Model(network.input, network.get_layer(LAYER).output)
    starts = range(0, len(features), batch)
    parts = [
        np.asarray(model(features[start : start + batch], training=False))[..., 0]
        for start in starts
    ]
    return np.concatenate(parts)


def frame_scores(detector, samples):
    """Return the log-likelihood ratio of every frame of a recording.

    Parameters
    ----------
    detector : Detector
        One that `localises`.
    samples : ndarray [n]
        At the detector's rate, of any length.

    Returns
    -------
    ndarray [n // hop] of float64
        Frame k covers ``[k, k + 1] * step``. Windows overlap by half; a frame is the mean over
        them, in which the middle of a window counts most.
    """
    front = detector.front_end
    hop, size = front.hop, front.samples
    count = max(len(samples) // hop, 1)
    stride = size // 2 // hop * hop
    starts = range(0, max(len(samples) - size, 0) + stride, stride)
    windows = [samples[start : start + size] for start in starts]
    windows = [window for window in windows if len(window) >= hop] or [samples]
    logits = frame_logits(detector.network, front.batch(windows))
    total, weight = np.zeros(count + 1), np.zeros(count + 1)
    taper = np.hanning(logits.shape[1] + 2)[1:-1]
    for start, row, window in zip(starts, logits, windows, strict=False):
        first = start // hop
        kept = min(len(row), len(window) // hop + 1, count + 1 - first)
        total[first : first + kept] += (row * taper)[:kept]
        weight[first : first + kept] += taper[:kept]
    centred = total / np.maximum(weight, 1e-9)
    line = detector.training[RECORD]
    return line["scale"] * (centred[:-1] + centred[1:]) / 2 + line["offset"]


def fake_stretches(detector, samples):
    """Return the seconds of a recording that are called fake.

    Parameters
    ----------
    detector : Detector
        One that `localises`.
    samples : ndarray [n]
        At the detector's rate.

    Returns
    -------
    list of (float, float)
        Start and end, to one frame.
    """
    from audio.segments import stretches

    called = frame_scores(detector, samples) < detector.training[RECORD]["threshold"]
    return [tuple(map(float, pair)) for pair in stretches(called, step(detector))]
