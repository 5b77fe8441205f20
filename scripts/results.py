"""Train and judge every detector on the starter corpus, and write the page with the results.

Goes on where it was interrupted. The recipe says how long each model is trained.

  python scripts/results.py --recipe recipes/results.yaml
  python scripts/results.py --recipe recipes/results.yaml --only-page
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command
from study.results_config import ResultsConfig


def main(config):
    """Run what is left and print where the page is."""
    from study.results import conduct

    print(conduct(config))


if __name__ == "__main__":
    run_command(main, ResultsConfig, __doc__)
