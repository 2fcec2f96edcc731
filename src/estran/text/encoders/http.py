"""An encoder on another machine, asked as OpenAI's /v1/embeddings is: texts leave this one, so it must be allowed."""

from __future__ import annotations

import json
import os
import time
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

import numpy as np

from estran.errors import EngineError, SettingsError
from estran.text.encoders.base import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.text.encoders.base import Vectors

KEY = "ESTRAN_EMBEDDINGS_KEY"
"""The environment variable that holds the bearer token, where the server wants one."""

BATCH = 64
TRIES = 4
TIMEOUT = 60.0
"""Seconds that one answer may take."""

_PROBE = "dimension"
_AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}


class Http:
    """Vectors from a server; which weights it has is its own affair, so the address and the model's name are the id."""

    licence = "that of the server's model"
    languages: frozenset[str] | None = None
    crosses_languages = True

    def __init__(
        self,
        address: str,
        *,
        timeout: float = TIMEOUT,
        tries: int = TRIES,
        pause: float = 1.0,
        batch: int = BATCH,
    ) -> None:
        """Ask the server for one vector, to learn how long they are.

        Args:
            address: "https://host/v1/embeddings#model", the model's name behind the mark.
            timeout: seconds that one answer may take.
            tries: of each request, before giving up.
            pause: seconds before the second try; doubled for each further one.
            batch: texts in one request.

        Raises:
            SettingsError: it is no such address.
            EngineError: the server does not answer, or not with vectors.
        """
        self._url, self._model = urldefrag(address)
        if urlsplit(self._url).scheme not in {"http", "https"} or not urlsplit(self._url).hostname:
            raise SettingsError(
                f"'{address}' is no address of an encoder: write http:https://host/v1/embeddings#model"
            )
        self._timeout, self._tries, self._pause, self._batch = timeout, tries, pause, batch
        self.dim = len(self._asked([_PROBE])[0])
        self.id = f"http {self._url} {self._model} {self.dim}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, see `estran.text.encoders.Encoder.encode`."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        said = [place for place, text in enumerate(texts) if text.strip()]
        for first in range(0, len(said), self._batch):
            batch = said[first : first + self._batch]
            found = self._asked([texts[place] for place in batch])
            if any(len(row) != self.dim for row in found):
                raise EngineError(f"{self._url} gave vectors of other lengths than before: is it one model?")
            rows[batch] = found
        return unit_rows(rows)

    def _asked(self, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {key}"
        content = self._answer(Request(self._url, body, headers))  # noqa: S310  http or https, see above
        try:
            found = sorted(json.loads(content)["data"], key=lambda row: row["index"])
            rows = [[float(number) for number in row["embedding"]] for row in found]
        except (ValueError, KeyError, TypeError) as error:
            raise EngineError(f"{self._url} did not answer with embeddings") from error
        if len(rows) != len(texts):
            raise EngineError(f"{self._url} gave {len(rows)} vectors for {len(texts)} texts")
        return rows

    def _answer(self, request: Request) -> bytes:
        """What the server says, asked again where that may help."""
        why = ""
        for attempt in range(self._tries):
            if attempt:
                time.sleep(self._pause * 2 ** (attempt - 1))
            try:
                with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310  http or https, see above
                    return bytes(answer.read())
            except HTTPError as error:
                why = f"{error.code} {error.reason}"
                error.close()
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in _AGAIN:
                    break
            except (URLError, HTTPException, OSError) as error:
                why = str(getattr(error, "reason", error)) or type(error).__name__
        raise EngineError(f"the encoder at {self._url} cannot be asked: {why}")
