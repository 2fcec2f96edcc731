"""Findings on paper: the same tour, or the same successions, for the terminal, as Markdown, as JSON and as one HTML file."""

from estran.report.html import to_html, to_notebook
from estran.report.json import to_json
from estran.report.markdown import to_markdown
from estran.report.terminal import to_terminal

__all__ = ["to_html", "to_json", "to_markdown", "to_notebook", "to_terminal"]
