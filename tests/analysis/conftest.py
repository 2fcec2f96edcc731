import pytest

from estran.analysis.corpus import prepare
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import Step
from estran.settings import Settings
from estran.simulate import company
from estran.store.engines.threads import ThreadEngine


@pytest.fixture(scope="session")
def simulation():
    return company(seed=3, messages=6_000, years=4)


@pytest.fixture(scope="session")
def corpus(simulation):
    return prepare(simulation.messages, step=Step.QUARTER, progress=Silent())


@pytest.fixture(scope="session")
def said(corpus):
    # what the statistics are tested on; themes of two languages have tests of their own
    alone = Settings(encoder="plain")
    return find_themes(corpus, ThreadEngine(threads=1), alone, progress=Silent())


@pytest.fixture(scope="session")
def judgement(corpus, said):
    return judge(corpus, said, Settings(), progress=Silent())
