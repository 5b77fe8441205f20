"""Tables of numbers with intervals, as text for people, and what is safe to open as a table."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for the start of one


def defused(value: object) -> object:
    """Return a value of a CSV cell that no spreadsheet takes for a formula.

    Parameters
    ----------
    value : object
        Text is quoted by an apostrophe where it starts like a formula; anything else is kept.

    Returns
    -------
    object

    Examples
    --------
    >>> defused("=1+1"), defused(-3.5)
    ("'=1+1", -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def number(value, low, high, digits: int = 2):
    """Return ``0.91 [0.88, 0.94]``; a dash where the value is undefined."""
    if value is None or value != value:
        return "–"
    if low is None or low != low:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def wide(rows, index: str, columns: str, value: str = "value", digits: int = 2):
    """Return long rows as a wide text table.

    Parameters
    ----------
    rows : DataFrame
        With `index`, `columns`, `value`, ``low`` and ``high``; the order of first appearance is
        kept.
    index, columns : str
        What goes down and across.
    value : str
        Column of the number.
    digits : int
        After the point.

    Returns
    -------
    DataFrame of str
        Print it with ``to_string()``.
    """
    ends = zip(rows[value], rows["low"], rows["high"], strict=True)
    shown = rows.assign(text=[number(*triple, digits=digits) for triple in ends])
    table = shown.pivot(index=index, columns=columns, values="text").fillna("–")
    table = table.loc[list(dict.fromkeys(rows[index])), list(dict.fromkeys(rows[columns]))]
    return table.rename_axis(index=None, columns=None)
