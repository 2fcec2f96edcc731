"""Alarms are sent to real servers of mail and of the web, and into files."""

import datetime as dt
import email.policy
import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import replace
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from estran.errors import SettingsError
from estran.findings import Alarm, Estimate
from estran.report.watch import Writer
from estran.workspace.alertfile import Place
from estran.workspace.sending import SendingError, id_of, send, signature

ALARM = Alarm(
    id="a1", rule="returns", theme="t1", label="returns", labels={"en": "returns", "fr": "les retours"}, unit="sales/north",
    side="outside", rise=True, since="2024-03-01", until="2024-03-14", days=14,
    change=Estimate(2.4, 1.3, 4.1, "ratio"), said=42, expected=17.5, people=40,
)  # fmt: skip
OTHER = replace(ALARM, id="a2", theme="t2", label="stock", labels={"en": "stock"}, rise=False, change=None, said=None, expected=None, people=None)  # fmt: skip
MAIL = Place("care", "mail", "care@acme.example, boss@acme.example")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert, secret


class Box:
    """Keeps what comes."""

    def __init__(self):
        self.came = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802  aiosmtpd calls it so
        if address.startswith("nobody"):
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.came.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=email.policy.default))
        )
        return "250 OK"


def _right(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"estran", b"s3cret"), handled=False)


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@pytest.fixture
def mail(certificate, monkeypatch):
    """A server of mail that wants encryption and a password: what came, and how it is reached."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    box = Box()
    server = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, auth_required=True,
        authenticator=_right,
    )  # fmt: skip
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    reached = {
        "ESTRAN_SMTP_HOST": "127.0.0.1", "ESTRAN_SMTP_PORT": str(server.port), "ESTRAN_SMTP_FROM": "estran@acme.example",
        "ESTRAN_SMTP_USER": "estran", "ESTRAN_SMTP_PASSWORD": "s3cret",
    }  # fmt: skip
    yield box.came, reached
    server.stop()


def test_a_mail_comes_encrypted_with_text_and_page(mail, tmp_path):
    came, reached = mail
    send(MAIL, [ALARM, OTHER], workspace=tmp_path / "acme", write=Writer("fr"), environ=reached)
    ((to, letter),) = came
    assert to == ["care@acme.example", "boss@acme.example"]
    assert letter["Subject"] == "acme : 2 thèmes ont changé (▲ les retours, ▼ stock)"
    assert letter["Message-ID"] == f"<{id_of([ALARM, OTHER])}@estran>"
    text, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "On dit davantage les retours (×2,4), à l’extérieur, dans sales/north" in text
    assert "chiffres masqués" in text
    assert "On dit davantage les retours" in page
    assert "s3cret" not in letter.as_string()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ESTRAN_SMTP_PASSWORD": "wrong"}, "refuses ESTRAN_SMTP_USER"),
        ({"ESTRAN_SMTP_USER": "", "ESTRAN_SMTP_SECURITY": "none"}, "answers 530|answers 502"),
        ({"ESTRAN_SMTP_SECURITY": "tls"}, "cannot be reached|certificate"),
    ],
)
def test_what_a_server_of_mail_refuses_is_told_without_a_secret(mail, tmp_path, changed, why):
    came, reached = mail
    with pytest.raises(SendingError, match=why) as refused:
        send(MAIL, [ALARM], workspace=tmp_path, write=Writer(), environ=reached | changed)
    assert came == []
    assert "wrong" not in str(refused.value)


def test_addresses_that_are_refused_are_told(mail, tmp_path):
    with pytest.raises(SendingError, match="refuses the addresses"):
        send(
            Place("x", "mail", "nobody@acme.example"),
            [ALARM],
            workspace=tmp_path,
            write=Writer(),
            environ=mail[1],
        )
    with pytest.raises(SendingError, match="refuses 1 of the addresses"):
        send(Place("x", "mail", "a@acme.example, nobody@acme.example"), [ALARM], workspace=tmp_path, write=Writer(), environ=mail[1])  # fmt: skip


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mail, tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SendingError, match="certificate"):
        send(MAIL, [ALARM], workspace=tmp_path, write=Writer(), environ=mail[1])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ESTRAN_SMTP_HOST": ""}, "ESTRAN_SMTP_HOST is not set"),
        ({"ESTRAN_SMTP_FROM": " "}, "ESTRAN_SMTP_FROM is not set"),
        ({"ESTRAN_SMTP_PASSWORD": ""}, "ESTRAN_SMTP_PASSWORD is not set"),
        ({"ESTRAN_SMTP_SECURITY": "rot13"}, "must be one of starttls, tls, none"),
        ({"ESTRAN_SMTP_SECURITY": "none"}, "not told without encryption"),
        ({"ESTRAN_SMTP_PORT": "mail"}, "must be a number"),
    ],
)
def test_what_is_missing_in_the_environment_is_named(mail, tmp_path, changed, why):
    with pytest.raises(SettingsError, match=why):
        send(MAIL, [ALARM], workspace=tmp_path, write=Writer(), environ=mail[1] | changed)


@pytest.fixture
def hook():
    """A server of the web that answers as it is told: what came, its address, and what it answers."""
    came, answers = [], []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            code = answers.pop() if answers else 200
            self.send_response(code)
            if code == 302:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield came, Place("ops", "webhook", f"http://127.0.0.1:{server.server_port}/hook"), answers
    server.shutdown()
    running.join()
    server.server_close()


SIGNED = {"ESTRAN_WEBHOOK_SECRET": "k3y"}


def test_a_webhook_gets_signed_json(hook, tmp_path):
    came, place, _ = hook
    send(place, [ALARM], workspace=tmp_path / "acme", write=None, environ=SIGNED)
    ((head, body),) = came
    assert head["Estran-Signature"] == signature("k3y", head["Estran-Timestamp"], body)
    assert head["Estran-Signature"] != signature("other", head["Estran-Timestamp"], body)
    told = json.loads(body)
    assert (told["workspace"], told["digest"], head["Estran-Delivery"]) == ("acme", *[id_of([ALARM])] * 2)
    assert told["alarms"][0]["change"]["value"] == 2.4
    assert b"k3y" not in body


def test_a_signature_by_hand():
    import hashlib
    import hmac

    assert signature("k", "17", b"{}") == "v1=" + hmac.new(b"k", b"17.{}", hashlib.sha256).hexdigest()


@pytest.mark.parametrize("code", [500, 302])
def test_a_webhook_that_refuses_or_sends_elsewhere_is_told(hook, tmp_path, code):
    came, place, answers = hook
    answers.append(code)
    with pytest.raises(SendingError, match=f"answers {code}"):
        send(place, [ALARM], workspace=tmp_path, write=None, environ=SIGNED)
    assert len(came) == 1


def test_a_webhook_that_is_not_there_is_told(tmp_path):
    place = Place("ops", "webhook", f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(SendingError, match="cannot be reached"):
        send(place, [ALARM], workspace=tmp_path, write=None, environ=SIGNED)
    with pytest.raises(SettingsError, match="ESTRAN_WEBHOOK_SECRET is not set"):
        send(place, [ALARM], workspace=tmp_path, write=None, environ={})


def test_a_file_gets_each_alarm_once_also_after_a_torn_line(tmp_path):
    workspace, place = tmp_path / "acme", Place("journal", "file", "sent/alarms.jsonl")
    send(place, [ALARM], workspace=workspace, write=None, environ={})
    file = tmp_path / "sent" / "alarms.jsonl"
    file.write_text(file.read_text() + '{"id": "a2", "rule": "re')
    send(place, [ALARM, OTHER], workspace=workspace, write=None, environ={})
    lines = file.read_text().splitlines()
    assert [json.loads(line)["id"] for line in (lines[0], lines[2])] == ["a1", "a2"]
    assert len(lines) == 3


def test_a_file_in_the_workspace_is_refused_as_it_could_not_be_forgotten(tmp_path):
    with pytest.raises(SettingsError, match="cannot be forgotten with a person"):
        send(
            Place("journal", "file", "acme/alarms.jsonl"),
            [ALARM],
            workspace=tmp_path / "acme",
            write=None,
            environ={},
        )


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(SendingError, match="cannot be reached, or written"):
        send(
            Place("journal", "file", "taken/x"), [ALARM], workspace=tmp_path / "acme", write=None, environ={}
        )
