"""What partners show: the operator brings it in and takes it away."""

import typer

from opencabinet.cli.content import banners, landings, news

commands = typer.Typer(help="Banners, news and landing pages.", no_args_is_help=True)
commands.add_typer(banners.commands, name="banners")
commands.add_typer(news.commands, name="news")
commands.add_typer(landings.commands, name="landings")
