"""The area of partners: their clients, what they brought, and what leads to more."""

from litestar.handlers import HTTPRouteHandler

handlers: list[HTTPRouteHandler] = []
