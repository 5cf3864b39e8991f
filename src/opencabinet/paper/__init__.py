"""A table or a document as CSV, HTML, XLSX or PDF: text is only ever data in them, and memory stays small."""

from opencabinet.paper.delimited import csv
from opencabinet.paper.model import Batches, Cell, Column, Document, Fact, Rows, Table, TooManyRows
from opencabinet.paper.pages import Hole, environment, html, laid_out
from opencabinet.paper.printing import MOST_PRINTED, pdf
from opencabinet.paper.workbook import xlsx

__all__ = [
    "MOST_PRINTED",
    "Batches",
    "Cell",
    "Column",
    "Document",
    "Fact",
    "Hole",
    "Rows",
    "Table",
    "TooManyRows",
    "csv",
    "environment",
    "html",
    "laid_out",
    "pdf",
    "xlsx",
]
