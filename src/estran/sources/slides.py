"""The texts of PowerPoint slides, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError
from pptx import Presentation
from pptx.exc import PythonPptxError

from estran.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def paragraphs(path: Path) -> Iterator[tuple[int, bool, str]]:
    """The number of the slide, whether it is its title, and the text; hidden slides are left out.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        slides: list[Any] = list(Presentation(str(path)).slides)
    except (PythonPptxError, XMLSyntaxError, BadZipFile, KeyError, ValueError, OSError):
        raise InputError(f"the slides of {path.name} cannot be read: save them again, or as PDF") from None
    for number, slide in enumerate(slides, 1):
        if slide.element.get("show") == "0":
            continue
        title = slide.shapes.title
        for shape, text in _texts(slide.shapes):
            yield number, title is not None and shape.shape_id == title.shape_id, text


def _texts(shapes: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _texts(shape.shapes)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                for cell in row.cells:
                    yield shape, cell.text
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                # a line broken by hand inside a paragraph goes on
                yield shape, paragraph.text.replace("\v", " ")
