"""The catalogues of Swedish: `python -m likvard.site.ui.catalogue` writes them anew, `--check` tells what is not in order;
names of apps after it choose among them.

English is what stands in the code; each app has its Swedish in `locale/sv/LC_MESSAGES/django.po` and the compiled `.mo`
beside it. Made with Babel alone, so that no gettext program is needed. The files hold no dates and no line numbers: a
change of a text is a change of a few lines. Nothing is guessed: a new text is empty until somebody has written it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SITE = Path(__file__).resolve().parents[1]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_DATED = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Project-Id|Report-Msgid|Generated-By)'
)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def apps(site: Path = SITE) -> list[Path]:
    """The folders of apps that say something, in order of name."""
    return sorted(app.parent for app in site.glob("*/apps.py") if any(said_in(app.parent)))


def said_in(app: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Every text that an app says: (file, text or its singular and plural, context)."""
    for file in sorted([*app.rglob("*.py"), *app.rglob("templates/**/*.html"), *app.rglob("templates/**/*.txt")]):
        for _line, text, _comments, context in extract("python", BytesIO(_as_python(file)), keywords=KEYWORDS):
            if text and text != ("", ""):
                yield file.relative_to(app).as_posix(), text, context


def _as_python(file: Path) -> bytes:
    source = file.read_text("utf-8")
    if file.suffix == ".py":
        return source.encode()
    flat = re.sub(r"(?m)^[ \t]+", "", templatize(source, origin=str(file)))  # no indentation that Python could refuse
    return flat.encode()


def catalogue(app: Path) -> Catalog:
    """The app's catalogue as it should be: every text in use, with the Swedish that is already there."""
    known = written(app)
    new = Catalog(locale="sv", charset="utf-8", header_comment=f"# Swedish of {app.name}.", fuzzy=False)
    new.creation_date = new.revision_date = _NEVER
    for file, text, context in said_in(app):
        old = known.get(text if isinstance(text, str) else text[0], context)
        kept = old.string if old is not None and isinstance(old.id, str) is isinstance(text, str) else ""
        new.add(text, kept or ("" if isinstance(text, str) else ("", "")), [(file, 1)], context=context)
    for message in new:
        message.locations = sorted({(file, 1) for file, _ in message.locations})
    return new


def written(app: Path) -> Catalog:
    """The app's catalogue as it stands in its file; empty without a file."""
    file = _file(app)
    if not file.exists():
        return Catalog(locale="sv")
    found = read_po(BytesIO(file.read_bytes()), locale="sv")
    found.creation_date = found.revision_date = _NEVER
    return found


def as_po(catalog: Catalog) -> bytes:
    """The catalogue's text: sorted, with files but no line numbers and no dates."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=True, include_lineno=False)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not _DATED.match(line.decode()))


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue compiled."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults(app: Path) -> list[str]:
    """What is not in order in an app's catalogue, each with what to do; empty when all is well."""
    wanted, there, file = catalogue(app), written(app), _file(app)
    lacking = [m for m in wanted if m.id and not all(_strings(m))]
    used = {(_key(m), m.context) for m in wanted}
    found = [f"{app.name}: no Swedish for {m.id!r}" for m in lacking]
    found += [f"{app.name}: no longer said: {m.id!r}" for m in there if m.id and (_key(m), m.context) not in used]
    found += [f"{app.name}: marked as a guess: {m.id!r}" for m in there if m.id and m.fuzzy]
    found += [f"{app.name}: {m.id!r}: {error}" for m in wanted for error in _unlike(m)]
    if not found and (not file.exists() or file.read_bytes() != as_po(wanted)):
        found.append(f"{app.name}: {file.name} is not as the tool writes it; run python -m likvard.site.ui.catalogue")
    if not found and (not file.with_suffix(".mo").exists() or file.with_suffix(".mo").read_bytes() != as_mo(wanted)):
        found.append(f"{app.name}: django.mo is not compiled from django.po; run python -m likvard.site.ui.catalogue")
    return found


def write(app: Path) -> int:
    """Write an app's catalogue and its compiled twin. Returns how many texts have no Swedish yet."""
    new, file = catalogue(app), _file(app)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(as_po(new))
    file.with_suffix(".mo").write_bytes(as_mo(new))
    return sum(1 for m in new if m.id and not all(_strings(m)))


_HOLE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def _unlike(message: Message) -> list[str]:
    """Holes of the English that the Swedish lacks, or the other way round."""
    english = set(_HOLE.findall(_key(message) if isinstance(message.id, str) else message.id[1]))
    swedish = [set(_HOLE.findall(s)) for s in _strings(message) if s]
    return [f"other holes in Swedish: {sorted(s ^ english)}" for s in swedish[-1:] if message.id and s != english]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _file(app: Path) -> Path:
    return app / "locale" / "sv" / "LC_MESSAGES" / "django.po"


def main(arguments: list[str]) -> int:
    """Write the catalogues of the named apps, or of all; with `--check` only tell what is wrong. Returns 1 if something is."""
    named = {argument for argument in arguments if not argument.startswith("-")}
    chosen = [app for app in apps() if not named or app.name in named]
    if "--check" in arguments:
        found = [fault for app in chosen for fault in faults(app)]
        sys.stderr.write("".join(f"{fault}\n" for fault in found))
        return 1 if found else 0
    for app in chosen:
        sys.stdout.write(f"{app.name}: {write(app)} without Swedish\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
