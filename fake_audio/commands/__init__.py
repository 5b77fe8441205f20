"""One module per command, with its ``Settings`` and ``main(settings)``.

Add a command with a module here and a line in `COMMANDS`. A module may also have ``RECIPE``, the
name of the recipe that it uses where none is given, and ``registries()``, what ``--help`` lists.
"""

from importlib import import_module

COMMANDS = {
    "augment-and-detect": (
        "augment_and_detect",
        "the whole experiment: fakes, detectors with and without them, explanations, report",
    ),
    "get-starter-corpus": ("get_starter_corpus", "build a corpus of real and fake speech"),
    "check-data": ("check_data", "is this copy of a data set whole? what do two sets share?"),
    "audit-shortcuts": ("audit_shortcuts", "what gives the classes away without listening?"),
    "train-gan": ("train_gan", "train a generator on a folder or manifest"),
    "generate": ("generate", "generate clips with a trained generator"),
    "vocode": ("vocode", "turn real speech into matched fakes: copies by vocoders"),
    "splice": ("splice", "partial fakes: stretches of copies in their originals"),
    "fad": ("fad", "how far is a set of sounds from a reference?"),
    "train-detector": ("train_detector", "train a detector and evaluate it on held-out clips"),
    "import-weights": ("import_weights", "a detector of weights that others trained"),
    "calibrate": ("calibrate", "calibrate a detector on labelled recordings"),
    "search": ("search", "search the architecture of a detector (PC-DARTS)"),
    "detect": ("detect", "bona fide or spoof: files, folders, recordings, live sound"),
    "evaluate": ("evaluate", "metrics of a score file, with intervals"),
    "robustness": ("robustness", "a detector under noise, codecs, telephone and the like"),
    "cross-data": ("cross_data", "train on each data set, test on each"),
    "cross-attack": ("cross_attack", "train on each attack alone, test on each"),
    "leave-one-out": ("leave_one_out", "attacks that were left out of training"),
    "results": ("results", "train and compare every detector"),
    "explain": ("explain", "explain decisions: one page per file"),
    "export": ("export", "write a detector for other runtimes"),
    "demo": ("demo", "the web page, on this machine"),
}


def call(name, argv):
    """Run a command and return its exit code.

    Parameters
    ----------
    name : str
        Key of `COMMANDS`.
    argv : sequence of str
        Its arguments.

    Returns
    -------
    int
        0 done, 1 a fault of the toolkit, 2 wrong usage, 3 unusable input, 130 interrupted.
    """
    from experiment.command import outcome
    from recipes import RECIPES

    module = import_module(f"fake_audio.commands.{COMMANDS[name][0]}")
    recipe = getattr(module, "RECIPE", None)
    return outcome(
        module.main,
        module.Settings,
        module.__doc__ + _registered(module),
        list(map(str, argv)),
        recipe=RECIPES[recipe] if recipe else None,
        recipes=RECIPES,
        prog=f"fake-audio {name}",
    )


def _registered(module):
    """Return what there is to choose from, one line per entry."""
    if not hasattr(module, "registries"):
        return ""
    lines = []
    for title, entries in module.registries().items():
        lines.append(f"\n{title}:")
        lines += [f"  {name:<16} {text}" for name, text in entries.items()]
    return "\n".join(lines)
