"""Put the toolkit under load on this machine and print figures.

python -m tests.soak page --minutes 10 --visitors 50
python -m tests.soak page --page streamlit --minutes 10 --visitors 50
python -m tests.soak files --files 100000 --kills 3
python -m tests.soak workers --files 600

Each prints one JSON object; the exit code is 1 where a promise of docs/reliability.md was broken.
"""

import argparse
import json
import sys

from tests.soak import files, page, workers

TESTS = {"page": page, "files": files, "workers": workers}


def main():
    """Run one test and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("test", choices=TESTS)
    parser.add_argument("--page", choices=page.PAGES, default="gradio")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    found = TESTS[parser.parse_args().test].run(parser.parse_args())
    print(json.dumps(found, indent=1))
    return 0 if found["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
