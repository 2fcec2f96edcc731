import numpy as np

from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.analysis.topic_names import Naming, names_of
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

SUBJECTS = ("harbour", "lantern", "granite", "meadow", "copper", "willow")


def test_a_topic_without_a_theme_is_called_by_its_words_of_register(frame):
    """Words of register are said in the other topic too, as they are everywhere; thanks are full of them."""
    rows = [
        {"text": f"An interesting talk of the kubernetes cluster, {SUBJECTS[n % 6]} {n}.", "author": f"a{n}"}
        for n in range(40)
    ]
    rows += [{"text": f"Great, interesting, funny, {n}!", "author": f"b{n}"} for n in range(20)]
    corpus = prepare(frame(rows), step=Step.WEEK, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(encoder="plain"), progress=Silent())
    phrases = sorted({label for concept in said.concepts for label in concept.labels.values()})
    points = np.ones((len(phrases), 4), np.float32) / 2
    naming = Naming(corpus, said, {phrase: row for row, phrase in enumerate(phrases)}, points)
    thanks = (np.arange(60) >= 40).astype(np.int64)
    ((_, one),), ((_, other),) = names_of(naming, thanks, np.ones((2, 4), np.float32) / 2)
    assert "kubernetes cluster" in one
    assert set(other.split(", ")) == {"great", "funny", "interesting"}
