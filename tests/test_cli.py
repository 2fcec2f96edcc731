"""The command, in this process and, where only a process shows it, in one of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from estran import simulate, workspace
from estran.cli import options, terminal
from estran.findings import Successions
from estran.model import Step

ESTRAN = (sys.executable, "-m", "estran.cli")
KEYS = [
    "coming_in",
    "going_out",
    "steady",
    "too_early",
    "style",
    "coverage",
    "provenance",
    "become_normal",
    "followed",
]


def rows(days, *, start=0):
    """Lines of a plain table: something that seventeen people say again and again."""
    return b"".join(
        b"2024-%02d-%02d,user %d,the delivery of order number %d came late again\n"
        % (1 + d // 28, 1 + d % 28, d % 17, d)
        for d in range(start, start + days)
    )


pytestmark = pytest.mark.usefixtures("plain_terminal")
HEADER = b"time,author,text\n"
GOOD = HEADER + rows(120)


@pytest.fixture(scope="session")
def small_tour(tmp_path_factory):
    """A real tour of a small company, taken once."""
    file = tmp_path_factory.mktemp("small") / "small.parquet"
    simulate.company(messages=1_000, years=3).messages.write_parquet(file)
    return workspace.tour(file)


@pytest.fixture
def asked(monkeypatch, small_tour):
    """Stands in for the workspace, so that a face is tested as a face; what it was asked for."""
    calls = []

    def taken(*files, **options):
        options.pop("progress").say("a guess")
        calls.append({"files": [str(f) for f in files], **options})
        return replace(small_tour, going_out=(), coming_in=small_tour.too_early[:2])

    monkeypatch.setattr(workspace, "tour", taken)
    return calls


@pytest.fixture
def asked_what_came_next(monkeypatch, small_tour):
    """The same for successions."""
    calls = []

    def taken(*files, **options):
        calls.append({"files": [str(f) for f in files], **options})
        return Successions((), small_tour.coverage, small_tour.provenance)

    monkeypatch.setattr(workspace, "succession", taken)
    return calls


def test_what_came_in_the_place_of_what_is_asked_with_the_options_of_a_tour(estran, asked_what_came_next):
    told = (
        "--text",
        "body",
        "--step",
        "month",
        "--top",
        "4",
        "--inside",
        "from=*@acme.com",
        "--html",
        "next.html",
    )
    code, shown, _ = estran("succession", "a.csv", *told)
    (call,) = asked_what_came_next
    assert code == 0
    assert (call["files"], call["columns"], call["step"]) == (["a.csv"], {"text": "body"}, "month")
    assert (call["settings"].top, call["inside"]) == (4, ["from=*@acme.com"])
    assert "In these data, nothing goes Out for sure." in shown
    assert Path("next.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_json_of_successions_is_theirs(estran, asked_what_came_next):
    assert list(json.loads(estran("succession", "a.csv", "--json")[1])) == [
        "going_out",
        "coverage",
        "provenance",
    ]


def test_a_file_that_is_not_there_is_told_in_one_line_for_successions_too(estran):
    code, shown, said = estran("succession", "nowhere.csv")
    assert (code, shown) == (2, "")
    assert said.startswith("estran: ")
    assert said.count("\n") == 1


def write(name, content):
    Path(name).write_bytes(content)
    return name


def test_a_file_of_messages_gives_a_board_and_the_guess_is_said_aloud(estran):
    code, shown, said = estran("tour", write("messages.csv", GOOD))
    assert code == 0
    assert "▲ In" in shown
    assert "messages.csv (CSV (,)): time <- time (name)" in said


def test_json_prints_the_findings_and_nothing_else(estran):
    code, shown, _ = estran("tour", write("messages.csv", GOOD), "--json", "--step", "month")
    found = json.loads(shown)
    assert (code, list(found)) == (0, KEYS)
    assert found["provenance"]["step"] == "month"
    assert found["provenance"]["columns"] == {"time": "time", "text": "text", "author": "author"}


def test_a_theme_in_the_json_has_the_names_that_others_rely_on(estran, asked):
    theme = json.loads(estran("tour", "x.csv", "--json")[1])["coming_in"][0]
    named = "id label labels variants before after change since shape people messages inside outside quotes"
    assert set(named.split()) <= set(theme)
    assert all(set(theme[k]) == {"value", "low", "high", "unit", "q"} for k in ("before", "after", "change"))


def test_the_days_asked_for_are_read_and_the_others_are_counted(estran):
    wanted = ("--since", "2024-02-01", "--until", "2024-03-20", "--json")
    coverage = json.loads(estran("tour", write("messages.csv", GOOD), *wanted)[1])["coverage"]
    assert (coverage["read"], coverage["kept"], coverage["removed"]["outside the days asked"]) == (
        120,
        48,
        72,
    )


def test_what_is_told_of_a_file_reaches_the_workspace(estran, asked):
    options = ["--text", "body", "--time", "at", "--id", "key", "--message-language", "lang", "--side", ""]
    options += ["--outside", "channel=support", "--outside", "channel=chat", "--inside", "from=*@acme.com"]
    estran("tour", "a.csv", "b.csv", *options, "--month-first", "--top", "3")
    (call,) = asked
    assert call["files"] == ["a.csv", "b.csv"]
    assert call["columns"] == {"text": "body", "time": "at", "id": "key", "language": "lang", "side": ""}
    assert (call["outside"], call["inside"]) == (["channel=support", "channel=chat"], ["from=*@acme.com"])
    assert (call["day_first"], call["settings"].top) == (False, 3)


def test_reports_are_written_where_asked_and_their_place_is_said(estran, asked):
    places = ("--html", "new/folder/tour.html", "--markdown", "tour.md")
    code, shown, _ = estran("tour", "x.csv", *places)
    assert code == 0
    assert shown.splitlines()[-2:] == ["Report: new/folder/tour.html", "Report: tour.md"]
    assert Path("new/folder/tour.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert Path("tour.md").read_text(encoding="utf-8").startswith("# ")
    assert sorted(p.name for p in Path().rglob("*")) == ["folder", "new", "tour.html", "tour.md"]


def test_reports_can_be_written_beside_the_json(estran, asked):
    code, shown, _ = estran("tour", "x.csv", "--json", "--html", "tour.html")
    assert (code, list(json.loads(shown))) == (0, KEYS)
    assert Path("tour.html").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files there have no such mode")
def test_a_report_is_as_private_as_the_reader_is_used_to(estran, asked):
    before = os.umask(0o077)
    try:
        estran("tour", "x.csv", "--html", "tour.html")
    finally:
        os.umask(before)
    assert Path("tour.html").stat().st_mode & 0o777 == 0o600


def test_what_was_there_stays_when_a_report_cannot_be_finished(estran, asked, monkeypatch):
    def disk_full(self, *_, **__):
        raise OSError(28, "No space left on device", str(self))

    Path("tour.html").write_text("the old one")
    monkeypatch.setattr(Path, "replace", disk_full)
    code, _, said = estran("tour", "x.csv", "--html", "tour.html")
    assert (code, Path("tour.html").read_text(), list(Path().iterdir())) == (
        2, "the old one", [Path("tour.html")]
    )  # fmt: skip
    assert said.splitlines()[-1] == (
        "estran: tour.html cannot be written (No space left on device); choose another place"
    )


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("messages.csv", "holds the messages; choose another place for the report"),
        (".", "cannot be written (Is a directory); choose another place"),
        ("messages.csv/tour.html", "cannot be written (Not a directory); choose another place"),
    ],
)
def test_a_place_that_cannot_hold_a_report_is_refused_before_the_work(estran, asked, place, why):
    write("messages.csv", GOOD)
    assert estran("tour", "messages.csv", "--html", place) == (2, "", f"estran: {place} {why}\n")
    assert (asked, Path("messages.csv").read_bytes()) == ([], GOOD)


def test_a_folder_without_permission_is_refused_before_the_work(estran, asked, monkeypatch):
    def forbidden(**_):
        raise PermissionError(13, "Permission denied")  # root, as whom tests may run, is never refused

    monkeypatch.setattr(terminal.tempfile, "TemporaryFile", forbidden)
    code, _, said = estran("tour", "x.csv", "--markdown", "tour.md")
    assert (code, asked) == (2, [])
    assert said == "estran: tour.md cannot be written (Permission denied); choose another place\n"


TWO_TEXTS = b"time,message,comment\n" + b"".join(
    b"2024-01-%02d,the delivery %d was late again this week,we should answer the customer %d very soon\n"
    % (1 + d, d, d)
    for d in range(28)
)

REFUSED = {
    "empty file": (b"", "is empty"),
    "only a header": (HEADER, "no row below them"),
    "one message": (HEADER + rows(1), "messages left after cleaning: 1, on 1 date: a trend needs"),
    "all dates equal": (
        HEADER + b"".join(b"2024-01-01,u%d,order %d came late\n" % (n, n) for n in range(40)),
        "on 1 date: a trend needs messages of at least two periods",
    ),
    "future dates": (HEADER + b"2199-01-01,a,late\n" * 9, r"can be used: dated in the future \(9 rows\)"),
    "no column of text": (b"a,b\n1,2\n3,4\n", "no column that reads like a text; .* --text COLUMN"),
    "no column of dates": (
        b"author,text\n" + b"".join(b"u%d,order %d came late again\n" % (n, n) for n in range(30)),
        "without dates nothing can be said to come or go",
    ),
    "two columns of text": (TWO_TEXTS, "message and comment could each be the text: say which"),
    "not a table": (bytes(range(256)) * 20, "no column that reads like a text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(estran, case):
    content, why = REFUSED[case]
    code, shown, said = estran("tour", write("bad.csv", content))
    *guess, last = said.splitlines()
    assert (code, shown, len(guess) <= 1) == (2, "", True)
    assert re.match(rf"estran: .*{why}", last)


MENDED = {
    "mixed zones": (
        GOOD + b"2024-06-01T10:00:00+02:00,a,late delivery\nSat 01 Jun 2024 10:00:00 -0500,c,late order\n",
        (122, 0, None),
    ),
    "a message of ten megabytes": (
        GOOD + b"2024-06-01,z," + b"delivery late " * 750_000 + b"\n",
        (121, 0, None),
    ),
    "NUL bytes": (GOOD + b"2024-06-01,z,the deli\0very\n", (121, 0, "nul-bytes")),
    "invalid UTF-8": (GOOD + b"2024-06-01,z,le colis retard\xe9\n", (121, 0, "not-utf8")),
    "a wrong quote": (GOOD + b'2024-06-01,z,"the delivery\n2024-06-02,y,late\n', (122, 1, None)),
    "a date that is none": (GOOD + b"some day,z,late\n", (121, 1, None)),
    "duplicate ids": (
        b"id,time,author,text\n" + b"".join(b"%d," % max(n, 3) + rows(1, start=n) for n in range(100)),
        (100, 3, None),
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_what_is_wrong_in_a_file_is_counted_and_the_rest_is_used(estran, case):
    content, (read, refused, notice) = MENDED[case]
    code, shown, _ = estran("tour", write("messages.csv", content), "--json")
    coverage = json.loads(shown)["coverage"]
    assert (code, coverage["read"], sum(r["rows"] for r in coverage["refused"])) == (0, read, refused)
    assert notice is None or notice in {n["kind"] for n in coverage["notices"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tour"], "Missing argument 'files'. See estran --help."),
        (["tour", "none.csv"], "none.csv does not exist: check the name and the folder"),
        (["tour", "."], ". is a folder: give the files in it, for example ./*.csv"),
        (
            ["tour", "x.csv", "--step", "day"],
            "step must be one of week, month, quarter, half, year, not 'day'",
        ),
        (["tour", "x.csv", "--since", "spring"], "since must be a day such as 2024-03-01, not 'spring'"),
        (
            ["tour", "x.csv", "--until", "2024-02-30"],
            "until must be a day such as 2024-03-01, not '2024-02-30'",
        ),
        (
            ["tour", "x.csv", "--since", "2024-02-01", "--until", "2024-01-01"],
            "no day lies between 2024-02-01 (since) and 2024-01-01 (until); exchange them",
        ),
        (["demo", "--top", "none"], re.compile(r"Invalid value for '--top': .* See estran --help\.")),
        (["tour", "x.csv", "--language", "de"], re.compile(r"Invalid value for '--language': .*")),
        (["tour", "x.csv", "--tops", "3"], re.compile(r"No such option: --tops .*--top.*")),
        (["tours"], re.compile(r"No such command 'tours'.*")),
    ],
)
def test_a_wrong_command_line_is_refused_in_one_line(estran, arguments, sentence):
    code, shown, said = estran(*arguments)
    assert (code, shown, said.count("\n")) == (2, "", 1)
    told = said.removeprefix("estran: ").rstrip()
    assert sentence.fullmatch(told) if isinstance(sentence, re.Pattern) else told == sentence


def test_days_that_hold_no_message_are_refused_with_the_days_that_do(estran):
    code, _, said = estran("tour", write("messages.csv", GOOD), "--since", "2024-12-01")
    assert code == 2
    assert said.splitlines()[-1].endswith("the messages go from 2024-01-01 to 2024-05-08")


def test_a_wrong_setting_is_refused_in_one_line(estran):
    write("estran.toml", b"tops = 3")
    code, _, said = estran("tour", write("messages.csv", GOOD))
    assert (code, said.count("\n")) == (2, 1)
    assert "estran.toml: unknown setting 'tops'" in said


@pytest.mark.parametrize(
    ("environment", "arguments", "word"),
    [
        ({"LANG": "fr_FR.UTF-8"}, (), "messages par période"),
        ({"LANG": "fr_FR.UTF-8"}, ("--language", "en"), "messages per period"),
        ({"LANG": "en_GB.UTF-8"}, ("--language", "fr"), "messages par période"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C.UTF-8"}, (), "messages per period"),
    ],
)
def test_the_output_is_in_the_language_of_the_terminal_unless_asked(
    estran, asked, monkeypatch, environment, arguments, word
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert word in estran("tour", "x.csv", *arguments)[1]


@pytest.mark.parametrize("columns", ["20", "40", "200"])
def test_no_line_is_wider_than_the_terminal(estran, asked, monkeypatch, columns):
    monkeypatch.setattr(terminal, "out", terminal.Console(width=int(columns)))
    code, shown, _ = estran("tour", "x.csv")
    assert code == 0
    assert max(map(len, shown.splitlines())) <= int(columns)


@pytest.mark.parametrize(("variable", "coloured"), [("FORCE_COLOR", True), ("NO_COLOR", False)])
def test_colour_is_for_terminals_that_want_it(estran, asked, monkeypatch, variable, coloured):
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(terminal, "out", terminal.Console(force_terminal=True))
    shown = estran("tour", "x.csv")[1]
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)) == coloured


def test_a_terminal_that_knows_no_accents_shows_question_marks_and_the_json_all_of_them(tmp_path):
    tiny = write("messages.csv", GOOD.replace(b"delivery", "livraison différée".encode()))
    run = [*ESTRAN, "tour", tiny, "--json", "--markdown", "tour.md"]
    done = subprocess.run(
        run, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert (done.returncode, json.loads(done.stdout)["coverage"]["kept"]) == (0, 120)
    assert "différée" in done.stdout.decode("utf-8")


def test_the_stages_of_long_work_are_told_in_the_readers_language(monkeypatch, small_tour):
    bars = terminal.Progress(console=terminal.Console(file=open(os.devnull, "w"), force_terminal=True))  # noqa: PTH123, SIM115
    told = terminal.Bars(bars, language=options.Language.FR)
    told.advance(1)  # nothing has begun yet
    told.stage("read", 10)
    told.advance(4)
    assert (bars.tasks[0].description, bars.tasks[0].completed) == ("Lecture", 4)
    told.stage("count", None)
    assert bars.tasks[0].finished
    bars.console.file.close()


def test_the_demo_shows_a_company_that_never_existed(estran, monkeypatch, small_tour):
    def of_a_small_company(*, settings, progress):
        return replace(small_tour, steady=small_tour.steady[: settings.top])

    monkeypatch.setattr(workspace, "demo", of_a_small_company)
    code, shown, _ = estran("demo", "--top", "2", "--html", "demo.html")
    assert (code, shown.splitlines()[-1]) == (0, "Report: demo.html")


def test_the_command_alone_shows_what_it_can_do(estran):
    assert estran() == estran("--help")
    assert all(word in estran("--help")[1] for word in ("tour", "demo", "--version"))


def test_the_version_is_that_of_the_package(estran):
    assert estran("--version") == (0, version("estran") + "\n", "")


def test_every_step_is_offered():
    (metavar,) = {o.metavar for o in options.StepOption.__metadata__}
    assert metavar == "|".join(Step)


def test_stopped_by_the_reader_it_says_so(estran, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "tour", stopped)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert estran("tour", "x.csv") == (
        130,
        "",
        "estran: arrêté\N{NARROW NO-BREAK SPACE}; aucun fichier n’est écrit à moitié\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_stopped_in_the_middle_it_leaves_nothing_behind(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run = [*ESTRAN, "tour", write("messages.csv", GOOD), "--html", "out/tour.html"]
    where = os.environ | {"TMPDIR": str(scratch)}
    with subprocess.Popen(run, env=where, stdout=-1, stderr=-1, text=True) as process:
        assert process.stderr.readline().startswith("messages.csv (CSV (,)):")  # it is about to read
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate()
    assert (process.returncode, shown) == (130, "")
    assert said.splitlines()[-1] == "estran: stopped; no file is half-written"
    assert (list(scratch.iterdir()), Path("out").exists()) == ([], False)


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipe")
def test_a_reader_who_has_seen_enough_is_not_answered_with_a_traceback():
    tiny = write("messages.csv", GOOD)
    command = f"'{sys.executable}' -m estran.cli tour {tiny} --json --top 900 | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == '{\n  "comin'
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
