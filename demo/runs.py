"""Finished runs of the main job, to look at."""

from pathlib import Path


def finished(settings):
    """Return the runs with a report, dict of name to folder, the newest first.

    Parameters
    ----------
    settings : demo.settings.Settings
        Names the folder of runs.
    """
    marks = [m for m in Path(settings.runs).glob("*/DONE") if (m.parent / "report.html").is_file()]
    newest = sorted(marks, key=lambda mark: mark.stat().st_mtime, reverse=True)
    return {mark.parent.name: mark.parent for mark in newest}


def answers(folder):
    """Return what a run found, list of str; empty where it is not a run of the main job."""
    from experiment.errors import DataError
    from study.sentences import headline

    try:
        return headline(folder).splitlines()
    except DataError:
        return []


def report(folder):
    """Return the report of a run, HTML."""
    return (folder / "report.html").read_text(encoding="utf-8")
