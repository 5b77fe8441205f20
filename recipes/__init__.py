"""Recipes that come with the toolkit: ``--recipe quick`` names one."""

from pathlib import Path

RECIPES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.yaml"))}
