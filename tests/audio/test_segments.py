import numpy as np
import pytest

from audio.segments import frames, parse, stretches, text_of
from experiment.errors import DataError


def test_text_and_parts_are_the_same():
    text = "0-1.62-bonafide/1.62-2.48-spoof"
    assert text_of(*parse(text)) == text
    assert text_of([0, 1, 2, 3], [True, True, False]) == "0-2-spoof/2-3-bonafide"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not start-end-label"),
        ("0-1-maybe", "is not start-end-label"),
        ("0-1-spoof/2-3-bonafide", "begins at 2"),
        ("1-1-spoof", "has no length"),
        ("0-inf-spoof", "has no length"),
        ("0-1", "is not start-end-label"),
    ],
)
def test_other_text_is_refused(text, message):
    with pytest.raises(DataError, match=message):
        parse(text)


def test_a_frame_is_what_most_of_it_is():
    edges, spoof = parse("0-0.27-bonafide/0.27-0.54-spoof/0.54-1-bonafide")
    flags = frames(edges, spoof, 10, 0.1)
    assert np.flatnonzero(flags).tolist() == [3, 4]
    np.testing.assert_allclose(stretches(flags, 0.1), [[0.3, 0.5]])
    assert stretches(np.zeros(3, bool), 0.1).shape == (0, 2)
