"""The guard in the database itself: events can be added at the end of the chain, and nothing else.

Whoever may change the database's structure can take the guard away; then `chain.verify` says that it is missing, and a
changed row is found by its seal. A later migration that makes the table anew (Django does on SQLite for most changes of
a column) must end with `install`; a test looks that it is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "audit_event"
_REFUSED = "the audit chain can be added to and never changed"
_BROKEN = "an event must follow the last one of the audit chain"

# "insert or replace" deletes without any delete trigger in SQLite: the check of what is added refuses it too.
_SQLITE = {
    "audit_no_update": f"before update on {TABLE} begin select raise(abort, '{_REFUSED}'); end",
    "audit_no_delete": f"before delete on {TABLE} begin select raise(abort, '{_REFUSED}'); end",
    "audit_in_order": f"""before insert on {TABLE}
        when new.seq is not (select coalesce(max(seq), 0) + 1 from {TABLE})
          or new.previous is not (
            select coalesce((select hash from {TABLE} order by seq desc limit 1), '{"0" * 64}'))
        begin select raise(abort, '{_BROKEN}'); end""",
}
_POSTGRESQL = {
    "audit_no_update": f"before update or delete on {TABLE} for each row execute function audit_refuse()",
    "audit_no_truncate": f"before truncate on {TABLE} for each statement execute function audit_refuse()",
    "audit_in_order": f"before insert on {TABLE} for each row execute function audit_in_order()",
}
_FUNCTIONS = {
    "audit_refuse": f"begin raise exception '{_REFUSED}'; end",
    "audit_in_order": f"""
    declare last record;
    begin
      select seq, hash into last from {TABLE} order by seq desc limit 1;
      if new.seq is distinct from coalesce(last.seq, 0) + 1
         or new.previous is distinct from coalesce(last.hash, '{"0" * 64}') then
        raise exception '{_BROKEN}';
      end if;
      return new;
    end""",
}


def triggers(connection: BaseDatabaseWrapper) -> Mapping[str, str]:
    """The guard's triggers on this kind of database, by name."""
    return {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor]


def put(connection: BaseDatabaseWrapper) -> None:
    """Put the guard in place; what is there already is made anew."""
    take(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _FUNCTIONS.items():
                cursor.execute(f"create function {name}() returns trigger language plpgsql as $body${body}$body$")
        for name, rest in triggers(connection).items():
            cursor.execute(f"create trigger {name} {rest}")


def take(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away: before the table is made anew, and when tests empty their database."""
    with connection.cursor() as cursor:
        for name in triggers(connection):
            on = f" on {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"drop trigger if exists {name}{on}")
        if connection.vendor == "postgresql":
            for name in _FUNCTIONS:
                cursor.execute(f"drop function if exists {name}()")


def stands(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger of the guard is there and switched on."""
    found = {
        "sqlite": f"select name from sqlite_master where type = 'trigger' and tbl_name = '{TABLE}'",
        "postgresql": f"select tgname from pg_trigger where tgrelid = '{TABLE}'::regclass and tgenabled in ('O', 'A')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(found)
        return set(triggers(connection)) <= {name for (name,) in cursor.fetchall()}


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`put`, as a step of a migration."""
    put(schema_editor.connection)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`take`, as a step of a migration."""
    take(schema_editor.connection)
