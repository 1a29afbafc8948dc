"""The state tables in the manual: `python -m likvard.site.cases.manual docs` writes them into cases.md, with their drawings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import django
from django.utils.translation import override

from likvard.site.cases import diagrams
from likvard.site.cases.kinds import kinds
from likvard.site.cases.states import Kind

BEGIN, END = "<!-- from here: made by likvard.site.cases.manual -->\n", "<!-- to here -->\n"


def written(folder: Path) -> Mapping[str, str]:
    """What the files of the folder should hold: the manual's page of cases, and a drawing for each kind."""
    with override("en"):
        before, _, rest = (folder / "cases.md").read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        drawings = {f"case-{kind.code}.svg": diagrams.as_svg(kind.table, str(kind.label)) for kind in kinds().values()}
        return {"cases.md": f"{before}{BEGIN}{''.join(map(_section, kinds().values()))}{END}{after}", **drawings}


def _section(kind: Kind) -> str:
    return (
        f"\n### {str(kind.label).capitalize()} (`{kind.code}`, series {kind.series})\n\n"
        f"![The states of a {kind.label}](case-{kind.code}.svg)\n\n{diagrams.as_text(kind.table)}\n\n"
        f"```mermaid\n{diagrams.as_mermaid(kind.table)}\n```\n\n"
    )


def main(folder: str) -> None:
    """Write the files of the folder anew."""
    for name, text in written(Path(folder)).items():
        (Path(folder) / name).write_text(text, "utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "likvard.site.settings")
    django.setup()
    main(sys.argv[1])
