"""A visitor of the Streamlit page, by its own protocol: a websocket, and uploads beside it."""

import urllib.error
import urllib.request
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.soak.wire import PATIENCE, break_off, form, send

COOKIE = "_streamlit_xsrf"


def visit(url, content):
    """Upload a file and have it judged; as in `tests.soak.gradio_page`."""
    try:
        with opened(url) as session:
            return session.judge(content)
    except urllib.error.HTTPError as error:
        return "refused in words" if error.code == 413 else f"neither: HTTP {error.code}"
    except (OSError, ValueError, LookupError, WebSocketException) as error:
        return f"neither: {type(error).__name__}"


def vanish(url, content, draw):
    """Begin an upload, drop it somewhere in its middle, and leave the page."""
    try:
        with opened(url) as session:
            place = session.place()
            break_off(url + place.upload_url, *form(content), draw, "PUT", session.headers)
    except (OSError, LookupError, WebSocketException):
        pass


@contextmanager
def opened(url):
    """Open the page that judges in a browser tab of one's own."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=PATIENCE) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
    token = next(c.split(";")[0].split("=", 1)[1] for c in cookies if c.startswith(COOKIE))
    headers = {"Cookie": f"{COOKIE}={token}", "X-Xsrftoken": token}
    address = url.replace("http", "ws") + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60) as line:
        yield Session(url, headers, line)


class Session:
    """One browser tab."""

    def __init__(self, url, headers, line):
        self.url, self.headers, self.line, self.states = url, headers, line, {}

    def judge(self, content):
        """Upload a file; return what the page makes of it."""
        place = self.place()
        send(self.url + place.upload_url, *form(content), "PUT", self.headers)
        state = WidgetState(id=self.uploader.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = "clip.wav", len(content), place.file_id
        info.file_urls.CopyFrom(place)
        elements = self.run(state)
        if any('aria-label="verdict of ' in one.html.body for one in elements):
            return "answered"
        said = [one.alert.body for one in elements if one.HasField("alert")]
        return "refused in words" if any(said) else "neither: no verdict"

    def place(self):
        """Choose "Upload", and return where a file may be sent."""
        radio = next(one.radio for one in self.run() if one.HasField("radio"))
        shown = self.run(WidgetState(id=radio.id, string_value="Upload"))
        self.uploader = next(one.file_uploader for one in shown if one.HasField("file_uploader"))
        asked = BackMsg()
        asked.file_urls_request.file_names.append("clip.wav")
        asked.file_urls_request.request_id = "1"
        self.line.send(asked.SerializeToString())
        told = next(one for one in self.told() if one.HasField("file_urls_response"))
        return told.file_urls_response.file_urls[0]

    def run(self, *changed):
        """Run the page with the state of its widgets; return its elements."""
        self.states |= {state.id: state for state in changed}
        asked = BackMsg()
        asked.rerun_script.widget_states.widgets.extend(self.states.values())
        self.line.send(asked.SerializeToString())
        elements = []
        for one in self.told():
            if one.HasField("delta"):
                elements.append(one.delta.new_element)
            if one.WhichOneof("type") == "script_finished":
                return elements

    def told(self):
        """Yield what the page says."""
        while True:
            yield ForwardMsg.FromString(self.line.recv(timeout=PATIENCE))
