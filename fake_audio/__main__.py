"""``fake-audio COMMAND ...``, also ``python -m fake_audio COMMAND ...``."""

import sys
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

PACKAGES = (
    "audio",
    "demo",
    "detect",
    "encoders",
    "experiment",
    "fad",
    "gan",
    "recipes",
    "study",
    "xai",
)


def main(argv=None):
    """Run the command that the first argument names.

    Parameters
    ----------
    argv : list of str, optional
        Instead of the command line.

    Returns
    -------
    int
        Exit code; see `fake_audio.commands.call`.
    """
    name, *rest = (sys.argv[1:] if argv is None else argv) or ["--help"]
    hidden = hiding(PACKAGES)
    if hidden:
        return _refuse(
            f"{hidden} hides the package of that name which fake-audio needs; rename it, or run "
            "from another folder"
        )
    from fake_audio import __version__
    from fake_audio.commands import COMMANDS, call

    if name in ("-h", "--help"):
        print(_help(COMMANDS))
        return 0
    if name == "--version":
        print(f"fake-audio {__version__}")
        return 0
    name = name.replace("_", "-")
    if name not in COMMANDS:
        near = get_close_matches(name, COMMANDS, 1)
        hint = f"did you mean {near[0]}?" if near else "fake-audio --help lists them"
        return _refuse(f"there is no command {name!r}; {hint}")
    return call(name, rest)


def hiding(packages):
    """Return the file or folder that Python imports instead of one of our packages, or None."""
    ours = Path(__file__).resolve().parents[1]
    for name in packages:
        spec = find_spec(name)
        places = [] if spec is None else [spec.origin, *(spec.submodule_search_locations or ())]
        found = next((Path(place).resolve() for place in places if place), None)
        if found is None or ours in found.parents:
            continue
        return found.parent if found.name == "__init__.py" else found
    return None


def _refuse(sentence):
    print(f"error: {sentence}", file=sys.stderr)
    return 2


def _help(commands):
    width = max(map(len, commands))
    lines = [f"  {name:<{width}}  {text}" for name, (_, text) in commands.items()]
    return "\n".join(
        (
            "usage: fake-audio COMMAND ...",
            "",
            "Can this generator fool this detector, and why?",
            "",
            *lines,
            "",
            "fake-audio COMMAND --help says more.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
