"""Load and faults over minutes: run by hand or at night, ``python -m tests.soak``; not in CI."""
