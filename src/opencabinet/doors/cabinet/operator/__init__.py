"""The area of operators: what commands do, in the browser, by whoever has the duty."""

from opencabinet.doors.cabinet.operator.accounts import show_account, show_around, show_policy, show_trades
from opencabinet.doors.cabinet.operator.applications import open_application, refuse_application, show_applications
from opencabinet.doors.cabinet.operator.audit import show_audit
from opencabinet.doors.cabinet.operator.banners import bring_banner, show_banners, withdraw_banner
from opencabinet.doors.cabinet.operator.deletions import show_deletions
from opencabinet.doors.cabinet.operator.home import show_home
from opencabinet.doors.cabinet.operator.imports import show_imports, show_receipt, show_rows
from opencabinet.doors.cabinet.operator.news import change_news, show_article, show_news, withdraw_news, write_news
from opencabinet.doors.cabinet.operator.partners import show_partner, show_partners, show_plans
from opencabinet.doors.cabinet.operator.people import (
    add_person,
    end_sessions,
    link_account,
    make_code,
    reset_factors,
    show_people,
    show_person,
    unlink_account,
)
from opencabinet.doors.cabinet.operator.rewards import (
    answer_dispute,
    move_rewards,
    show_explanation,
    show_partners_rewards,
    show_rewards,
)
from opencabinet.doors.cabinet.operator.search import show_search
from opencabinet.doors.cabinet.operator.staff import appoint, dismiss, show_operators
from opencabinet.doors.cabinet.operator.trying import approve_plans, show_what_if, try_plans

handlers = [
    show_home,
    show_search,
    show_account,
    show_around,
    show_trades,
    show_policy,
    show_people,
    show_person,
    add_person,
    make_code,
    link_account,
    unlink_account,
    end_sessions,
    reset_factors,
    show_deletions,
    show_applications,
    open_application,
    refuse_application,
    show_imports,
    show_receipt,
    show_rows,
    show_partners,
    show_partner,
    show_plans,
    show_what_if,
    try_plans,
    approve_plans,
    show_rewards,
    show_partners_rewards,
    show_explanation,
    move_rewards,
    answer_dispute,
    show_news,
    show_article,
    write_news,
    change_news,
    withdraw_news,
    show_banners,
    bring_banner,
    withdraw_banner,
    show_audit,
    show_operators,
    appoint,
    dismiss,
]
