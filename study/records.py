"""Tables as stages keep them: plain records, where a number that is undefined is null."""

import json

import pandas as pd


def records(frame):
    """Return a DataFrame as a list of plain dicts."""
    return json.loads(frame.to_json(orient="records"))


def table(rows):
    """Return records as a DataFrame whose values and ends are numbers, NaN where undefined."""
    frame = pd.DataFrame(rows)
    numbers = frame.columns.intersection(["value", "low", "high"])
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in numbers})
