"""The SQL that turns what was read of MetaTrader 4 into what is staged.

A ticket is a trade, an order or money by turns.
"""

from typing import Any, Final, LiteralString

from opencabinet.db import Connection

# What is left of a trade that was closed in part is a new ticket, and says in its comment which it comes from; the one
# says which it has become. Either may be lost when the other is written, but what is known stays known.
CLOSED = """
INSERT INTO staged_closed (
       number, ticket, position, symbol, side, lots, digits, opened_at, opened_offset, open_price, closed_at,
       closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT number, ticket,
       coalesce(substring(comment FROM '^from #([0-9]{1,18})$')::bigint, earlier, known_position, ticket), symbol,
       CASE cmd WHEN 0 THEN 'buy' ELSE 'sell' END, greatest(volume, 0) * lot, places,
       (opened - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead, nullif(round(open_price, places), 0),
       (closed - make_interval(mins => closed_ahead)) AT TIME ZONE 'UTC', closed_ahead, round(close_price, places),
       nullif(round(stop_loss, places), 0), nullif(round(take_profit, places), 0),
       round(commission, money_places) * unit, round(tax, money_places) * unit, round(swap, money_places) * unit,
       round(profit, money_places) * unit, comment
  FROM (SELECT told.*, least(told.digits, 8)::int AS places, coalesce(known.digits, 2)::int AS money_places,
               earlier, coalesce(kept.record, held.position) AS known_position,
               CASE WHEN cents THEN 0.01 ELSE 1 END AS unit,
               CASE WHEN cents AND %(cent_lots)s THEN 0.0001 ELSE 0.01 END AS lot,
               (%(offsets)s::int[])[1 + width_bucket(opened, %(thresholds)s::timestamp[])] AS ahead,
               (%(offsets)s::int[])[1 + width_bucket(closed, %(thresholds)s::timestamp[])] AS closed_ahead
          FROM read_trades AS told
          LEFT JOIN read_numbers AS known USING (number)
          LEFT JOIN (SELECT substring(comment FROM '^to #([0-9]{1,18})$')::bigint AS ticket, number,
                            min(ticket) AS earlier
                       FROM read_trades WHERE comment ~ '^to #' GROUP BY 1, 2) AS parted USING (ticket, number)
          LEFT JOIN feed_rows AS kept ON kept.server = %(server)s AND kept.family = 'trade' AND kept.key = told.ticket
          LEFT JOIN closed_trades AS held ON held.login = kept.login AND held.ticket = told.ticket
         WHERE known.left_out IS NOT TRUE AND told.cmd IN (0, 1) AND told.closed IS NOT NULL) AS told
"""

OPEN = """
INSERT INTO staged_open (
       number, ticket, position, symbol, side, lots, digits, opened_at, opened_offset, open_price, current_price,
       stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT number, ticket,
       coalesce(substring(comment FROM '^from #([0-9]{1,18})$')::bigint, earlier, known_position, ticket), symbol,
       CASE cmd WHEN 0 THEN 'buy' ELSE 'sell' END, greatest(volume, 0) * lot, places,
       (opened - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead, round(open_price, places),
       round(close_price, places), nullif(round(stop_loss, places), 0), nullif(round(take_profit, places), 0),
       round(commission, money_places) * unit, round(tax, money_places) * unit, round(swap, money_places) * unit,
       round(profit, money_places) * unit, comment
  FROM (SELECT told.*, least(told.digits, 8)::int AS places, coalesce(known.digits, 2)::int AS money_places,
               earlier, coalesce(kept.record, held.position) AS known_position,
               CASE WHEN cents THEN 0.01 ELSE 1 END AS unit,
               CASE WHEN cents AND %(cent_lots)s THEN 0.0001 ELSE 0.01 END AS lot,
               (%(offsets)s::int[])[1 + width_bucket(opened, %(thresholds)s::timestamp[])] AS ahead
          FROM read_trades AS told
          LEFT JOIN read_numbers AS known USING (number)
          LEFT JOIN (SELECT substring(comment FROM '^to #([0-9]{1,18})$')::bigint AS ticket, number,
                            min(ticket) AS earlier
                       FROM read_trades WHERE comment ~ '^to #' GROUP BY 1, 2) AS parted USING (ticket, number)
          LEFT JOIN feed_rows AS kept ON kept.server = %(server)s AND kept.family = 'trade' AND kept.key = told.ticket
          LEFT JOIN closed_trades AS held ON held.login = kept.login AND held.ticket = told.ticket
         WHERE known.left_out IS NOT TRUE AND told.cmd IN (0, 1) AND told.closed IS NULL
           AND told.opened IS NOT NULL) AS told
"""

ORDERS = """
INSERT INTO staged_orders (
       number, ticket, symbol, type, lots, filled_lots, price, stop_loss, take_profit, state, reason, placed_at,
       placed_offset, done_at, done_offset, comment)
SELECT number, ticket, symbol, (%(order_types)s::text[])[cmd + 1], greatest(volume, 0) * lot, 0,
       nullif(round(open_price, places), 0), nullif(round(stop_loss, places), 0), nullif(round(take_profit, places), 0),
       coalesce(ended, 'working'), coalesce(ended, ''),
       (opened - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead,
       (closed - make_interval(mins => closed_ahead)) AT TIME ZONE 'UTC', closed_ahead, comment
  FROM (SELECT told.*, least(told.digits, 8)::int AS places,
               CASE WHEN cents AND %(cent_lots)s THEN 0.0001 ELSE 0.01 END AS lot,
               CASE WHEN closed IS NOT NULL AND comment ~* 'expir' THEN 'expired'
                    WHEN closed IS NOT NULL THEN 'cancelled' END AS ended,
               (%(offsets)s::int[])[1 + width_bucket(opened, %(thresholds)s::timestamp[])] AS ahead,
               (%(offsets)s::int[])[1 + width_bucket(closed, %(thresholds)s::timestamp[])] AS closed_ahead
          FROM read_trades AS told
          LEFT JOIN read_numbers AS known USING (number)
         WHERE known.left_out IS NOT TRUE AND cmd BETWEEN 2 AND 5 AND opened IS NOT NULL) AS told
"""

MOVEMENTS = """
INSERT INTO staged_movements (number, ticket, kind, amount, moved_at, moved_offset, comment)
SELECT number, ticket, CASE cmd WHEN 6 THEN 'balance' WHEN 7 THEN 'credit' ELSE 'command ' || cmd END,
       round(profit, money_places) * unit, (wall - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead, comment
  FROM (SELECT told.*, coalesce(known.digits, 2)::int AS money_places,
               CASE WHEN cents THEN 0.01 ELSE 1 END AS unit,
               (%(offsets)s::int[])[1 + width_bucket(wall, %(thresholds)s::timestamp[])] AS ahead
          FROM (SELECT number, ticket, cmd, profit, comment, coalesce(opened, closed) AS wall FROM read_trades) AS told
          LEFT JOIN read_numbers AS known USING (number)
         WHERE known.left_out IS NOT TRUE AND cmd NOT BETWEEN 0 AND 5 AND wall IS NOT NULL) AS told
"""

STAGED: Final[tuple[LiteralString, ...]] = (CLOSED, OPEN, ORDERS, MOVEMENTS)


async def stage(conn: Connection, words: dict[str, Any]) -> None:
    """Stage what was read of trades."""
    for statement in STAGED:
        await conn.run(statement, **words)
