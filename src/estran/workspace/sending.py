"""Alarms are sent: by mail, to a webhook, into a file. Secrets come from the environment, and go nowhere else.

| variable | what |
|---|---|
| ESTRAN_SMTP_HOST, ESTRAN_SMTP_PORT | the server of mail; 587 by default |
| ESTRAN_SMTP_SECURITY | "starttls" by default, "tls", or "none" for a server that knows neither |
| ESTRAN_SMTP_USER, ESTRAN_SMTP_PASSWORD | whom it knows us as, if it asks; never told without encryption |
| ESTRAN_SMTP_FROM | the address of the sender |
| ESTRAN_WEBHOOK_SECRET | signs what a webhook is sent |

Each digest bears an id made of its alarms (the Message-ID of a mail, `Estran-Delivery` of a webhook), so that whoever
gets it twice, because we were killed between sending and writing it down, can tell.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import smtplib
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from email.message import EmailMessage
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from estran.errors import SettingsError
from estran.findings import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estran.findings import Alarm, Letter
    from estran.workspace.alertfile import Place

PATIENCE = 30.0
"""Seconds that a server may take to answer."""

SECURITIES = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
LAST_PORT = 65_535


class Writing(Protocol):
    """Who writes letters: a face, in its language."""

    def __call__(self, workspace: str, alarms: Sequence[Alarm]) -> Letter:
        """The letter."""


class SendingError(Exception):
    """A digest could not be sent.

    Attributes:
        why: as a face tells it in its language; without an address or a secret.
    """

    def __init__(self, kind: str, **facts: str | int) -> None:
        """Says why: a fixed word, and what it is about; `system` is what the system says in its own words."""
        super().__init__(kind, facts)
        self.why = Notice(kind, facts)


def send(
    place: Place,
    alarms: Sequence[Alarm],
    *,
    workspace: Path,
    write: Writing | None,
    environ: Mapping[str, str] | None = None,
) -> None:
    """Tells a place of alarms.

    Args:
        place: where.
        alarms: what.
        workspace: its folder; a relative file lies beside it.
        write: how people read it.
        environ: variables; by default those of the process.

    Raises:
        SendingError: it was not told, as where a variable is missing; nothing, or in the case of a server that does not
            answer perhaps all, went out.
    """
    environ = os.environ if environ is None else environ
    name = workspace.absolute().name
    try:
        if place.kind == "mail":
            assert write is not None
            _mail(place.address, write(name, alarms), id_of(alarms), environ)
        elif place.kind == "webhook":
            _post(place.address, body_of(name, alarms), id_of(alarms), environ)
        else:
            _append(file_of(place, workspace), alarms)
    except (OSError, smtplib.SMTPException, http.client.HTTPException, UnicodeError) as error:
        raise _refusal(error, place) from error


REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPRecipientsRefused, "mail-addresses"),
    (smtplib.SMTPAuthenticationError, "mail-login"),
    (smtplib.SMTPNotSupportedError, "mail-unable"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "encryption"),
    (socket.gaierror, "no-such-name"),
    (UnicodeError, "no-such-name"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "connection-refused"),
    (ConnectionError, "connection-broken"),
    (smtplib.SMTPServerDisconnected, "connection-broken"),
)
"""What went wrong with a server -> how it is told; the first kind holds."""


def _refusal(error: Exception, place: Place) -> SendingError:
    """Why a digest could not be sent, in words that hold no address and no secret."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return SendingError("webhook-answer", code=error.code, system=_phrase(error.code))
    if place.kind == "file":
        return SendingError("file", system=_said(error))
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, smtplib.SMTPServerDisconnected) and isinstance(reason.__context__, TimeoutError):
        reason = reason.__context__  # smtplib tells both alike
    for kind, told in REFUSALS:
        if isinstance(reason, kind):
            waited = {"seconds": round(PATIENCE)} if told == "timeout" else {}
            return SendingError(told, system=_said(reason), **waited)
    if isinstance(reason, smtplib.SMTPResponseException):
        return SendingError("mail-answer", code=reason.smtp_code)
    return SendingError("unreachable", system=_said(reason))


def _said(error: object) -> str:
    """What the system says, in its own words; never those of a server, which may hold addresses."""
    if isinstance(error, ssl.SSLError):
        return str(getattr(error, "verify_message", "") or error.reason).replace("_", " ").lower()
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return error.strerror or ""
    return ""


def _phrase(code: int) -> str:
    """What HTTP calls an answer; "" where it has no name."""
    return HTTPStatus(code).phrase if code in {*HTTPStatus} else ""


def id_of(alarms: Sequence[Alarm]) -> str:
    """The id of a digest: of the same alarms the same."""
    return hashlib.blake2b("\0".join(sorted(a.id for a in alarms)).encode(), digest_size=12).hexdigest()


def body_of(workspace: str, alarms: Sequence[Alarm]) -> bytes:
    """What a webhook is sent."""
    told = {"workspace": workspace, "digest": id_of(alarms), "alarms": [asdict(alarm) for alarm in alarms]}
    return json.dumps(told, ensure_ascii=False, allow_nan=False).encode()


def signature(secret: str, moment: str, body: bytes) -> str:
    """The signature of a body that was sent at a moment: HMAC-SHA256 of both, as "v1=" and hexadecimal digits."""
    return "v1=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def file_of(place: Place, workspace: Path) -> Path:
    """The file that a place means; a relative one lies beside the workspace.

    Raises:
        SettingsError: it lies in the workspace, where all is forgotten with a person but what was sent.
    """
    file = (workspace.absolute().parent / Path(place.address).expanduser()).resolve()
    if workspace.resolve() in (file, *file.parents):
        raise SettingsError(
            f"the file of {place.name!r} lies in the workspace: what is sent cannot be forgotten with a person; "
            "choose another folder"
        )
    return file


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SendingError("unset", variable=name)
    return value


def _mail(addresses: str, letter: Letter, digest: str, environ: Mapping[str, str]) -> None:
    host = _needed(environ, "ESTRAN_SMTP_HOST")
    sender = _needed(environ, "ESTRAN_SMTP_FROM")
    security = environ.get("ESTRAN_SMTP_SECURITY", "starttls").strip().lower()
    if security not in SECURITIES:
        raise SendingError("security-unknown", known=", ".join(SECURITIES), said=security)
    port = environ.get("ESTRAN_SMTP_PORT", str(PORTS[security]))
    if not (port.isdecimal() and 0 < int(port) <= LAST_PORT):
        raise SendingError("port-unknown", said=port)
    user = environ.get("ESTRAN_SMTP_USER", "")
    if user and security == "none":
        raise SendingError("password-in-clear")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = letter.subject, sender, addresses
    message["Date"], message["Message-ID"] = formatdate(), f"<{digest}@estran>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    context = ssl.create_default_context()
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, int(port), timeout=PATIENCE)
    with server:
        if security == "starttls":
            server.starttls(context=context)
        if user:
            server.login(user, _needed(environ, "ESTRAN_SMTP_PASSWORD"))
        refused = server.send_message(message)
    if refused:
        raise SendingError("mail-addresses-some", addresses=len(refused))


class _Stays(urllib.request.HTTPRedirectHandler):
    """A webhook that sends elsewhere is not followed: the signature was made for this address."""

    def redirect_request(self, *_: object) -> None:
        """Nothing: the answer is taken as an error."""


def _post(address: str, body: bytes, digest: str, environ: Mapping[str, str]) -> None:
    secret = _needed(environ, "ESTRAN_WEBHOOK_SECRET")
    moment = str(int(time.time()))
    request = urllib.request.Request(  # noqa: S310  alerts.toml allows https, and http of this machine
        address,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Estran-Delivery": digest,
            "Estran-Timestamp": moment,
            "Estran-Signature": signature(secret, moment, body),
        },
    )
    opener = urllib.request.build_opener(_Stays)
    with opener.open(request, timeout=PATIENCE) as answer:
        answer.read(1)


def _append(file: Path, alarms: Sequence[Alarm]) -> None:
    """One line of JSON for each alarm that the file does not hold yet, all in one write, through to the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else b""
    there = set()
    for line in before.splitlines():
        try:
            there.add(json.loads(line)["id"])
        except (
            ValueError,
            KeyError,
            TypeError,
        ):  # a line that a power cut has torn, or that somebody else wrote
            continue
    new = [alarm for alarm in alarms if alarm.id not in there]
    lines = "".join(json.dumps(asdict(alarm), ensure_ascii=False, allow_nan=False) + "\n" for alarm in new)
    torn = b"\n" if before and not before.endswith(b"\n") else b""
    with file.open("ab") as written:
        written.write(torn + lines.encode())
        written.flush()
        os.fsync(written.fileno())
