"""The detectors that there are: a new one is a file beside this one, and a line here."""

from audio.frontends import LFCC, MFCC, PUBLISHED, LogMel, Spectral, Waveform
from audio.frontends.base import Picture
from detect.models import (
    aasist,
    attentive,
    cnn,
    efficientnetb0,
    framewise,
    gnn,
    inceptionv3,
    lcnn,
    lfcc_gmm,
    lfcc_stats,
    lstm,
    mfcc_svm,
    mhfa,
    mobilenet,
    nes2net,
    pcdarts,
    pcdarts_lstm,
    rawnet2,
    res2net50,
    resnet18,
    se_res2net50,
    senet154,
    sls,
    ssl_aasist,
    statpool,
    stats_lr,
    vgg16,
)
from detect.models.config import Model, Registry, TrainConfig
from encoders.frontend import Encoded

FRAMES = (Picture, Encoded)  # what heads take: frames of bands or of hidden states
RAW = PUBLISHED["raw"]
SPEECH = Encoded(seconds=4.0, encoder="whisper_tiny", block=1)
ALL_BLOCKS = Encoded(seconds=4.0, encoder="whisper_tiny", every=True)
FRAMES_OF_20_MS = Spectral(seconds=4.0, n_fft=512, hop=320, window=400, crop="leading")
FINE = Spectral(seconds=4.0, n_fft=512, hop=160, window=400)
SLOW = TrainConfig(learning_rate=1e-4)

MODELS = Registry(
    former={"graph": "gnn"},
    cnn=Model(cnn.build, LogMel()),
    mobilenet=Model(mobilenet.build, LogMel()),
    lstm=Model(lstm.build, LogMel()),
    mfcc_svm=Model(mfcc_svm.build, MFCC(), fit=mfcc_svm.fit),
    lfcc_gmm=Model(lfcc_gmm.build, LFCC(), fit=lfcc_gmm.fit),
    lcnn=Model(lcnn.build, LFCC(), TrainConfig(learning_rate=3e-4)),
    rawnet2=Model(rawnet2.build, RAW, SLOW),
    aasist=Model(aasist.build, RAW, SLOW, takes=(Waveform, Encoded)),
    aasist_l=Model(aasist.light, RAW, SLOW),
    resnet18=Model(resnet18.build, LogMel()),
    gnn=Model(gnn.build, LogMel()),
    pcdarts=Model(pcdarts.build, LogMel()),
    pcdarts_lstm=Model(pcdarts_lstm.build, LogMel()),
    res2net50=Model(res2net50.build, LogMel()),
    se_res2net50=Model(se_res2net50.build, LogMel()),
    senet154=Model(senet154.build, LogMel(), SLOW),
    vgg16=Model(vgg16.build, LogMel(), SLOW),
    inceptionv3=Model(inceptionv3.build, LogMel(bands=80)),
    efficientnetb0=Model(efficientnetb0.build, LogMel()),
    lfcc_stats=Model(
        lfcc_stats.build,
        LFCC(seconds=4.0, bands=32, coefficients=20, orders=0),
        fit=lfcc_stats.fit,
    ),
    framewise=Model(framewise.build, FRAMES_OF_20_MS),
    statpool=Model(statpool.build, FINE),
    stats_lr=Model(stats_lr.build, SPEECH, fit=stats_lr.fit, takes=FRAMES),
    attentive=Model(attentive.build, SPEECH, takes=FRAMES),
    mhfa=Model(mhfa.build, ALL_BLOCKS, takes=FRAMES),
    sls=Model(sls.build, ALL_BLOCKS, SLOW, takes=FRAMES),
    nes2net=Model(nes2net.build, SPEECH, SLOW, takes=FRAMES),
    ssl_aasist=Model(ssl_aasist.build, SPEECH, SLOW, takes=FRAMES),
)
