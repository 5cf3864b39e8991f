"""Two statements for each answer: one judges, one reads, and writes the figures as the answer has them."""

JUDGED = """
SELECT (SELECT login FROM tokens
         WHERE hash = $2 AND kind = $3 AND family = 'client' AND expires_at > now() AND revoked_at IS NULL) AS owner,
       (SELECT json_agg(json_build_array(function, level, networks))
          FROM access_rules
         WHERE login = $1 AND function IN ($4, 'default') AND (expires_at IS NULL OR expires_at > now())) AS rules
"""

MONEY = """
       login, currency, leverage, complete, as_of, as_of_offset, equity IS NOT NULL AS reported,
       trim_scale(balance)::text AS balance, trim_scale(credit)::text AS credit,
       trim_scale(coalesce(equity, balance + credit))::text AS equity, trim_scale(floating)::text AS floating,
       trim_scale(coalesce(margin, 0))::text AS margin,
       trim_scale(coalesce(equity, balance + credit) - coalesce(margin, 0))::text AS free_margin
"""

BALANCE = f"""
SELECT {MONEY} FROM accounts WHERE login = $1
"""  # noqa: S608 - a text of ours

OPENED = """
SELECT account.login, currency, complete, as_of, position, symbol, side, opened_at, opened_offset, digits,
       comment, trim_scale(lots)::text AS lots, trim_scale(lots * contract_size)::text AS units,
       trim_scale(contract_size)::text AS contract_size, trim_scale(lots * contract_size / 100000)::text AS standard,
       trim_scale(open_price)::text AS open_price, trim_scale(current_price)::text AS current_price,
       trim_scale(stop_loss)::text AS stop_loss, trim_scale(take_profit)::text AS take_profit,
       trim_scale(profit)::text AS profit, trim_scale(swap)::text AS swap, trim_scale(commission)::text AS commission,
       trim_scale(fee)::text AS fee, trim_scale(profit + swap + commission + fee)::text AS net
  FROM accounts AS account
  LEFT JOIN open_trades ON open_trades.login = account.login
 WHERE account.login = $1
 ORDER BY opened_at DESC, position DESC
 LIMIT 100
"""

SUMMARY = f"""
SELECT {MONEY},
       open.trades AS open_trades, trim_scale(open.lots)::text AS open_lots,
       trim_scale(open.profit)::text AS open_profit, trim_scale(open.swap)::text AS open_swap,
       trim_scale(open.costs)::text AS open_costs, trim_scale(open.profit + open.swap + open.costs)::text AS open_net,
       closed.trades AS closed_trades, trim_scale(closed.lots)::text AS closed_lots,
       trim_scale(closed.profit)::text AS closed_profit, trim_scale(closed.swap)::text AS closed_swap,
       trim_scale(closed.costs)::text AS closed_costs, trim_scale(closed.net)::text AS closed_net,
       trim_scale(open.lots + closed.lots)::text AS lots, moved.kinds, moved.counts, moved.amounts,
       trim_scale(moved.amount)::text AS moved, trim_scale(balance - closed.net - moved.amount)::text AS opening,
       (SELECT ticket FROM closed_trades WHERE login = $1 ORDER BY closed_at DESC, ticket DESC LIMIT 1) AS first_id,
       (SELECT ticket FROM closed_trades WHERE login = $1 ORDER BY closed_at, ticket LIMIT 1) AS last_id
  FROM accounts
 CROSS JOIN (SELECT count(*) AS trades, coalesce(sum(lots), 0) AS lots, coalesce(sum(profit), 0) AS profit,
                    coalesce(sum(swap), 0) AS swap, coalesce(sum(commission + fee), 0) AS costs
               FROM open_trades WHERE login = $1) AS open
 CROSS JOIN (SELECT coalesce(sum(trades), 0)::bigint AS trades, coalesce(sum(lots), 0) AS lots,
                    coalesce(sum(profit), 0) AS profit, coalesce(sum(swap), 0) AS swap,
                    coalesce(sum(commission + fee), 0) AS costs,
                    coalesce(sum(profit + swap + commission + fee), 0) AS net
               FROM daily_lots WHERE login = $1) AS closed
 CROSS JOIN (SELECT coalesce(array_agg(kind ORDER BY kind), '{{}}') AS kinds,
                    coalesce(array_agg(many ORDER BY kind), '{{}}') AS counts,
                    coalesce(array_agg(trim_scale(amount)::text ORDER BY kind), '{{}}') AS amounts,
                    coalesce(sum(amount), 0) AS amount
               FROM (SELECT kind, count(*) AS many, sum(amount) AS amount
                       FROM movements WHERE login = $1 GROUP BY 1) AS kinds) AS moved
 WHERE login = $1
"""  # noqa: S608 - a text of ours
