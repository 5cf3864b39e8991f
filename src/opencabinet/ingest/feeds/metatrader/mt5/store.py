"""The SQL that turns what was read of MetaTrader 5 into what is staged."""

from typing import Any, Final, LiteralString

from opencabinet.db import Connection

# In a first load all accounts are there already, so that owners are known at once. OFFSET lets times be reckoned once.
DEALS = """
INSERT INTO staged_deals (
       number, login, deal, order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits,
       price, position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment,
       reason)
SELECT told.number, owner.login, deal, nullif(order_ticket, 0), nullif(position, 0), symbol,
       CASE WHEN action = 6 AND NOT %(bonus_is_credit)s THEN 'balance bonus'
            ELSE coalesce((%(actions)s::text[])[action + 1], 'action ' || action) END,
       CASE WHEN traded THEN coalesce((%(entries)s::text[])[entry + 1], '') ELSE '' END,
       volume * lot, CASE WHEN traded AND entry > 0 THEN nullif(volume_closed, 0) * lot END, nullif(contract_size, 0),
       CASE WHEN traded THEN places END, CASE WHEN traded THEN nullif(round(price, places), 0) END,
       nullif(round(position_price, 8), 0), nullif(round(stop_loss, places), 0),
       nullif(round(take_profit, places), 0),
       dealt_at, CASE WHEN wall IS NULL THEN 0 ELSE ahead - later END,
       round(commission, money_places) * unit, round(fee, money_places) * unit, round(swap, money_places) * unit,
       round(profit, money_places) * unit, comment,
       coalesce((%(reasons)s::text[])[reason + 1], 'reason ' || reason)
  FROM (SELECT told.*, coalesce((wall - make_interval(mins => ahead - later)) AT TIME ZONE 'UTC', stamped) AS dealt_at
          FROM (SELECT told.*, action IN (0, 1, 13, 14) AS traded, least(digits, 8)::int AS places,
                       least(money_digits, 8)::int AS money_places,
                       CASE WHEN mod(fold, 2) = 1
                             AND stamped BETWEEN second - interval '5 seconds' AND second + interval '1 hour'
                            THEN shift ELSE 0 END AS later,
                       CASE WHEN cents THEN 0.01 ELSE 1 END AS unit,
                       CASE WHEN cents AND %(cent_lots)s THEN 0.0000000001 ELSE 0.00000001 END AS lot
                  FROM (SELECT told.*, coalesce(known.cents, false) AS cents,
                               (%(offsets)s::int[])[1 + width_bucket(wall, %(thresholds)s::timestamp[])] AS ahead,
                               width_bucket(wall, %(folds)s::timestamp[]) AS fold,
                               timestamptz 'epoch'
                                 + (nullif(stamp, 0) / 10 - 11644473600000000) * interval '1 microsecond' AS stamped
                          FROM read_deals AS told
                          LEFT JOIN read_numbers AS known USING (number)
                         WHERE known.left_out IS NOT TRUE OFFSET 0) AS told
                 CROSS JOIN LATERAL (
                   SELECT shift, (wall - make_interval(mins => ahead - shift)) AT TIME ZONE 'UTC' AS second
                     FROM (SELECT (%(shifts)s::int[])[(fold + 1) / 2] AS shift) AS shifted) AS shifted
               ) AS told OFFSET 0) AS told
  LEFT JOIN (SELECT number, login, since, lead(since, 1, 'infinity') OVER (PARTITION BY number ORDER BY since) AS until
               FROM sources WHERE server = %(server)s AND %(first)s) AS owner
         ON owner.number = told.number AND dealt_at >= owner.since AND dealt_at < owner.until
 WHERE dealt_at IS NOT NULL
"""

POSITIONS = """
INSERT INTO staged_open (
       number, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       current_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT number, ticket, ticket, symbol, CASE action WHEN 0 THEN 'buy' ELSE 'sell' END,
       volume * CASE WHEN cents AND %(cent_lots)s THEN 0.0000000001 ELSE 0.00000001 END, nullif(contract_size, 0),
       places, (wall - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead, round(open_price, places),
       round(current_price, places), nullif(round(stop_loss, places), 0), nullif(round(take_profit, places), 0), 0, 0,
       round(swap, money_places) * unit, round(profit, money_places) * unit, comment
  FROM (SELECT told.*, least(told.digits, 8)::int AS places, least(money_digits, 8)::int AS money_places, cents,
               CASE WHEN cents THEN 0.01 ELSE 1 END AS unit,
               (%(offsets)s::int[])[1 + width_bucket(wall, %(thresholds)s::timestamp[])] AS ahead
          FROM read_positions AS told
          LEFT JOIN read_numbers AS known USING (number)
         WHERE known.left_out IS NOT TRUE AND wall IS NOT NULL AND action IN (0, 1)) AS told
"""

ORDERS = """
INSERT INTO staged_orders (
       number, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment)
SELECT number, ticket, symbol, (%(order_types)s::text[])[type + 1], volume * lot,
       greatest(volume - volume_left, 0) * lot, nullif(contract_size, 0), nullif(round(price, places), 0),
       nullif(round(stop_loss, places), 0), nullif(round(take_profit, places), 0), standing,
       CASE WHEN standing = 'working' THEN ''
            ELSE coalesce((%(order_states)s::text[])[state + 1], 'state ' || state) END,
       (placed - make_interval(mins => ahead)) AT TIME ZONE 'UTC', ahead,
       CASE WHEN standing <> 'working' THEN (done - make_interval(mins => done_ahead)) AT TIME ZONE 'UTC' END,
       CASE WHEN standing <> 'working' THEN done_ahead END, comment
  FROM (SELECT told.*, least(told.digits, 8)::int AS places,
               CASE WHEN cents AND %(cent_lots)s THEN 0.0000000001 ELSE 0.00000001 END AS lot,
               CASE WHEN state = 2 THEN 'cancelled' WHEN state = 4 THEN 'filled' WHEN state = 5 THEN 'rejected'
                    WHEN state = 6 THEN 'expired' WHEN working THEN 'working' WHEN state = 3 THEN 'partial'
                    ELSE 'cancelled' END AS standing,
               (%(offsets)s::int[])[1 + width_bucket(placed, %(thresholds)s::timestamp[])] AS ahead,
               (%(offsets)s::int[])[1 + width_bucket(done, %(thresholds)s::timestamp[])] AS done_ahead
          FROM (SELECT ticket, number, symbol, digits, contract_size, state, type, coalesce(placed, done) AS placed,
                       done, price, stop_loss, take_profit, volume, volume_left, comment, working FROM read_orders
               ) AS told
          LEFT JOIN read_numbers AS known USING (number)
         WHERE known.left_out IS NOT TRUE AND placed IS NOT NULL AND type BETWEEN 0 AND 8) AS told
"""

STAGED: Final[dict[str, LiteralString]] = {"read_deals": DEALS, "read_positions": POSITIONS, "read_orders": ORDERS}


async def stage(conn: Connection, table: str, words: dict[str, Any]) -> None:
    """Stage what was read into a table."""
    await conn.run(STAGED[table], **words)
