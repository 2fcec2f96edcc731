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
from estran.findings import Alarm, Estimate, Notice
from estran.report.i18n import Words
from estran.report.undelivered import WHYS, why
from estran.report.watch import Writer
from estran.workspace import sending
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


def refusal(place, tmp_path, environ, *, write=None):
    """Why alarms cannot be sent, in English and in French."""
    with pytest.raises(SendingError) as refused:
        send(place, [ALARM], workspace=tmp_path / "acme", write=write, environ=environ)
    return tuple(why(Words(language), refused.value.why) for language in ("en", "fr"))


@pytest.mark.parametrize(
    ("changed", "english", "french"),
    [
        ({"ESTRAN_SMTP_PASSWORD": "0penSesame"}, "the server of mail refuses ESTRAN_SMTP_USER and its password",
         "le serveur de courrier refuse ESTRAN_SMTP_USER et son mot de passe"),
        ({"ESTRAN_SMTP_USER": "", "ESTRAN_SMTP_SECURITY": "none"}, "the server of mail answers 530", "le serveur de courrier répond 530"),
        ({"ESTRAN_SMTP_SECURITY": "tls"}, "no encryption could be agreed upon with it (wrong version number)", "aucun chiffrement n’a pu être convenu avec lui (wrong version number)"),
        ({"ESTRAN_SMTP_HOST": "nowhere.invalid"}, "no server of that name is found (", "aucun serveur de ce nom n’est trouvé ("),
        ({"ESTRAN_SMTP_HOST": "no..where"}, "no server of that name is found", "aucun serveur de ce nom n’est trouvé"),
    ],
)  # fmt: skip
def test_what_a_server_of_mail_refuses_is_told_in_both_languages_without_a_secret(
    mail, tmp_path, changed, english, french
):
    came, reached = mail
    told = refusal(MAIL, tmp_path, reached | changed, write=Writer())
    assert [t[: len(said)] for t, said in zip(told, (english, french), strict=True)] == [english, french]
    assert came == []
    assert "0penSesame" not in " ".join(told)


def test_addresses_that_are_refused_are_told(mail, tmp_path):
    nobody, some = (
        Place("x", "mail", to) for to in ("nobody@acme.example", "a@acme.example, nobody@acme.example")
    )
    assert (
        refusal(nobody, tmp_path, mail[1], write=Writer())[1] == "le serveur de courrier refuse les adresses"
    )
    assert refusal(some, tmp_path, mail[1], write=Writer()) == (
        "the server of mail refuses 1 of the addresses", "le serveur de courrier refuse 1 des adresses",
    )  # fmt: skip


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mail, tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refusal(MAIL, tmp_path, mail[1], write=Writer()) == (
        "its certificate is not one that this machine trusts (self-signed certificate)",
        "cette machine ne fait pas confiance à son certificat (self-signed certificate)",
    )


@pytest.fixture
def silent():
    """A server that takes connections and never says a word: its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(silent, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", 0.2)
    reached = {
        "ESTRAN_SMTP_HOST": "127.0.0.1",
        "ESTRAN_SMTP_PORT": str(silent),
        "ESTRAN_SMTP_FROM": "e@acme.example",
    }
    hook = Place("ops", "webhook", f"http://127.0.0.1:{silent}/")
    for told in (
        refusal(MAIL, tmp_path, reached, write=Writer()),
        refusal(hook, tmp_path, SIGNED),
    ):
        assert told == ("it did not answer within 0 seconds", "pas de réponse en 0 secondes")


def test_a_server_that_hangs_up_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        hung = threading.Thread(target=lambda: listening.accept()[0].close())  # noqa: PLW0108  once somebody comes
        hung.start()
        place = Place("ops", "webhook", f"http://127.0.0.1:{listening.getsockname()[1]}/")
        assert refusal(place, tmp_path, SIGNED)[0].startswith("it broke the connection off")
        hung.join()


@pytest.mark.parametrize(
    ("changed", "english", "french"),
    [
        ({"ESTRAN_SMTP_HOST": ""}, "ESTRAN_SMTP_HOST is not set: it is the server of mail", "ESTRAN_SMTP_HOST n’est pas définie"),
        ({"ESTRAN_SMTP_FROM": " "}, "ESTRAN_SMTP_FROM is not set", "ESTRAN_SMTP_FROM n’est pas définie"),
        ({"ESTRAN_SMTP_PASSWORD": ""}, "ESTRAN_SMTP_PASSWORD is not set", "ESTRAN_SMTP_PASSWORD n’est pas définie"),
        ({"ESTRAN_SMTP_SECURITY": "rot13"}, "ESTRAN_SMTP_SECURITY must be one of starttls, tls, none, not “rot13”",
         "ESTRAN_SMTP_SECURITY doit être l’un de starttls, tls, none, et non «\N{NARROW NO-BREAK SPACE}rot13\N{NARROW NO-BREAK SPACE}»"),
        ({"ESTRAN_SMTP_SECURITY": "none"}, "a password is not told without encryption", "un mot de passe n’est pas dit sans chiffrement"),
        ({"ESTRAN_SMTP_PORT": "mail"}, "ESTRAN_SMTP_PORT must be a number from 1 to 65535", "ESTRAN_SMTP_PORT doit être un nombre de 1 à 65535"),
        ({"ESTRAN_SMTP_PORT": "99999"}, "ESTRAN_SMTP_PORT must be a number from 1 to 65535", "ESTRAN_SMTP_PORT doit être un nombre de 1 à 65535"),
    ],
)  # fmt: skip
def test_what_is_missing_in_the_environment_is_named(mail, tmp_path, changed, english, french):
    told = refusal(MAIL, tmp_path, mail[1] | changed, write=Writer())
    assert [t[: len(said)] for t, said in zip(told, (english, french), strict=True)] == [english, french]


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


@pytest.mark.parametrize(
    ("code", "phrase"),
    [(500, " (Internal Server Error)"), (401, " (Unauthorized)"), (302, " (Found)"), (599, "")],
)
def test_a_webhook_that_refuses_or_sends_elsewhere_is_told(hook, tmp_path, code, phrase):
    came, place, answers = hook
    answers.append(code)
    assert refusal(place, tmp_path, SIGNED) == (
        f"the webhook answers {code}{phrase}", f"le webhook répond {code}{phrase}",
    )  # fmt: skip
    assert len(came) == 1


def test_a_webhook_that_is_not_there_is_told(tmp_path):
    place = Place("ops", "webhook", f"http://127.0.0.1:{free_port()}/")
    assert refusal(place, tmp_path, SIGNED) == (
        "it refuses the connection (Connection refused)", "la connexion est refusée (Connection refused)",
    )  # fmt: skip
    assert refusal(place, tmp_path, {})[1].startswith(
        "ESTRAN_WEBHOOK_SECRET n’est pas définie\N{NO-BREAK SPACE}: c’est le secret"
    )


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
    assert refusal(Place("journal", "file", "taken/x"), tmp_path, {}) == (
        "the file cannot be written (File exists)", "le fichier ne peut pas être écrit (File exists)",
    )  # fmt: skip


def test_every_reason_that_is_given_is_told_in_french():
    english, french = Words("en"), Words("fr")
    facts = {"code": 1, "seconds": 30, "known": "tls", "said": "x"}
    for kind in WHYS:
        assert why(french, Notice(kind, facts)) != why(english, Notice(kind, facts))
    assert {kind for _, kind in sending.REFUSALS} < {*WHYS}
