import pytest
from playwright.sync_api import expect

from demo import verdicts
from demo.uploads import read_file
from tests.demo.conftest import PATIENCE, elsewhere, shoot, wait_for

pytestmark = pytest.mark.slow

expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="module")
def server(chromium, serve):
    return serve("gradio")


def upload(page, path):
    page.locator("input[type=file]").first.set_input_files(path)
    expect(page.get_by_role("link", name="Download", exact=True)).to_be_visible()


def test_upload_verdict_explanation(server, visit, clips, detector, limits):
    page = visit(server)
    upload(page, clips["vocos"])
    page.get_by_role("button", name="Judge and explain").press("Enter")
    card = page.get_by_label("verdict of starter")
    clip = read_file(clips["vocos"], "x", limits)
    found = verdicts.judge("starter", detector, clip).found
    expect(card).to_contain_text(found["verdict"])
    expect(card).to_contain_text(f"Score {found['llr']:+.2f}")
    reasons = page.get_by_label("explanation", exact=True)
    expect(reasons.locator("audio")).to_have_count(7)
    with page.expect_download() as download:
        reasons.get_by_text("Download the report").click()
    assert clips["vocos"].name in download.value.path().read_text()
    assert server.leftovers()
    assert elsewhere(server) == []
    shoot(page, "gradio")
    page.context.close()
    wait_for(lambda: not server.leftovers())


def test_a_sample_is_judged(server, visit):
    page = visit(server)
    page.get_by_label("Sample").click()
    page.get_by_role("option", name="1. real").click()
    expect(page.get_by_role("link", name="Download", exact=True)).to_be_visible()
    page.get_by_role("button", name="Judge and explain").press("Enter")
    expect(page.get_by_label("verdict of starter")).to_be_visible()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html>", "bad.wav: not audio"),
        (bytes(3 << 20), "3.0 MB, at most 1 MB are taken"),
    ],
    ids=["corrupt", "large"],
)
def test_a_bad_file_gets_one_sentence(content, words, server, visit, tmp_path):
    (tmp_path / "bad.wav").write_bytes(content)
    page = visit(server)
    page.locator("input[type=file]").first.set_input_files(tmp_path / "bad.wav")
    expect(page.get_by_role("link", name="Download", exact=True)).to_be_visible()
    page.get_by_role("button", name="Judge and explain").press("Enter")
    expect(page.get_by_text(words).first).to_be_visible()


def test_programs_call_it(server, clips):
    from gradio_client import Client, handle_file

    client = Client(server.url, verbose=False)
    (found,) = client.predict(handle_file(clips["vocos"]), ["second"], api_name="/judge")
    assert found["verdict"] == "spoof" and found["low"] <= found["llr"] < found["threshold"]
    (why,) = client.predict(
        handle_file(clips["vocos"]), ["starter"], ["gradcam"], api_name="/explain"
    )
    assert why["target"] == "spoof" and len(why["gains"]) == 4
    assert sum(band["share"] for band in why["bands"]) == pytest.approx(1, abs=1e-3)
    wait_for(lambda: not server.leftovers())
    with pytest.raises(Exception, match="not in the list of choices"):
        client.predict(handle_file(clips["real"]), ["nobody"], api_name="/judge")
