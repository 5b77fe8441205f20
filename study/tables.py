"""Small turns of tables: what a report shows, as plain values."""


def interval(row):
    """Return the value and ends of a row that has them, as a dict."""
    return {key: float(row[key]) for key in ("value", "low", "high")}


def records(frame):
    """Return a DataFrame as a list of plain dicts."""
    import json

    return json.loads(frame.to_json(orient="records"))
