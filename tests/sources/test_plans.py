"""Plans: the lines that announce something, whatever kind of file they stand in."""

import datetime as dt
import sys

import pytest
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from estran.errors import ColumnsError, InputError
from estran.sources.plans import Line, read_plan


@pytest.fixture
def plan(tmp_path):
    def reading(content, name="plan.md"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_plan(path)

    return reading


@pytest.fixture
def slides(tmp_path):
    """A presentation with these (title, points) slides, read: `slides(("Title", ["a", "b"]))`."""

    def making(*made, change=lambda deck: None):
        deck = Presentation()
        for title, points in made:
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = title
            slide.placeholders[1].text = "\n".join(points)
        change(deck)
        deck.save(tmp_path / "plan.pptx")
        return read_plan(tmp_path / "plan.pptx")

    return making


def pdf(path, *pages, password=None):
    """A PDF with these lines on its pages."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F"): writer._add_object(font)})}
        )
        shown = "\n".join(f"({line}) Tj 0 -20 Td" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F 12 Tf 50 800 Td\n{shown}\nET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)
    return path


def texts(plan):
    return [line.text for line in plan.lines]


def test_a_markdown_list_gives_its_points_and_headings_with_their_lines(plan):
    told = plan("# Plan 2025\n\n* **Télétravail** pour tous\n1. [Click and collect](http://x.y)\n- [x] IA\n")
    assert told.lines == (
        Line("Plan 2025", "line 1", heading=True),
        Line("Télétravail pour tous", "line 3"),
        Line("Click and collect", "line 4"),
        Line("IA", "line 5"),
    )


def test_a_line_that_is_underlined_is_a_heading_and_code_is_no_announcement(plan):
    told = plan("Notre cap\n=========\n```\nsecret = 1\n```\ndu texte\n")
    assert told.lines == (Line("Notre cap", "line 1", heading=True), Line("du texte", "line 6"))


def test_snake_case_and_products_survive_and_addresses_go(plan):
    assert texts(plan("see https://a.b/c for my_module 2*3\n* write to a@b.fr\n")) == [
        "see for my_module 2*3",
        "write to",
    ]


def test_decomposed_accents_are_put_together(plan):
    assert texts(plan("e\u0301quipe")) == ["équipe"]


def test_a_table_without_dates_is_a_list_of_labels(plan):
    told = plan("Titre;Thèmes\nOuverture;culture\nClôture;\n", "plan.csv")
    assert [(line.text, line.place, line.heading) for line in told.lines] == [
        ("Ouverture", "line 2", True),
        ("culture", "line 2", False),
        ("Clôture", "line 3", True),
    ]


def test_a_table_with_dates_says_when_each_is_announced(plan):
    told = plan("date,label,themes\n2024-03-01,Kick-off,returns;refunds\nsoon,b,\n", "plan.csv")
    assert [(line.text, line.day) for line in told.lines] == [
        ("Kick-off", dt.date(2024, 3, 1)),
        ("returns", dt.date(2024, 3, 1)),
        ("refunds", dt.date(2024, 3, 1)),
    ]
    assert [r.place for r in told.rejected] == ["line 3"]


def test_a_programme_in_icalendar_is_read_with_what_it_says_of_each_event(plan):
    body = "SUMMARY:Keynote\nDTSTART:20240301\nDESCRIPTION:Social business\\nTélétravail"
    told = plan(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{body}\nEND:VEVENT\nEND:VCALENDAR\n", "plan.ics")
    assert [(line.text, line.heading) for line in told.lines] == [
        ("Keynote", True),
        ("Social business", False),
        ("Télétravail", False),
    ]


def test_slides_give_their_titles_points_and_tables(slides):
    def with_table(deck):
        cells = deck.slides[0].shapes.add_table(1, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
        cells.cell(0, 0).text, cells.cell(0, 1).text = "RSE", "QVT"

    told = slides(("Nos priorités", ["Expérience client", "Télétravail"]), ("Fin", []), change=with_table)
    assert [(line.text, line.place, line.heading) for line in told.lines] == [
        ("Nos priorités", "slide 1", True),
        ("Expérience client", "slide 1", False),
        ("Télétravail", "slide 1", False),
        ("RSE", "slide 1", False),
        ("QVT", "slide 1", False),
        ("Fin", "slide 2", True),
    ]


def test_hidden_slides_and_notes_are_not_announced(slides):
    def hide(deck):
        deck.slides[1].element.set("show", "0")
        deck.slides[0].notes_slide.notes_text_frame.text = "say nothing of layoffs"

    assert texts(slides(("Seen", []), ("Hidden", []), change=hide)) == ["Seen"]


def test_a_text_in_a_group_of_shapes_is_read(slides):
    def group(deck):
        box = deck.slides[0].shapes.add_group_shape().shapes.add_textbox(0, 0, 99, 99)
        box.text_frame.text = "grouped"

    assert texts(slides(("Title", []), change=group)) == ["Title", "grouped"]


def test_the_lines_of_a_pdf_are_put_together_where_a_sentence_goes_on(tmp_path):
    told = read_plan(
        pdf(tmp_path / "plan.pdf", ["La trans-", "formation digitale de", "nos métiers"], ["Page deux"])
    )
    assert [(line.text, line.place) for line in told.lines] == [
        ("La transformation digitale de nos métiers", "page 1"),
        ("Page deux", "page 2"),
    ]


def test_a_locked_pdf_says_so(tmp_path):
    with pytest.raises(InputError, match="locked by a password"):
        read_plan(pdf(tmp_path / "plan.pdf", ["secret"], password="x"))


def test_a_pdf_of_pictures_says_that_it_has_no_word(tmp_path):
    with pytest.raises(InputError, match="pictures only"):
        read_plan(pdf(tmp_path / "plan.pdf", []))


def test_slides_that_are_damaged_say_so(tmp_path, slides):
    slides(("Title", []))
    whole = (tmp_path / "plan.pptx").read_bytes()
    (tmp_path / "half.pptx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged"):
        read_plan(tmp_path / "half.pptx")


def test_slides_with_a_part_that_is_no_xml_say_so(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "plan.pptx", "w") as made:
        made.writestr("[Content_Types].xml", "<oops")
        made.writestr("ppt/presentation.xml", "<oops")
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(tmp_path / "plan.pptx")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "plan.md", "is empty"),
        (b"---\n12 34\n", "plan.md", "no word can be read"),
        (b"%PDF-1.7 nonsense", "plan.pdf", "damaged"),
        (b"PK\x03\x04nonsense", "plan.pptx", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "plan.ppt", "old Office"),
        (b'{"a": 1}\n', "plan.json", "another kind"),
        (b"PAR1" + b"x" * 99, "plan.parquet", "another kind"),
    ],
)
def test_what_announces_nothing_is_said_in_words(plan, content, name, said):
    with pytest.raises(InputError, match=said):
        plan(content, name)


def test_a_table_without_labels_names_what_is_missing(plan):
    with pytest.raises(ColumnsError, match="no column called `label`"):
        plan("who,when\na,b\n", "plan.csv")


def test_a_word_document_says_what_to_save_it_as(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "plan.docx", "w") as made:
        made.writestr("word/document.xml", "<a/>")
    with pytest.raises(InputError, match="save a Word document"):
        read_plan(tmp_path / "plan.docx")


def test_a_plan_that_is_not_there_or_without_end_is_said_in_words(tmp_path, plan):
    with pytest.raises(InputError, match="does not exist"):
        read_plan(tmp_path / "nothing.md")
    with pytest.raises(InputError, match="more than 20,000 lines"):
        plan("a line\n" * 20_001)


@pytest.mark.parametrize("module", ["slides", "pdfs"])
def test_without_its_library_a_file_names_what_to_install(tmp_path, slides, monkeypatch, module):
    slides(("Title", []))
    made = tmp_path / "plan.pptx" if module == "slides" else pdf(tmp_path / "plan.pdf", ["a"])
    monkeypatch.setitem(sys.modules, f"estran.sources.{module}", None)
    with pytest.raises(InputError, match=r"estran\[sources\]"):
        read_plan(made)


@pytest.mark.parametrize("name", ["plan.pptx", "plan.pdf"])
def test_words_in_a_file_called_slides_are_not_taken_for_slides(tmp_path, name):
    (tmp_path / name).write_text("garbage\n")
    with pytest.raises(InputError, match=rf"^{name} is no {name[5:]}, .* export it again$"):
        read_plan(tmp_path / name)
