"""The version of the toolkit, for every package and for setup.cfg."""

__version__ = "0.1.0"
