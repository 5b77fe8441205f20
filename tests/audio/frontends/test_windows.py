import numpy as np
import pytest

from audio.frontends import LFCC, WindowedLFCC
from experiment.errors import UsageError


def test_each_window_is_an_lfcc_of_its_own(speech):
    samples = speech[0].samples
    front = WindowedLFCC(coefficients=12, windows=(256, 320))
    short, usual = (
        LFCC(n_fft=n_fft, window=window, bands=32, coefficients=12, orders=0)(samples)
        for n_fft, window in ((256, 256), (512, 320))
    )
    assert np.array_equal(front(samples), np.concatenate([short, usual], axis=1))


def test_no_window_is_refused():
    with pytest.raises(UsageError, match="at least one length"):
        WindowedLFCC(windows=())
