"""Engines speak, the same each time."""

import sys

import numpy as np
import pytest

from audio.datasets.starter.engines import ENGINES
from audio.datasets.starter.engines.tools import does_not_start, run
from experiment.errors import DataError

AT_HAND = [name for name, engine in ENGINES.items() if not engine.packages and not engine.optional]


@pytest.mark.parametrize("name", [*AT_HAND, "kokoro"])
def test_an_engine_speaks_the_same_each_time(name, tmp_path):
    engine = ENGINES[name]
    pytest.importorskip(engine.module)
    language, voices = next(iter(next(iter(engine.voices.values())).items()))
    texts = ["The door is open and the light is on.", "Who is there?"]
    said = engine.speak(texts, voices[0], None, tmp_path, 0)
    again = engine.speak(texts, voices[0], None, tmp_path, 0)
    for (samples, rate), (repeated, _) in zip(said, again, strict=True):
        assert rate >= 16000
        assert 0.3 < len(samples) / rate < 6
        assert np.abs(samples).max() > 0.05
        assert np.array_equal(samples, repeated)


def test_a_program_that_does_not_start_says_why(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho no such library >&2; exit 127\n")
    program.chmod(0o755)
    assert does_not_start([str(program)], tmp_path) == "no such library"
    assert "No such file" in does_not_start([str(tmp_path / "none")], tmp_path)
    assert does_not_start([sys.executable, "--version"], tmp_path) == ""


def test_a_tool_that_fails_is_one_sentence():
    with pytest.raises(DataError, match=r"failed \(.*no voice"):
        run([sys.executable, "-c", "raise SystemExit('no voice')"])


def test_engines_speak_in_test_alone():
    assert {split for engine in ENGINES.values() for split in engine.voices} == {"test"}
