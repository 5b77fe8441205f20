"""The Debian packages behind the starter corpus, pinned by version and SHA-256."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """One Debian package.

    Attributes
    ----------
    name : str
        Name in the archive's section main.
    version : str
        With the epoch.
    architecture : str
        ``all``, or the machine that the programs inside run on.
    pool : str
        Folder below ``pool/main`` of an archive.
    megabytes : float
        Size of the file.
    sha256 : str
        Of the file.
    """

    name: str
    version: str
    architecture: str
    pool: str
    megabytes: float
    sha256: str

    @property
    def file(self):
        """Name of the file in an archive's pool, which leaves out the epoch."""
        return f"{self.name}_{self.version.split(':')[-1]}_{self.architecture}.deb"

    @property
    def path(self):
        """Path of the file below the root of an archive."""
        return f"pool/main/{self.pool}/{self.file}"


_PINNED = (
    Package(
        "asterisk-core-sounds-en",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        0.0,
        "973e797d28e37fa6ca3c0a9d6fa717e77cf1268ae916bf09fd3503113cdffa50",
    ),
    Package(
        "asterisk-core-sounds-en-g722",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        10.6,
        "38c5261820b406dcb0ecb37675720da2b0864850690690352ca52707eb623806",
    ),
    Package(
        "asterisk-core-sounds-es",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        0.0,
        "9afdab7f559f036649fb406e625899306ca1004df8ebe39c30bfbd5912d66f74",
    ),
    Package(
        "asterisk-core-sounds-es-g722",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        13.0,
        "e4e3b4281057d3b81b779298fd6be705f57411513955c518eed1bcaabbd615b8",
    ),
    Package(
        "asterisk-core-sounds-fr",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        0.0,
        "04c82c78c570c43a7136cbc5e2488d0c470b775468dff9fbce4a131b18cf1056",
    ),
    Package(
        "asterisk-core-sounds-fr-g722",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        10.8,
        "7add61d5e42279ecff1bbdf842a5a946ac3644fac9a0fe44384731aa7270c8e0",
    ),
    Package(
        "asterisk-core-sounds-it",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        0.0,
        "3884d9457e12f21caa018c18f0d587df5d53ebea14b673d8453a134c5941ab3b",
    ),
    Package(
        "asterisk-core-sounds-it-g722",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        10.1,
        "46b4cf7afc508a5fcfc051b7ea233251c0d195dd4ef83cc4b7facb4c6429b016",
    ),
    Package(
        "asterisk-core-sounds-ru",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        0.0,
        "28a61616bb0cd3345a7ea532dec4df9f071e5d0fa9f8c1a563ea9669002f39ab",
    ),
    Package(
        "asterisk-core-sounds-ru-g722",
        "1.6.1-1",
        "all",
        "a/asterisk-core-sounds",
        10.6,
        "673b4238a6b8269960f055d868c6a11083f7a0d00979167cb01554046b48ed9b",
    ),
    Package(
        "klettres-data",
        "4:22.12.3-1",
        "all",
        "k/klettres",
        39.5,
        "1186d257a19e84230856baea0b0b1ded8be9195080fcdb2588970b5cd937f5a8",
    ),
    Package(
        "ktuberling-data",
        "4:22.12.3-1",
        "all",
        "k/ktuberling",
        46.7,
        "fba44c875bfa31ea488dadd9263e87a4dcaea0bd47d28817f6c0dc6d2af970ed",
    ),
    Package(
        "fillets-ng-data",
        "1.0.1-1.1",
        "all",
        "f/fillets-ng-data",
        70.6,
        "25de89afd8b1adf7bcace8290248a6a22c89cd42300317e69000e162c032cf84",
    ),
    Package(
        "fillets-ng-data-cs",
        "1.0.1-1.1",
        "all",
        "f/fillets-ng-data",
        39.0,
        "3ecef99b9456f1c80c9625c6f2418642b52d58e7167a46bad7a412db17991b14",
    ),
    Package(
        "fillets-ng-data-nl",
        "1.0.1-1.1",
        "all",
        "f/fillets-ng-data",
        32.6,
        "afb4443fda9ab507dee578b75be857d121718a1cd6017a474f30e0eb13dc9d10",
    ),
    Package(
        "festvox-ru",
        "0.5+dfsg-6",
        "all",
        "f/festvox-ru",
        178.7,
        "21ef3f0f2978ecf2e2eddb367cb0ff4a72572196d28dc69feb84f4177af5e6c4",
    ),
    Package(
        "flite",
        "2.2-5",
        "amd64",
        "f/flite",
        0.3,
        "f4ce03470bf9974c2cb9cacd981e6be29339ef4c97cf994dd6fa3f90e6544db9",
    ),
    Package(
        "libflite1",
        "2.2-5",
        "amd64",
        "f/flite",
        12.8,
        "bfa8c591f1b47730b30b372ec38e02918a1c9795eada67684e1746390ad2f061",
    ),
    Package(
        "libasound2",
        "1.2.8-1+b1",
        "amd64",
        "a/alsa-lib",
        0.4,
        "44c77b076a7b11ae99712439022d822245b1994c435da564ebd320bb676faf4c",
    ),
    Package(
        "festival",
        "1:2.5.0-9",
        "amd64",
        "f/festival",
        0.6,
        "d635d3aebabb5e4bf4d2f1f1bb65a0de4ca1b4ffd8e52bd473b17d3e235e88a7",
    ),
    Package(
        "libestools2.5",
        "1:2.5.0-13",
        "amd64",
        "s/speech-tools",
        1.0,
        "c5d7a7ea3f17c5779b7f47b40ba622d5f6a22242b05a20f746e05f0b07a883fb",
    ),
    Package(
        "festvox-us-slt-hts",
        "0.2010.10.25-4",
        "all",
        "f/festvox-us-slt-hts",
        1.0,
        "b9ac83795572e717c4595d7dac428336490eeba6801f6e607009a305b4b7da58",
    ),
    Package(
        "festvox-kallpc16k",
        "2.4-1",
        "all",
        "f/festvox-kallpc16k",
        3.6,
        "bb21a90974a2754044c6dc11e4cf958aa8ba91ddb312e20ea7a114f3b73dadae",
    ),
    Package(
        "festvox-kdlpc16k",
        "1.4.0-6.1",
        "all",
        "f/festvox-kdlpc16k",
        3.8,
        "3c359e51b6c85d5f5e00368804c52a68f551b1961ee03a79dde5245bc1accb6c",
    ),
    Package(
        "festlex-cmu",
        "2.4-2",
        "all",
        "f/festlex-cmu",
        0.9,
        "9c4ca30881e987998abd51bed538e08d960aa08e8f003461c8c246da97235bbb",
    ),
    Package(
        "festlex-poslex",
        "2.4-1",
        "all",
        "f/festlex-poslex",
        0.2,
        "bb0b51d8f99ee829ce43f4aa0983d5b63d50225dcbdd24a9b14d18e24fddc684",
    ),
    Package(
        "festival-czech",
        "0.3-6",
        "all",
        "f/festival-czech",
        0.0,
        "bb1c3763de06b2b744aaa48d78537eaf3f10f2af9a92691479b4f8f2142da7d0",
    ),
    Package(
        "festvox-czech-dita",
        "1.0.0-5",
        "all",
        "f/festvox-czech-dita",
        7.9,
        "f4dc1c03c8815beeeeed8c8cc18c9c26f381ad0eadb10727ff5f850826e51cf0",
    ),
    Package(
        "festvox-czech-machac",
        "1.0.0-5",
        "all",
        "f/festvox-czech-machac",
        5.9,
        "76270a4526ed8222a840d272d32124854b242ccdcc4422d446f6a1f06576bb0f",
    ),
    Package(
        "festvox-czech-krb",
        "1.0.0-5",
        "all",
        "f/festvox-czech-krb",
        9.3,
        "802a6e647417437643de1ede07b54aeebdc4b180f01844a1b29480f7239fe784",
    ),
    Package(
        "festvox-czech-ph",
        "0.1-6",
        "all",
        "f/festvox-czech-ph",
        9.6,
        "0e7833a7f670fdac3c3ee5664ab6ce4af9161c43904b745289eae33fba7a4edf",
    ),
    Package(
        "festvox-itapc16k",
        "2.0+debian0-6",
        "all",
        "f/festival-it",
        3.5,
        "832c8c4cede93ef292132f8a7b5d6cddaad0046e348517d8445b4a4a906f09e6",
    ),
    Package(
        "festvox-italp16k",
        "2.0+debian0-6",
        "all",
        "f/festival-it",
        4.2,
        "4acbcabf7e81cf284e1f7db9135d7761e44c6bb3f9dda85727291fe95942f525",
    ),
    Package(
        "festlex-ifd",
        "2.0+debian0-6",
        "all",
        "f/festival-it",
        2.4,
        "8f98f36c50fab70ee073d1e07d8e7444f003712d5d5222f6d83516e825f36d7a",
    ),
)

PACKAGES = {package.name: package for package in _PINNED}
