"""TLS is verified; a source may name the one certificate that it accepts of a host, and no other is."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from declared import source

from fisc.flows.fetch import Visitor
from fisc.flows.net.failures import FetchError

PDF = b"%PDF-1.7 fine"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path == "/a.pdf"
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(PDF) if known else 0))
        self.end_headers()
        self.wfile.write(PDF if known else b"")

    def log_message(self, *_: object) -> None:
        pass


def self_signed(folder: Path) -> tuple[Path, str]:
    """A certificate that nobody signed, with its key, and its SHA-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=9)).not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(pem) + private)
    return path, sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a server with such a certificate, and the certificate's SHA-256."""
    path, digest = self_signed(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}", digest
    server.shutdown()
    server.server_close()


def visitor(folder: Path, address: str, tls: str = "") -> Visitor:
    text = f"""name = "t"\nallow_private = true\n[list]\nstart = "{address}/"\n[politeness]\ndelay_s = 0.0\nattempts = 1
{tls}"""
    return Visitor(source(folder, text))


def test_a_certificate_that_nobody_signed_is_refused(served: tuple[str, str], tmp_path: Path) -> None:
    with visitor(tmp_path, served[0]) as visiting, pytest.raises(FetchError) as caught:
        visiting.file(f"{served[0]}/a.pdf")
    assert caught.value.reason == "tls_error"


def test_the_one_that_is_pinned_is_taken(served: tuple[str, str], tmp_path: Path) -> None:
    tls = f'[[tls]]\nhost = "127.0.0.1"\nsha256 = "{served[1].upper()}"\nreason = "seen"'
    with visitor(tmp_path, served[0], tls) as visiting:
        assert visiting.file(f"{served[0]}/a.pdf").content == PDF


def test_another_one_is_not(served: tuple[str, str], tmp_path: Path) -> None:
    tls = f'[[tls]]\nhost = "127.0.0.1"\nsha256 = "{"0" * 64}"\nreason = "seen"'
    with visitor(tmp_path, served[0], tls) as visiting, pytest.raises(FetchError, match=served[1]) as caught:
        visiting.file(f"{served[0]}/a.pdf")
    assert caught.value.reason == "other_certificate"


def test_old_tls_does_not_excuse_a_wrong_certificate(served: tuple[str, str], tmp_path: Path) -> None:
    tls = '[[tls]]\nhost = "127.0.0.1"\nlegacy = true\nreason = "old"'
    with visitor(tmp_path, served[0], tls) as visiting, pytest.raises(FetchError) as caught:
        visiting.file(f"{served[0]}/a.pdf")
    assert caught.value.reason == "tls_error"
