"""What holds for every test."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fisc", deadline=None)
settings.load_profile("fisc")
# No time a case: a busy machine is no fault of the code.


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _postgres_binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``; Debian keeps it off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server with an empty database."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'fisc[scale]')")
    binaries = _postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="fisc-postgres-"))
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = free_port()

    def run(program: str, *words: str) -> None:
        subprocess.run([binaries / program, *words], user=user, cwd=folder, check=True, capture_output=True)

    run(
        "initdb",
        "-D",
        str(folder / "data"),
        "-A",
        "trust",
        "-U",
        "fisc",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    # en_US or C: the ledger orders text by its bytes in any case.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-D", str(folder / "data"), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://fisc@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of an S3 server on loopback."""
    server = pytest.importorskip("moto.server", reason="moto is not installed (pip install 'fisc[servers]')")
    pytest.importorskip("s3fs", reason="s3fs is not installed (pip install 'fisc[scale]')")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@pytest.fixture
def store_url(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, in the environment that every S3 client reads."""
    from fisc.warehouse.store import filesystem

    names = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_REGION": "us-east-1"}
    for name, value in {**names, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": s3}.items():
        monkeypatch.setenv(name, value)
    bucket = f"fisc-{uuid.uuid4().hex[:12]}"
    filesystem().mkdir(bucket)
    return f"s3://{bucket}/house"


@pytest.fixture
def ledger_url(postgres: str) -> str:
    """An empty ledger in PostgreSQL: a schema of its own."""
    import psycopg

    schema = f"fisc_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{postgres}?options=-csearch_path%3D{schema}"
