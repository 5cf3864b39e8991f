"""The area of clients: their accounts, and all that is known of each."""

from opencabinet.doors.cabinet.client.account import show_account
from opencabinet.doors.cabinet.client.accounts import show_about, show_accounts
from opencabinet.doors.cabinet.client.bonuses import show_bonuses
from opencabinet.doors.cabinet.client.charts import show_chart, show_charts
from opencabinet.doors.cabinet.client.history import ask_not_me, list_history, say_not_me, show_signed_out
from opencabinet.doors.cabinet.client.lists import (
    PAYING,
    list_closed,
    list_movements,
    list_open,
    list_orders,
    show_lots,
)
from opencabinet.doors.cabinet.client.parts import show_part
from opencabinet.doors.cabinet.client.statements import choose_statement, download_statement
from opencabinet.doors.cabinet.client.statistics import explain, show_statistics

__all__ = ["PAYING", "handlers"]

handlers = [
    show_accounts,
    show_about,
    show_account,
    show_part,
    list_open,
    list_closed,
    list_orders,
    list_movements,
    show_lots,
    show_charts,
    show_chart,
    show_statistics,
    explain,
    choose_statement,
    download_statement,
    show_bonuses,
    list_history,
    ask_not_me,
    say_not_me,
    show_signed_out,
]
