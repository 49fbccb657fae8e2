"""Traditional to simplified Chinese, one character for one character.

The simplified form of `TRADITIONAL[i]` is `SIMPLIFIED[i]`. Source: OpenCC's t2s conversion (Apache
License 2.0), applied to single Han characters until nothing changes. The table is fixed, so that
the fold does not depend on the version of OpenCC. `python -m tools.make_simplified` writes it to
`simplified.txt`: each traditional character is followed by its simplified form.
"""

from pathlib import Path

_PAIRS = "".join(Path(__file__).with_name("simplified.txt").read_text("utf-8").splitlines())
TRADITIONAL, SIMPLIFIED = _PAIRS[::2], _PAIRS[1::2]
