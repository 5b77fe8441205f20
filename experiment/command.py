"""One command line for all scripts: a frozen dataclass becomes flags, a recipe and help.

A recipe is a YAML file of the same keys; flags win over the recipe, the recipe over the defaults;
an unknown key is an error. Fields with ``metadata={"positional": None}`` (or ``"+"`` for one or
more) stand without a dash.
"""

import dataclasses
import os
import signal
import sys
import threading
import traceback

from experiment.files import refusal
from experiment.progress import shown


def run_command(main, config, doc, argv=None, recipe=None):
    """Parse the command line, call `main`, and exit with the code that the outcome has.

    Parameters
    ----------
    main : callable
        Takes an instance of `config`, returns an exit code or None.
    config : type
        A frozen dataclass whose docstring describes each field (numpydoc ``Attributes``).
    doc : str
        What the command does: the top of ``--help``.
    argv : list of str, optional
        Instead of the command line.
    recipe : str or Path, optional
        Recipe that holds where ``--recipe`` names no other.
    """
    sys.exit(outcome(main, config, doc, argv, recipe))


def outcome(main, config, doc, argv=None, recipe=None):
    """Return the exit code of a command; see `run_command`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    _prepare()
    try:
        return main(parse(config, doc, argv, recipe)) or 0
    except KeyboardInterrupt:
        print("interrupted; what is finished is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return _report(error)


def _prepare():
    """Let any file name be printed, and let a polite kill end the command as Ctrl-C does."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(number, frame):
    raise KeyboardInterrupt


def _report(error):
    if isinstance(error, OSError):
        error = refusal(error) or error
    code = getattr(error, "exit_code", 1)
    if code == 1:
        traceback.print_exception(error, file=sys.stderr)
        print("this is a fault of the toolkit, please report it", file=sys.stderr)
    else:
        print(f"error: {shown(error)}", file=sys.stderr)
    return code


def parse(config, doc, argv=None, recipe=None):
    """Return an instance of `config` from a command line.

    Parameters
    ----------
    config : type
        A frozen dataclass.
    doc : str
        The top of ``--help``.
    argv : list of str, optional
        Instead of the command line.
    recipe : str or Path, optional
        Recipe that holds where ``--recipe`` names no other.

    Returns
    -------
    object
        Of type `config`.
    """
    from jsonargparse import ArgumentParser, DefaultHelpFormatter

    positional = [f for f in dataclasses.fields(config) if "positional" in f.metadata]
    parser = ArgumentParser(
        description=doc, formatter_class=_formatter(DefaultHelpFormatter), exit_on_error=True
    )
    for field in positional:
        parser.add_argument(
            field.name, nargs=field.metadata["positional"], help=_help(config, field)
        )
    parser.add_argument(
        "--recipe", action="config", help="YAML file with any of the settings below"
    )
    names = {field.name for field in positional}
    parser.add_class_arguments(config, skip=names or None, fail_untyped=False)
    argv = sys.argv[1:] if argv is None else list(argv)
    if recipe and not any(flag.split("=")[0] == "--recipe" for flag in argv):
        argv = ["--recipe", str(recipe), *argv]
    found = parser.parse_args(_spelled(config, argv))
    found.pop("recipe", None)
    values = {k: _value(v) for k, v in vars(parser.instantiate(found)).items()}
    return config(**values)


def _spelled(config, argv):
    """Return flags as the parser wants them: ``--no-cache`` is ``--no_cache``, a switch is true."""
    fields = {f"--{field.name}": field for field in dataclasses.fields(config)}
    spelled = []
    for place, word in enumerate(argv):
        name, equals, value = word.partition("=")
        name = name.replace("-", "_").replace("__", "--", 1) if name.startswith("--") else name
        spelled.append(name + equals + value if name in fields else word)
        following = argv[place + 1 : place + 2]
        switch = name in fields and fields[name].type in (bool, "bool") and not equals
        if switch and following not in (["true"], ["false"]):
            spelled.append("true")
    return spelled


def _value(value):
    return tuple(value) if isinstance(value, list) else value


def _formatter(base):
    import argparse

    class Formatter(base, argparse.RawDescriptionHelpFormatter):
        pass

    return Formatter


def _help(config, field):
    from docstring_parser import parse as parse_docstring

    for entry in parse_docstring(config.__doc__ or "").params:
        if field.name in [name.strip() for name in entry.arg_name.split(",")]:
            return entry.description
    return None
