"""A copy made to differ from its original by what made it alone, and not by its channel.

A vocoder leaves more than its traces: it loses what lies below speech, tilts the mean spectrum,
moves the level, fills or empties pauses, and, where it has pulses for phases, piles them up into
peaks. Such differences name the class without listening to speech, so they are taken away: a copy
gets the low end, the mean spectrum, the slow envelope, the level, the crest and the limit of peaks
of its original; both go through the same band limit and the same dither.
"""

import numpy as np

from audio.clip import resample

LOW = 70.0  # Hz; below it no speech, and nothing that vocoders of speech reproduce
STEEP = 20  # twice the order of the crossover there
MARGIN = 0.1  # s beyond the ends that filters see
WINDOW = 0.05  # s of the envelope: longer than a period of the lowest voice
SHORT = 0.012  # s of the envelope of pauses, which have no periods
SILENT = 2**-17  # half a step of 16 bits
FRAME = 0.064  # s of the frames of the mean spectrum
SMOOTH, FINE = 150.0, 300.0  # Hz over which it is smoothed, and below which it is not
RANGE = 1e-4, 100.0  # least and most that the envelope is moved, as factors
PAUSE = 10 ** (-25 / 20)  # of the level of speech
RATHER = 0.02  # share of pauses, or of speech, that has a mean spectrum of its own
TILT, FALL = 30.0, 1000.0  # most that the mean spectrum is raised and lowered, as factors
EMPTY = 1e-7  # share of the highest power below which nothing is made louder
TURN = 0.0012  # s in which the level around a peak is turned down, and up again
TURNS = 4  # times that this is done: the level, which it lowers, is restored after each
DELAYS = (1e-3, -1e-3, 2e-3, -2e-3, 4e-3, -4e-3, 8e-3, -8e-3)  # s between 0 and half of the rate
LIKE = 1.25  # ratio of crests, of copy and original, that is left as it is


def match(copy: np.ndarray, original: np.ndarray, rate: int, crest: bool = False) -> np.ndarray:
    """Return a copy with the length, low end, mean spectrum, envelope and crest of its original.

    Parameters
    ----------
    copy : ndarray [m]
        Starts where the original starts.
    original : ndarray [n]
        At the same rate.
    rate : int
        In Hz.

    Returns
    -------
    float32 ndarray [n]
        Where the original is digital silence, so is it.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal(16000)
    >>> matched = match(3 * noise, 0.1 * noise + 0.02, 16000)
    >>> round(float(matched.mean()), 2), round(float(matched.std()), 2)
    (0.02, 0.1)
    """
    original = np.asarray(original, np.float64)
    copy = np.asarray(copy, np.float64)[: len(original)]
    copy = np.pad(copy, (0, len(original) - len(copy)))
    low, above = _parts(original, rate)
    copy = _channel(_parts(copy, rate)[1], above, rate)
    dispersed = _dispersed(copy, _crest(above), rate)
    copy = copy if dispersed is copy else _channel(dispersed, above, rate)
    peak = np.abs(original).max(initial=0)
    for _ in range(TURNS):
        turned = _held(copy, peak, rate) - copy
        copy = _level(copy + _parts(turned, rate)[1], above)
    copy = _held(_parts(copy, rate)[1] + low, peak, rate)
    copy += original.mean() - copy.mean()
    return np.where(_sounding(original, rate), copy, 0).astype(np.float32)


def limited(samples: np.ndarray, rate: int, band: int) -> np.ndarray:
    """Return samples at their rate with nothing above half of another rate.

    Parameters
    ----------
    samples : ndarray [n]
        One channel.
    rate : int
        In Hz.
    band : int
        The other rate in Hz; nothing happens where it is not lower.

    Returns
    -------
    ndarray [n]
        Resampled to `band` and back.
    """
    if band >= rate:
        return samples
    back = resample(resample(samples, rate, band), band, rate)[: len(samples)]
    return np.pad(back, (0, len(samples) - len(back)))


def _channel(copy, original, rate):
    """Return the copy with mean spectrum, envelope and level of the original."""
    copy = _balanced(copy, original, rate)
    for window, share in ((WINDOW, 1.0), (SHORT, _quiet(original, rate, SHORT))):
        gain = _envelope(original, rate, window) / _envelope(copy, rate, window)
        copy = copy * np.clip(gain, *RANGE) ** share
    return _level(copy, original)


def _level(copy, original):
    return copy * np.sqrt(np.mean(original**2) / max(np.mean(copy**2), 1e-20))


def _parts(samples, rate):
    """Return what lies below and above `LOW`, without delay.

    The squares of the two responses add up to one: the low part of one recording and the high part
    of another, whose phases have nothing in common, have no dip where they meet.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    margin = min(int(MARGIN * rate), len(samples) - 1)
    around = np.pad(samples, margin, mode="reflect", reflect_type="odd") if margin else samples
    length = next_fast_len(len(around), real=True)
    spectrum = rfft(around, length)
    power = 1 / (1 + (np.fft.rfftfreq(length, 1 / rate) / LOW) ** STEEP)
    halves = (irfft(spectrum * np.sqrt(share), length) for share in (power, 1 - power))
    return [half[margin : margin + len(samples)] for half in halves]


def _balanced(copy, original, rate):
    """Return the copy with the mean spectra of the original's speech and pauses, without delay."""
    quiet = _quiet(original, rate)
    if not RATHER < quiet.mean() < 1 - RATHER:
        return _moved(copy, original, 1.0, rate)
    return sum(share * _moved(copy, original, share, rate) for share in (quiet, 1 - quiet))


def _quiet(samples, rate, window=WINDOW):
    """Return how much each sample belongs to pauses, in [0, 1]."""
    from scipy.ndimage import uniform_filter1d

    level = _envelope(samples, rate, window)
    pause = (level < PAUSE * np.percentile(level, 95)).astype(np.float64)
    return np.clip(uniform_filter1d(pause, max(int(window * rate), 1), mode="nearest"), 0, 1)


def _moved(copy, original, share, rate):
    """Return the copy with the mean spectrum of the original, of the samples with a share in it."""
    from scipy.signal import oaconvolve

    size, weight = int(FRAME * rate) // 2 * 2, np.sqrt(share)
    wanted, found = (_spectrum(side * weight, rate, size) for side in (original, copy))
    found *= wanted.sum() / found.sum()
    most = np.where(wanted > EMPTY * wanted.max(), TILT, 1.0)
    gain = np.clip(np.sqrt(wanted / found), 1 / FALL, most)
    response = np.fft.fftshift(np.fft.irfft(gain, size))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size + 1) / size)
    response = np.append(response, response[0]) * window
    return oaconvolve(copy, response, mode="full")[size // 2 :][: len(copy)]


def _spectrum(samples, rate, size):
    """Return the mean power spectrum [size / 2 + 1], smoothed over `SMOOTH`."""
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import welch

    samples = np.pad(samples, (0, max(size - len(samples), 0)))
    power = welch(samples, rate, nperseg=size)[1]
    smooth = uniform_filter1d(power, max(int(SMOOTH * size / rate), 1), mode="nearest")
    fine = int(FINE * size / rate)
    return np.maximum(np.append(power[:fine], smooth[fine:]), 1e-20)


def _envelope(samples, rate, window=WINDOW):
    """Return the root mean square in a sliding window around each sample."""
    from scipy.ndimage import uniform_filter1d

    power = uniform_filter1d(samples**2, max(int(window * rate), 1), mode="nearest")
    return np.sqrt(np.maximum(power, 0)) + SILENT


def _sounding(samples, rate):
    """Return whether there is anything but digital silence around each sample."""
    from scipy.ndimage import uniform_filter1d

    around = uniform_filter1d((samples != 0).astype(np.float64), max(int(WINDOW * rate), 1))
    return around > 1e-9


def _held(samples, peak, rate):
    """Return samples turned down around each peak that is above another one, and as they are else.

    A bent peak would spread into bands where the original has nothing; this gain moves slowly.
    """
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    if np.abs(samples).max(initial=0) <= peak:
        return samples
    needed = np.minimum(1, peak / np.maximum(np.abs(samples), 1e-20))
    span = int(TURN * rate) // 2 * 2 + 1
    lowest = minimum_filter1d(needed, 2 * span - 1, mode="nearest")
    for _ in range(2):
        lowest = uniform_filter1d(lowest, span, mode="nearest")
    return samples * lowest


def dithered(signals, rate, rng):
    """Return signals with the same triangular noise of one step of 16 bits, but for silence.

    How a recording was once rounded, or cut off, to whole numbers shows in its lowest bit; a copy
    knows nothing of that.

    Parameters
    ----------
    signals : ndarray [m, n]
        An original and its copies, in [-1, 1].
    rate : int
        In Hz.
    rng : numpy.random.Generator
        Draws the noise.

    Returns
    -------
    float32 ndarray [m, n]
        Source: Lipshitz, Wannamaker and Vanderkooy, *Quantization and dither*, JAES 40(5), 1992.
    """
    noise = rng.random((2, signals.shape[-1]), np.float32).sum(axis=0) - 1
    sounding = _sounding(signals[0], rate)
    return np.where(sounding, signals + noise / 32768, signals).astype(np.float32)


def _crest(samples):
    return np.abs(samples).max() / max(np.sqrt(np.mean(samples**2)), 1e-20)


def _dispersed(copy, crest, rate):
    """Return the copy through the all-pass filter that brings its crest nearest to another one.

    The copy itself, where its crest is not much higher. The filter delays high frequencies against
    low ones, in a straight line through the frequency that halves the energy; what lag is left
    between before and after is taken back.
    """
    if not crest or _crest(copy) < LIKE * crest:
        return copy
    length = len(copy) + int(2 * max(DELAYS) * rate)
    spectrum, hertz = np.fft.rfft(copy, length), np.fft.rfftfreq(length, 1 / rate)
    energy = np.cumsum(np.abs(spectrum) ** 2)
    away = hertz - hertz[np.searchsorted(energy, energy[-1] / 2)]

    def delayed(seconds):
        filtered = np.exp(-2j * np.pi * seconds * away**2 / rate)
        lag = int(np.argmax(np.fft.irfft(np.abs(spectrum) ** 2 * filtered, length)))
        back = np.exp(2j * np.pi * hertz * lag / rate)
        return np.fft.irfft(spectrum * filtered * back, length)[: len(copy)]

    tried = [copy, *map(delayed, DELAYS)]
    return min(tried, key=lambda samples: abs(np.log(_crest(samples) / crest)))
