"""Who is told, and of what; a receiver that fails is a sentence, never a failed run."""

from __future__ import annotations

import json
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fisc.flows.night.notices import Notice, notices
from fisc.flows.night.sending import Message, send
from fisc.flows.night.settings import Mail, Settings, SettingsError, Tell, Webhook, read_settings
from fisc.flows.summary import Replaced, Summary, Trouble
from fisc.warehouse.home import Home
from fisc.warehouse.ledger import Run

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
REPLACED = Replaced("3f" * 8, "望溪市教育局", 2025, "budget", 3)
NOTICE = Notice("changed", "a disclosure was changed after publication", (REPLACED.sentence,))
MESSAGE = Message("harvest haigang", (NOTICE,), "/data/runs/x.html")


def run(listed: int) -> Run:
    return Run(1, "harvest haigang", NOW, NOW, {"listed": listed})


def kinds(
    summary: Summary, *earlier: Run, name: str = "harvest haigang", tell: Tell | None = None
) -> list[str]:
    return [notice.kind for notice in notices(name, summary, earlier, tell or Tell())]


def test_failures_are_told_from_the_threshold_on() -> None:
    assert kinds(Summary(failed=Counter(http_404=9))) == []
    assert kinds(Summary(failed=Counter(http_404=9, timeout=1))) == ["failures"]
    (notice,) = notices("harvest x", Summary(failed=Counter(http_404=3)), [], Tell(failures=3))
    assert notice.lines[0].startswith("3 × http_404: the link is dead. To mend: ")


def test_the_hourly_retry_does_not_tell_of_the_same_failures_again() -> None:
    assert kinds(Summary(failed=Counter(http_404=99)), name="retry") == []
    assert kinds(Summary(replaced=[REPLACED]), name="retry") == ["changed"]


def test_a_part_that_failed_as_a_whole_is_told_however_few_failed() -> None:
    broken = Summary(troubles=[Trouble("haigang", "source_broken", "haigang.toml cannot be read.")])
    assert kinds(broken) == ["trouble"]
    assert kinds(Summary(troubles=[Trouble("haigang", "source_busy", "Busy.")])) == []
    assert kinds(Summary(troubles=[Trouble("http://x/", "http_500", "A list page failed.")])) == []


@pytest.mark.parametrize(("listed", "told"), [(0, ["silent"]), (49, ["silent"]), (50, []), (130, [])])
def test_a_source_whose_lists_shrink_fell_silent(listed: int, told: list[str]) -> None:
    assert kinds(Summary(listed=listed), run(0), run(100), run(80)) == told


def test_a_source_that_never_listed_anything_is_not_silent() -> None:
    assert kinds(Summary()) == kinds(Summary(), run(0)) == []


def test_a_changed_disclosure_is_told_unless_nobody_wants_to_know() -> None:
    (notice,) = notices("harvest x", Summary(replaced=[REPLACED]), [], Tell())
    assert (
        "望溪市教育局 published its 2025 budget again with other bytes: 3 values changed" in notice.lines[0]
    )
    assert kinds(Summary(replaced=[REPLACED]), tell=Tell(changes=False)) == []


def test_long_lists_are_cut_and_say_so() -> None:
    (notice,) = notices("harvest x", Summary(replaced=[REPLACED] * 25), [], Tell())
    assert (len(notice.lines), notice.lines[-1]) == (21, "… and 5 more")


@dataclass
class Received:
    """What receivers on loopback took."""

    port: int = 0
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    status: int = 200
    refuse: bool = False


@pytest.fixture
def web() -> Iterator[Received]:
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.posts.append((dict(self.headers), body))
            self.send_response(received.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    yield from _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler), received)


@pytest.fixture
def post_office() -> Iterator[Received]:
    """A mail server that knows as much of SMTP (RFC 5321) as one mail needs."""
    received = Received()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                verb = line.split()[0].upper()
                if verb == b"DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    received.mails.append(b"".join(lines))
                if verb == b"RCPT" and received.refuse:
                    self.say("550 nobody here")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    yield from _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), received)


def _served(server: socketserver.BaseServer, received: Received) -> Iterator[Received]:
    received.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield received
    server.shutdown()
    server.server_close()
    thread.join()


def webhook(received: Received) -> Settings:
    url = f"http://127.0.0.1:{received.port}/hook"
    return Settings(webhook=Webhook(url=url, headers={"Authorization": "Bearer x"}))


def by_mail(received: Received) -> Settings:
    to = ("night@example.org", "day@example.org")
    return Settings(mail=Mail(server="127.0.0.1", port=received.port, security="none", to=to))


def test_a_webhook_takes_the_message_as_json(web: Received) -> None:
    (sent,) = send(MESSAGE, webhook(web))
    assert (sent.by, sent.problem) == ("webhook", None)
    ((headers, body),) = web.posts
    said = json.loads(body)
    assert headers["Authorization"] == "Bearer x"
    assert (said["run"], said["notices"][0]["kind"]) == ("harvest haigang", "changed")
    assert "望溪市教育局" in said["text"]


def test_a_mail_arrives_with_its_subject_and_text(post_office: Received) -> None:
    (sent,) = send(MESSAGE, by_mail(post_office))
    assert (sent.by, sent.problem) == ("mail", None)
    letter = message_from_bytes(post_office.mails[0], policy=policy.default)
    assert letter["Subject"] == "fisc: harvest haigang: a disclosure was changed after publication"
    assert letter["To"] == "night@example.org, day@example.org"
    assert "望溪市教育局 published its 2025 budget again" in letter.get_content()
    assert "/data/runs/x.html" in letter.get_content()


def test_words_of_a_portal_cannot_add_headers_to_a_mail(post_office: Received) -> None:
    rude = Message("harvest haigang\r\nBcc: all@example.org", (NOTICE,), "x")
    assert send(rude, by_mail(post_office))[0].problem is None
    assert message_from_bytes(post_office.mails[0])["Bcc"] is None


def test_nothing_to_tell_is_not_told(web: Received) -> None:
    assert send(Message("harvest haigang", (), "x"), webhook(web)) == []
    assert send(MESSAGE, Settings()) == []
    assert web.posts == []


def test_receivers_that_fail_are_a_sentence_each(web: Received, post_office: Received) -> None:
    web.status, post_office.refuse = 500, True
    dead = Settings(
        webhook=Webhook(url="http://127.0.0.1:9/"),
        mail=Mail(server="127.0.0.1", port=9, security="none", to=("x@example.org",)),
    )
    for settings in (webhook(web), by_mail(post_office), dead):
        for sent in send(MESSAGE, settings):
            assert sent.problem is not None
            assert sent.problem.startswith(f"The {sent.by} could not be sent (")


def home(folder: Path, text: str) -> Home:
    (folder / "fisc.toml").write_text(text, encoding="utf-8")
    return Home(folder)


def test_settings_come_from_one_file_and_the_environment(tmp_path: Path) -> None:
    file = '[mail]\nserver = "smtp.example.org"\npassword = "${SECRET}"\nto = ["a@example.org"]\n[tell]\nfailures = 3'
    environment = {"SECRET": "s", "FISC_TELL_FAILURES": "5", "FISC_MAIL_TO": "b@example.org, c@example.org"}
    settings = read_settings(home(tmp_path, file), environment)
    assert (settings.mail.server, settings.mail.password, settings.tell.failures) == (
        "smtp.example.org",
        "s",
        5,
    )
    assert settings.mail.to == ("b@example.org", "c@example.org")
    assert read_settings(Home(tmp_path / "none"), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mail]\nserver = 3", "mail.server"),
        ("[post]\nx = 1", "post"),
        ("[tell]\nfailures = 0", "tell.failures"),
        ("[night]\nretry = 'hourly'", "night.retry"),
        ("[webhook]\nurl = 'ftp://x'", "webhook.url"),
        ("[webhook]\nurl = '${NOT_SET}'", "NOT_SET"),
        ("[[", "cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        read_settings(home(tmp_path, text), {})
    assert str(raised.value).count("\n") == 0
    assert str(raised.value).endswith("see docs/operator.md for all settings.")
