"""The examples in docstrings run, on real speech."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("audio", "detect", "encoders", "experiment", "fad", "gan", "xai")


def modules():
    """Return the modules with examples, by name; found without importing them."""
    named = []
    for package in PACKAGES:
        [folder] = importlib.import_module(package).__path__
        found = pkgutil.walk_packages([folder], f"{package}.")
        names = [package, *(info.name for info in found if "_tool" not in info.name)]
        named += [name for name in names if _has_examples(name)]
    return named


def _has_examples(name):
    spec = importlib.util.find_spec(name)
    with open(spec.origin, encoding="utf-8") as file:
        return ">>> " in file.read()


@pytest.mark.parametrize("name", modules())
def test_examples_run(name, corpus, speech, speech_folder):
    module = importlib.import_module(name)
    given = {"corpus": corpus, "speech": speech, "speech_folder": speech_folder}
    found = doctest.testmod(
        module,
        extraglobs=given,
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert not found.failed
