"""The encoder on another machine, against a real server on this one."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from estran.errors import EngineError, SettingsError
from estran.text.encoders import open_encoder
from estran.text.encoders.http import KEY, Http


class Server:
    """Answers as OpenAI's /v1/embeddings does, in mixed order, and remembers what it was asked."""

    def __init__(self):
        self.asked, self.keys, self.troubles, self.dim = [], [], [], 3
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.keys.append(self.headers.get("Authorization"))
                owner.asked.append((self.path, body["model"], body["input"]))
                trouble = owner.troubles.pop(0) if owner.troubles else None
                if trouble == "slow":
                    time.sleep(0.6)
                if trouble == "cut":
                    self.close_connection = True
                    return
                status, content = (200, owner.answer(body["input"])) if trouble in {None, "slow"} else trouble
                self.send_response(status)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # the client went away, which is what is tested

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/v1/embeddings#small"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def answer(self, texts):
        rows = [
            {"index": place, "embedding": [len(text), 1.0, *[0.0] * (self.dim - 2)]}
            for place, text in enumerate(texts)
        ]
        return json.dumps({"data": rows[::-1]}).encode()

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv(KEY, raising=False)
    server = Server()
    yield server
    server.close()


def test_no_text_leaves_the_machine_unless_it_is_allowed(server):
    with pytest.raises(SettingsError, match="would send every message to another machine"):
        open_encoder(f"http:{server.address}")
    assert server.asked == []


def test_vectors_come_back_in_order_and_of_length_one(server):
    encoder = open_encoder(f"http:{server.address}", allow_remote=True)
    found = encoder.encode(["abc", "", "a"])
    assert found == pytest.approx(np.array([[3, 1, 0], [0, 0, 0], [1, 1, 0]]) / np.sqrt([[10], [1], [2]]))
    assert (encoder.dim, encoder.id) == (3, f"http {server.address.replace('#', ' ')} 3")
    assert server.asked[-1] == ("/v1/embeddings", "small", ["abc", "a"])


def test_many_texts_go_in_batches(server):
    Http(server.address, batch=4).encode([f"text {n}" for n in range(10)])
    assert [len(texts) for *_, texts in server.asked[1:]] == [4, 4, 2]


def test_the_key_comes_from_the_environment(server, monkeypatch):
    monkeypatch.setenv(KEY, "s3cret")
    encoder = Http(server.address)
    assert server.keys == ["Bearer s3cret"]
    assert "s3cret" not in encoder.id


@pytest.mark.parametrize("trouble", [(503, b""), (429, b""), "cut"], ids=["busy", "too many", "cut off"])
def test_a_passing_trouble_is_tried_again(server, trouble):
    encoder = Http(server.address, pause=0.01)
    server.troubles = [trouble, trouble]
    assert encoder.encode(["abc"]).any()
    assert len(server.asked) == 4


def test_a_server_that_stays_down_is_an_error_that_says_so(server):
    encoder = Http(server.address, pause=0.01, tries=3)
    server.troubles = [(503, b"")] * 9
    with pytest.raises(EngineError, match="cannot be asked: 503"):
        encoder.encode(["abc"])
    assert len(server.asked) == 4


def test_a_refusal_is_not_repeated(server):
    server.troubles = [(401, b"")]
    with pytest.raises(EngineError, match="401 Unauthorized"):
        Http(server.address)
    assert len(server.asked) == 1


def test_a_server_that_takes_too_long_is_given_up(server):
    server.troubles = ["slow"]
    with pytest.raises(EngineError, match="timed out"):
        Http(server.address, timeout=0.2, tries=1)


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"{}", b'{"data": [{"index": 0}]}', b'{"data": []}'],
    ids=["page", "empty", "halves", "none"],
)
def test_an_answer_without_vectors_is_an_error(server, content):
    server.troubles = [(200, content)]
    with pytest.raises(EngineError, match=r"did not answer with embeddings|gave 0 vectors for 1 texts"):
        Http(server.address)


def test_a_server_that_changes_its_model_is_noticed(server):
    encoder = Http(server.address)
    server.dim = 5
    with pytest.raises(EngineError, match="is it one model"):
        encoder.encode(["abc"])


def test_nobody_there_is_an_error_that_names_the_address():
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9/"):
        Http("http://127.0.0.1:9/v1/embeddings#m", tries=1)


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/x", "file:///etc/passwd", "http://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SettingsError, match="no address of an encoder"):
        Http(address)
