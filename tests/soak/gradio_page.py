"""A visitor of the Gradio page, by its API."""

import json
import urllib.error
import urllib.request

from tests.soak.wire import PATIENCE, break_off, form, send


def visit(url, content):
    """Upload a file and have it judged; return "answered", "refused in words" or "neither: why"."""
    try:
        path = json.loads(send(url + "/gradio_api/upload", *form(content)))[0]
        body = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}, ["starter"]]}
        answer = send(url + "/gradio_api/call/judge", json.dumps(body).encode(), "application/json")
        event = json.loads(answer)["event_id"]
        address = f"{url}/gradio_api/call/judge/{event}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            text = stream.read().decode()
    except urllib.error.HTTPError as error:
        told = error.read().decode(errors="replace")
        worded = error.code in (413, 429, 503) or "queue" in told.lower()
        return "refused in words" if worded else f"neither: HTTP {error.code}"
    except (OSError, ValueError, KeyError) as error:
        return f"neither: {type(error).__name__}"
    last = text.strip().rsplit("event: ", 1)[-1]
    if last.startswith("complete"):
        return "answered"
    return "refused in words" if last.startswith("error") and len(last) > 20 else f"neither: {last}"


def vanish(url, content, draw):
    """Begin an upload and drop the connection somewhere in its middle."""
    break_off(url + "/gradio_api/upload", *form(content), draw)
