"""What the clients of both pages share: multipart bodies, requests, and lines that break."""

import socket
import struct
import time
import urllib.request
import uuid

PATIENCE = 900  # seconds for one answer: fifty visitors share one processor


def form(content):
    """Return a multipart body with one file, and its type."""
    mark = uuid.uuid4().hex
    told = 'Content-Disposition: form-data; name="files"; filename="clip.wav"'
    head = f"--{mark}\r\n{told}\r\n\r\n"
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def send(url, body, kind, method="POST", headers=()):
    """Return the answer to a request, as bytes."""
    told = {"Content-Type": kind, **dict(headers)}
    request = urllib.request.Request(url, body, told, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read()


def break_off(url, body, kind, draw, method="POST", headers=()):
    """Begin a request and drop the connection somewhere in its middle."""
    host, _, path = url.removeprefix("http://").partition("/")
    told = {"Host": host, "Content-Type": kind, "Content-Length": len(body), **dict(headers)}
    lines = [f"{method} /{path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    name, port = host.split(":")
    try:
        with socket.create_connection((name, int(port)), timeout=60) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            head = "\r\n".join(lines) + "\r\n\r\n"
            line.sendall(head.encode() + body[: int(draw.random() * len(body))])
            time.sleep(0.2)
    except OSError:
        pass
