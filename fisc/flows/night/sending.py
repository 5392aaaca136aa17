"""Telling somebody: by webhook, by mail. A receiver that fails is a sentence in the run's record, never a failed run."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

import httpx

from fisc.flows.night.notices import Notice
from fisc.flows.night.settings import Mail, Settings, Webhook


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: of which run, what there is to tell, and where to read on."""

    run: str
    notices: tuple[Notice, ...]
    page: str

    @property
    def subject(self) -> str:
        """One line."""
        return " ".join(f"fisc: {self.run}: {'; '.join(n.subject for n in self.notices)}".split())[:200]

    @property
    def text(self) -> str:
        """All of it."""
        parts = [
            "\n".join((n.subject[:1].upper() + n.subject[1:], *(f"  {line}" for line in n.lines)))
            for n in self.notices
        ]
        return "\n\n".join([*parts, f"The whole run: {self.page}"]) + "\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """Whether a receiver took the message; ``problem`` says why not."""

    by: str
    problem: str | None = None


def send(message: Message, settings: Settings) -> list[Sent]:
    """Send to every receiver that is set; a message without notices to none."""
    if not message.notices:
        return []
    sent = []
    if settings.webhook.url:
        sent.append(_tried("webhook", lambda: post(message, settings.webhook)))
    if settings.mail.server and settings.mail.to:
        sent.append(_tried("mail", lambda: mail(message, settings.mail)))
    return sent


def _tried(by: str, act: Callable[[], None]) -> Sent:
    """The edge where a receiver's failure becomes a sentence."""
    try:
        act()
    except (httpx.HTTPError, httpx.InvalidURL, smtplib.SMTPException, OSError, ValueError) as error:
        return Sent(by, f"The {by} could not be sent ({_why(error)}); {_advice(by, error)}.")
    return Sent(by)


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return " ".join(f"the server said {error.smtp_code} {words}".split())
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the server is not trusted: {error.verify_message}"
    return " ".join(str(error).split()) or type(error).__name__


def _advice(by: str, error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "correct user and password in [mail]"
    if isinstance(error, ssl.SSLCertVerificationError) and by == "mail":
        return "correct server in [mail], or name the file of who signed its certificate as authority"
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError) and by == "mail":
        return "see whether port and security in [mail] are those of the server"
    if isinstance(error, OSError) and by == "mail":
        return "see whether server and port in [mail] are right, and whether it runs"
    return f"check [{by}] in fisc.toml"


def post(message: Message, webhook: Webhook) -> None:
    """POST as JSON; ``text`` is what chat programs show. Raises httpx's errors."""
    body: dict[str, Any] = {
        "text": f"{message.subject}\n{message.text}",
        "run": message.run,
        "page": message.page,
        "notices": [asdict(notice) for notice in message.notices],
    }
    answer = httpx.post(webhook.url or "", json=body, headers=webhook.headers, timeout=webhook.timeout_s)
    answer.raise_for_status()


def mail(message: Message, settings: Mail) -> None:
    """Send as a mail of plain text. Raises the errors of :mod:`smtplib`, and OSError."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = message.subject, settings.sender, ", ".join(settings.to)
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain="fisc.invalid")
    letter.set_content(message.text)
    context = ssl.create_default_context()
    if settings.authority is not None:
        context.load_verify_locations(settings.authority)
    with _server(settings, context) as server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password or "")
        refused = server.send_message(letter)
    _complain(refused.keys())


def _server(settings: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    place = (settings.server or "", settings.port)
    if settings.security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=settings.timeout_s, context=context)
    return smtplib.SMTP(*place, timeout=settings.timeout_s)


def _complain(refused: Sequence[str] | Any) -> None:
    if refused:
        raise ValueError(f"refused for {', '.join(refused)}")
