"""What the commands that print a table share: configuration, output as text, JSON, CSV, picture."""

from dataclasses import replace

from detect import MODELS
from experiment.errors import choose
from experiment.files import atomic, dumps, write_text


def configured(model, epochs=None):
    """Return the model's own training configuration, with other epochs where they are given."""
    config = choose(model, MODELS, "detector").config
    return config if epochs is None else replace(config, epochs=epochs)


def publish(settings, rows, text, picture):
    """Print a table as the settings ask for it, and write what they name.

    Parameters
    ----------
    settings : object
        With json, csv and plot.
    rows : DataFrame
        The numbers.
    text : callable
        Returns the table for people.
    picture : callable
        Returns the matplotlib figure.
    """
    if settings.csv:
        write_text(settings.csv, rows.to_csv(index=False))
    if settings.plot:
        with atomic(settings.plot) as temporary:
            picture().savefig(temporary, dpi=150)
    print(dumps({"rows": rows.to_dict("records")}) if settings.json else text())
