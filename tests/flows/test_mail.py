"""Mail over TLS, with STARTTLS and a login, to a server on loopback; whatever it answers, the night goes on."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fisc.flows.night.notices import Notice
from fisc.flows.night.record import recorded
from fisc.flows.night.sending import Message, Sent, send
from fisc.flows.night.settings import Mail, Settings
from fisc.flows.summary import Replaced, Summary
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Ledger

MESSAGE = Message(
    "harvest haigang", (Notice("changed", "one was changed", ("教育局",)),), "/data/runs/x.html"
)
USER, PASSWORD = "fisc", "geheim"


def certificate(folder: Path, name: str = "server") -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(pem) + private)
    return path


@dataclass
class PostOffice:
    """A mail server as RFC 5321, 3207 and 4954 have it, for one mail at a time."""

    pem: Path
    tls_at_once: bool = False
    offers_tls: bool = True
    silent: bool = False
    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            with peer:
                try:
                    self._talk(self._wrapped(peer) if self.tls_at_once else peer)
                except (OSError, ssl.SSLError):
                    continue

    def _wrapped(self, peer: socket.socket) -> ssl.SSLSocket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        return context.wrap_socket(peer, server_side=True)

    def _talk(self, peer: socket.socket) -> None:
        if self.silent:
            peer.recv(1)
            return
        lines, known = peer.makefile("rb"), False

        def say(words: str) -> None:
            peer.sendall(f"{words}\r\n".encode())

        say("220 here")
        while line := lines.readline():
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            if verb.upper() == "EHLO":
                tls = isinstance(peer, ssl.SSLSocket)
                say("250-here")
                say("250-AUTH PLAIN" if tls else "250-STARTTLS" if self.offers_tls else "250-HELP")
                say("250 8BITMIME")
            elif verb.upper() == "STARTTLS":
                say("220 go ahead")
                peer = self._wrapped(peer)
                lines = peer.makefile("rb")
            elif verb.upper() == "AUTH":
                _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                self.logins.append((user, password))
                known = (user, password) == (USER, PASSWORD)
                say("235 welcome" if known else "535 5.7.8 who are you?")
            elif verb.upper() == "DATA" and known:
                say("354 go on")
                self.mails.append(b"".join(iter(lines.readline, b".\r\n")))
                self.encrypted.append(isinstance(peer, ssl.SSLSocket))
                say("250 taken")
            elif verb.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine" if known or verb.upper() in ("RSET", "NOOP") else "530 5.7.0 log in first")


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[..., PostOffice]]:
    opened: list[tuple[socket.socket, threading.Thread]] = []

    def begin(**how: Any) -> PostOffice:
        office = PostOffice(certificate(tmp_path), **how)
        listening = socket.create_server(("127.0.0.1", 0))
        office.port = listening.getsockname()[1]
        thread = threading.Thread(target=office.serve, args=(listening,), daemon=True)
        thread.start()
        opened.append((listening, thread))
        return office

    yield begin
    for listening, thread in opened:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)


def by_mail(office: PostOffice, **other: Any) -> Settings:
    usual: dict[str, Any] = {
        "server": "127.0.0.1", "port": office.port, "user": USER, "password": PASSWORD, "authority": office.pem,
        "security": "tls" if office.tls_at_once else "starttls", "to": ("night@example.org",), "timeout_s": 5.0,
    }  # fmt: skip
    return Settings(mail=Mail(**(usual | other)))


def problem(settings: Settings) -> str:
    (sent,) = send(MESSAGE, settings)
    assert sent.problem is not None
    assert sent.problem.count("\n") == 0
    assert PASSWORD not in sent.problem
    return sent.problem


@pytest.mark.parametrize("tls_at_once", [True, False])
def test_a_mail_arrives_encrypted_after_a_login(
    open_office: Callable[..., PostOffice], tls_at_once: bool
) -> None:
    office = open_office(tls_at_once=tls_at_once)
    assert send(MESSAGE, by_mail(office)) == [Sent("mail")]
    assert (office.encrypted, office.logins) == ([True], [(USER, PASSWORD)])
    letter = message_from_bytes(office.mails[0], policy=policy.default)
    assert letter["Subject"] == "fisc: harvest haigang: one was changed"
    assert "教育局" in letter.get_content()


@pytest.mark.parametrize("tls_at_once", [True, False])
@pytest.mark.parametrize("trusted", ["nobody", "another"])
def test_a_certificate_that_is_not_trusted_gets_no_password_and_no_mail(
    open_office: Callable[..., PostOffice], tmp_path: Path, tls_at_once: bool, trusted: str
) -> None:
    office = open_office(tls_at_once=tls_at_once)
    authority = None if trusted == "nobody" else certificate(tmp_path, "another")
    said = problem(by_mail(office, authority=authority))
    assert said.startswith("The mail could not be sent (the certificate of the server is not trusted: self")
    assert said.endswith("or name the file of who signed its certificate as authority.")
    assert (office.logins, office.mails) == ([], [])


def test_a_certificate_for_another_name_is_not_trusted(open_office: Callable[..., PostOffice]) -> None:
    office = open_office()
    said = problem(by_mail(office, server="localhost"))
    assert "Hostname mismatch" in said
    assert office.logins == []


def test_a_wrong_password_is_told_without_it(open_office: Callable[..., PostOffice]) -> None:
    office = open_office()
    assert problem(by_mail(office, password="falsch")) == (
        "The mail could not be sent (the server said 535 5.7.8 who are you?); correct user and password in [mail]."
    )
    assert office.mails == []


def test_a_server_that_offers_no_encryption_gets_no_password(open_office: Callable[..., PostOffice]) -> None:
    office = open_office(offers_tls=False)
    assert "STARTTLS" in problem(by_mail(office))
    assert (office.logins, office.mails) == ([], [])


def test_a_port_of_the_other_kind_is_told(open_office: Callable[..., PostOffice]) -> None:
    said = problem(by_mail(open_office(), security="tls"))
    assert said.endswith("see whether port and security in [mail] are those of the server.")


def test_a_server_that_says_nothing_is_waited_for_so_long_only(
    open_office: Callable[..., PostOffice],
) -> None:
    assert "timed out" in problem(by_mail(open_office(silent=True), timeout_s=0.2))


def test_an_authority_that_is_no_file_is_told(open_office: Callable[..., PostOffice], tmp_path: Path) -> None:
    assert "No such file" in problem(by_mail(open_office(), authority=tmp_path / "none.pem"))


@pytest.mark.parametrize("trouble", ["down", "password", "certificate"])
def test_the_night_goes_on_and_its_record_says_that_nobody_was_told(
    open_office: Callable[..., PostOffice], tmp_path: Path, trouble: str
) -> None:
    office = open_office()
    port = 9 if trouble == "down" else office.port
    password = "falsch" if trouble == "password" else PASSWORD
    known = "" if trouble == "certificate" else f'authority = "{office.pem}"\n'
    home = Home(tmp_path / "home").create()
    (home.root / "fisc.toml").write_text(
        f'[mail]\nserver = "127.0.0.1"\nport = {port}\nuser = "{USER}"\npassword = "{password}"\n{known}to = ["a@example.org"]\n'
    )
    replaced = Replaced("3f" * 8, "望溪市教育局", 2025, "budget", 3)
    with Ledger.open(home) as ledger:
        summary, record = recorded(home, ledger, "harvest haigang", lambda: Summary(replaced=[replaced]))
        (run,) = ledger.runs()
    assert (summary.failures, run.finished_at is not None, office.mails) == (0, True, [])
    assert [
        note for note in summary.notes if note.startswith("The mail could not be sent (")
    ] == summary.notes
    assert record.sent[0].problem == summary.notes[0]
    (page,) = home.runs.rglob("*.html")
    assert "The mail could not be sent" in page.read_text(encoding="utf-8")
