"""The search index, as each database has it."""

from typing import Any

from django.db import migrations

# The search index: one name on both databases. `remove_diacritics 0`: å, ä and ö are letters, not a and o with marks.
SQLITE = [
    "create virtual table newsroom_search using fts5(title, body, stems, tokenize = 'unicode61 remove_diacritics 0')",
]
POSTGRESQL = [
    "create table newsroom_search"
    " (rowid bigint primary key, title text not null, body text not null, words tsvector not null)",
    "create index newsroom_search_words on newsroom_search using gin (words)",
]


def make_search(apps: object, schema_editor: Any) -> None:
    """Make the search index as the database can."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def take_search_away(apps: object, schema_editor: Any) -> None:
    """Take the search index away."""
    schema_editor.execute("drop table newsroom_search")


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_press")]

    operations = [migrations.RunPython(make_search, take_search_away)]
