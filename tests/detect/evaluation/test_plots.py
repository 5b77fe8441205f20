import io

import numpy as np
import pytest

from detect.evaluation import plots
from detect.evaluation.metrics import evaluate
from tests.detect.evaluation.test_intervals import make_scores

SETS = {"cnn": make_scores(1.5), "svm": make_scores(0.5, seed=1)}
FIGURES = {
    "roc": lambda: plots.roc(SETS),
    "det": lambda: plots.det(SETS, repeats=10),
    "precision_recall": lambda: plots.precision_recall(SETS),
    "confusion": lambda: plots.confusion_matrix(SETS["cnn"]),
    "histogram": lambda: plots.histogram(SETS["cnn"]),
    "reliability": lambda: plots.reliability(SETS["cnn"]),
    "learning": lambda: plots.learning_curves([{"epoch": 0, "loss": 1, "dev_loss": 2}]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_drawn_and_labelled(name):
    figure = FIGURES[name]()
    axes = figure.axes[0]
    assert axes.get_xlabel() and axes.get_ylabel()
    figure.savefig(io.BytesIO(), format="png")


def test_the_det_curve_crosses_the_diagonal_at_the_equal_error_rate():
    axes = plots.det({"cnn": SETS["cnn"]}, band=False).axes[0]
    x, y = axes.lines[0].get_data()
    at = np.argmin(np.abs(x - y))
    real = SETS["cnn"].label == "bonafide"
    rate = evaluate(SETS["cnn"].score[real], SETS["cnn"].score[~real])["eer"]
    from scipy.stats import norm

    assert norm.cdf((x[at] + y[at]) / 2) == pytest.approx(rate, abs=0.01)
    assert f"{100 * rate:.1f} %" in axes.figure.legends[0].get_texts()[0].get_text()
