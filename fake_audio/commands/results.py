"""Train and judge every detector on the starter corpus, and write the page with the results.

Goes on where it was interrupted. The recipe says how long each model is trained.

  fake-audio results
  fake-audio results --only-page
"""

from study.results_config import ResultsConfig as Settings

__all__ = ["RECIPE", "Settings", "main"]

RECIPE = "results"


def main(settings):
    """Run what is left and print where the page is."""
    from study.results import conduct

    print(conduct(settings))
