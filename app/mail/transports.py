"""How messages leave: to a mail server, or into a folder for demonstrations and tests."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.config import Settings
from app.mail.models import MailMessage

TIMEOUT_SECONDS = 20
LOCAL = ("localhost", "127.0.0.1", "::1")


class Transport(Protocol):
    """Anything that can take a message. Raises on every failure, so that the job is tried again."""

    def deliver(self, message: MailMessage) -> None:
        """Hand the message over."""

    def forget(self, public_id: str, created_at: datetime) -> None:
        """Remove what is left here of a delivered message."""


def as_email(message: MailMessage, sender: str, domain: str) -> EmailMessage:
    """The message as RFC 5322 has it, with an identifier that stays the same on every try."""
    email = EmailMessage()
    email["From"] = sender
    email["To"] = message.recipient
    email["Subject"] = message.subject
    email["Date"] = format_datetime(message.created_at)
    email["Message-ID"] = f"<{message.public_id}@{domain}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    return email


class FolderTransport:
    """Writes each message as one `.eml` file, named by its time and address."""

    def __init__(self, folder: Path, sender: str, domain: str) -> None:
        self.folder, self.sender, self.domain = folder, sender, domain

    def deliver(self, message: MailMessage) -> None:
        """Write the file; a second try writes the same one again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(message.public_id, message.created_at)
        path.write_bytes(as_email(message, self.sender, self.domain).as_bytes())

    def _path(self, public_id: str, created_at: datetime) -> Path:
        return self.folder / f"{created_at:%Y%m%d-%H%M%S}-{public_id}.eml"

    def forget(self, public_id: str, created_at: datetime) -> None:
        """Remove the file; absent is fine."""
        self._path(public_id, created_at).unlink(missing_ok=True)


class SmtpTransport:
    """Speaks SMTP with TLS: from the start (smtps) or by STARTTLS wherever the server offers it."""

    def __init__(self, url: str, sender: str, domain: str) -> None:
        self.parts, self.sender, self.domain = urlsplit(url), sender, domain

    def deliver(self, message: MailMessage) -> None:
        """Hand the message to the server. Raises what smtplib and the network raise."""
        with self._connect() as server:
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
            server.send_message(as_email(message, self.sender, self.domain))

    def forget(self, public_id: str, created_at: datetime) -> None:
        """Nothing is left here of what was handed over."""

    def _connect(self) -> smtplib.SMTP:
        host, context = self.parts.hostname or "localhost", ssl.create_default_context()
        if self.parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, self.parts.port or 587, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif self.parts.username and host not in LOCAL:
            server.close()
            raise ssl.SSLError(f"{host} offers no encryption, and a password is never sent in the clear")
        return server


def make_transport(settings: Settings) -> Transport:
    """The transport that the settings name."""
    domain = urlsplit(settings.base_url).hostname or "localhost"
    sender = settings.mail_from or f"no-reply@{domain}"
    if settings.mail_url.startswith("files:"):
        return FolderTransport(settings.instance_path / "mail", sender, domain)
    return SmtpTransport(settings.mail_url, sender, domain)
