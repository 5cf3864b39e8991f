"""Accounts that change announce themselves, so that no process goes on telling what was."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ACCOUNTS = (
    *("access_rules", "accounts", "api_passwords", "closed_trades", "daily_costs", "daily_lots", "deals"),
    *("memberships", "movements", "open_trades", "orders", "owners", "policies", "profiles", "sources", "tokens"),
)
"""Tables that tell of accounts: a change of theirs is announced with the logins."""
EVERYWHERE = ("bonus_programmes", "instruments", "servers")
"""Tables that tell of many accounts at once: a change of theirs is announced as one of all."""
OWN = ("instruments", "tokens")
"""Tables of which some columns change that make no difference to an answer that is held."""

# What one transaction announces twice, PostgreSQL tells once. Of many accounts in one statement lists are told, and of
# too many for that, that all may have changed.
TELLING = """
CREATE FUNCTION tell_accounts(logins bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(logins) > 5000 THEN
    PERFORM pg_notify('opencabinet_accounts', '*');
  ELSIF cardinality(logins) > 100 THEN
    PERFORM pg_notify('opencabinet_accounts', string_agg(login::text, ',' ORDER BY login))
       FROM (SELECT login, (row_number() OVER (ORDER BY login) - 1) / 300 AS part FROM unnest(logins) AS login) AS told
      GROUP BY part;
  ELSE
    PERFORM pg_notify('opencabinet_accounts', login::text) FROM unnest(logins) AS login;
  END IF;
END $$;
COMMENT ON FUNCTION tell_accounts IS 'announces that accounts changed, once the transaction commits';

CREATE FUNCTION announce_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM tell_accounts(ARRAY(SELECT DISTINCT login FROM told LIMIT 5001));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM tell_accounts(ARRAY(SELECT DISTINCT login FROM gone LIMIT 5001));
  ELSE
    PERFORM tell_accounts(ARRAY(SELECT login FROM told UNION SELECT login FROM gone LIMIT 5001));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION announce_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_accounts(ARRAY(
    SELECT DISTINCT told.login FROM told JOIN gone USING (hash)
     WHERE (told.login, told.family, told.kind, told.expires_at, told.revoked_at, told.networks, told.functions,
            told.origins, told.reads_per_minute, told.proved_at)
           IS DISTINCT FROM
           (gone.login, gone.family, gone.kind, gone.expires_at, gone.revoked_at, gone.networks, gone.functions,
            gone.origins, gone.reads_per_minute, gone.proved_at)
     LIMIT 5001));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_tokens IS 'a use that is noted changes nothing that a credential opens';

CREATE FUNCTION announce_instruments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM told FULL JOIN gone USING (server, folded, told_by)
              WHERE to_jsonb(told) - '{tick_value,updated_at}'::text[]
                    IS DISTINCT FROM to_jsonb(gone) - '{tick_value,updated_at}'::text[]) THEN
    PERFORM pg_notify('opencabinet_accounts', '*');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_instruments IS 'what a tick is worth moves with prices, as quotes do: all else is told';

CREATE FUNCTION announce_everywhere() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed boolean;
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    changed := EXISTS (SELECT FROM told);
  ELSIF TG_OP = 'DELETE' THEN
    changed := EXISTS (SELECT FROM gone);
  ELSE
    changed := true;
  END IF;
  IF changed THEN
    PERFORM pg_notify('opencabinet_accounts', '*');
  END IF;
  RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER {table}_announce_new AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {table}_announce_changed AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION {updating}();
CREATE TRIGGER {table}_announce_gone AFTER DELETE ON {table}
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {table}_announce_emptied AFTER TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION announce_everywhere();
"""

DOWN = """
DROP FUNCTION announce_everywhere, announce_instruments, announce_tokens, announce_accounts CASCADE;
DROP FUNCTION tell_accounts;
"""


def triggers(table: str, function: str) -> str:
    """Return what lets a table announce its changes."""
    updating = f"announce_{table}" if table in OWN else function
    return TRIGGERS.format(table=table, function=function, updating=updating)


def upgrade() -> None:
    """Make the functions and triggers."""
    made = [triggers(table, "announce_accounts") for table in ACCOUNTS]
    made += [triggers(table, "announce_everywhere") for table in EVERYWHERE]
    for part in (TELLING, *made):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    """Drop what was made."""
    op.get_bind().exec_driver_sql(DOWN)
