import subprocess
import sys

import pytest

from experiment.errors import UsageError
from gan import GENERATORS, SAMPLES
from gan.config import GanConfig


@pytest.mark.parametrize(
    "values",
    [
        {"model": "diffusion"},
        {"samples": 10000},
        {"model": "specgan", "samples": 32768},
        {"loss": "hinge"},
        {"precision": "float16"},
        {"xla": "maybe"},
        {"dim": 0},
        {"overlap": 1.0},
        {"ema": 1.0},
    ],
)
def test_a_wrong_value_is_named(values):
    with pytest.raises(UsageError, match=str(list(values.values())[-1])):
        GanConfig(**values)


def test_every_generator_has_its_sizes():
    assert GENERATORS.keys() == SAMPLES.keys()


def test_the_registry_and_the_configuration_import_no_tensorflow():
    code = "import sys, gan.config; assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)
