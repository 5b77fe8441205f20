import pytest

from experiment.report import number, render, write_page


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.12345, "0.123"),
        (12.345, "12.3"),
        (-0.5, "−0.500"),
        (12345.6, "12,346"),
        (float("nan"), "–"),
        (None, "–"),
        (7, "7"),
        (0.0, "0.00"),
    ],
)
def test_numbers_are_shown_with_three_digits(value, shown):
    assert number(value) == shown


def test_what_comes_from_outside_is_escaped(tmp_path):
    (tmp_path / "t.html").write_text(
        '{% extends "base.html" %}{% block body %}{{ name }}{% endblock %}'
    )
    page = render("t.html", tmp_path, name="<script>alert(1)</script>\u202egnp.wav")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_page_needs_nothing_from_elsewhere(tmp_path):
    (tmp_path / "t.html").write_text('{% extends "base.html" %}')
    write_page(tmp_path / "out.html", "t.html", tmp_path)
    page = (tmp_path / "out.html").read_text()
    assert "http" not in page
    assert "src=" not in page
