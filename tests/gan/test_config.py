import dataclasses
import re
import subprocess
import sys

import pytest

from experiment.errors import UsageError
from gan.config import GanConfig
from gan.registry import GENERATORS, SAMPLES
from gan.sizes import SIZES


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
        {"model": "vocos", "loss": "wgan-gp"},
        {"model": "vocos", "channels": 2},
        {"model": "vocos", "hop": 300},
        {"model": "hifigan", "size": "huge"},
        {"model": "vocos", "mels": 0},
    ],
)
def test_a_wrong_value_is_named(values):
    with pytest.raises(UsageError, match=re.escape(str(list(values.values())[-1]))):
        GanConfig(**values)


def test_a_size_fills_what_is_not_given():
    assert GanConfig().dim == 16 and GanConfig().copies is False
    config = GanConfig(model="vocos", size="published", dim=64)
    assert (config.dim, config.depth, config.mels, config.rate) == (64, 8, 100, 24000)
    assert config.copies and GanConfig(**dataclasses.asdict(config)) == config


def test_every_generator_has_its_sizes():
    assert GENERATORS.keys() == SAMPLES.keys() == SIZES.keys()


def test_the_registry_and_the_configuration_import_no_tensorflow():
    code = "import sys, gan.config; assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)
