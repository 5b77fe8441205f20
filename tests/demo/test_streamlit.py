import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from demo import verdicts
from demo.uploads import read_file
from tests.demo.conftest import PATIENCE, elsewhere, shoot, wait_for

pytestmark = pytest.mark.slow

expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="module")
def server(chromium, serve):
    return serve("streamlit")


def drawn(page):
    """Wait until the page has run: before, what a key or a click meets is still replaced."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    return page


def press(page, name, nth=0):
    button = drawn(page).get_by_role("button", name=name, exact=True).nth(nth)
    expect(button).to_be_enabled()
    button.press("Enter")


def upload(page, path):
    radio = drawn(page).get_by_role("radio", name="Upload")
    field = page.get_by_test_id("stFileUploaderDropzoneInput")

    def offered():
        if not radio.is_checked():
            radio.press("Space")
        return field.count()

    wait_for(offered)
    field.set_input_files(path)


def said(detector, path, limits):
    opinion = verdicts.judge("starter", detector, read_file(path, path.name, limits))
    return opinion.found["verdict"], f"Score {opinion.found['llr']:+.2f}"


@pytest.mark.parametrize("kind", ["real", "vocos"])
def test_upload_verdict_explanation_report(kind, server, visit, clips, detector, limits):
    page = visit(server)
    upload(page, clips[kind])
    card = page.get_by_label("verdict of starter")
    verdict, score = said(detector, clips[kind], limits)
    expect(card).to_contain_text(verdict)
    expect(card).to_contain_text(score)
    press(page, "Explain")
    reasons = page.get_by_label("explanation", exact=True)
    expect(reasons).to_contain_text("What to believe")
    expect(reasons.locator("audio")).to_have_count(7)
    expect(reasons.get_by_role("img")).to_have_count(2)
    with page.expect_download() as found:
        press(page, "Download the report")
    report = found.value.path().read_text()
    assert clips[kind].name in report and score.split()[1][1:] in report
    assert elsewhere(server) == []
    shoot(page, f"streamlit-{kind}")


def test_two_detectors_stand_side_by_side(server, visit):
    page = visit(server)
    expect(page.get_by_label("verdict of starter")).to_be_visible()
    box = drawn(page).get_by_label("Detectors")
    box.fill("second")
    box.press("Enter")
    cards = [page.get_by_label(f"verdict of {name}") for name in ("starter", "second")]
    expect(cards[1]).to_be_visible()
    boxes = [card.bounding_box() for card in cards]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]


def test_a_long_recording_has_a_timeline(server, visit, clips, tmp_path):
    samples = np.concatenate([soundfile.read(clips[k])[0] for k in ("real", "vocos", "lpc")])
    soundfile.write(tmp_path / "long.ogg", samples, 16000)
    page = visit(server)
    upload(page, tmp_path / "long.ogg")
    expect(page.get_by_text("Over time, starter")).to_be_visible()
    expect(page.get_by_label("verdict of starter")).to_contain_text("windows of the recording")
    shoot(page, "streamlit-long")


def corrupt(path):
    path.write_text("<!doctype html><title>404</title>")


def large(path):
    path.write_bytes(bytes(3 << 20))


def long(path):
    soundfile.write(path, np.zeros(40 * 4000), 4000, "PCM_U8")


def silent(path):
    soundfile.write(path, np.zeros(16000), 16000)


FAULTS = {
    "corrupt": (corrupt, "bad.wav: not audio"),
    "large": (large, "1.0MB or smaller"),
    "long": (long, "at most 0.5 are taken"),
    "silent": (silent, "nothing to judge"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_file_gets_one_sentence(fault, server, visit, tmp_path):
    make, words = FAULTS[fault]
    make(tmp_path / "bad.wav")
    page = visit(server)
    upload(page, tmp_path / "bad.wav")
    expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_fakes_are_made_and_judged(server, visit):
    page = visit(server, "fakes")
    press(page, "Make")
    expect(page.get_by_text("training steps")).to_be_visible()
    expect(page.get_by_role("button", name="Judge and explain")).to_have_count(4)
    shoot(page, "streamlit-fakes")
    press(page, "Judge and explain", nth=1)
    expect(page.get_by_label("verdict of starter")).to_be_visible()
    expect(page.get_by_role("radio", name="Generated")).to_be_checked()


def test_distance_of_two_sets(server, visit, clips):
    page = visit(server, "distance")
    fields = page.get_by_test_id("stFileUploaderDropzoneInput")
    fields.nth(0).set_input_files([clips["real"], clips["world"], clips["lpc"]])
    fields.nth(1).set_input_files([clips["flite"], clips["piper"], clips["hibari"]])
    for kind in ("real", "world", "lpc", "flite", "piper", "hibari"):
        expect(page.get_by_text(clips[kind].name)).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)  # all six are uploaded
    press(page, "Measure")
    expect(page.get_by_text("3 clips against 3, embedding logmel")).to_be_visible()
    shoot(page, "streamlit-distance")


def test_without_a_run_one_sentence_says_how_to_make_one(server, visit):
    page = visit(server, "runs")
    expect(page.get_by_text("fake-audio augment-and-detect makes one")).to_be_visible()


def test_nothing_stays_on_disk_and_nothing_was_asked_elsewhere(server):
    wait_for(lambda: not server.leftovers())
    assert server.requests and elsewhere(server) == []
