"""Who may ask what of an account, and the keys to it."""

from litestar.handlers import HTTPRouteHandler

handlers: list[HTTPRouteHandler] = []
