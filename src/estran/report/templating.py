"""Pages and parts of pages, from the templates of this package."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from estran.report import sentences

if TYPE_CHECKING:
    from estran.report.i18n import Words


@functools.cache
def environment() -> Environment:
    """Where templates are found, and how they are filled: everything is escaped, and nothing may be missing."""
    return Environment(
        loader=PackageLoader("estran.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(template: str, words: Words, **things: object) -> Markup:
    """A template with what it shows; it knows the reader's language as `words`, `say` and `count`."""
    page = environment().get_template(template)
    said = page.render(words=words, say=words.say, count=words.count, says=sentences, **things)
    return Markup(said)  # noqa: S704  the template has escaped what it was given
