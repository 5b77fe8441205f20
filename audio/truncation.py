"""Whether a sound file ends before its own header says that it does.

Decoders clamp silently, so the containers are asked themselves: RIFF, RF64, AIFF, AU, CAF,
Wave64, NIST, Ogg, MP4 and MPEG audio. A container that does not tell its length (a stream) is never
cut.
"""

import struct
from pathlib import Path

ENDLESS = 0xFFFFFF00  # lengths of 0 and of about 4 GB mean a stream
BOXES = 10000  # chunks or MPEG frames looked at, at most
PAGE = 65307  # bytes of an Ogg page at most
RATES = (44100, 48000, 32000)
LAYER_3 = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
)


def is_cut(path):
    """Return whether a file has fewer bytes than its header declares, bool."""
    size = Path(path).stat().st_size
    with open(path, "rb") as file:
        head = file.read(16)
        file.seek(0)
        return any(looks(file, size) for known, looks in KINDS if known(head))


def _riff(file, size):
    return _chunks(file, size, 12, "<4sI", (b"data",))


def _rf64(file, size):
    head = file.read(1 << 16)
    place = head.find(b"data")
    length = int.from_bytes(head[28:36], "little")
    return head[12:16] == b"ds64" and place > 0 and place + 8 + length > size


def _riff_big(file, size):
    return _chunks(file, size, 12, ">4sI", (b"data",))


def _aiff(file, size):
    return _chunks(file, size, 12, ">4sI", (b"SSND", b"BODY"))


def _chunks(file, size, first, form, names):
    """Whether the chunk with the samples reaches beyond the end of the file."""
    file.seek(first)
    for _ in range(BOXES):
        head = file.read(8)
        if len(head) < 8:
            return False
        name, length = struct.unpack(form, head)
        if name in names:
            return 0 < length < ENDLESS and file.tell() + length > size
        file.seek(length + length % 2, 1)
    return False


def _au(file, size):
    _, start, length = struct.unpack(">4sII", file.read(12))
    return 0 < length < ENDLESS and start + length > size


def _caf(file, size):
    file.seek(8)
    for _ in range(BOXES):
        head = file.read(12)
        if len(head) < 12:
            return False
        name, length = struct.unpack(">4sq", head)
        if name == b"data" or length < 0:
            return file.tell() + length > size
        file.seek(length, 1)
    return False


def _wave64(file, size):
    file.seek(40)
    for _ in range(BOXES):
        head = file.read(24)
        if len(head) < 24:
            return False
        length = int.from_bytes(head[16:], "little")
        if head[:4] == b"data" or length < 24:
            return file.tell() - 24 + length > size
        file.seek((length + 7) // 8 * 8 - 24, 1)
    return False


def _nist(file, size):
    lines = file.read(1024).split(b"\n")
    start, facts = lines[1], {}
    for line in lines[2:]:
        name, _, rest = line.partition(b" -i ")
        if rest.strip().isdigit():
            facts[name] = int(rest)
    names = b"sample_count", b"channel_count", b"sample_n_bytes"
    if not start.strip().isdigit() or not all(name in facts for name in names):
        return False
    count, channels, width = (facts[name] for name in names)
    packed = any(b"sample_coding" in line and b"shorten" in line for line in lines)
    return not packed and int(start) + count * channels * width > size


def _ogg(file, size):
    """Whether the last page is not whole."""
    file.seek(max(size - PAGE, 0))
    tail = file.read()
    place = tail.rfind(b"OggS")
    page = tail[place:]
    if place < 0 or len(page) < 27 or len(page) < 27 + page[26]:
        return True
    return 27 + page[26] + sum(page[27 : 27 + page[26]]) > len(page)


def _mp4(file, size):
    place = 0
    for _ in range(BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return len(head) > 0
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        if length < 8:
            return False
        place += length
        if place >= size:
            return place > size
    return False


def _mpeg(file, size):
    """Whether an MP3 ends within a frame, or before the length that its first frame tells."""
    place = _after_tag(file)
    file.seek(place)
    first = file.read(200)
    told = _told(first)
    if told:
        return place + told > size
    for _ in range(BOXES):
        file.seek(place)
        length = _frame(file.read(4))
        if not length:
            return False
        place += length
        if place > size:
            return True
    return False


def _after_tag(file):
    """Return where the first frame begins: behind an ID3 tag."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum(
        (byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
    )


def _frame(head):
    """Return the bytes of a layer III frame, 0 where there is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, kind = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or kind in (0, 15):
        return 0
    old = version == 3
    hertz = RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    return (144 if old else 72) * 1000 * LAYER_3[not old][kind] // hertz + (head[2] >> 1 & 1)


def _told(first):
    """Return the bytes of the stream as a Xing or Info frame tells them, 0 where none does."""
    for name in (b"Xing", b"Info"):
        place = first.find(name)
        if place > 0 and len(first) >= place + 16:
            flags = int.from_bytes(first[place + 4 : place + 8], "big")
            if flags & 2:
                at = place + 8 + 4 * (flags & 1)
                return int.from_bytes(first[at : at + 4], "big")
    return 0


KINDS = (
    (lambda head: head[:4] == b"RIFF", _riff),
    (lambda head: head[:4] == b"RIFX", _riff_big),
    (lambda head: head[:4] == b"FORM", _aiff),
    (lambda head: head[:4] == b".snd", _au),
    (lambda head: head[:4] == b"caff", _caf),
    (lambda head: head[:4] == b"riff", _wave64),
    (lambda head: head[:4] == b"RF64", _rf64),
    (lambda head: head[:7] == b"NIST_1A", _nist),
    (lambda head: head[:4] == b"OggS", _ogg),
    (lambda head: head[4:8] == b"ftyp", _mp4),
    (lambda head: head[:3] == b"ID3" or _frame(head[:4]) > 0, _mpeg),
)
