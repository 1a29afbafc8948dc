"""Swedish and English are complete, in every app: each text has its Swedish, and the page says what the catalogue says."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from likvard.site.ui import catalogue

APPS = catalogue.apps()


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_every_text_has_its_swedish_and_nothing_else_is_kept(app: Path):
    assert catalogue.faults(app) == []


def said(message: Message, language: str) -> str:
    with translation.override(language):
        if isinstance(message.id, str):
            return pgettext(message.context, message.id) if message.context else _(message.id)
        one, many = message.id
        return npgettext(message.context, one, many, 1) if message.context else ngettext(one, many, 1)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_the_page_says_what_the_catalogue_says(app: Path):
    """Two apps, or a library before ours, may hold the same English with another Swedish: then one of them is not heard."""
    messages = [m for m in catalogue.written(app) if m.id and m.string and all(m.string)]
    wanted = {m.id: m.string if isinstance(m.string, str) else m.string[0] for m in messages}
    assert {m.id: said(m, "sv") for m in messages} == wanted


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_english_is_what_stands_in_the_code(app: Path):
    messages = [m for m in catalogue.written(app) if m.id]
    assert all(said(m, "en") == (m.id if isinstance(m.id, str) else m.id[0]) for m in messages)


TEMPLATE = """{% load i18n %}<h1>{% translate "Schools" %}</h1>
    <p>{% blocktranslate trimmed count n=n %}
        {{ n }} school
    {% plural %}
        {{ n }} schools
    {% endblocktranslate %}</p>{% translate "Open" context "matter" %} 95%
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with a template and a module that say six things."""
    folder = tmp_path / "shop"
    (folder / "templates" / "shop").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "templates" / "shop" / "a.html").write_text(TEMPLATE)
    (folder / "models.py").write_text('from x import gettext_lazy as _\nA = _("Name")\nB = _("by %(who)s")\n')
    return folder


def fill(app: Path, **swedish: str) -> None:
    po = app / "locale" / "sv" / "LC_MESSAGES" / "django.po"
    text = po.read_text()
    for english, words in swedish.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{words}"')
    po.write_text(text)


def test_texts_of_templates_and_code_are_found(app: Path):
    found = {(text, context) for _file, text, context in catalogue.said_in(app)}
    assert found == {
        ("Schools", None),
        (("%(n)s school", "%(n)s schools"), None),
        ("Open", "matter"),
        ("Name", None),
        ("by %(who)s", None),
    }


def test_a_new_text_is_empty_and_the_old_keeps_its_swedish(app: Path):
    assert catalogue.write(app) == 5
    fill(app, Name="Namn")
    assert catalogue.write(app) == 4
    assert 'msgid "Name"\nmsgstr "Namn"' in (app / "locale/sv/LC_MESSAGES/django.po").read_text()


def test_writing_twice_changes_nothing(app: Path):
    catalogue.write(app)
    files = sorted(app.rglob("django.*o"))
    before = [file.read_bytes() for file in files]
    catalogue.write(app)
    assert [file.read_bytes() for file in files] == before
    assert b"Date" not in before[1]


def test_a_text_that_is_no_longer_said_is_dropped(app: Path):
    catalogue.write(app)
    fill(app, Name="Namn")
    (app / "models.py").write_text("")
    assert any("no longer said: 'Name'" in fault for fault in catalogue.faults(app))
    catalogue.write(app)
    assert "Name" not in (app / "locale/sv/LC_MESSAGES/django.po").read_text()


def test_swedish_with_other_holes_than_the_english_is_a_fault(app: Path):
    catalogue.write(app)
    po = app / "locale/sv/LC_MESSAGES/django.po"
    po.write_text(po.read_text().replace('msgid "by %(who)s"\nmsgstr ""', 'msgid "by %(who)s"\nmsgstr "av %(vem)s"'))
    assert any("other holes" in fault for fault in catalogue.faults(app))


def test_a_catalogue_that_was_not_compiled_is_a_fault(app: Path):
    (app / "templates/shop/a.html").unlink()
    (app / "models.py").write_text('from x import gettext as _\nA = _("Name")\n')
    catalogue.write(app)
    fill(app, Name="Namn")
    assert catalogue.faults(app) == [
        "shop: django.mo is not compiled from django.po; run python -m likvard.site.ui.catalogue"
    ]
    catalogue.write(app)
    assert catalogue.faults(app) == []


def test_the_tool_tells_what_is_wrong_and_fails(capsys, monkeypatch, app: Path):
    monkeypatch.setattr(catalogue, "apps", lambda: [app])
    assert catalogue.main(["--check"]) == 1
    assert "shop: no Swedish for 'Name'" in capsys.readouterr().err
    assert catalogue.main([]) == 0
    assert capsys.readouterr().out == "shop: 5 without Swedish\n"
    assert catalogue.main(["--check", "another"]) == 0
