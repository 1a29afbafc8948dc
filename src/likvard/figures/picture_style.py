"""The rules of style that a picture carries when it leaves the page: light colours, and the typeface where it is alone."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files


@cache
def style() -> str:
    """The charts' rules of the stylesheet with the light colours in place, and those of the text around them."""
    css = files("likvard.figures").joinpath("assets", "report.css").read_text("utf-8")
    tokens = dict(re.findall(r"(--[a-z0-9-]+):(#[0-9a-f]+)", css[: css.index("@media")]))
    rules = css[css.index("/* Charts */") : css.index("/* Tables */")]
    kept = re.findall(r"(?:^|(?<=\}))\s*((?:\.(?:c|k|f|s|land|map)\b|\.[kfs]-?\w+)[^{}@]*\{[^{}]*\})", rules)
    plain = "".join(rule.strip() for rule in kept if not re.match(r"\.(share|scroll|when|map\{)", rule.strip()))
    around = (
        "text{font:16px 'Likvard Sans','Source Sans 3',sans-serif;fill:var(--ink)}.sheet{fill:var(--bg)}"
        ".synthetic{fill:var(--soon-bg)}.edge{stroke:var(--line)}.question{font-size:25px;font-weight:700}"
        ".verdict{font-size:19px}.soft{fill:var(--ink2)}.note{fill:var(--soon)}.b{font-weight:700}.small{font-size:15px}"
        ".e{text-anchor:end}.m{text-anchor:middle}.tint-plain{fill:var(--bg2)}.tint-none{fill:none;stroke:var(--line)}"
        ".tint-low{fill:var(--low-bg)}.tint-high{fill:var(--high-bg)}.on-low{fill:var(--low);font-weight:700}"
        ".on-high{fill:var(--high);font-weight:700}"
    )
    return re.sub(r"var\((--[a-z0-9-]+)\)", lambda found: tokens[found[1]], around + plain).replace("650", "700")


@cache
def face() -> str:
    """The package's own typeface as a rule of CSS, for a picture that goes out alone."""
    data = files("likvard.figures").joinpath("assets", "source-sans-3-latin-wght-normal.woff2").read_bytes()
    encoded = base64.b64encode(data).decode("ascii")
    return (
        '@font-face{font-family:"Source Sans 3";font-weight:200 900;'
        f'src:url(data:font/woff2;base64,{encoded}) format("woff2")}}'
    )
