"""What a Hugging Face Space reads."""

import configparser
import re

import yaml

from tests.demo.conftest import ROOT


def test_header_names_the_page_and_the_pinned_gradio():
    text = (ROOT / "demo" / "README.md").read_text()
    header = yaml.safe_load(text.split("---")[1])
    pinned = re.search(r"^gradio==(.+)$", (ROOT / "constraints.txt").read_text(), re.M)[1]
    assert header["sdk"] == "gradio" and str(header["sdk_version"]) == pinned
    assert (ROOT / header["app_file"]).is_file()
    assert header["license"] == "apache-2.0" and str(header["python_version"]) == "3.11"


def test_requirements_are_what_the_toolkit_needs_at_its_pins():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = config["options"]["install_requires"].split()
    needed = {re.split(r"[\[<=]", line)[0] for line in wanted}
    pins = dict(re.findall(r"^([\w.-]+)==(.+)$", (ROOT / "constraints.txt").read_text(), re.M))
    pins = {name.lower(): version for name, version in pins.items()}
    lines = (ROOT / "demo" / "requirements.txt").read_text().split()
    listed = dict(re.split(r"(?:\[.*\])?==", line) for line in lines)
    assert set(listed) == needed | {"gradio"}
    assert all(pins[name.lower()] == version for name, version in listed.items())
