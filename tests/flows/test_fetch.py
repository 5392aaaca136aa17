"""Every way in which a portal can fail has a name, an end, and one sentence."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import httpcore
import pytest
from declared import loopback, source, toml
from rude_server import RudeServer, packed, raw, redirect, reply, rude_server

from fisc.flows.fetch import GIVE_UP_AFTER, Seen, Visitor
from fisc.flows.net.connection import is_public
from fisc.flows.net.failures import FetchError
from fisc.flows.net.manners import Pace, user_agent
from fisc.reasons import reasons

PDF = b"%PDF-1.7 fine"


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with rude_server() as server:
        yield server


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def visitor(server: RudeServer, slept: list[float], tmp_path: Path) -> Iterator[Visitor]:
    declared = loopback(tmp_path, server.address, "max_mb = 0.01\nlongest_wait_s = 30.0")
    with Visitor(declared, sleep=slept.append) as visitor:
        yield visitor


@pytest.fixture
def hasty(server: RudeServer, tmp_path: Path) -> Iterator[Visitor]:
    """One attempt, half a second."""
    text = toml(
        f"{server.address}/", top="allow_private = true",
        more="[politeness]\ndelay_s = 0.0\ntimeout_s = 0.5\nattempts = 1",
    )  # fmt: skip
    with Visitor(source(tmp_path, text)) as visitor:
        yield visitor


def failure(visitor: Visitor, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        visitor.file(url)
    sentence = caught.value.sentence
    assert sentence == str(caught.value)
    assert sentence.endswith(".")
    assert "{" not in sentence
    return caught.value


def test_a_file_comes_with_what_the_portal_says_of_it(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = reply(PDF, ETag='"7"', Last_Modified="Mon, 03 Feb 2025 00:00:00 GMT")
    got = visitor.file(server.url("/a.pdf"))
    assert got.content == PDF
    assert got.seen == Seen('"7"', "Mon, 03 Feb 2025 00:00:00 GMT")


def test_what_was_seen_before_is_asked_for_changes_only(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = reply(b"", "304 Not Modified")
    assert visitor.file(server.url("/a.pdf"), Seen('"7"', "yesterday")).content is None
    _, headers = server.asked[-1]
    assert headers["if-none-match"] == '"7"'
    assert headers["if-modified-since"] == "yesterday"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_refusal_is_final(server: RudeServer, visitor: Visitor, status: int) -> None:
    server.answers["/a.pdf"] = reply(b"<html>", f"{status} No")
    error = failure(visitor, server.url("/a.pdf"))
    assert error.reason == f"http_{status}"
    assert str(status) in error.sentence
    assert len(server.paths()) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again_with_growing_patience(
    server: RudeServer, visitor: Visitor, slept: list[float], status: int
) -> None:
    server.answers["/a.pdf"] = reply(b"", f"{status} Later")
    assert failure(visitor, server.url("/a.pdf")).reason == f"http_{status}"
    assert len(server.paths()) == 3
    assert slept == [0.5, 1.0]


def test_a_failure_that_passes_is_no_failure(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = [reply(b"", "500 Oh"), reply(b"", "503 Oh"), reply(PDF)]
    assert visitor.file(server.url("/a.pdf")).content == PDF


def test_retry_after_is_honoured_in_seconds_and_as_a_date(
    server: RudeServer, visitor: Visitor, slept: list[float]
) -> None:
    later = formatdate(time.time() + 20, usegmt=True)
    server.answers["/a.pdf"] = [
        reply(b"", "429 Slow", Retry_After="7"), reply(b"", "503 Slow", Retry_After=later), reply(PDF),
    ]  # fmt: skip
    visitor.file(server.url("/a.pdf"))
    assert slept[0] == 7.0
    # The other processes wait, too: the turn after the one that was refused is as late.
    assert slept[1] == pytest.approx(7, abs=1)
    assert slept[2] == pytest.approx(20, abs=3)


def test_a_retry_after_beyond_our_patience_is_left_for_another_night(
    server: RudeServer, visitor: Visitor, slept: list[float]
) -> None:
    server.answers["/a.pdf"] = reply(b"", "429 Slow", Retry_After="3600")
    assert failure(visitor, server.url("/a.pdf")).wait_s == 3600
    assert len(server.paths()) == 1
    assert slept == []


def test_a_server_that_says_nothing_for_ever(server: RudeServer, hasty: Visitor) -> None:
    server.answers["/a.pdf"] = server.nothing
    began = time.monotonic()
    assert failure(hasty, server.url("/a.pdf")).reason == "timeout"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500,
        b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 500,
    ],
    ids=["body", "head"],
)
def test_a_server_that_says_a_byte_at_a_time(server: RudeServer, hasty: Visitor, answer: bytes) -> None:
    server.answers["/a.pdf"] = server.drip(answer)
    began = time.monotonic()
    assert failure(hasty, server.url("/a.pdf")).reason == "timeout"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n%PDF-1.7 half", "truncated_body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n%PDF", "truncated_body"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", "bad_encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 4\r\n\r\nnope", "bad_encoding"),
        (b"", "connection_lost"),
        (b"220 ftp.example ready\r\n\r\n", "bad_response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "empty_file"),
        (b"HTTP/1.1 200 OK\r\n\r\n\xef\xbb\xbf\n<!DOCTYPE HTML><p>404", "not_a_document"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "bad_redirect"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[::\r\nContent-Length: 0\r\n\r\n", "bad_redirect"),
        (b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", "bad_address"),
    ],
)  # fmt: skip
def test_answers_that_are_wrong(server: RudeServer, hasty: Visitor, answer: bytes, reason: str) -> None:
    server.answers["/a.pdf"] = raw(answer)
    assert failure(hasty, server.url("/a.pdf")).reason == reason


def test_a_packed_body_that_ends_early(server: RudeServer, hasty: Visitor) -> None:
    import gzip

    half = gzip.compress(bytes(range(256)) * 20)[:-30]
    server.answers["/a.pdf"] = reply(half, Content_Encoding="gzip")
    assert failure(hasty, server.url("/a.pdf")).reason == "truncated_body"


def test_a_packed_body_is_unpacked(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = packed(PDF * 100)
    assert visitor.file(server.url("/a.pdf")).content == PDF * 100


def test_a_file_beyond_the_limit_is_not_taken(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = reply(b"x" * 10_001)
    error = failure(visitor, server.url("/a.pdf"))
    assert error.reason == "too_large"
    assert "0.01 MB" in error.sentence


def test_a_bomb_stays_small(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = packed(b"0" * 50_000_000)
    tracemalloc.start()
    assert failure(visitor, server.url("/a.pdf")).reason == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_redirect_is_followed_and_remembered(server: RudeServer, visitor: Visitor) -> None:
    server.answers |= {"/a": redirect("b.pdf"), "/b.pdf": reply(PDF)}
    got = visitor.file(server.url("/a"))
    assert (got.url, got.hops) == (server.url("/b.pdf"), (server.url("/a"),))


@pytest.mark.parametrize("location", ["/a", "/b"])
def test_a_redirect_loop_ends(server: RudeServer, visitor: Visitor, location: str) -> None:
    server.answers |= {"/a": redirect(location), "/b": redirect("/a")}
    assert failure(visitor, server.url("/a")).reason == "redirect_loop"


def test_a_long_way_of_redirects_ends(server: RudeServer, visitor: Visitor) -> None:
    server.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(50)}
    assert failure(visitor, server.url("/0")).reason == "redirect_loop"
    assert len(server.paths()) < 12


def test_a_redirect_to_another_private_place_is_refused(server: RudeServer, visitor: Visitor) -> None:
    with rude_server() as other:
        other.answers["/secret"] = reply(b"%PDF secret")
        server.answers["/a"] = redirect(other.url("/secret"))
        error = failure(visitor, server.url("/a"))
        assert error.reason == "private_address"
        assert "127.0.0.1" in error.sentence
        assert other.asked == []


def test_a_private_address_is_refused_unless_the_source_allows_it(server: RudeServer, tmp_path: Path) -> None:
    with Visitor(source(tmp_path, toml(server.url("/")))) as visitor:
        assert failure(visitor, server.url("/a.pdf")).reason == "private_address"
    assert server.asked == []


def test_the_address_that_was_checked_is_the_one_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that resolves to a public address first and to a private one later gains nothing."""
    answers = [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]]
    connected: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers.pop(0)]

    def connect(_: object, host: str, *__: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError("refused")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with Visitor(source(tmp_path, toml()), sleep=lambda _: None) as visitor:
        assert failure(visitor, "http://portal.example/a.pdf").reason == "private_address"
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("192.168.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("url", ["ftp://portal.example/a.pdf", "http://", "javascript:1"])
def test_only_http(hasty: Visitor, url: str) -> None:
    assert failure(hasty, url).reason == "bad_address"


def test_no_file_of_this_machine(hasty: Visitor) -> None:
    assert failure(hasty, "file:///etc/passwd").reason == "outside_folder"


def test_nobody_listens(hasty: Visitor, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    text = toml(url, top="allow_private = true", more="[politeness]\nattempts = 1\ndelay_s = 0.0")
    with Visitor(source(tmp_path, text)) as visitor:
        assert failure(visitor, url).reason == "connection_failed"


def test_no_such_host(tmp_path: Path) -> None:
    text = toml("http://no-such-host.invalid/", more="[politeness]\nattempts = 1")
    with Visitor(source(tmp_path, text)) as unbound:
        assert failure(unbound, "http://no-such-host.invalid/a.pdf").reason == "unknown_host"


def test_no_certificate(server: RudeServer, hasty: Visitor) -> None:
    url = server.url("/a.pdf").replace("http://", "https://")
    assert failure(hasty, url).reason == "tls_error"


def test_a_portal_that_stopped_answering_is_left_alone(server: RudeServer, hasty: Visitor) -> None:
    server.answers["/robots.txt"] = raw(b"")
    reasons = [failure(hasty, server.url(f"/{n}.pdf")).reason for n in range(GIVE_UP_AFTER + 2)]
    assert reasons == ["connection_lost"] * GIVE_UP_AFTER + ["host_down"] * 2


def test_files_that_never_come_do_not_keep_the_others_waiting(server: RudeServer, hasty: Visitor) -> None:
    server.answers |= {"/robots.txt": reply(b""), "/fine.pdf": reply(PDF)}
    for count in (GIVE_UP_AFTER, GIVE_UP_AFTER + 1):
        dead = [f"/dead/{count}-{n}.pdf" for n in range(count)]
        server.answers |= dict.fromkeys(dead, raw(b""))
        reasons = [failure(hasty, server.url(path)).reason for path in dead]
        assert reasons == ["connection_lost"] * count
        assert hasty.file(server.url("/fine.pdf")).content == PDF


def test_robots_txt_is_obeyed(server: RudeServer, visitor: Visitor) -> None:
    server.answers |= {"/robots.txt": reply(b"User-agent: fisc\nDisallow: /secret/"), "/a.pdf": reply(PDF)}
    assert failure(visitor, server.url("/secret/a.pdf")).reason == "robots_disallowed"
    assert visitor.file(server.url("/a.pdf")).content == PDF
    assert [path for path, _ in server.asked] == ["/robots.txt", "/a.pdf"]


def test_robots_txt_that_fails_closes_the_portal(server: RudeServer, visitor: Visitor) -> None:
    server.answers |= {"/robots.txt": reply(b"", "500 Oh"), "/a.pdf": reply(PDF)}
    assert failure(visitor, server.url("/a.pdf")).reason == "robots_unreachable"
    assert server.paths() == []


def test_robots_txt_may_ask_for_more_time(server: RudeServer, visitor: Visitor, slept: list[float]) -> None:
    server.answers |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 5"), "/a.pdf": reply(PDF)}
    visitor.file(server.url("/a.pdf"))
    visitor.file(server.url("/a.pdf"))
    assert slept == [pytest.approx(5, abs=0.5), pytest.approx(10, abs=0.5)]


def test_requests_keep_their_distance(tmp_path: Path) -> None:
    slept: list[float] = []
    pace = Pace(tmp_path, 2.0, clock=lambda: 100.0, sleep=slept.append)
    for host in ("a", "a", "b", "a"):
        with pace.turn(host):
            pass
    assert slept == [2.0, 4.0]


def test_fisc_says_who_it_is(server: RudeServer, visitor: Visitor) -> None:
    server.answers["/a.pdf"] = reply(PDF)
    visitor.file(server.url("/a.pdf"))
    assert server.asked[-1][1]["user-agent"].startswith("fisc/")
    assert user_agent({"FISC_CONTACT": "ops@example.org"}, "1.0") == "fisc/1.0 (+ops@example.org)"
    assert user_agent({"FISC_CONTACT": "运维"}, "1.0") == "fisc/1.0"


def test_every_reason_makes_a_sentence() -> None:
    for each in (*(r.name for r in reasons().values() if r.of == "link"), "http_418", "http_599"):
        sentence = FetchError("http://x/", each, limit="1 s", detail="so").sentence
        assert sentence.startswith("http://x/ ")
        assert sentence.endswith(".")
