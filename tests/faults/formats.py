"""Small files of every format that is read, written by the tests themselves."""

import av
import numpy as np
import soundfile

# suffix: format and subtype of libsndfile, rate
SNDFILE = {
    "wav": ("WAV", "PCM_16", 16000),
    "u8.wav": ("WAV", "PCM_U8", 16000),
    "24.wav": ("WAV", "PCM_24", 48000),
    "float.wav": ("WAV", "FLOAT", 44100),
    "alaw.wav": ("WAV", "ALAW", 8000),
    "ima.wav": ("WAV", "IMA_ADPCM", 8000),
    "ms.wav": ("WAV", "MS_ADPCM", 8000),
    "gsm.wav": ("WAV", "GSM610", 8000),
    "g721.wav": ("WAV", "G721_32", 8000),
    "nms.wav": ("WAV", "NMS_ADPCM_32", 8000),
    "wavex": ("WAVEX", "PCM_16", 16000),
    "rf64": ("RF64", "PCM_16", 16000),
    "w64": ("W64", "PCM_16", 16000),
    "flac": ("FLAC", "PCM_16", 16000),
    "ogg": ("OGG", "VORBIS", 16000),
    "opus": ("OGG", "OPUS", 16000),
    "mp3": ("MP3", "MPEG_LAYER_III", 16000),
    "aiff": ("AIFF", "PCM_16", 16000),
    "aifc": ("AIFF", "ULAW", 8000),
    "au": ("AU", "PCM_16", 16000),
    "g723.au": ("AU", "G723_24", 8000),
    "caf": ("CAF", "PCM_16", 16000),
    "sph": ("NIST", "PCM_16", 16000),
    "voc": ("VOC", "PCM_16", 16000),
    "xi": ("XI", "DPCM_16", 44100),
    "svx": ("SVX", "PCM_16", 16000),
    "ircam": ("IRCAM", "PCM_16", 16000),
    "avr": ("AVR", "PCM_16", 16000),
    "paf": ("PAF", "PCM_16", 16000),
    "pvf": ("PVF", "PCM_16", 16000),
    "htk": ("HTK", "PCM_16", 16000),
}
# suffix: codec and rate of FFmpeg
FFMPEG = {
    "m4a": ("aac", 16000),
    "aac": ("aac", 16000),
    "mp4": ("aac", 44100),
    "mov": ("aac", 16000),
    "3gp": ("aac", 16000),
    "webm": ("libopus", 48000),
    "mka": ("flac", 16000),
    "avi": ("mp3", 44100),
    "ts": ("mp2", 48000),
    "ac3": ("ac3", 48000),
    "wv": ("wavpack", 16000),
    "amr": ("libopencore_amrnb", 8000),
    "g722": ("g722", 16000),
}
SECONDS = 1


def write(folder, suffix):
    """Write one second of noise and tone; return the path, or None without the encoder."""
    path = folder / f"clip.{suffix}"
    if suffix in SNDFILE:
        kind, subtype, rate = SNDFILE[suffix]
        soundfile.write(path, sound(rate), rate, format=kind, subtype=subtype)
        return path
    codec, rate = FFMPEG[suffix]
    if codec not in av.codecs_available:
        return None
    encode(path, codec, rate)
    return path


def sound(rate, seconds=SECONDS):
    """Return a tone in noise, [n] of float32."""
    t = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(0).normal(0, 0.02, len(t))
    return (0.2 * np.sin(2 * np.pi * 440 * t) + noise).astype(np.float32)


def encode(path, codec, rate, pictures=False, sounds=True):
    """Write a file by FFmpeg, with pictures if wanted."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=10) if pictures else None
        stream = container.add_stream(codec, rate=rate, layout="mono") if sounds else None
        if pictures:
            _film(container, video)
        if sounds:
            _voice(container, stream, rate)


def _film(container, video):
    video.width = video.height = 64
    video.pix_fmt = "yuv420p"
    for k in range(5):
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "u1"), format="rgb24")
        frame.pts = k
        container.mux(video.encode(frame))
    container.mux(video.encode())


def _voice(container, stream, rate):
    samples = (sound(rate)[None] * 32767).astype("<i2")
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    size = stream.frame_size or 0
    resampler = av.AudioResampler(stream.format, stream.layout, rate, frame_size=size)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))
