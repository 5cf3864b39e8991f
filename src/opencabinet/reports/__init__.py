"""Statements: an account over a period, gathered as of one moment and written in the form that was asked for."""

from opencabinet.reports.model import Form, Layout, NoSuchLayout
from opencabinet.reports.statement import charset, file_name, media_type, statement

__all__ = ["Form", "Layout", "NoSuchLayout", "charset", "file_name", "media_type", "statement"]
