"""No cycles of imports anywhere, and faces that cost nothing."""

import inspect
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from docstring_parser import parse

PACKAGES = (
    *("audio", "demo", "detect", "encoders", "experiment"),
    *("fad", "fake_audio", "gan", "recipes", "study", "xai"),
)
FACES = ("audio", "gan", "fad", "detect", "xai", "experiment")
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def graph():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield grimp.build_graph(*PACKAGES, cache_dir=None)


def test_no_module_imports_itself_by_way_of_others(graph):
    left = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    while free := [name for name, imported in left.items() if not imported & left.keys()]:
        for name in free:
            del left[name]
    importing = {name for imported in left.values() for name in imported}
    assert not left.keys() & importing, f"on or behind a cycle: {sorted(left.keys() & importing)}"


def test_no_module_uses_the_face_of_its_own_package(graph):
    users = {
        name
        for face in FACES
        for name in graph.find_modules_that_directly_import(face)
        if name.split(".")[0] == face
    }
    assert not users


@pytest.mark.parametrize("face", FACES)
def test_a_face_imports_nothing_but_lazy_loader(face):
    code = (
        f"import sys, {face}\n"
        "heavy = {'tensorflow', 'keras', 'librosa', 'sklearn', 'scipy', 'numpy', 'pandas'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        f"assert {face}.__version__"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("face", FACES)
def test_everything_that_a_face_promises_is_there(face):
    module = __import__(face)
    assert all(hasattr(module, name) for name in module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("face", FACES)
def test_functions_of_a_face_are_typed_and_document_what_they_take(face):
    module = __import__(face)
    for name in module.__all__:
        entry = getattr(module, name)
        if not inspect.isfunction(entry) or not entry.__module__.startswith(face):
            continue
        taken = inspect.signature(entry)
        typed = [p.annotation is not inspect.Parameter.empty for p in taken.parameters.values()]
        assert all(typed) and taken.return_annotation is not inspect.Signature.empty, name
        documented = [
            word.strip().lstrip("*")
            for entry_ in parse(entry.__doc__).params
            for word in entry_.arg_name.split(",")
        ]
        assert documented[: len(taken.parameters)] == list(taken.parameters), name
