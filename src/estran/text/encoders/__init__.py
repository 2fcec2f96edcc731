"""What turns texts into vectors: the default, one without any model, and those of others.

- `universal`: the default, sixteen languages in one space, no network.
- `plain`: no model at all; it does not cross languages.
- `e5`: a hundred languages, slower, no network; in a package of its own.
- `sentence-transformers:NAME` and `model2vec:NAME`: a model of that package, in a folder or on a hub.
- `http:URL#MODEL`: a server that answers as OpenAI's /v1/embeddings does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.errors import SettingsError
from estran.text.encoders.base import Encoder, unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEFAULT", "KINDS", "Encoder", "open_encoder", "unit_rows"]

DEFAULT = "universal"


def open_encoder(name: str = DEFAULT, *, allow_remote: bool = False) -> Encoder:
    """The encoder of a name.

    Args:
        name: see above.
        allow_remote: whether a model may be fetched, or texts sent, over the network.

    Raises:
        SettingsError: there is none of that name, it is not installed, or it may not be used.
        EngineError: its server does not answer.
    """
    kind, _, argument = name.partition(":")
    if kind not in KINDS or bool(argument) != (kind not in _ALONE):
        raise SettingsError(f"there is no encoder '{name}': choose {', '.join(_written())}")
    return KINDS[kind](argument, allow_remote)


def _universal(_: str, __: bool) -> Encoder:  # noqa: FBT001
    from estran.text.encoders.universal import universal  # noqa: PLC0415  half a second that few commands need

    return universal()


def _plain(_: str, __: bool) -> Encoder:  # noqa: FBT001
    from estran.text.encoders.plain import Plain  # noqa: PLC0415

    return Plain()


def _e5(_: str, __: bool) -> Encoder:  # noqa: FBT001
    from estran.text.encoders.models import e5  # noqa: PLC0415

    return e5()


def _sentence_transformers(name: str, allow_remote: bool) -> Encoder:  # noqa: FBT001
    from estran.text.encoders.models import sentence_transformers  # noqa: PLC0415

    return sentence_transformers(name, allow_remote=allow_remote)


def _model2vec(name: str, allow_remote: bool) -> Encoder:  # noqa: FBT001
    from estran.text.encoders.models import model2vec  # noqa: PLC0415

    return model2vec(name, allow_remote=allow_remote)


def _http(address: str, allow_remote: bool) -> Encoder:  # noqa: FBT001
    if not allow_remote:
        raise SettingsError(
            f"'http:{address}' would send every message to another machine: allow it (allow_remote), or choose 'universal'"
        )
    from estran.text.encoders.http import Http  # noqa: PLC0415

    return Http(address)


KINDS: dict[str, Callable[[str, bool], Encoder]] = {
    "universal": _universal,
    "plain": _plain,
    "e5": _e5,
    "sentence-transformers": _sentence_transformers,
    "model2vec": _model2vec,
    "http": _http,
}
_ALONE = {"universal", "plain", "e5"}


def _written() -> list[str]:
    return [kind if kind in _ALONE else f"{kind}:..." for kind in KINDS]
