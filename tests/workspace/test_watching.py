"""A workspace is watched: an alarm is sent once, whatever happens, and nothing goes out that may not."""

import csv
import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys

import pytest
import watched
from watched import RULES, talk

import estran as es
from estran.analysis import alarmcards, alerts, evidence
from estran.errors import SettingsError, WorkspaceError
from estran.findings import Notice
from estran.report.watch import Writer
from estran.settings import Settings
from estran.workspace import lock, watching, watchstate

PLAIN = Settings(encoder="plain", threads=1)


def made(folder, rules=RULES, **how):
    """A workspace that holds a talk, with rules."""
    folder.mkdir(exist_ok=True)
    ws = es.init(folder / "acme")
    ws.ingest(talk(folder / "talk.csv", **how))
    (folder / "acme" / "alerts.toml").write_text(rules)
    return ws


@pytest.fixture(scope="session")
def risen(tmp_path_factory):
    """A workspace in which the harbour came up, counted once for all tests; each takes a copy."""
    folder = tmp_path_factory.mktemp("risen")
    made(folder).watch(dry=True, settings=PLAIN)
    return folder


@pytest.fixture
def acme(risen, tmp_path):
    """A copy of it."""
    shutil.copytree(risen / "acme", tmp_path / "acme")
    return es.open(tmp_path / "acme")


def sent(ws):
    file = ws.path.parent / "alarms.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def ruled(ws, rules):
    (ws.path / "alerts.toml").write_text(rules)


def test_what_comes_up_is_told_once_with_its_figures(acme):
    found = acme.watch(settings=PLAIN)
    (alarm,) = found.alarms
    assert (alarm.label, alarm.rise, alarm.until) == ("harbour", True, "2024-09-05")
    assert alarm.change.low > 1
    assert alarm.people >= 5
    assert [(w.label, w.state) for w in found.rules[0].watched] == [
        ("harbour", "raised"), ("lantern", "quiet"), ("unicorn", "unsaid"),
    ]  # fmt: skip
    assert [line["id"] for line in sent(acme)] == [alarm.id]
    again = acme.watch(settings=PLAIN)
    assert (again.alarms, again.deliveries, again.rules[0].since) == ((), (), "")
    assert again.rules[0].watched[0].state == "told"
    assert len(sent(acme)) == 1


def test_a_dry_look_finds_the_same_and_leaves_nothing(acme):
    before = sorted(p.name for p in acme.path.iterdir())
    found = acme.watch(dry=True, settings=PLAIN)
    assert (len(found.alarms), found.dry, found.deliveries) == (1, True, ())
    assert sorted(p.name for p in acme.path.iterdir()) == before
    assert sent(acme) == []


def test_looking_again_from_an_earlier_day_finds_when_it_began_and_sends_it_once(acme):
    found = acme.watch(since="2024-08-01", settings=PLAIN)
    assert [a.label for a in found.alarms] == ["harbour"]
    assert "2024-08-18" <= found.alarms[0].until < "2024-09-05"
    acme.watch(since="2024-08-01", settings=PLAIN)
    assert len(sent(acme)) == 1


def test_new_messages_are_looked_at_from_where_the_last_look_ended(acme, tmp_path):
    acme.watch(settings=PLAIN)
    acme.ingest(talk(tmp_path / "talk.csv", days=watched.DAYS + 5))
    found = acme.watch(settings=PLAIN)
    assert (found.rules[0].since, found.rules[0].until) == ("2024-09-06", "2024-09-10")
    assert found.alarms == ()


def test_what_could_not_be_sent_is_sent_by_the_next_look_and_by_no_other(acme):
    (acme.path.parent / "alarms.jsonl").mkdir()
    failed = acme.watch(settings=PLAIN).deliveries
    assert [(d.place, d.alarms, bool(d.failed)) for d in failed] == [("journal", 1, True)]
    (acme.path.parent / "alarms.jsonl").rmdir()
    done = acme.watch(settings=PLAIN).deliveries
    assert [(d.place, d.alarms, d.failed) for d in done] == [("journal", 1, None)]
    assert len(sent(acme)) == 1
    assert acme.watch(settings=PLAIN).deliveries == ()


KILLED = """
import os, signal, sys
import estran as es
from estran.settings import Settings
from estran.workspace import sending, watchstate

left = int(sys.argv[2])
kept, told = watchstate.write, sending.send

def die():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def write(*arguments):
    die(); kept(*arguments); die()

def send(*arguments, **more):
    told(*arguments, **more); die()

watchstate.write, sending.send = write, send
es.open(sys.argv[1]).watch(settings=Settings(encoder="plain", threads=1))
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
@pytest.mark.parametrize("steps", range(4))
def test_killed_at_any_step_nothing_is_lost_and_a_file_holds_nothing_twice(acme, steps):
    # before what was found is written down, after it, after it was sent, and before that is written down
    done = subprocess.run([sys.executable, "-c", KILLED, acme.path, str(steps)], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    acme.watch(settings=PLAIN)
    assert [line["label"] for line in sent(acme)] == ["harbour"]
    assert acme.watch(settings=PLAIN).deliveries == ()


def test_two_watches_at_once_are_one(acme):
    with lock.tried(acme.path / "watch.lock") as mine:
        assert mine
        with pytest.raises(WorkspaceError, match="another watch"):
            acme.watch(settings=PLAIN)


def test_a_rule_on_all_themes_shares_its_false_alarms_among_them(acme):
    ruled(acme, '[[alert]]\nthemes = "all"\nfalse_alarms_in_all = 2\n')
    found = acme.watch(settings=PLAIN)
    (rule,) = found.rules
    assert [a.label for a in found.alarms] == ["harbour"]
    assert rule.a_year == pytest.approx(2.0)
    assert rule.false_alarms < 2 / 20
    assert rule.watched == ()


def test_only_the_direction_and_the_side_that_is_asked_for_is_told(acme):
    ruled(
        acme,
        '[[alert]]\nthemes = "harbour"\nsides = ["inside", "outside"]\n\n[[alert]]\nname = "f"\nthemes = "harbour"\ndirection = "fall"\n',
    )
    found = acme.watch(settings=PLAIN)
    assert [(a.rule, a.side) for a in found.alarms] == [("harbour", "outside")]


def test_a_unit_of_which_nobody_speaks_says_so(acme):
    ruled(acme, '[[alert]]\nthemes = "harbour"\nunits = ["sales", "nowhere"]\n')
    found = acme.watch(settings=PLAIN)
    assert [(r.unit, r.watched[0].state) for r in found.rules] == [("sales", "raised"), ("nowhere", "few")]


def test_a_source_that_falls_silent_and_a_new_one_are_told_and_raise_nothing(tmp_path):
    ws = made(tmp_path, '[[alert]]\nthemes = "all"\nfalse_alarms = 0.5\n', rises=0, days=200)
    ws.ingest(
        talk(
            tmp_path / "tickets.csv", rises=30, days=30, source="tickets", first=dt.date(2024, 7, 19), seed=2
        )
    )
    found = ws.watch(since="2024-07-15", settings=PLAIN)
    assert {(n.kind, n.facts["source"]) for n in found.notices} == {
        ("watch-silent", "chat"),
        ("watch-new", "tickets"),
    }
    assert found.alarms == ()


def test_too_little_past_is_told_as_not_enough(tmp_path):
    ws = made(tmp_path, days=60)
    found = ws.watch(settings=PLAIN)
    assert found.alarms == ()
    assert [(w.state, w.weeks) for w in found.rules[0].watched[:2]] == [("young", 7)] * 2


def test_a_mail_without_somebody_who_writes_it_is_refused_before_the_work(acme):
    ruled(
        acme,
        '[[alert]]\nthemes = "harbour"\nsend = "care"\n[[send]]\nname = "care"\nmail = "care@acme.example"\n',
    )
    with pytest.raises(SettingsError, match="somebody who writes it"):
        acme.watch(settings=PLAIN)
    (done,) = acme.watch(write=Writer(), settings=PLAIN).deliveries
    assert done.failed == Notice("unset", {"variable": "ESTRAN_SMTP_HOST"})


def test_a_file_in_the_workspace_is_refused_before_the_work(acme):
    ruled(acme, RULES.replace("alarms.jsonl", "acme/alarms.jsonl"))
    with pytest.raises(SettingsError, match="cannot be forgotten with a person"):
        acme.watch(dry=True, settings=PLAIN)


def test_a_damaged_memory_is_named_and_a_newer_one_too(acme):
    for text, why in (("{", "is damaged"), ('{"format": 9}', "newer Estran")):
        (acme.path / "watch.json").write_text(text)
        with pytest.raises(WorkspaceError, match=why):
            acme.watch(settings=PLAIN)


def test_places_that_are_no_more_are_not_waited_for(acme):
    (acme.path.parent / "alarms.jsonl").mkdir()
    acme.watch(settings=PLAIN)
    ruled(acme, '[[alert]]\nname = "harbours"\nthemes = "harbour"\n')
    assert acme.watch(settings=PLAIN).deliveries == ()
    assert watchstate.read(acme.path / "watch.json").pending == ()


def test_an_alarm_that_waits_is_forgotten_with_a_person_and_found_again_without(acme):
    ruled(acme, RULES.replace("send =", "quotes = true\nsend ="))
    (acme.path.parent / "alarms.jsonl").mkdir()
    acme.watch(settings=PLAIN)
    assert "quotes" in (acme.path / "watch.json").read_text()
    erasure = acme.erase(author="person 1")
    assert erasure.proof.found == ()
    assert watchstate.read(acme.path / "watch.json").pending == ()
    (acme.path.parent / "alarms.jsonl").rmdir()
    acme.watch(settings=PLAIN)
    assert [line["label"] for line in sent(acme)] == ["harbour"]


def test_a_rule_that_names_a_person_is_forgotten_with_them(acme):
    ruled(acme, '[[alert]]\nthemes = ["person 1"]\n')
    acme.watch(settings=PLAIN)
    assert acme.erase(author="person 1").proof.found == ()
    assert "person 1" not in (acme.path / "alerts.toml").read_text() + (acme.path / "watch.json").read_text()
    assert acme.watch(settings=PLAIN).rules[0].watched[0].state == "unsaid"


# What may not go out: first there is something that would, were it not for the rule.


def everyday(unit="sales/south", often=2):
    """Forty people of a part who say the unicorn all the year round."""
    return lambda left: [((left * 2 + n * 7) % 40 + 100, "outside", unit, "unicorn") for n in range(often)]


def seldom(left):
    """Two people a week who say it all the year round."""
    return [(300 + left // 3 % 40, "outside", "sales/north", "unicorn")] if left % 3 == 0 else []


def in_the_end(people, *, usual):
    """A few people of the north who say it in the last five weeks, two of them each day, beside those who always do."""
    return lambda left: [
        *usual(left),
        *([(200 + (2 * left + n) % people, "outside", "sales/north", "unicorn") for n in range(2)] if left <= 35 else []),
    ]  # fmt: skip


def let_out(monkeypatch, *, figures=False, quotes=False):
    """The release rules as they would be if there were none."""
    if figures:
        monkeypatch.setattr(alarmcards, "figure_allowed", lambda people: people >= 1)
        monkeypatch.setattr(alarmcards, "FIGURES", 1)
        monkeypatch.setattr(alerts, "FIGURES", 1)
    if quotes:
        monkeypatch.setattr(evidence, "quote_allowed", lambda people: people >= 1)


NORTH = '[[alert]]\nname = "n"\nthemes = "unicorn"\nunits = ["sales/north"]\nquotes = true\nsend = "journal"\n[[send]]\nname = "journal"\nfile = "alarms.jsonl"\n'


def test_a_rise_of_four_people_is_withheld_counted_and_sent_to_nobody(tmp_path, monkeypatch):
    ws = made(tmp_path, NORTH, rises=0, also=in_the_end(4, usual=everyday()))
    with monkeypatch.context() as rules:
        let_out(rules, figures=True)
        assert [a.people for a in ws.watch(dry=True, settings=PLAIN).alarms] == [4]
    found = ws.watch(settings=PLAIN)
    assert (found.alarms, found.rules[0].withheld, sent(ws)) == ((), 1, [])


def test_seven_people_are_told_as_figures_and_not_quoted(tmp_path, monkeypatch):
    ws = made(tmp_path, NORTH, rises=0, also=in_the_end(7, usual=everyday()))
    with monkeypatch.context() as rules:
        let_out(rules, quotes=True)
        assert ws.watch(dry=True, settings=PLAIN).alarms[0].quotes != ()
    (alarm,) = ws.watch(settings=PLAIN).alarms
    assert (alarm.people, alarm.quotes) == (7, ())


def test_what_subtraction_from_a_wider_part_would_tell_is_withheld(tmp_path, monkeypatch):
    # thirty people of the north say it in the end; and two of the south, whom the difference to all would tell
    many = in_the_end(30, usual=everyday(unit="sales/north", often=1))

    def also(left):
        return [*many(left), *([(400 + left % 2, "outside", "sales/south", "unicorn")] if left < 6 else [])]

    ws = made(tmp_path, NORTH.replace("quotes = true\n", "false_alarms = 1\n"), rises=0, also=also)
    with monkeypatch.context() as rules:
        let_out(rules, figures=True)
        assert ws.watch(dry=True, settings=PLAIN).alarms[0].people >= 14
    (alarm,) = ws.watch(settings=PLAIN).alarms
    assert (alarm.people, alarm.said, alarm.expected, alarm.change) == (None, None, None, None)
    assert json.loads((tmp_path / "alarms.jsonl").read_text())["people"] is None


def test_what_another_rule_tells_over_other_days_cannot_be_subtracted(tmp_path, monkeypatch):
    ways = "".join(
        f'[[alert]]\nname = "{name}"\nthemes = "unicorn"\nfalse_alarms = {rate}\n{sides}\n'
        for name, rate, sides in (("dear", 1, ""), ("cheap", 4, ""), ("apart", 4, 'sides = ["outside"]'))
    )
    ws = made(tmp_path, ways, rises=0, also=in_the_end(30, usual=everyday()))
    with monkeypatch.context() as rules:
        rules.setattr(watching, "of_one_window", tuple)
        untold = ws.watch(dry=True, settings=PLAIN, since=dt.date(2024, 1, 1)).alarms
        assert len({(alarm.since, alarm.until) for alarm in untold if alarm.said}) > 1
    alarms = ws.watch(dry=True, settings=PLAIN, since=dt.date(2024, 1, 1)).alarms
    assert [alarm.id for alarm in alarms] == [alarm.id for alarm in untold]
    assert len({(alarm.since, alarm.until) for alarm in alarms if alarm.said is not None}) == 1
    assert all(alarm.weeks == () for alarm in alarms if alarm.said is None)


def test_weeks_that_few_people_stand_behind_are_told_together_or_not_at_all(tmp_path, monkeypatch):
    ws = made(
        tmp_path,
        NORTH.replace("quotes = true\n", "").replace('units = ["sales/north"]\n', ""),
        rises=0,
        also=in_the_end(30, usual=seldom),
    )
    with monkeypatch.context() as rules:
        let_out(rules, figures=True)
        (free,) = ws.watch(dry=True, settings=PLAIN).alarms
    assert {each.weeks for each in free.weeks} == {1}
    assert any(0 < each.said < 5 for each in free.weeks)
    (alarm,) = ws.watch(settings=PLAIN).alarms
    rows = list(csv.DictReader((tmp_path / "talk.csv").read_text().splitlines()))
    for each in alarm.weeks:
        people = {
            row["author"]
            for row in rows
            if "unicorn" in row["text"] and each.since <= row["time"][:10] <= each.until
        }
        assert len(people) >= 5 or not people
    assert max(each.weeks for each in alarm.weeks) > 1
    assert sum(each.said for each in alarm.weeks if each.window) == alarm.said
    assert sum(each.weeks for each in alarm.weeks if each.window) * 7 == alarm.days
    assert sum(each.expected for each in alarm.weeks if each.window) == pytest.approx(alarm.expected)


def each_year(left):
    """Forty people who say it in the same three weeks of two years, more of them this year; and two a week all the time."""
    often = 5 if left <= 21 else 2 if 364 < left <= 385 else 0
    return [
        *seldom(left),
        *[(400 + (5 * left + n) % 40, "outside", "sales/north", "unicorn") for n in range(often)],
    ]


def test_what_happened_in_the_same_weeks_a_year_ago_is_told_with_the_alarm(tmp_path):
    rules = '[[alert]]\nthemes = "unicorn"\ndirection = "rise"\nfalse_alarms = 0.5\n'
    ws = made(tmp_path, rules, days=470, rises=0, also=each_year)
    (alarm,) = ws.watch(since=dt.date(2024, 1, 1) + dt.timedelta(days=450), settings=PLAIN).alarms
    assert alarm.change.value > 2
    assert 2 < alarm.year_ago < alarm.change.value * 2
    once = made(
        tmp_path / "once",
        rules,
        days=470,
        rises=0,
        also=lambda left: each_year(left) if left < 300 else seldom(left),
    )
    (alarm,) = once.watch(since=dt.date(2024, 1, 1) + dt.timedelta(days=450), settings=PLAIN).alarms
    assert alarm.year_ago is None


def test_a_theme_that_is_said_more_each_summer_is_expected_to_be(tmp_path):
    def summery(left):
        month = (dt.date(2024, 1, 1) + dt.timedelta(days=1010 - left)).month
        often = (4 if month in {6, 7} else 1) + 4 * (left <= 14)
        return [(200 + (5 * left + n) % 40, "outside", "sales/north", "unicorn") for n in range(often)]

    ws = made(
        tmp_path,
        '[[alert]]\nthemes = "unicorn"\ndirection = "rise"\nfalse_alarms = 0.5\n',
        days=1010,
        rises=0,
        also=summery,
    )
    (alarm,) = ws.watch(since=dt.date(2024, 1, 1) + dt.timedelta(days=1000), settings=PLAIN).alarms
    assert alarm.season < 0.8  # it is autumn: less is expected than over the year


def test_a_memory_of_an_earlier_estran_is_understood(acme):
    acme.watch(settings=PLAIN)
    file = acme.path / "watch.json"
    told = json.loads(file.read_text())
    assert [len(each) for each in told["raised"]] == [6]
    told["raised"] = [each[:5] for each in told["raised"]]
    file.write_text(json.dumps(told))
    (raised,) = watchstate.read(file).raised.values()
    assert raised.until - raised.since == dt.timedelta(weeks=26)
    assert acme.watch(settings=PLAIN).alarms == ()


def test_no_name_no_pseudonym_and_no_text_goes_out_unasked(acme):
    acme.watch(settings=PLAIN)
    told = (acme.path.parent / "alarms.jsonl").read_text()
    assert "harbour" in told
    frame = acme._store.read(list(acme._store.snapshot().months))
    assert frame.height > 2_000
    assert not any(word in told for column in ("author", "text") for word in frame[column].unique())
    assert "person" not in told
    assert json.loads(told)["quotes"] == []
