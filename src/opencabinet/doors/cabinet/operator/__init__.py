"""The area of operators: accounts, people, partners, imports and the history."""

from litestar.handlers import HTTPRouteHandler

handlers: list[HTTPRouteHandler] = []
