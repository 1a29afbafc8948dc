"""Run the site's tests on PostgreSQL: `python tests/postgres.py [arguments of pytest]`.

Starts a cluster of its own in a temporary folder, on a unix socket, hands its address to the tests in LIKVARD_DATABASE,
and ends it again. As root it runs the server as the user postgres, which PostgreSQL demands. The exit code is pytest's.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
# The cluster lives for minutes and holds nothing: it need not survive a power cut.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def programs() -> Path:
    """The folder of the newest PostgreSQL server programs on this machine."""
    on_path = shutil.which("initdb")
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda program: float(program.parts[-3]),
    )
    if on_path is None and not found:
        raise SystemExit("No PostgreSQL server here: there is no initdb. On Debian: apt-get install postgresql.")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def server_user() -> dict[str, object]:
    """Whom to run the server as: root may not."""
    if os.geteuid() != 0:
        return {}
    try:
        person = pwd.getpwnam("postgres")
    except KeyError:
        raise SystemExit("PostgreSQL does not run as root, and there is no user postgres on this machine.") from None
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server of its own; hand over the address of its database; end it and take its folder away."""
    run_as, where = server_user(), programs()
    folder = Path(tempfile.mkdtemp(prefix="likvard-pg-"))  # short: a socket's path holds 107 characters
    if run_as:
        os.chown(folder, int(str(run_as["user"])), int(str(run_as["group"])))

    def call(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [where / program, "-D", folder / "data", *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            **run_as,  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            log = folder / "log"
            raise SystemExit(f"{program} failed. {log.read_text('utf-8', 'replace') if log.exists() else ''}")

    try:
        call("initdb", "-U", "likvard", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses='' {FAST}", "start")
        try:
            yield f"postgresql://likvard@/postgres?host={quote(str(folder), safe='')}"
        finally:
            call("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run pytest against a cluster of its own; without a path among the arguments, all tests of the site."""
    named = any((HERE.parent / argument.split("::")[0]).exists() for argument in arguments)
    with cluster() as address:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *([] if named else [str(HERE / "site")]), *arguments],
            cwd=HERE.parent,
            env={**os.environ, "LIKVARD_DATABASE": address},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
