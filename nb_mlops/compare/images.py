"""Do two pictures look the same? By pixels where numpy and Pillow are there, else by bytes."""

from __future__ import annotations

import base64
import binascii
import io
import re

from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import SAME, Likeness, Tolerances

_SVG_ID = re.compile(r"""\bid="([^"]+)\"""")
_SEEN = 8  # of 255: less is not seen, and every line's edge would be red
_SVG_DATE = re.compile(r"<dc:date>[^<]*</dc:date>")


def compare_image(a: str, b: str, tolerances: Tolerances) -> Likeness:
    """Whether two images (PNG or JPEG, base64) agree: same size, and pixels within the tolerance on average."""
    if a == b or "".join(a.split()) == "".join(b.split()):
        return SAME
    try:
        import numpy as np
        from PIL import Image
    except ImportError:
        return Likeness('the bytes differ (pixels were not compared: pip install "nb-mlops[check]")')
    try:
        pictures = [Image.open(io.BytesIO(base64.b64decode(text))).convert("RGBA") for text in (a, b)]
    except (OSError, ValueError, binascii.Error):
        return Likeness("the bytes differ, and at least one is not an image")
    if pictures[0].size != pictures[1].size:
        sizes = [f"{p.size[0]}x{p.size[1]}" for p in pictures]
        return Likeness(f"the image was {sizes[0]} pixels and became {sizes[1]}")
    one, other = (np.asarray(p, dtype=np.float64) for p in pictures)
    rms = float(np.sqrt(np.mean((one - other) ** 2)))
    if rms > tolerances.image_rms:
        share = float(np.mean(np.any(one != other, axis=2)))
        return Likeness(f"{share:.1%} of the pixels changed (RMS {rms:.1f} of 255)")
    return Likeness(forgiven=frozenset({"image bytes"} if rms == 0 else {"pixels"}))


def changed_pixels(a: str, b: str) -> str:
    """A PNG (base64) of the first image, paler, with every pixel that the other one has otherwise in red; "" where
    their sizes differ, or nobody can tell."""
    try:
        import numpy as np
        from PIL import Image

        one, other = (Image.open(io.BytesIO(base64.b64decode(text))).convert("RGBA") for text in (a, b))
    except (ImportError, OSError, ValueError, binascii.Error):
        return ""
    if one.size != other.size:
        return ""
    white = Image.new("RGBA", one.size, "white")
    grey = np.asarray(Image.alpha_composite(white, one).convert("L"), dtype=np.uint16)
    pale = (180 + grey * 75 // 255).astype(np.uint8)
    shown = np.stack([pale, pale, pale], axis=2)
    shown[np.any(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)) > _SEEN, axis=2)] = (200, 20, 30)
    out = io.BytesIO()
    Image.fromarray(shown).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode("ascii")


def compare_svg(a: str, b: str, tolerances: Tolerances) -> Likeness:
    """Whether two SVG drawings agree; the ids that tie their parts together are numbered in order first."""
    if a == b:
        return SAME
    likeness = compare_text(_plain_svg(a), _plain_svg(b), tolerances)
    return Likeness(likeness.difference, likeness.forgiven | {"random id"})


def _plain_svg(svg: str) -> str:
    svg = _SVG_DATE.sub("", svg)
    names = dict.fromkeys(_SVG_ID.findall(svg))
    for number, name in enumerate(names):
        svg = re.sub(rf'(?<=["#]){re.escape(name)}(?=[")])', f"id{number}", svg)
    return svg
