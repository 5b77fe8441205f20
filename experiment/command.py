"""One command line for all commands: a frozen dataclass becomes flags, a recipe and help.

A recipe is a YAML file of the same keys; flags win over the recipe, the recipe over the defaults;
an unknown key is an error. Fields with ``metadata={"positional": None}`` (or ``"+"`` for one or
more) stand without a dash; ``metadata={"short": "-n"}`` adds a short flag. Settings that several
commands share are bases of their dataclasses, and a group of their own in ``--help``.
"""

import dataclasses
import os
import signal
import sys
import threading
import traceback
import typing
from collections.abc import Callable

from experiment import ranges
from experiment.files import refusal
from experiment.progress import shown
from experiment.quiet import quiet_tensorflow
from experiment.recipes import require_plain


def run_command(
    main: Callable, config: type, doc: str, argv: list[str] | None = None, **options
) -> None:
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
    **options
        As those of `parse`: prog, recipe and recipes.
    """
    sys.exit(outcome(main, config, doc, argv, **options))


def outcome(main, config, doc, argv=None, **options):
    """Return the exit code of a command; see `run_command`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    _prepare()
    try:
        return main(parse(config, doc, argv, **options)) or 0
    except KeyboardInterrupt:
        print("interrupted; what is finished is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return _report(error)


def _prepare():
    """Print any file name, keep TensorFlow quiet, and end at a polite kill as at Ctrl-C."""
    quiet_tensorflow()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    end_politely()


def end_politely():
    """Let SIGTERM, which schedulers and shells send, end this process as Ctrl-C does."""
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


def parse(
    config: type,
    doc: str,
    argv: list[str] | None = None,
    recipe=None,
    recipes=None,
    prog: str | None = None,
) -> object:
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
        Recipe that is used where ``--recipe`` names no other.
    recipes : dict of str to Path, optional
        Recipes that ``--recipe`` takes by name.
    prog : str, optional
        What the command is called in ``--help``.

    Returns
    -------
    object
        Of type `config`.
    """
    recipes = recipes or {}
    parser = _parser(config, doc, recipes, prog)
    argv = _spelled(config, sys.argv[1:] if argv is None else list(map(str, argv)))
    if recipe and not any(word.split("=")[0] == "--recipe" for word in argv):
        argv = ["--recipe", str(recipe), *argv]
    parsed = parser.parse_args(_located(argv, recipes))
    parsed.pop("recipe", None)
    values = {k: _value(v) for k, v in vars(parser.instantiate(parsed)).items()}
    return ranges.require(config(**values))


def _parser(config, doc, recipes, prog):
    from jsonargparse import ArgumentParser, DefaultHelpFormatter

    formatter = _formatter(DefaultHelpFormatter)
    parser = ArgumentParser(prog=prog, description=doc, formatter_class=formatter)
    types, texts = typing.get_type_hints(config), descriptions(config)
    for field in dataclasses.fields(config):
        if "positional" in field.metadata:
            nargs = field.metadata["positional"]
            parser.add_argument(field.name, nargs=nargs, help=texts.get(field.name))
    named = f", or one of: {', '.join(recipes)}" if recipes else ""
    parser.add_argument(
        "--recipe", action="config", help=f"YAML file with any of the settings below{named}"
    )
    for title, fields in _groups(config).items():
        group = parser.add_argument_group(title)
        for field in fields:
            _add_flag(group, field, types[field.name], texts.get(field.name))
    return parser


def _add_flag(group, field, kind, text):
    names = [field.metadata[key] for key in ("short",) if key in field.metadata]
    options = {"help": text, "type": kind, "dest": field.name}
    if field.default is not dataclasses.MISSING:
        options["default"] = field.default
    elif field.default_factory is not dataclasses.MISSING:
        options["default"] = field.default_factory()
    else:
        options["required"] = True
    group.add_argument(*names, f"--{field.name}", **options)


def _groups(config):
    """Return the flags under the first line of the class that declares them, own class first."""
    groups, owners = {}, [kind for kind in config.__mro__ if dataclasses.is_dataclass(kind)]
    for kind in owners:
        groups[_title(kind)] = []
    for field in dataclasses.fields(config):
        if "positional" not in field.metadata:
            owner = next(
                kind for kind in owners if field.name in vars(kind).get("__annotations__", ())
            )
            groups[_title(owner)].append(field)
    return {title: fields for title, fields in groups.items() if fields}


def _title(kind):
    return (kind.__doc__ or kind.__name__).splitlines()[0].rstrip(".")


def descriptions(config):
    """Return what each field of a dataclass is for, from its docstring and those of its bases."""
    from docstring_parser import parse as parse_docstring

    texts = {}
    for kind in reversed(config.__mro__[:-1]):
        for entry in parse_docstring(kind.__doc__ or "").params:
            texts |= dict.fromkeys(map(str.strip, entry.arg_name.split(",")), entry.description)
    return texts


def _spelled(config, argv):
    """Return flags as the parser wants them.

    ``--no-cache`` is ``--no_cache``, a switch alone is true, and ``--no-audit`` is
    ``--audit=false`` where there is a switch ``audit``.
    """
    fields = {f"--{field.name}": field for field in dataclasses.fields(config)}
    switches = {name for name, field in fields.items() if field.type in (bool, "bool")}
    spelled = []
    for place, word in enumerate(argv):
        name, equals, value = word.partition("=")
        name = "--" + name[2:].replace("-", "_") if name.startswith("--") else name
        negated = "--" + name.removeprefix("--no_")
        if name not in fields and name.startswith("--no_") and negated in switches:
            spelled += [negated, "false"] if not equals else [word]
            continue
        spelled.append(name + equals + value if name in fields else word)
        following = argv[place + 1 : place + 2]
        if name in switches and not equals and following not in (["true"], ["false"]):
            spelled.append("true")
    return spelled


def _located(argv, recipes):
    """Return arguments where a recipe's name is its path; a file of that name comes first."""
    located, expected = [], False
    for word in argv:
        name = word.removeprefix("--recipe=")
        if (expected or name != word) and name in recipes and not os.path.exists(name):
            word = word[: len(word) - len(name)] + str(recipes[name])
        if expected or name != word:
            require_plain(word.removeprefix("--recipe="))
        located.append(word)
        expected = word == "--recipe"
    return located


def _value(value):
    return tuple(value) if isinstance(value, list) else value


def _formatter(base):
    import argparse

    class Formatter(base, argparse.RawDescriptionHelpFormatter):
        pass

    return Formatter
