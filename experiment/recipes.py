"""Recipes from anywhere: read as plain text of bounded size before YAML makes anything of them."""

from pathlib import Path

from experiment.errors import DataError, UsageError
from experiment.files import reason

LARGEST = 1 << 16  # bytes
BRACKETS = 500  # YAML takes time that grows with the square of its depth


def require_plain(path):
    """Refuse a recipe that is no file of settings.

    Parameters
    ----------
    path : str or Path
        The file; text that is YAML itself is left to the parser.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is too large, not UTF-8, damaged, holds aliases (which can unfold without end), is
        nested too deep, or is no table of settings.
    """
    import yaml

    path = Path(path)
    if not path.is_file():
        raise UsageError(f"{path}: no such recipe; --recipe names a YAML file")
    if path.stat().st_size > LARGEST:
        raise DataError(f"{path}: {path.stat().st_size / 1e3:.0f} kB; a recipe is a few lines")
    try:
        text = path.read_text(encoding="utf-8")
        if text.count("[") + text.count("{") > BRACKETS:
            raise DataError(f"{path}: more than {BRACKETS} brackets; a recipe is a few lines")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise DataError(f"{path}: holds YAML aliases (*name); write the values out")
        found = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: damaged ({reason(error)}); save it as UTF-8 YAML") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: no settings in it; a recipe has lines of the form 'name: value'")
