CREATE FUNCTION public.announce_accounts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.announce_everywhere() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION public.announce_instruments() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM told FULL JOIN gone USING (server, folded, told_by)
              WHERE to_jsonb(told) - '{tick_value,updated_at}'::text[]
                    IS DISTINCT FROM to_jsonb(gone) - '{tick_value,updated_at}'::text[]) THEN
    PERFORM pg_notify('opencabinet_accounts', '*');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.announce_instruments() IS 'what a tick is worth moves with prices, as quotes do: all else is told';
CREATE FUNCTION public.announce_tokens() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
COMMENT ON FUNCTION public.announce_tokens() IS 'a use that is noted changes nothing that a credential opens';
CREATE FUNCTION public.drop_click_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '2s'
    AS $_$
DECLARE
  oldest timestamptz := date_trunc('month', now()) - interval '13 months';
  old text;
  many integer := 0;
BEGIN
  FOR old IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'public.clicks'::regclass AND relname ~ '^clicks_[0-9]{4}_[0-9]{2}$'
       AND relname::text COLLATE "C" < 'clicks_' || to_char(oldest, 'YYYY_MM')
  LOOP
    EXECUTE format('DROP TABLE public.%I', old);
    many := many + 1;
  END LOOP;
  DELETE FROM public.clicks_other WHERE at < oldest;
  RETURN many;
END $_$;
COMMENT ON FUNCTION public.drop_click_months() IS 'drops the clicks of months that ended more than thirteen months ago';
CREATE FUNCTION public.forget_authorizations() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH gone AS (
    DELETE FROM public.authorizations
     WHERE at < now() - CASE WHEN granted THEN interval '400 days' ELSE interval '90 days' END
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
CREATE FUNCTION public.forget_events(days integer, most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  WITH oldest AS (
    SELECT login, number, xid, id, at FROM public.events ORDER BY xid, id LIMIT least(most, 10000)
  ), gone AS (
    DELETE FROM public.events
     USING oldest
     WHERE (events.login, events.number) = (oldest.login, oldest.number)
       AND oldest.at < now() - make_interval(days => greatest(days, 1))
       AND NOT EXISTS (
         SELECT FROM public.followers
          WHERE (followers.xid, followers.id) < (oldest.xid, oldest.id)
            AND followers.reached_at > now() - make_interval(days => greatest(days, 1)))
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
CREATE FUNCTION public.make_click_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '2s'
    AS $$
DECLARE
  month timestamptz;
  made text;
  many integer := 0;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', now()), now() + interval '2 months', '1 month') LOOP
    made := 'clicks_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || made) IS NOT NULL;
    LOCK TABLE ONLY public.clicks IN SHARE ROW EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.clicks INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', made);
    EXECUTE format('WITH moved AS (DELETE FROM public.clicks_other WHERE at >= %L AND at < %L RETURNING *)
                    INSERT INTO public.%I SELECT * FROM moved', month, month + interval '1 month', made);
    EXECUTE format('ALTER TABLE public.clicks ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   made, month, month + interval '1 month');
    EXECUTE format('GRANT SELECT ON public.%I TO opencabinet_serve, opencabinet_read', made);
    many := many + 1;
  END LOOP;
  RETURN many;
END $$;
COMMENT ON FUNCTION public.make_click_months() IS 'makes the tables of this month and the next two, with what came';
CREATE FUNCTION public.need_accounts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE missing bigint;
BEGIN
  SELECT login INTO missing FROM (SELECT DISTINCT login FROM told) AS told
   WHERE NOT EXISTS (SELECT FROM accounts WHERE accounts.login = told.login) LIMIT 1;
  IF FOUND THEN
    RAISE foreign_key_violation USING MESSAGE = 'There is no account ' || missing || '.', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.refuse_unbalanced_entry() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE told partner_entries := coalesce(NEW, OLD);
BEGIN
  IF EXISTS (SELECT FROM partner_entries WHERE login = told.login AND id = told.id
              GROUP BY currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'entry % does not sum to zero', told.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.roll_up_closed_trades() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_hashagg TO 'off'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE daily_lots AS kept
       SET (trades, lots, profit, swap, commission, fee, gross_profit, gross_loss)
         = (kept.trades - less.trades, kept.lots - less.lots, kept.profit - less.profit, kept.swap - less.swap,
            kept.commission - less.commission, kept.fee - less.fee, kept.gross_profit - less.gross_profit,
            kept.gross_loss - less.gross_loss)
      FROM (SELECT login, server_day(closed_at, closed_offset) AS day, symbol,
                   coalesce(contract_size, 0) AS contract_size, count(*) AS trades, sum(lots) AS lots,
                   sum(profit) AS profit, sum(swap) AS swap, sum(commission) AS commission, sum(fee) AS fee,
                   sum(greatest(profit + swap + commission + fee, 0)) AS gross_profit,
                   sum(least(profit + swap + commission + fee, 0)) AS gross_loss
              FROM gone GROUP BY 1, 2, 3, 4) AS less
     WHERE (kept.login, kept.day, kept.symbol, kept.contract_size)
         = (less.login, less.day, less.symbol, less.contract_size);
    DELETE FROM daily_lots
     WHERE trades = 0
       AND (login, day, symbol, contract_size) IN (
             SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0) FROM gone);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO daily_lots AS kept
    SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
           sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(profit + swap + commission + fee, 0)),
           sum(least(profit + swap + commission + fee, 0)), min(closed_at), max(closed_at)
      FROM told GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (login, day, symbol, contract_size) DO UPDATE
       SET (trades, lots, profit, swap, commission, fee, gross_profit, gross_loss, first_at, last_at)
         = (kept.trades + excluded.trades, kept.lots + excluded.lots, kept.profit + excluded.profit,
            kept.swap + excluded.swap, kept.commission + excluded.commission, kept.fee + excluded.fee,
            kept.gross_profit + excluded.gross_profit, kept.gross_loss + excluded.gross_loss,
            least(kept.first_at, excluded.first_at), greatest(kept.last_at, excluded.last_at));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.roll_up_daily_lots() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_hashagg TO 'off'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO monthly_lots AS kept
    SELECT login, date_trunc('month', day)::date, symbol, contract_size, sum(trades), sum(lots), sum(profit), sum(swap),
           sum(commission), sum(fee), min(first_at), max(last_at)
      FROM told GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (login, month, symbol, contract_size) DO UPDATE
       SET (trades, lots, profit, swap, commission, fee, first_at, last_at)
         = (kept.trades + excluded.trades, kept.lots + excluded.lots, kept.profit + excluded.profit,
            kept.swap + excluded.swap, kept.commission + excluded.commission, kept.fee + excluded.fee,
            least(kept.first_at, excluded.first_at), greatest(kept.last_at, excluded.last_at));
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE monthly_lots AS kept
       SET (trades, lots, profit, swap, commission, fee, first_at, last_at)
         = (kept.trades + more.trades, kept.lots + more.lots, kept.profit + more.profit, kept.swap + more.swap,
            kept.commission + more.commission, kept.fee + more.fee, least(kept.first_at, more.first_at),
            greatest(kept.last_at, more.last_at))
      FROM (SELECT login, date_trunc('month', day)::date AS month, symbol, contract_size,
                   sum(told.trades - gone.trades) AS trades, sum(told.lots - gone.lots) AS lots,
                   sum(told.profit - gone.profit) AS profit, sum(told.swap - gone.swap) AS swap,
                   sum(told.commission - gone.commission) AS commission, sum(told.fee - gone.fee) AS fee,
                   min(told.first_at) AS first_at, max(told.last_at) AS last_at
              FROM told JOIN gone USING (login, day, symbol, contract_size) GROUP BY 1, 2, 3, 4) AS more
     WHERE (kept.login, kept.month, kept.symbol, kept.contract_size)
         = (more.login, more.month, more.symbol, more.contract_size);
  ELSE
    UPDATE monthly_lots AS kept
       SET (trades, lots, profit, swap, commission, fee)
         = (kept.trades - less.trades, kept.lots - less.lots, kept.profit - less.profit, kept.swap - less.swap,
            kept.commission - less.commission, kept.fee - less.fee)
      FROM (SELECT login, date_trunc('month', day)::date AS month, symbol, contract_size, sum(trades) AS trades,
                   sum(lots) AS lots, sum(profit) AS profit, sum(swap) AS swap, sum(commission) AS commission,
                   sum(fee) AS fee
              FROM gone GROUP BY 1, 2, 3, 4) AS less
     WHERE (kept.login, kept.month, kept.symbol, kept.contract_size)
         = (less.login, less.month, less.symbol, less.contract_size);
    DELETE FROM monthly_lots
     WHERE trades = 0
       AND (login, month, symbol, contract_size) IN (
             SELECT login, date_trunc('month', day)::date, symbol, contract_size FROM gone);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.roll_up_deals() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_hashagg TO 'off'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE daily_costs AS kept
       SET (deals, amount) = (kept.deals - less.deals, kept.amount - less.amount)
      FROM (SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*) AS deals,
                   sum(profit + swap + commission + fee) AS amount
              FROM gone WHERE cost GROUP BY 1, 2) AS less
     WHERE (kept.login, kept.day) = (less.login, less.day);
    DELETE FROM daily_costs
     WHERE deals = 0 AND (login, day) IN (SELECT login, server_day(dealt_at, dealt_offset) FROM gone);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO daily_costs AS kept
    SELECT login, server_day(dealt_at, dealt_offset), count(*), sum(profit + swap + commission + fee), min(dealt_at),
           max(dealt_at)
      FROM told WHERE cost GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (login, day) DO UPDATE
       SET (deals, amount, first_at, last_at)
         = (kept.deals + excluded.deals, kept.amount + excluded.amount, least(kept.first_at, excluded.first_at),
            greatest(kept.last_at, excluded.last_at));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.server_day(at timestamp with time zone, minutes_ahead smallint) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((at AT TIME ZONE 'UTC'::text) + make_interval(mins => (minutes_ahead)::integer)))::date;
CREATE FUNCTION public.tell_accounts(logins bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
COMMENT ON FUNCTION public.tell_accounts(logins bigint[]) IS 'announces that accounts changed, once the transaction commits';
CREATE TABLE public.access_rules (
    login bigint NOT NULL,
    function text NOT NULL,
    level text NOT NULL,
    networks cidr[] NOT NULL,
    expires_at timestamp with time zone,
    note text NOT NULL,
    hide text[] NOT NULL,
    delay_minutes integer NOT NULL,
    closed_only boolean NOT NULL,
    without_symbols text[] NOT NULL,
    CONSTRAINT access_rules_check CHECK (((level <> ALL (ARRAY['address'::text, 'both'::text])) OR (cardinality(networks) > 0))),
    CONSTRAINT access_rules_delay_minutes_check CHECK (((delay_minutes >= 0) AND (delay_minutes <= 43200))),
    CONSTRAINT access_rules_function_check CHECK ((function ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT access_rules_hide_check CHECK ((hide <@ ARRAY['comments'::text, 'volumes'::text, 'money'::text])),
    CONSTRAINT access_rules_level_check CHECK ((level = ANY (ARRAY['open'::text, 'password'::text, 'address'::text, 'both'::text, 'off'::text]))),
    CONSTRAINT access_rules_note_check CHECK ((length(note) <= 200))
);
COMMENT ON TABLE public.access_rules IS 'the matrix of an account; without a row default, it is closed by password';
CREATE TABLE public.accounts (
    login bigint NOT NULL,
    name text NOT NULL,
    company text NOT NULL,
    currency text NOT NULL,
    leverage integer,
    platform text NOT NULL,
    mode text,
    balance numeric(24,8) NOT NULL,
    credit numeric(24,8) NOT NULL,
    equity numeric(24,8),
    margin numeric(24,8),
    floating numeric(24,8),
    as_of timestamp with time zone NOT NULL,
    as_of_offset smallint NOT NULL,
    complete boolean NOT NULL,
    summed boolean DEFAULT false NOT NULL,
    CONSTRAINT accounts_login_check CHECK ((login > 0)),
    CONSTRAINT accounts_mode_check CHECK ((mode = ANY (ARRAY['hedging'::text, 'netting'::text]))),
    CONSTRAINT accounts_platform_check CHECK ((platform = ANY (ARRAY['mt4'::text, 'mt5'::text])))
);
COMMENT ON COLUMN public.accounts.balance IS 'as the server last reported it, at as_of';
COMMENT ON COLUMN public.accounts.complete IS 'whether the rows we hold explain the balance to the last digit';
COMMENT ON COLUMN public.accounts.summed IS 'whether the balance is the sum of the rows, because its server does not tell it';
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_passwords (
    login bigint NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    chosen text,
    expires_at timestamp with time zone
);
COMMENT ON COLUMN public.api_passwords.hash IS 'HMAC-SHA-256 of a generated one; SHA-256 of what is kept of a chosen one';
COMMENT ON COLUMN public.api_passwords.chosen IS 'Argon2id of one that the owner chose';
COMMENT ON COLUMN public.api_passwords.expires_at IS 'when one that was replaced is good no longer';
CREATE TABLE public.applications (
    id bigint NOT NULL,
    token bytea NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'received'::text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    country text NOT NULL,
    phone text NOT NULL,
    platform text NOT NULL,
    currency text NOT NULL,
    leverage integer,
    language text NOT NULL,
    account_type text NOT NULL,
    code text NOT NULL,
    click text NOT NULL,
    keyword text NOT NULL,
    subs text[] NOT NULL,
    network cidr,
    user_agent text NOT NULL,
    said bytea NOT NULL,
    earlier bigint,
    login bigint,
    decided_at timestamp with time zone,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT applications_account_type_check CHECK ((length(account_type) <= 40)),
    CONSTRAINT applications_check CHECK (((login IS NOT NULL) = (state = 'opened'::text))),
    CONSTRAINT applications_check1 CHECK ((((decided_at IS NULL) = (state = 'received'::text)) OR (state = 'spam'::text))),
    CONSTRAINT applications_click_check CHECK ((length(click) <= 64)),
    CONSTRAINT applications_code_check CHECK ((length(code) <= 64)),
    CONSTRAINT applications_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT applications_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT applications_email_check CHECK ((length(email) <= 254)),
    CONSTRAINT applications_id_check CHECK ((id > 0)),
    CONSTRAINT applications_keyword_check CHECK ((length(keyword) <= 64)),
    CONSTRAINT applications_language_check CHECK ((length(language) <= 12)),
    CONSTRAINT applications_leverage_check CHECK (((leverage >= 1) AND (leverage <= 5000))),
    CONSTRAINT applications_name_check CHECK ((length(name) <= 128)),
    CONSTRAINT applications_note_check CHECK ((length(note) <= 500)),
    CONSTRAINT applications_phone_check CHECK ((length(phone) <= 40)),
    CONSTRAINT applications_platform_check CHECK ((platform = ANY (ARRAY['mt4'::text, 'mt5'::text]))),
    CONSTRAINT applications_said_check CHECK ((length(said) = 32)),
    CONSTRAINT applications_state_check CHECK ((state = ANY (ARRAY['received'::text, 'opened'::text, 'refused'::text, 'spam'::text]))),
    CONSTRAINT applications_subs_check CHECK ((cardinality(subs) <= 5)),
    CONSTRAINT applications_token_check CHECK ((length(token) = 32)),
    CONSTRAINT applications_user_agent_check CHECK ((length(user_agent) <= 200))
);
COMMENT ON COLUMN public.applications.id IS 'by chance, so that it does not tell how many there are';
COMMENT ON COLUMN public.applications.token IS 'the hash of what the applicant looks at it with';
COMMENT ON COLUMN public.applications.said IS 'the digest of all that was asked: the same again, soon after, is no other';
COMMENT ON COLUMN public.applications.earlier IS 'another one with the same e-mail address within the hour before';
CREATE TABLE public.authorizations (
    login bigint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    channel text NOT NULL,
    action text NOT NULL,
    family text NOT NULL,
    address inet,
    network cidr GENERATED ALWAYS AS (network(set_masklen(address,
CASE family(address)
    WHEN 4 THEN 24
    ELSE 48
END))) STORED,
    derived_from text NOT NULL,
    user_agent text NOT NULL,
    granted boolean NOT NULL,
    rule text NOT NULL,
    request_id text NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    minute timestamp with time zone DEFAULT date_trunc('minute'::text, now(), 'UTC'::text) NOT NULL,
    function text DEFAULT ''::text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    first bytea,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT authorizations_action_check CHECK ((action ~ '^[a-z0-9_]{1,30}(\.[a-z0-9_]{1,30}){0,2}$'::text)),
    CONSTRAINT authorizations_bounded_check CHECK (((length(family) <= 30) AND (length(function) <= 60) AND (length(derived_from) <= 60) AND (length(user_agent) <= 256) AND (length(request_id) <= 64) AND (length(rule) <= 400) AND (octet_length((detail)::text) <= 8192) AND (octet_length(first) = 32))),
    CONSTRAINT authorizations_channel_check CHECK ((channel = ANY (ARRAY['legacy'::text, 'peanut'::text, 'v1'::text, 'cabinet'::text, 'cli'::text, 'server'::text])))
);
COMMENT ON TABLE public.authorizations IS 'first uses, refusals, changes, and requests for tokens; equal refusals of a minute are one row with a count';
COMMENT ON COLUMN public.authorizations.login IS 'below zero: the account asked for does not exist; -1025: refusals that were too many to tell apart';
COMMENT ON COLUMN public.authorizations.derived_from IS 'where the address is known from';
COMMENT ON COLUMN public.authorizations.function IS 'what was asked of the account; of equal refusals, the last';
COMMENT ON COLUMN public.authorizations.detail IS 'of a change, what was before and what is now; never a secret';
COMMENT ON COLUMN public.authorizations.first IS 'what of a first use there is only one row';
COMMENT ON COLUMN public.authorizations.xid IS 'rows are sealed in the order (xid, id)';
ALTER TABLE public.authorizations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.authorizations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.banner_days (
    login bigint NOT NULL,
    day date NOT NULL,
    banner bigint NOT NULL,
    impressions bigint NOT NULL,
    CONSTRAINT banner_days_impressions_check CHECK ((impressions > 0))
);
COMMENT ON TABLE public.banner_days IS 'how often a banner was asked for with a partner''s code, by day in UTC';
CREATE TABLE public.banners (
    id bigint NOT NULL,
    title text NOT NULL,
    width smallint NOT NULL,
    height smallint NOT NULL,
    theme text NOT NULL,
    language text NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    content bytea NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT banners_content_check CHECK (((length(content) >= 1) AND (length(content) <= 524288))),
    CONSTRAINT banners_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT banners_height_check CHECK (((height >= 1) AND (height <= 2000))),
    CONSTRAINT banners_kind_check CHECK ((kind = ANY (ARRAY['png'::text, 'jpeg'::text, 'gif'::text, 'webp'::text, 'svg'::text]))),
    CONSTRAINT banners_language_check CHECK (((length(language) >= 2) AND (length(language) <= 12))),
    CONSTRAINT banners_theme_check CHECK ((theme = ANY (ARRAY['light'::text, 'dark'::text]))),
    CONSTRAINT banners_title_check CHECK (((length(title) >= 1) AND (length(title) <= 100))),
    CONSTRAINT banners_width_check CHECK (((width >= 1) AND (width <= 2000)))
);
ALTER TABLE ONLY public.banners ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE public.banners IS 'pictures that partners show, as they were written anew when they came';
ALTER TABLE public.banners ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.banners_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bonus_programmes (
    name text NOT NULL,
    place smallint NOT NULL,
    title text NOT NULL,
    family text NOT NULL,
    kinds text[] NOT NULL,
    comments text[] NOT NULL,
    percent numeric(24,8),
    base text NOT NULL,
    lots_per_unit numeric(24,8) NOT NULL,
    lot_units numeric(24,8) NOT NULL,
    factors jsonb NOT NULL,
    counts_from text NOT NULL,
    symbols_left_out text[] NOT NULL,
    least_seconds bigint NOT NULL,
    withdrawal text NOT NULL,
    CONSTRAINT bonus_programmes_base_check CHECK ((base = ANY (ARRAY['all'::text, 'own'::text]))),
    CONSTRAINT bonus_programmes_counts_from_check CHECK ((counts_from = ANY (ARRAY['first_bonus'::text, 'last_bonus'::text, 'ever'::text]))),
    CONSTRAINT bonus_programmes_family_check CHECK ((family = ANY (ARRAY['welcome'::text, 'club'::text, 'other'::text]))),
    CONSTRAINT bonus_programmes_least_seconds_check CHECK ((least_seconds >= 0)),
    CONSTRAINT bonus_programmes_lot_units_check CHECK ((lot_units > (0)::numeric)),
    CONSTRAINT bonus_programmes_lots_per_unit_check CHECK ((lots_per_unit > (0)::numeric)),
    CONSTRAINT bonus_programmes_name_check CHECK (((name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(name) <= 40))),
    CONSTRAINT bonus_programmes_percent_check CHECK ((percent > (0)::numeric)),
    CONSTRAINT bonus_programmes_withdrawal_check CHECK ((withdrawal = ANY (ARRAY['keeps_profit'::text, 'cancels'::text])))
);
COMMENT ON TABLE public.bonus_programmes IS 'which credit is a bonus, and how many lots turn it into money';
COMMENT ON COLUMN public.bonus_programmes.factors IS 'what bonuses are multiplied by, for each currency that has a rule';
CREATE TABLE public.candles (
    server text NOT NULL,
    folded text NOT NULL,
    step text NOT NULL,
    at timestamp with time zone NOT NULL,
    open numeric(24,8) NOT NULL,
    high numeric(24,8) NOT NULL,
    low numeric(24,8) NOT NULL,
    close numeric(24,8) NOT NULL,
    ticks bigint NOT NULL,
    spread numeric(24,8),
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT candles_check CHECK (((low <= LEAST(open, close)) AND (GREATEST(open, close) <= high))),
    CONSTRAINT candles_step_check CHECK ((step = ANY (ARRAY['M1'::text, 'M5'::text, 'M15'::text, 'M30'::text, 'H1'::text, 'H4'::text, 'D1'::text, 'W1'::text, 'MN1'::text])))
)
WITH (fillfactor='80');
COMMENT ON TABLE public.candles IS 'what bids did within a step of the server''s clock';
COMMENT ON COLUMN public.candles.spread IS 'the narrowest';
COMMENT ON COLUMN public.candles.first_at IS 'when its first bid came: a late one may come before it';
CREATE TABLE public.challenges (
    session bigint NOT NULL,
    purpose text NOT NULL,
    challenge bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT challenges_challenge_check CHECK ((length(challenge) = 64)),
    CONSTRAINT challenges_purpose_check CHECK ((purpose = ANY (ARRAY['register'::text, 'prove'::text])))
);
COMMENT ON TABLE public.challenges IS 'what a passkey must sign, once';
CREATE TABLE public.click_counting (
    alone boolean DEFAULT true NOT NULL,
    xid xid8 DEFAULT '0'::xid8 NOT NULL,
    id bigint DEFAULT 0 NOT NULL,
    above bigint DEFAULT 0 NOT NULL,
    CONSTRAINT click_counting_alone_check CHECK (alone)
);
COMMENT ON TABLE public.click_counting IS 'how far clicks are counted in the order of (xid, id)';
COMMENT ON COLUMN public.click_counting.above IS 'clicks up to this id came from an older server, and are counted';
CREATE TABLE public.click_days (
    login bigint NOT NULL,
    day date NOT NULL,
    country text NOT NULL,
    link bigint NOT NULL,
    banner bigint NOT NULL,
    landing text NOT NULL,
    keyword text NOT NULL,
    clicks bigint NOT NULL,
    unique_clicks bigint NOT NULL,
    marked bigint NOT NULL
);
COMMENT ON TABLE public.click_days IS 'clicks by day and origin; 0 and empty without link, banner or landing';
CREATE TABLE public.click_visitors (
    login bigint NOT NULL,
    day date NOT NULL,
    visitor bigint NOT NULL
);
COMMENT ON TABLE public.click_visitors IS 'who was counted on a day already; forgotten after two days';
CREATE SEQUENCE public.clicks_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.clicks (
    login bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    id bigint DEFAULT nextval('public.clicks_id'::regclass) NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    visitor bigint NOT NULL,
    link bigint,
    banner bigint,
    token uuid NOT NULL,
    destination text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    network cidr,
    keyword text DEFAULT ''::text NOT NULL,
    mark text DEFAULT ''::text NOT NULL,
    landing text,
    subs text[],
    CONSTRAINT clicks_country_check CHECK ((length(country) <= 2)),
    CONSTRAINT clicks_keyword_check CHECK ((length(keyword) <= 64)),
    CONSTRAINT clicks_landing_check CHECK ((length(landing) <= 40)),
    CONSTRAINT clicks_mark_check CHECK ((mark = ANY (ARRAY[''::text, 'bot'::text, 'head'::text, 'prefetch'::text, 'flood'::text]))),
    CONSTRAINT clicks_subs_check CHECK ((cardinality(subs) <= 5))
)
PARTITION BY RANGE (at);
COMMENT ON TABLE public.clicks IS 'each redirect that was answered';
COMMENT ON COLUMN public.clicks.visitor IS 'a keyed hash of address, browser and day';
COMMENT ON COLUMN public.clicks.token IS '128 random bits, by which it is known outside';
COMMENT ON COLUMN public.clicks.mark IS 'why it does not count; floods are found when it is counted';
CREATE TABLE public.clicks_other (
    login bigint CONSTRAINT clicks_login_not_null NOT NULL,
    at timestamp with time zone DEFAULT now() CONSTRAINT clicks_at_not_null NOT NULL,
    id bigint DEFAULT nextval('public.clicks_id'::regclass) CONSTRAINT clicks_id_not_null NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() CONSTRAINT clicks_xid_not_null NOT NULL,
    visitor bigint CONSTRAINT clicks_visitor_not_null NOT NULL,
    link bigint,
    banner bigint,
    token uuid CONSTRAINT clicks_token_not_null NOT NULL,
    destination text CONSTRAINT clicks_destination_not_null NOT NULL,
    country text DEFAULT ''::text CONSTRAINT clicks_country_not_null NOT NULL,
    network cidr,
    keyword text DEFAULT ''::text CONSTRAINT clicks_keyword_not_null NOT NULL,
    mark text DEFAULT ''::text CONSTRAINT clicks_mark_not_null NOT NULL,
    landing text,
    subs text[],
    CONSTRAINT clicks_country_check CHECK ((length(country) <= 2)),
    CONSTRAINT clicks_keyword_check CHECK ((length(keyword) <= 64)),
    CONSTRAINT clicks_landing_check CHECK ((length(landing) <= 40)),
    CONSTRAINT clicks_mark_check CHECK ((mark = ANY (ARRAY[''::text, 'bot'::text, 'head'::text, 'prefetch'::text, 'flood'::text]))),
    CONSTRAINT clicks_subs_check CHECK ((cardinality(subs) <= 5))
);
COMMENT ON TABLE public.clicks_other IS 'clicks of months that have no table yet';
CREATE TABLE public.closed_trades (
    login bigint NOT NULL,
    ticket bigint NOT NULL,
    "position" bigint NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    lots numeric(24,8) NOT NULL,
    contract_size numeric(24,8),
    digits smallint NOT NULL,
    opened_at timestamp with time zone,
    opened_offset smallint,
    open_price numeric(24,8),
    closed_at timestamp with time zone NOT NULL,
    closed_offset smallint NOT NULL,
    close_price numeric(24,8) NOT NULL,
    stop_loss numeric(24,8),
    take_profit numeric(24,8),
    commission numeric(24,8) NOT NULL,
    fee numeric(24,8) NOT NULL,
    swap numeric(24,8) NOT NULL,
    profit numeric(24,8) NOT NULL,
    comment text NOT NULL,
    CONSTRAINT closed_trades_lots_check CHECK ((lots >= (0)::numeric)),
    CONSTRAINT closed_trades_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text])))
);
COMMENT ON COLUMN public.closed_trades.digits IS 'decimal places of the symbol''s prices';
CREATE TABLE public.daily_costs (
    login bigint NOT NULL,
    day date NOT NULL,
    deals bigint NOT NULL,
    amount numeric(24,8) NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.daily_costs IS 'what opening deals of MetaTrader 5 added to the balance, kept as daily_lots is';
CREATE TABLE public.daily_lots (
    login bigint NOT NULL,
    day date NOT NULL,
    symbol text NOT NULL,
    contract_size numeric(24,8) NOT NULL,
    trades bigint NOT NULL,
    lots numeric(24,8) NOT NULL,
    profit numeric(24,8) NOT NULL,
    swap numeric(24,8) NOT NULL,
    commission numeric(24,8) NOT NULL,
    fee numeric(24,8) NOT NULL,
    gross_profit numeric(24,8) NOT NULL,
    gross_loss numeric(24,8) NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.daily_lots IS 'closed_trades by the server''s day, kept by a trigger in the same transaction';
COMMENT ON COLUMN public.daily_lots.contract_size IS '0 where the trades do not tell it';
CREATE TABLE public.deals (
    login bigint NOT NULL,
    deal bigint NOT NULL,
    order_ticket bigint,
    "position" bigint,
    symbol text NOT NULL,
    type text NOT NULL,
    direction text NOT NULL,
    lots numeric(24,8) NOT NULL,
    contract_size numeric(24,8),
    price numeric(24,8),
    dealt_at timestamp with time zone NOT NULL,
    dealt_offset smallint NOT NULL,
    commission numeric(24,8) NOT NULL,
    fee numeric(24,8) NOT NULL,
    swap numeric(24,8) NOT NULL,
    profit numeric(24,8) NOT NULL,
    balance numeric(24,8),
    comment text NOT NULL,
    digits smallint,
    lots_closed numeric(24,8),
    position_price numeric(24,8),
    stop_loss numeric(24,8),
    take_profit numeric(24,8),
    reason text DEFAULT ''::text NOT NULL,
    cost boolean GENERATED ALWAYS AS (((type = ANY (ARRAY['buy'::text, 'sell'::text])) AND ((direction = 'in'::text) OR (reason = ANY (ARRAY['rollover'::text, 'variation margin'::text, 'settlement'::text, 'transfer'::text, 'sync'::text, 'split'::text]))))) STORED NOT NULL,
    CONSTRAINT deals_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text, 'in/out'::text, 'out by'::text, ''::text]))),
    CONSTRAINT deals_lots_check CHECK ((lots >= (0)::numeric)),
    CONSTRAINT deals_lots_closed_check CHECK ((lots_closed >= (0)::numeric))
);
COMMENT ON COLUMN public.deals.position_price IS 'what its position had been opened at, on average';
COMMENT ON COLUMN public.deals.cost IS 'whether it adds to the balance without closing a trade';
CREATE TABLE public.deletion_requests (
    person bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT deletion_requests_check CHECK ((due_at > asked_at)),
    CONSTRAINT deletion_requests_reason_check CHECK ((length(reason) <= 1000))
);
COMMENT ON TABLE public.deletion_requests IS 'people who want to be deleted; whoever takes it back has no row any more';
CREATE TABLE public.destinations (
    id text NOT NULL,
    url text NOT NULL,
    title text NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    carries boolean DEFAULT false NOT NULL,
    active boolean DEFAULT true NOT NULL,
    place integer DEFAULT 0 NOT NULL,
    CONSTRAINT destinations_id_check CHECK (((id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(id) <= 40))),
    CONSTRAINT destinations_language_check CHECK (((length(language) >= 2) AND (length(language) <= 12))),
    CONSTRAINT destinations_title_check CHECK (((length(title) >= 1) AND (length(title) <= 100))),
    CONSTRAINT destinations_url_check CHECK (((length(url) >= 9) AND (length(url) <= 2048))),
    CONSTRAINT destinations_url_check1 CHECK ((url ~ '^https?://[!-~]+$'::text))
);
COMMENT ON TABLE public.destinations IS 'where links may lead, and nowhere else; the first active one is usual';
COMMENT ON COLUMN public.destinations.carries IS 'whether the click''s token is told to it';
CREATE TABLE public.disputes (
    login bigint NOT NULL,
    id bigint NOT NULL,
    reward bigint NOT NULL,
    text text NOT NULL,
    explanation text NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    deadline timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    ended_at timestamp with time zone,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT disputes_check CHECK (((ended_at IS NULL) = (state = 'open'::text))),
    CONSTRAINT disputes_explanation_check CHECK ((length(explanation) <= 16384)),
    CONSTRAINT disputes_note_check CHECK ((length(note) <= 500)),
    CONSTRAINT disputes_state_check CHECK ((state = ANY (ARRAY['open'::text, 'upheld'::text, 'rejected'::text, 'withdrawn'::text, 'lapsed'::text]))),
    CONSTRAINT disputes_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);
COMMENT ON TABLE public.disputes IS 'lines that a partner doubts, each with its explanation as it was then';
ALTER TABLE public.disputes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.disputes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.passkeys (
    id bytea NOT NULL,
    person bigint NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    transports text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT passkeys_id_check CHECK (((length(id) >= 16) AND (length(id) <= 1023))),
    CONSTRAINT passkeys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT passkeys_public_key_check CHECK ((length(public_key) <= 2048)),
    CONSTRAINT passkeys_transports_check CHECK ((cardinality(transports) <= 8))
);
CREATE TABLE public.totp_secrets (
    person bigint NOT NULL,
    pending bytea,
    secret bytea,
    last_step bigint DEFAULT 0 NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT totp_secrets_check CHECK (((pending IS NOT NULL) OR (secret IS NOT NULL))),
    CONSTRAINT totp_secrets_check1 CHECK (((secret IS NULL) = (confirmed_at IS NULL))),
    CONSTRAINT totp_secrets_pending_check CHECK ((length(pending) <= 128)),
    CONSTRAINT totp_secrets_secret_check CHECK ((length(secret) <= 128))
);
COMMENT ON TABLE public.totp_secrets IS 'sealed with a key of the key file; pending until a code of it was shown';
COMMENT ON COLUMN public.totp_secrets.last_step IS 'codes of this step of 30 seconds, and before it, are used up';
CREATE VIEW public.enrolled AS
 SELECT totp_secrets.person
   FROM public.totp_secrets
  WHERE (totp_secrets.secret IS NOT NULL)
UNION ALL
 SELECT passkeys.person
   FROM public.passkeys;
COMMENT ON VIEW public.enrolled IS 'who is asked for a second factor';
CREATE TABLE public.event_numbers (
    login bigint NOT NULL,
    last bigint NOT NULL
);
CREATE TABLE public.events (
    login bigint NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feed_buckets (
    server text NOT NULL,
    source text NOT NULL,
    bucket bigint NOT NULL,
    rows bigint NOT NULL,
    print bigint NOT NULL
);
COMMENT ON TABLE public.feed_buckets IS 'fingerprints of ranges of keys: they tell what a cursor does not';
CREATE TABLE public.feed_keys (
    hash bytea NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    servers text[] NOT NULL,
    networks cidr[] DEFAULT '{}'::cidr[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT feed_keys_servers_check CHECK ((cardinality(servers) > 0))
);
COMMENT ON COLUMN public.feed_keys.hash IS 'SHA-256 of the key, which was shown once';
COMMENT ON COLUMN public.feed_keys.servers IS 'whose rows it brings in, and no other''s';
ALTER TABLE public.feed_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.feed_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feed_rows (
    server text NOT NULL,
    family text NOT NULL,
    key bigint NOT NULL,
    login bigint NOT NULL,
    place text NOT NULL,
    record bigint,
    CONSTRAINT feed_rows_family_check CHECK ((family = ANY (ARRAY['deal'::text, 'trade'::text, 'position'::text, 'order'::text]))),
    CONSTRAINT feed_rows_place_check CHECK ((place = ANY (ARRAY['deal'::text, 'closed'::text, 'open'::text, 'order'::text, 'movement'::text])))
);
COMMENT ON TABLE public.feed_rows IS 'where a row of a server is kept: it may move to another account, close, or be deleted';
COMMENT ON COLUMN public.feed_rows.family IS 'what numbers its keys: a ticket is an order, a trade or a movement by turns';
COMMENT ON COLUMN public.feed_rows.record IS 'the number of its record, where that is not its key: the position it belongs to';
CREATE TABLE public.feeds (
    server text NOT NULL,
    kind text NOT NULL,
    cursor jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text NOT NULL,
    as_of timestamp with time zone,
    heard_at timestamp with time zone DEFAULT now() NOT NULL,
    rows bigint DEFAULT 0 NOT NULL,
    problem text,
    swept_at timestamp with time zone,
    first_load jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT feeds_kind_check CHECK ((kind = ANY (ARRAY['mt4'::text, 'mt5'::text, 'push'::text, 'simulator'::text]))),
    CONSTRAINT feeds_state_check CHECK ((state = ANY (ARRAY['loading'::text, 'live'::text, 'stale'::text, 'failing'::text])))
);
COMMENT ON COLUMN public.feeds.cursor IS 'how far the feed has come, in its own words; written with the rows it stands for';
COMMENT ON COLUMN public.feeds.as_of IS 'up to when all is known, by the clock of the trading server, in UTC';
COMMENT ON COLUMN public.feeds.heard_at IS 'when the feed last brought anything, or said that there is nothing new';
COMMENT ON COLUMN public.feeds.first_load IS 'during a first load: ranges of the deals added, and of the accounts closed';
CREATE TABLE public.followers (
    name text NOT NULL,
    xid xid8 NOT NULL,
    id bigint NOT NULL,
    reached_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE SEQUENCE public.given_logins
    START WITH 1000000000000
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE public.given_logins IS 'logins of accounts whose number on their server is another account''s login';
CREATE TABLE public.instruments (
    server text NOT NULL,
    symbol text NOT NULL,
    folded text GENERATED ALWAYS AS (lower(symbol)) STORED NOT NULL,
    told_by text NOT NULL,
    digits smallint NOT NULL,
    contract_size numeric(24,8),
    disputed boolean DEFAULT false NOT NULL,
    base_currency text,
    profit_currency text,
    tick_size numeric(24,8),
    tick_value numeric(24,8),
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    margin_currency text,
    calculation text,
    margin_initial numeric(24,8),
    margin_rate numeric(24,8),
    margin_hedged numeric(24,8),
    swap_mode text,
    swap_long numeric(24,8),
    swap_short numeric(24,8),
    swap_triple_day smallint,
    CONSTRAINT instruments_check CHECK (((NOT disputed) OR (contract_size IS NULL))),
    CONSTRAINT instruments_contract_size_check CHECK ((contract_size > (0)::numeric)),
    CONSTRAINT instruments_digits_check CHECK (((digits >= 0) AND (digits <= 8))),
    CONSTRAINT instruments_margin_hedged_check CHECK ((margin_hedged >= (0)::numeric)),
    CONSTRAINT instruments_margin_initial_check CHECK ((margin_initial > (0)::numeric)),
    CONSTRAINT instruments_margin_rate_check CHECK ((margin_rate > (0)::numeric)),
    CONSTRAINT instruments_swap_triple_day_check CHECK (((swap_triple_day >= 0) AND (swap_triple_day <= 6))),
    CONSTRAINT instruments_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT instruments_tick_size_check CHECK ((tick_size > (0)::numeric)),
    CONSTRAINT instruments_tick_value_check CHECK ((tick_value > (0)::numeric)),
    CONSTRAINT instruments_told_by_check CHECK ((told_by = ANY (ARRAY['statement'::text, 'feed'::text, 'operator'::text])))
);
COMMENT ON COLUMN public.instruments.disputed IS 'statements told different contract sizes, so none of them is believed';
COMMENT ON COLUMN public.instruments.tick_value IS 'what one lot makes of a move by tick_size, in the profit currency';
COMMENT ON COLUMN public.instruments.calculation IS 'by which sum profit and margin are counted';
COMMENT ON COLUMN public.instruments.margin_initial IS 'a fixed margin of one lot, in the margin currency';
COMMENT ON COLUMN public.instruments.margin_hedged IS 'what is charged of a lot that is bought and sold, in units';
COMMENT ON COLUMN public.instruments.swap_triple_day IS '0 is Sunday';
CREATE TABLE public.known_networks (
    subject text NOT NULL,
    network text NOT NULL,
    succeeded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_networks_network_check CHECK ((length(network) <= 50)),
    CONSTRAINT known_networks_subject_check CHECK ((length(subject) <= 200))
);
COMMENT ON TABLE public.known_networks IS 'where each subject proved a credential from: strangers cannot lock it out there';
CREATE TABLE public.landings (
    id text NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    form boolean NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT landings_body_check CHECK ((length(body) <= 65536)),
    CONSTRAINT landings_id_check CHECK (((id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(id) <= 40))),
    CONSTRAINT landings_language_check CHECK (((length(language) >= 2) AND (length(language) <= 12))),
    CONSTRAINT landings_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);
COMMENT ON TABLE public.landings IS 'the operator''s own landing pages; they take the place of ready-made ones';
COMMENT ON COLUMN public.landings.form IS 'whether an account can be opened on the page';
CREATE TABLE public.links (
    login bigint NOT NULL,
    id bigint NOT NULL,
    code text NOT NULL,
    destination text NOT NULL,
    campaign text DEFAULT ''::text NOT NULL,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT links_campaign_check CHECK ((length(campaign) <= 64)),
    CONSTRAINT links_keywords_check CHECK ((cardinality(keywords) <= 5))
);
COMMENT ON TABLE public.links IS 'a partner''s own links, each by a code of its own';
ALTER TABLE public.links ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.memberships (
    login bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    "group" text NOT NULL,
    agent bigint
);
COMMENT ON TABLE public.memberships IS 'the group an account was in, and the server''s number of its agent, from when on';
CREATE TABLE public.monthly_lots (
    login bigint NOT NULL,
    month date NOT NULL,
    symbol text NOT NULL,
    contract_size numeric(24,8) NOT NULL,
    trades bigint NOT NULL,
    lots numeric(28,8) NOT NULL,
    profit numeric(28,8) NOT NULL,
    swap numeric(28,8) NOT NULL,
    commission numeric(28,8) NOT NULL,
    fee numeric(28,8) NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.monthly_lots IS 'daily_lots by month, kept by a trigger in the same transaction';
COMMENT ON COLUMN public.monthly_lots.lots IS 'wider than a day''s, as all sums here: a month holds whatever its days hold';
CREATE TABLE public.movements (
    login bigint NOT NULL,
    ticket bigint NOT NULL,
    kind text NOT NULL,
    amount numeric(24,8) NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    moved_offset smallint NOT NULL,
    comment text NOT NULL
);
COMMENT ON TABLE public.movements IS 'money in and out as the server reported it; ticket -1 is the opening entry';
CREATE TABLE public.news (
    id bigint NOT NULL,
    language text NOT NULL,
    category text NOT NULL,
    title text NOT NULL,
    summary text NOT NULL,
    body text NOT NULL,
    symbols text[] DEFAULT '{}'::text[] NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    retracted_at timestamp with time zone,
    CONSTRAINT news_body_check CHECK ((length(body) <= 65536)),
    CONSTRAINT news_category_check CHECK ((category = ANY (ARRAY['news'::text, 'analytics'::text, 'company'::text]))),
    CONSTRAINT news_language_check CHECK (((length(language) >= 2) AND (length(language) <= 12))),
    CONSTRAINT news_summary_check CHECK ((length(summary) <= 1000)),
    CONSTRAINT news_symbols_check CHECK ((cardinality(symbols) <= 20)),
    CONSTRAINT news_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);
COMMENT ON TABLE public.news IS 'what the operator tells; nobody sees it before it is published, nor once it is retracted';
COMMENT ON COLUMN public.news.body IS 'HTML that was cleaned when it came';
ALTER TABLE public.news ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.news_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.open_trades (
    login bigint NOT NULL,
    "position" bigint NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    lots numeric(24,8) NOT NULL,
    contract_size numeric(24,8),
    digits smallint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_offset smallint NOT NULL,
    open_price numeric(24,8) NOT NULL,
    current_price numeric(24,8) NOT NULL,
    stop_loss numeric(24,8),
    take_profit numeric(24,8),
    commission numeric(24,8) NOT NULL,
    fee numeric(24,8) NOT NULL,
    swap numeric(24,8) NOT NULL,
    profit numeric(24,8) NOT NULL,
    comment text NOT NULL,
    reported_at timestamp with time zone,
    CONSTRAINT open_trades_lots_check CHECK ((lots >= (0)::numeric)),
    CONSTRAINT open_trades_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text])))
);
COMMENT ON COLUMN public.open_trades.reported_at IS 'when price and profit were so; NULL: when its account was';
CREATE TABLE public.operators (
    person bigint NOT NULL,
    role text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    given_by bigint,
    CONSTRAINT operators_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'support'::text, 'partners'::text, 'content'::text, 'administrator'::text])))
);
COMMENT ON TABLE public.operators IS 'who works for the operator, and what they may do in the browser';
COMMENT ON COLUMN public.operators.given_by IS 'NULL for a role that was given on the command line';
CREATE TABLE public.orders (
    login bigint NOT NULL,
    ticket bigint NOT NULL,
    symbol text NOT NULL,
    type text NOT NULL,
    lots numeric(24,8) NOT NULL,
    filled_lots numeric(24,8) NOT NULL,
    contract_size numeric(24,8),
    price numeric(24,8),
    stop_loss numeric(24,8),
    take_profit numeric(24,8),
    state text NOT NULL,
    reason text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    placed_offset smallint NOT NULL,
    done_at timestamp with time zone,
    done_offset smallint,
    comment text NOT NULL,
    CONSTRAINT orders_filled_lots_check CHECK ((filled_lots >= (0)::numeric)),
    CONSTRAINT orders_lots_check CHECK ((lots >= (0)::numeric))
);
CREATE TABLE public.owners (
    login bigint NOT NULL,
    person bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE public.owners IS 'whose an account is';
CREATE TABLE public.parked_rows (
    server text NOT NULL,
    number bigint NOT NULL,
    place text NOT NULL,
    key bigint NOT NULL,
    body jsonb NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT parked_rows_place_check CHECK ((place = ANY (ARRAY['deal'::text, 'closed'::text, 'open'::text, 'order'::text, 'movement'::text])))
);
COMMENT ON TABLE public.parked_rows IS 'rows of accounts that are not known yet, or of an earlier owner of the number';
CREATE TABLE public.partner_codes (
    code text NOT NULL,
    login bigint NOT NULL,
    link bigint,
    given_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT partner_codes_code_check CHECK ((code ~ '^[A-Z][A-Z0-9]{2,15}$'::text))
);
COMMENT ON TABLE public.partner_codes IS 'what names a partner, or a link of theirs; a code is never given to another';
CREATE TABLE public.partner_consents (
    login bigint NOT NULL,
    partner bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    level text NOT NULL,
    CONSTRAINT partner_consents_level_check CHECK ((level = ANY (ARRAY['masked'::text, 'named'::text, 'full'::text])))
);
COMMENT ON TABLE public.partner_consents IS 'what a client lets this partner see, from when on; masked unless told';
CREATE TABLE public.partner_entries (
    login bigint NOT NULL,
    id bigint NOT NULL,
    side text NOT NULL,
    currency text NOT NULL,
    amount numeric(24,8) NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT partner_entries_amount_check CHECK ((amount <> (0)::numeric)),
    CONSTRAINT partner_entries_side_check CHECK ((side = ANY (ARRAY['house:commissions'::text, 'partner:payable'::text, 'house:payouts'::text])))
);
COMMENT ON TABLE public.partner_entries IS 'double entry of what partners are owed and paid; append only';
CREATE SEQUENCE public.partner_entry_ids
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.partner_parents (
    login bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    parent bigint,
    CONSTRAINT partner_parents_check CHECK ((parent <> login))
);
COMMENT ON TABLE public.partner_parents IS 'below whom a partner is, from when on; below nobody where no row says so';
CREATE TABLE public.partner_plans (
    login bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    plan text NOT NULL,
    CONSTRAINT partner_plans_plan_check CHECK (((length(plan) >= 1) AND (length(plan) <= 40)))
);
COMMENT ON TABLE public.partner_plans IS 'by which plan a partner is paid, from when on';
CREATE TABLE public.partners (
    login bigint NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    enrolled_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT partners_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text, 'left'::text])))
);
COMMENT ON TABLE public.partners IS 'accounts that refer others; they are paid in their account''s currency';
CREATE TABLE public.password_codes (
    person bigint NOT NULL,
    hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.password_codes IS 'codes that are good for setting a password, once';
CREATE TABLE public.people (
    id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password text,
    leans boolean DEFAULT false NOT NULL,
    password_set_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    language text,
    theme text,
    CONSTRAINT people_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT people_language_check CHECK ((language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$'::text)),
    CONSTRAINT people_name_check CHECK ((length(name) <= 128)),
    CONSTRAINT people_password_check CHECK ((length(password) <= 512)),
    CONSTRAINT people_theme_check CHECK ((theme = ANY (ARRAY['auto'::text, 'light'::text, 'dark'::text])))
);
COMMENT ON COLUMN public.people.email IS 'in lower case';
COMMENT ON COLUMN public.people.password IS 'number of the pepper and Argon2id; NULL until one is set';
COMMENT ON COLUMN public.people.leans IS 'whether the password is so short that it needs a second factor beside it';
COMMENT ON COLUMN public.people.language IS 'what pages are written in; NULL for what the browser likes best';
COMMENT ON COLUMN public.people.theme IS 'NULL until they chose';
ALTER TABLE public.people ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.plans (
    name text NOT NULL,
    version integer NOT NULL,
    since timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT plans_body_check CHECK ((length((body)::text) <= 65536)),
    CONSTRAINT plans_name_check CHECK (((name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(name) <= 40))),
    CONSTRAINT plans_note_check CHECK ((length(note) <= 500)),
    CONSTRAINT plans_version_check CHECK ((version > 0))
);
COMMENT ON TABLE public.plans IS 'rules of rewards; a version never changes, and pays what closes since then';
CREATE TABLE public.policies (
    login bigint NOT NULL,
    changed_at timestamp with time zone
);
COMMENT ON TABLE public.policies IS 'one row for each account that has rules: what changes them locks it';
COMMENT ON COLUMN public.policies.changed_at IS 'NULL while it is being set for the first time';
CREATE TABLE public.profiles (
    login bigint NOT NULL,
    phone text NOT NULL,
    country text NOT NULL,
    city text NOT NULL,
    address text NOT NULL,
    zip_code text NOT NULL,
    account_type text NOT NULL,
    swap_free boolean NOT NULL,
    verification_level smallint NOT NULL,
    CONSTRAINT profiles_account_type_check CHECK ((account_type = ANY (ARRAY['Standard'::text, 'Eurica'::text, 'StandardEUR'::text, 'StandardRUR'::text, 'EuricaEUR'::text, 'EuricaRUR'::text]))),
    CONSTRAINT profiles_verification_level_check CHECK (((verification_level >= 0) AND (verification_level <= 9)))
);
COMMENT ON TABLE public.profiles IS 'what the operator tells of the person behind an account';
CREATE TABLE public.quotes (
    server text NOT NULL,
    symbol text NOT NULL,
    folded text GENERATED ALWAYS AS (lower(symbol)) STORED NOT NULL,
    bid numeric(24,8),
    ask numeric(24,8),
    quoted_at timestamp with time zone NOT NULL,
    told_by text NOT NULL,
    CONSTRAINT quotes_check CHECK (((bid IS NOT NULL) OR (ask IS NOT NULL))),
    CONSTRAINT quotes_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 64))),
    CONSTRAINT quotes_told_by_check CHECK ((told_by = ANY (ARRAY['statement'::text, 'feed'::text, 'operator'::text])))
);
COMMENT ON TABLE public.quotes IS 'the last quote of each symbol';
CREATE UNLOGGED TABLE public.read_accounts (
    number bigint NOT NULL,
    stamp bigint NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    leverage bigint NOT NULL,
    "group" text NOT NULL,
    agent bigint NOT NULL,
    registered timestamp without time zone,
    balance numeric NOT NULL,
    credit numeric NOT NULL,
    margin numeric,
    equity numeric,
    floating numeric
);
CREATE UNLOGGED TABLE public.read_deals (
    deal bigint NOT NULL,
    stamp bigint NOT NULL,
    "position" bigint NOT NULL,
    number bigint NOT NULL,
    order_ticket bigint NOT NULL,
    action integer NOT NULL,
    entry integer NOT NULL,
    reason integer NOT NULL,
    digits smallint NOT NULL,
    money_digits smallint NOT NULL,
    wall timestamp without time zone,
    symbol text NOT NULL,
    price numeric NOT NULL,
    volume bigint NOT NULL,
    volume_closed bigint,
    profit numeric NOT NULL,
    swap numeric NOT NULL,
    commission numeric NOT NULL,
    fee numeric NOT NULL,
    contract_size numeric NOT NULL,
    position_price numeric NOT NULL,
    stop_loss numeric NOT NULL,
    take_profit numeric NOT NULL,
    comment text NOT NULL
);
CREATE UNLOGGED TABLE public.read_groups (
    "group" text NOT NULL,
    company text NOT NULL,
    currency text NOT NULL,
    digits smallint NOT NULL,
    margin_mode integer
);
CREATE UNLOGGED TABLE public.read_numbers (
    number bigint NOT NULL,
    left_out boolean NOT NULL,
    cents boolean NOT NULL,
    digits smallint NOT NULL
);
COMMENT ON TABLE public.read_numbers IS 'the accounts of a server: which are left out, kept in cents, and the digits of money';
CREATE UNLOGGED TABLE public.read_orders (
    ticket bigint NOT NULL,
    stamp bigint NOT NULL,
    number bigint NOT NULL,
    symbol text NOT NULL,
    digits smallint NOT NULL,
    contract_size numeric NOT NULL,
    state integer NOT NULL,
    type integer NOT NULL,
    placed timestamp without time zone,
    done timestamp without time zone,
    price numeric NOT NULL,
    stop_loss numeric NOT NULL,
    take_profit numeric NOT NULL,
    volume bigint NOT NULL,
    volume_left bigint NOT NULL,
    comment text NOT NULL,
    working boolean NOT NULL
);
CREATE UNLOGGED TABLE public.read_positions (
    ticket bigint NOT NULL,
    stamp bigint NOT NULL,
    number bigint NOT NULL,
    symbol text NOT NULL,
    action integer NOT NULL,
    digits smallint NOT NULL,
    money_digits smallint NOT NULL,
    contract_size numeric NOT NULL,
    wall timestamp without time zone,
    open_price numeric NOT NULL,
    stop_loss numeric NOT NULL,
    take_profit numeric NOT NULL,
    volume bigint NOT NULL,
    comment text NOT NULL,
    current_price numeric NOT NULL,
    profit numeric NOT NULL,
    swap numeric NOT NULL
);
CREATE UNLOGGED TABLE public.read_trades (
    ticket bigint NOT NULL,
    stamp bigint NOT NULL,
    number bigint NOT NULL,
    symbol text NOT NULL,
    digits smallint NOT NULL,
    cmd integer NOT NULL,
    volume bigint NOT NULL,
    opened timestamp without time zone,
    open_price numeric NOT NULL,
    stop_loss numeric NOT NULL,
    take_profit numeric NOT NULL,
    closed timestamp without time zone,
    commission numeric NOT NULL,
    tax numeric NOT NULL,
    comment text NOT NULL,
    close_price numeric NOT NULL,
    profit numeric NOT NULL,
    swap numeric NOT NULL
);
CREATE TABLE public.recalculations (
    id bigint NOT NULL,
    month date NOT NULL,
    partner bigint,
    plans jsonb NOT NULL,
    digest text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recalculations_plans_check CHECK ((length((plans)::text) <= 262144))
);
COMMENT ON TABLE public.recalculations IS 'months that were paid anew by other plans; their workings name version -id';
ALTER TABLE public.recalculations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.recalculations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recovery_codes (
    person bigint NOT NULL,
    hash bytea NOT NULL,
    used_at timestamp with time zone
);
COMMENT ON TABLE public.recovery_codes IS 'each good once, in place of a second factor';
CREATE TABLE public.referral_claims (
    login bigint NOT NULL,
    id bigint NOT NULL,
    client bigint NOT NULL,
    evidence text NOT NULL,
    claimed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    decided_at timestamp with time zone,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT referral_claims_check CHECK (((decided_at IS NULL) = (state = 'open'::text))),
    CONSTRAINT referral_claims_evidence_check CHECK (((length(evidence) >= 1) AND (length(evidence) <= 2000))),
    CONSTRAINT referral_claims_note_check CHECK ((length(note) <= 500)),
    CONSTRAINT referral_claims_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'rejected'::text])))
);
COMMENT ON TABLE public.referral_claims IS 'clients that a partner says are theirs; whom they mean may be nobody';
ALTER TABLE public.referral_claims ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.referral_claims_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.referral_log (
    login bigint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    cause text,
    kind text NOT NULL,
    decision text NOT NULL,
    partner bigint,
    reason text NOT NULL,
    since timestamp with time zone,
    evidence jsonb NOT NULL,
    CONSTRAINT referral_log_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 64))),
    CONSTRAINT referral_log_check CHECK (((since IS NOT NULL) = (decision = ANY (ARRAY['attributed'::text, 'ended'::text])))),
    CONSTRAINT referral_log_decision_check CHECK ((decision = ANY (ARRAY['attributed'::text, 'kept'::text, 'refused'::text, 'ended'::text]))),
    CONSTRAINT referral_log_evidence_check CHECK ((length((evidence)::text) <= 8192)),
    CONSTRAINT referral_log_kind_check CHECK ((kind = ANY (ARRAY['click'::text, 'code'::text, 'claim'::text, 'server'::text, 'operator'::text]))),
    CONSTRAINT referral_log_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 40)))
);
COMMENT ON TABLE public.referral_log IS 'every decision on whose client an account is, with what it rests on; append only';
COMMENT ON COLUMN public.referral_log.cause IS 'what was decided on, once; NULL where the operator said so';
ALTER TABLE public.referral_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.referral_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.referrals (
    login bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    partner bigint,
    entry bigint NOT NULL
);
COMMENT ON TABLE public.referrals IS 'whose client an account is, from when on; nobody''s where partner is NULL';
CREATE TABLE public.replays (
    login bigint NOT NULL,
    key bytea NOT NULL,
    question bytea NOT NULL,
    status smallint NOT NULL,
    answer bytea NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT replays_key_check CHECK ((length(key) = 32)),
    CONSTRAINT replays_question_check CHECK ((length(question) = 32))
);
COMMENT ON COLUMN public.replays.login IS '0 where no account was asked';
COMMENT ON COLUMN public.replays.key IS 'what the caller calls the change by, hashed with who calls';
COMMENT ON COLUMN public.replays.answer IS 'sealed: it may show a secret';
CREATE TABLE public.reversals (
    id bigint NOT NULL,
    login bigint NOT NULL,
    lines bigint[] NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reversals_lines_check CHECK (((cardinality(lines) >= 1) AND (cardinality(lines) <= 1000)))
);
COMMENT ON TABLE public.reversals IS 'lines that were taken back, by their numbers; append only';
ALTER TABLE public.reversals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reversals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.reward_bases (
    key uuid NOT NULL,
    basis text NOT NULL,
    CONSTRAINT reward_bases_basis_check CHECK ((octet_length(basis) <= 65536))
);
COMMENT ON TABLE public.reward_bases IS 'what workings have in common: plans, parts, levels, filters, contract; never changed';
COMMENT ON COLUMN public.reward_bases.key IS 'a hash of the basis';
CREATE TABLE public.reward_days (
    login bigint NOT NULL,
    day date NOT NULL,
    client bigint NOT NULL,
    level smallint NOT NULL,
    currency text NOT NULL,
    trades bigint NOT NULL,
    lots numeric(28,8) NOT NULL,
    amount numeric(28,6) NOT NULL
);
COMMENT ON TABLE public.reward_days IS 'rewards by day and client, written with the lines';
CREATE TABLE public.reward_months (
    login bigint NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    trades bigint NOT NULL,
    lots numeric(28,8) NOT NULL,
    amount numeric(28,6) NOT NULL
);
COMMENT ON TABLE public.reward_months IS 'what closed below a partner and what it brought them, for tiers and caps';
CREATE TABLE public.reward_waiting (
    login bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    since timestamp with time zone DEFAULT '1900-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    why text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    tried_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT reward_waiting_check CHECK ((first <= last)),
    CONSTRAINT reward_waiting_why_check CHECK ((why = ANY (ARRAY['rate'::text, 'rework'::text, 'failed'::text])))
);
COMMENT ON TABLE public.reward_waiting IS 'trades of a client that are to be worked out, once a rate is known, or anew';
COMMENT ON COLUMN public.reward_waiting.since IS 'of the tickets from first to last those that closed then or later';
CREATE TABLE public.reward_workings (
    login bigint NOT NULL,
    ticket bigint NOT NULL,
    figures bigint NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    worked_at timestamp with time zone DEFAULT now() NOT NULL,
    revision integer NOT NULL,
    why text NOT NULL,
    basis uuid,
    explanation text NOT NULL,
    CONSTRAINT reward_workings_explanation_check CHECK ((octet_length(explanation) <= 65536)),
    CONSTRAINT reward_workings_revision_check CHECK ((revision > 0)),
    CONSTRAINT reward_workings_why_check CHECK ((why = ANY (ARRAY['closed'::text, 'corrected'::text, 'removed'::text, 'reworked'::text, 'recalculated'::text, 'qualified'::text])))
);
COMMENT ON TABLE public.reward_workings IS 'how rewards of a trade were worked out; a correction is a revision more';
COMMENT ON COLUMN public.reward_workings.ticket IS 'the closing; below 0 what is paid for the client and no trade';
COMMENT ON COLUMN public.reward_workings.figures IS 'a hash of the trade that was worked with: one that has the same is known';
COMMENT ON COLUMN public.reward_workings.explanation IS 'what is told of this trade beside the basis; together they are whole';
CREATE TABLE public.rewards (
    login bigint NOT NULL,
    id bigint NOT NULL,
    client bigint NOT NULL,
    ticket bigint NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    level smallint NOT NULL,
    kind text NOT NULL,
    amount numeric(24,6) NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    held_until timestamp with time zone,
    before text,
    settlement bigint,
    CONSTRAINT rewards_amount_check CHECK ((amount <> (0)::numeric)),
    CONSTRAINT rewards_before_check CHECK ((before = ANY (ARRAY['accrued'::text, 'held'::text, 'approved'::text, 'payable'::text]))),
    CONSTRAINT rewards_check CHECK (((before IS NOT NULL) = (state = 'disputed'::text))),
    CONSTRAINT rewards_check1 CHECK (((settlement IS NOT NULL) = ((state = ANY (ARRAY['payable'::text, 'paid'::text])) OR (COALESCE(before, ''::text) = 'payable'::text)))),
    CONSTRAINT rewards_kind_check CHECK ((kind = ANY (ARRAY['commission'::text, 'rebate'::text, 'qualified'::text, 'adjustment'::text]))),
    CONSTRAINT rewards_level_check CHECK (((level >= 0) AND (level <= 10))),
    CONSTRAINT rewards_state_check CHECK ((state = ANY (ARRAY['accrued'::text, 'held'::text, 'approved'::text, 'payable'::text, 'paid'::text, 'reversed'::text, 'disputed'::text])))
);
COMMENT ON TABLE public.rewards IS 'what each level was given for a trade, with six decimals; a correction is another line';
COMMENT ON COLUMN public.rewards.held_until IS 'when a line that its plan holds is approved; NULL where the operator decides';
COMMENT ON COLUMN public.rewards.before IS 'the state to which a dispute that ends returns';
ALTER TABLE public.rewards ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rewards_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.seals (
    number bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    rows integer NOT NULL,
    root bytea NOT NULL,
    previous bytea NOT NULL,
    granted_xid bigint NOT NULL,
    granted_id bigint NOT NULL,
    refused_xid bigint NOT NULL,
    refused_id bigint NOT NULL,
    floor bigint NOT NULL,
    whole_at timestamp with time zone,
    until date NOT NULL,
    key bytea NOT NULL,
    signature bytea NOT NULL,
    leaves bytea NOT NULL,
    CONSTRAINT seals_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT seals_previous_check CHECK ((octet_length(previous) = 32)),
    CONSTRAINT seals_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT seals_rows_check CHECK (((rows >= 0) AND (rows <= 10000))),
    CONSTRAINT seals_signature_check CHECK ((octet_length(signature) = 64))
);
ALTER TABLE ONLY public.seals ALTER COLUMN leaves SET STORAGE EXTERNAL;
COMMENT ON TABLE public.seals IS 'batches of the history of authorizations, each signed and chained to the one before';
COMMENT ON COLUMN public.seals.floor IS 'rows with an id up to this were sealed before the database was restored';
COMMENT ON COLUMN public.seals.whole_at IS 'all that was final then is sealed; empty until that was so for the first time';
COMMENT ON COLUMN public.seals.until IS 'the day from which on none of the rows need be there any more';
COMMENT ON COLUMN public.seals.leaves IS 'for each row its login, id, last day and SHA-256; empty once all may be gone';
CREATE TABLE public.servers (
    name text NOT NULL,
    clock text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT servers_name_check CHECK ((name ~ '^[^[:cntrl:]]{1,64}$'::text))
);
CREATE TABLE public.sessions (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    person bigint NOT NULL,
    level text NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    stepped_up_at timestamp with time zone,
    address inet,
    user_agent text NOT NULL,
    CONSTRAINT sessions_level_check CHECK ((level = ANY (ARRAY['password'::text, 'second factor'::text]))),
    CONSTRAINT sessions_user_agent_check CHECK ((length(user_agent) <= 256))
);
COMMENT ON TABLE public.sessions IS 'where people are signed in; no row, no session';
COMMENT ON COLUMN public.sessions.hash IS 'SHA-256 of what the browser shows; a new one at every change of privilege';
ALTER TABLE public.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.settlements (
    login bigint NOT NULL,
    id bigint NOT NULL,
    until timestamp with time zone NOT NULL,
    currency text NOT NULL,
    lines bigint NOT NULL,
    accrued numeric(28,6) NOT NULL,
    carried_in numeric(28,6) NOT NULL,
    amount numeric(24,8) NOT NULL,
    carried_out numeric(28,6) NOT NULL,
    settled_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'payable'::text NOT NULL,
    entry bigint,
    paid_entry bigint,
    reference text DEFAULT ''::text NOT NULL,
    paid_at timestamp with time zone,
    CONSTRAINT settlements_check CHECK (((accrued + carried_in) = (amount + carried_out))),
    CONSTRAINT settlements_check1 CHECK (((amount >= (0)::numeric) AND ((entry IS NULL) = (amount = (0)::numeric)))),
    CONSTRAINT settlements_check2 CHECK (((paid_at IS NULL) = (state = 'payable'::text))),
    CONSTRAINT settlements_reference_check CHECK ((length(reference) <= 100)),
    CONSTRAINT settlements_state_check CHECK ((state = ANY (ARRAY['payable'::text, 'paid'::text])))
);
COMMENT ON TABLE public.settlements IS 'lines approved until then, rounded once, half to even; the rest is carried on';
ALTER TABLE public.settlements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.settlements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sources (
    server text NOT NULL,
    number bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    login bigint NOT NULL,
    registered_at timestamp with time zone,
    gone_at timestamp with time zone
);
COMMENT ON TABLE public.sources IS 'which account a server''s number means, from when on';
COMMENT ON COLUMN public.sources.registered_at IS 'when the server made the account: a later moment is another account';
COMMENT ON COLUMN public.sources.gone_at IS 'when it was noticed that the server has deleted the account';
CREATE UNLOGGED TABLE public.staged_accounts (
    number bigint NOT NULL,
    login bigint,
    platform text NOT NULL,
    name text NOT NULL,
    company text NOT NULL,
    currency text NOT NULL,
    leverage integer,
    mode text,
    "group" text NOT NULL,
    agent bigint,
    balance numeric,
    credit numeric,
    equity numeric,
    margin numeric,
    floating numeric,
    registered_at timestamp with time zone,
    as_of timestamp with time zone NOT NULL,
    as_of_offset smallint NOT NULL
);
CREATE UNLOGGED TABLE public.staged_closed (
    number bigint NOT NULL,
    login bigint,
    ticket bigint NOT NULL,
    "position" bigint NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    lots numeric NOT NULL,
    contract_size numeric,
    digits smallint NOT NULL,
    opened_at timestamp with time zone,
    opened_offset smallint,
    open_price numeric,
    closed_at timestamp with time zone NOT NULL,
    closed_offset smallint NOT NULL,
    close_price numeric NOT NULL,
    stop_loss numeric,
    take_profit numeric,
    commission numeric NOT NULL,
    fee numeric NOT NULL,
    swap numeric NOT NULL,
    profit numeric NOT NULL,
    comment text NOT NULL
);
CREATE UNLOGGED TABLE public.staged_deals (
    number bigint NOT NULL,
    login bigint,
    deal bigint NOT NULL,
    order_ticket bigint,
    "position" bigint,
    symbol text NOT NULL,
    type text NOT NULL,
    direction text NOT NULL,
    lots numeric NOT NULL,
    lots_closed numeric,
    contract_size numeric,
    digits smallint,
    price numeric,
    position_price numeric,
    stop_loss numeric,
    take_profit numeric,
    dealt_at timestamp with time zone NOT NULL,
    dealt_offset smallint NOT NULL,
    commission numeric NOT NULL,
    fee numeric NOT NULL,
    swap numeric NOT NULL,
    profit numeric NOT NULL,
    comment text NOT NULL,
    reason text NOT NULL
);
CREATE UNLOGGED TABLE public.staged_gone (
    family text NOT NULL,
    key bigint NOT NULL
);
CREATE UNLOGGED TABLE public.staged_keys (
    family text NOT NULL,
    key bigint NOT NULL,
    login bigint NOT NULL,
    place text NOT NULL,
    record bigint,
    old_login bigint,
    old_place text,
    old_record bigint
);
CREATE UNLOGGED TABLE public.staged_left (
    family text NOT NULL,
    key bigint NOT NULL,
    login bigint NOT NULL,
    place text NOT NULL,
    record bigint NOT NULL,
    next text NOT NULL
);
COMMENT ON COLUMN public.staged_left.next IS 'the place it has gone to, or nothing';
CREATE UNLOGGED TABLE public.staged_logins (
    login bigint NOT NULL,
    opened boolean NOT NULL
);
CREATE UNLOGGED TABLE public.staged_movements (
    number bigint NOT NULL,
    login bigint,
    ticket bigint NOT NULL,
    kind text NOT NULL,
    amount numeric NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    moved_offset smallint NOT NULL,
    comment text NOT NULL
);
CREATE UNLOGGED TABLE public.staged_open (
    number bigint NOT NULL,
    login bigint,
    ticket bigint NOT NULL,
    "position" bigint NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL,
    lots numeric NOT NULL,
    contract_size numeric,
    digits smallint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_offset smallint NOT NULL,
    open_price numeric NOT NULL,
    current_price numeric NOT NULL,
    stop_loss numeric,
    take_profit numeric,
    commission numeric NOT NULL,
    fee numeric NOT NULL,
    swap numeric NOT NULL,
    profit numeric NOT NULL,
    comment text NOT NULL
);
CREATE UNLOGGED TABLE public.staged_orders (
    number bigint NOT NULL,
    login bigint,
    ticket bigint NOT NULL,
    symbol text NOT NULL,
    type text NOT NULL,
    lots numeric NOT NULL,
    filled_lots numeric NOT NULL,
    contract_size numeric,
    price numeric,
    stop_loss numeric,
    take_profit numeric,
    state text NOT NULL,
    reason text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    placed_offset smallint NOT NULL,
    done_at timestamp with time zone,
    done_offset smallint,
    comment text NOT NULL
);
CREATE UNLOGGED TABLE public.staged_positions (
    login bigint NOT NULL,
    "position" bigint NOT NULL
);
CREATE UNLOGGED TABLE public.staged_saved (
    place text NOT NULL,
    login bigint NOT NULL,
    key bigint NOT NULL,
    new boolean NOT NULL,
    told text NOT NULL
);
COMMENT ON COLUMN public.staged_saved.told IS 'the kind of event that tells of it, or nothing';
CREATE TABLE public.stream_tickets (
    hash bytea NOT NULL,
    token bytea NOT NULL,
    origin text,
    expires_at timestamp with time zone NOT NULL,
    functions text[],
    made bytea,
    CONSTRAINT stream_tickets_functions_check CHECK ((cardinality(functions) > 0)),
    CONSTRAINT stream_tickets_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT stream_tickets_made_check CHECK ((length(made) = 32)),
    CONSTRAINT stream_tickets_of_pages CHECK (((functions IS NULL) OR (origin IS NOT NULL))),
    CONSTRAINT stream_tickets_origin_check CHECK ((length(origin) <= 255))
);
COMMENT ON TABLE public.stream_tickets IS 'good once in the place of a credential, which goes with it: for opening a stream, or for a token of some functions';
COMMENT ON COLUMN public.stream_tickets.origin IS 'the only pages it is good on; NULL means any';
COMMENT ON COLUMN public.stream_tickets.functions IS 'what the token opens that it is exchanged for; NULL means a stream';
COMMENT ON COLUMN public.stream_tickets.made IS 'the token that it was exchanged for, which ends with the credential';
CREATE TABLE public.throttles (
    kind text NOT NULL,
    subject text NOT NULL,
    network text NOT NULL,
    used integer NOT NULL,
    most integer NOT NULL,
    names text[] NOT NULL,
    free_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT throttles_kind_check CHECK ((kind = ANY (ARRAY['pair'::text, 'subject'::text, 'network'::text, 'subjects'::text, 'all'::text, 'failures'::text]))),
    CONSTRAINT throttles_network_check CHECK ((length(network) <= 50)),
    CONSTRAINT throttles_subject_check CHECK ((length(subject) <= 200))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02');
COMMENT ON TABLE public.throttles IS 'slots of guesses at credentials; a bucket that is full takes none until free_at';
COMMENT ON COLUMN public.throttles.subject IS 'whose credential is guessed at, whether there is such a one or not';
COMMENT ON COLUMN public.throttles.names IS 'the subjects that a network guessed at, where they are what is counted';
COMMENT ON COLUMN public.throttles.ends_at IS 'when the bucket is forgotten';
CREATE TABLE public.tokens (
    hash bytea NOT NULL,
    login bigint NOT NULL,
    family text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    kind text DEFAULT 'legacy'::text NOT NULL,
    session uuid,
    used_at timestamp with time zone,
    id bigint NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    networks cidr[] DEFAULT '{}'::cidr[] NOT NULL,
    functions text[],
    origins text[] DEFAULT '{}'::text[] NOT NULL,
    reads_per_minute integer,
    proved_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT tokens_family_check CHECK ((family = ANY (ARRAY['client'::text, 'partner'::text, 'mobile'::text]))),
    CONSTRAINT tokens_kind_check CHECK ((kind = ANY (ARRAY['legacy'::text, 'bearer'::text, 'refresh'::text, 'server'::text, 'publishable'::text]))),
    CONSTRAINT tokens_name_check CHECK ((length(name) <= 64)),
    CONSTRAINT tokens_reads_per_minute_check CHECK ((reads_per_minute > 0))
);
COMMENT ON COLUMN public.tokens.session IS 'what the tokens refreshed from one another have in common';
COMMENT ON COLUMN public.tokens.used_at IS 'when a refresh token was exchanged: it is good for once';
COMMENT ON COLUMN public.tokens.networks IS 'where it is good from; from anywhere if empty';
COMMENT ON COLUMN public.tokens.functions IS 'what a key opens; all of its family if NULL';
COMMENT ON COLUMN public.tokens.proved_at IS 'when an API password was last shown for it';
COMMENT ON COLUMN public.tokens.last_used_at IS 'to the minute';
ALTER TABLE public.tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.webhook_attempts (
    login bigint NOT NULL,
    endpoint bigint NOT NULL,
    event bigint NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone NOT NULL,
    milliseconds integer NOT NULL,
    status integer,
    outcome text NOT NULL,
    body text NOT NULL,
    CONSTRAINT webhook_attempts_body_check CHECK ((length(body) <= 1024)),
    CONSTRAINT webhook_attempts_outcome_check CHECK ((length(outcome) <= 200))
);
COMMENT ON COLUMN public.webhook_attempts.body IS 'how the answer began';
CREATE TABLE public.webhook_deliveries (
    login bigint NOT NULL,
    endpoint bigint NOT NULL,
    event bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    next_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT webhook_deliveries_check CHECK (((next_at IS NOT NULL) = (state = 'waiting'::text))),
    CONSTRAINT webhook_deliveries_check1 CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['delivered'::text, 'failed'::text])))),
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'held'::text, 'sending'::text, 'delivered'::text, 'failed'::text])))
);
COMMENT ON COLUMN public.webhook_deliveries.state IS 'held while its endpoint is paused';
COMMENT ON COLUMN public.webhook_deliveries.tries IS 'since it was queued, or replayed; attempts counts all';
CREATE TABLE public.webhook_endpoints (
    login bigint NOT NULL,
    id bigint NOT NULL,
    url text NOT NULL,
    name text NOT NULL,
    payload text NOT NULL,
    types text[] NOT NULL,
    symbols text[] NOT NULL,
    net_over numeric(24,8),
    lots_over numeric(24,8),
    margin_level_under numeric(24,8),
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamp with time zone,
    state text DEFAULT 'active'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    begins_after bigint NOT NULL,
    failing_since timestamp with time zone,
    due_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((previous_secret IS NULL) = (previous_until IS NULL))),
    CONSTRAINT webhook_endpoints_margin_level_under_check CHECK ((margin_level_under > (0)::numeric)),
    CONSTRAINT webhook_endpoints_name_check CHECK ((length(name) <= 64)),
    CONSTRAINT webhook_endpoints_payload_check CHECK ((payload = ANY (ARRAY['fat'::text, 'thin'::text]))),
    CONSTRAINT webhook_endpoints_previous_secret_check CHECK ((length(previous_secret) <= 128)),
    CONSTRAINT webhook_endpoints_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT webhook_endpoints_secret_check CHECK ((length(secret) <= 128)),
    CONSTRAINT webhook_endpoints_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text]))),
    CONSTRAINT webhook_endpoints_symbols_check CHECK ((cardinality(symbols) <= 50)),
    CONSTRAINT webhook_endpoints_types_check CHECK ((cardinality(types) <= 50)),
    CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) >= 9) AND (length(url) <= 2048)))
);
COMMENT ON TABLE public.webhook_endpoints IS 'where events are sent; the secrets are sealed with a key of the key file';
COMMENT ON COLUMN public.webhook_endpoints.begins_after IS 'number of the last event before it was made, or resumed';
COMMENT ON COLUMN public.webhook_endpoints.failing_since IS 'the first failure after the last success';
COMMENT ON COLUMN public.webhook_endpoints.due_at IS 'when the next of its deliveries is due; NULL if none waits';
ALTER TABLE public.webhook_endpoints ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.webhook_endpoints_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.webhook_margins (
    login bigint NOT NULL,
    threshold numeric(24,8) NOT NULL,
    low boolean NOT NULL
);
COMMENT ON TABLE public.webhook_margins IS 'which watched margin levels an account is under, as was told';
ALTER TABLE ONLY public.clicks ATTACH PARTITION public.clicks_other DEFAULT;
ALTER TABLE ONLY public.access_rules
    ADD CONSTRAINT access_rules_pkey PRIMARY KEY (login, function);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.api_passwords
    ADD CONSTRAINT api_passwords_pkey PRIMARY KEY (login, hash);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_login_key UNIQUE (login);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.authorizations
    ADD CONSTRAINT authorizations_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.banner_days
    ADD CONSTRAINT banner_days_pkey PRIMARY KEY (login, day, banner);
ALTER TABLE ONLY public.banners
    ADD CONSTRAINT banners_hash_theme_language_key UNIQUE (hash, theme, language);
ALTER TABLE ONLY public.banners
    ADD CONSTRAINT banners_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bonus_programmes
    ADD CONSTRAINT bonus_programmes_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.candles
    ADD CONSTRAINT candles_pkey PRIMARY KEY (server, folded, step, at);
ALTER TABLE ONLY public.challenges
    ADD CONSTRAINT challenges_pkey PRIMARY KEY (session, purpose);
ALTER TABLE ONLY public.click_counting
    ADD CONSTRAINT click_counting_pkey PRIMARY KEY (alone);
ALTER TABLE ONLY public.click_days
    ADD CONSTRAINT click_days_pkey PRIMARY KEY (login, day, country, link, banner, landing, keyword);
ALTER TABLE ONLY public.click_visitors
    ADD CONSTRAINT click_visitors_pkey PRIMARY KEY (login, day, visitor);
ALTER TABLE ONLY public.clicks
    ADD CONSTRAINT clicks_pkey PRIMARY KEY (login, at, id);
ALTER TABLE ONLY public.clicks_other
    ADD CONSTRAINT clicks_other_pkey PRIMARY KEY (login, at, id);
ALTER TABLE ONLY public.closed_trades
    ADD CONSTRAINT closed_trades_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.daily_costs
    ADD CONSTRAINT daily_costs_pkey PRIMARY KEY (login, day);
ALTER TABLE ONLY public.daily_lots
    ADD CONSTRAINT daily_lots_pkey PRIMARY KEY (login, day, symbol, contract_size);
ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_pkey PRIMARY KEY (login, deal);
ALTER TABLE ONLY public.deletion_requests
    ADD CONSTRAINT deletion_requests_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.destinations
    ADD CONSTRAINT destinations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.event_numbers
    ADD CONSTRAINT event_numbers_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (login, number);
ALTER TABLE ONLY public.feed_buckets
    ADD CONSTRAINT feed_buckets_pkey PRIMARY KEY (server, source, bucket);
ALTER TABLE ONLY public.feed_keys
    ADD CONSTRAINT feed_keys_id_key UNIQUE (id);
ALTER TABLE ONLY public.feed_keys
    ADD CONSTRAINT feed_keys_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.feed_rows
    ADD CONSTRAINT feed_rows_pkey PRIMARY KEY (server, family, key);
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (server);
ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT instruments_pkey PRIMARY KEY (server, folded, told_by);
ALTER TABLE ONLY public.known_networks
    ADD CONSTRAINT known_networks_pkey PRIMARY KEY (subject, network);
ALTER TABLE ONLY public.landings
    ADD CONSTRAINT landings_pkey PRIMARY KEY (id, language);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_code_key UNIQUE (code);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (login, since);
ALTER TABLE ONLY public.monthly_lots
    ADD CONSTRAINT monthly_lots_pkey PRIMARY KEY (login, month, symbol, contract_size);
ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.news
    ADD CONSTRAINT news_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.open_trades
    ADD CONSTRAINT open_trades_pkey PRIMARY KEY (login, "position");
ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_pkey PRIMARY KEY (person, role);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.parked_rows
    ADD CONSTRAINT parked_rows_pkey PRIMARY KEY (server, number, place, key);
ALTER TABLE ONLY public.partner_codes
    ADD CONSTRAINT partner_codes_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.partner_consents
    ADD CONSTRAINT partner_consents_pkey PRIMARY KEY (login, partner, since);
ALTER TABLE ONLY public.partner_entries
    ADD CONSTRAINT partner_entries_pkey PRIMARY KEY (login, id, side);
ALTER TABLE ONLY public.partner_parents
    ADD CONSTRAINT partner_parents_pkey PRIMARY KEY (login, since);
ALTER TABLE ONLY public.partner_plans
    ADD CONSTRAINT partner_plans_pkey PRIMARY KEY (login, since);
ALTER TABLE ONLY public.partners
    ADD CONSTRAINT partners_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.password_codes
    ADD CONSTRAINT password_codes_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.password_codes
    ADD CONSTRAINT password_codes_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_email_key UNIQUE (email);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (name, version);
ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_pkey PRIMARY KEY (server, folded);
ALTER TABLE ONLY public.read_numbers
    ADD CONSTRAINT read_numbers_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.recalculations
    ADD CONSTRAINT recalculations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (person, hash);
ALTER TABLE ONLY public.referral_claims
    ADD CONSTRAINT referral_claims_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.referral_log
    ADD CONSTRAINT referral_log_login_cause_key UNIQUE (login, cause);
ALTER TABLE ONLY public.referral_log
    ADD CONSTRAINT referral_log_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_pkey PRIMARY KEY (login, since);
ALTER TABLE ONLY public.replays
    ADD CONSTRAINT replays_pkey PRIMARY KEY (login, key);
ALTER TABLE ONLY public.reversals
    ADD CONSTRAINT reversals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reward_bases
    ADD CONSTRAINT reward_bases_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.reward_days
    ADD CONSTRAINT reward_days_pkey PRIMARY KEY (login, day, client, level, currency);
ALTER TABLE ONLY public.reward_months
    ADD CONSTRAINT reward_months_pkey PRIMARY KEY (login, month, currency);
ALTER TABLE ONLY public.reward_waiting
    ADD CONSTRAINT reward_waiting_pkey PRIMARY KEY (login, first, last, why);
ALTER TABLE ONLY public.reward_workings
    ADD CONSTRAINT reward_workings_pkey PRIMARY KEY (login, ticket, revision);
ALTER TABLE ONLY public.rewards
    ADD CONSTRAINT rewards_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.servers
    ADD CONSTRAINT servers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_login_key UNIQUE (login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (server, number, since);
ALTER TABLE ONLY public.stream_tickets
    ADD CONSTRAINT stream_tickets_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.throttles
    ADD CONSTRAINT throttles_pkey PRIMARY KEY (kind, subject, network);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.totp_secrets
    ADD CONSTRAINT totp_secrets_pkey PRIMARY KEY (person);
ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (login, endpoint, event, attempt);
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (login, endpoint, event);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (login, id);
ALTER TABLE ONLY public.webhook_margins
    ADD CONSTRAINT webhook_margins_pkey PRIMARY KEY (login, threshold);
CREATE INDEX accounts_by_name ON public.accounts USING gin (to_tsvector('simple'::regconfig, name));
CREATE INDEX accounts_unexplained ON public.accounts USING btree (login) WHERE (NOT complete);
CREATE UNIQUE INDEX api_passwords_chosen ON public.api_passwords USING btree (login) WHERE (chosen IS NOT NULL);
CREATE INDEX applications_by_email ON public.applications USING btree (email, received_at) WHERE (email <> ''::text);
CREATE INDEX applications_by_state ON public.applications USING btree (state, received_at, id);
CREATE INDEX authorizations_by_age ON public.authorizations USING btree (at);
CREATE INDEX authorizations_by_operators ON public.authorizations USING btree (at, id) WHERE (detail ? 'operator'::text);
CREATE INDEX authorizations_by_order ON public.authorizations USING btree (granted, xid, id);
CREATE INDEX authorizations_by_time ON public.authorizations USING btree (login, at, id);
CREATE UNIQUE INDEX authorizations_first ON public.authorizations USING btree (login, first) WHERE (first IS NOT NULL);
CREATE UNIQUE INDEX authorizations_refused ON public.authorizations USING btree (login, minute, channel, action, family, network, rule) NULLS NOT DISTINCT WHERE (NOT granted);
CREATE INDEX candles_of_minutes ON public.candles USING btree (at) WHERE (step = 'M1'::text);
CREATE INDEX clicks_by_order ON ONLY public.clicks USING btree (xid, id);
CREATE INDEX clicks_by_token ON ONLY public.clicks USING btree (token);
CREATE INDEX clicks_other_token_idx ON public.clicks_other USING btree (token);
CREATE INDEX clicks_other_xid_id_idx ON public.clicks_other USING btree (xid, id);
CREATE INDEX closed_trades_by_opening ON public.closed_trades USING btree (login, opened_at, ticket);
CREATE INDEX closed_trades_by_symbol ON public.closed_trades USING btree (login, lower(symbol), closed_at, ticket);
CREATE INDEX closed_trades_by_time ON public.closed_trades USING btree (login, closed_at, ticket);
CREATE INDEX deals_by_position ON public.deals USING btree (login, "position") WHERE ("position" IS NOT NULL);
CREATE INDEX deals_with_costs ON public.deals USING btree (login, dealt_at) WHERE cost;
CREATE INDEX deletion_requests_by_due ON public.deletion_requests USING btree (due_at, person);
CREATE INDEX disputes_by_deadline ON public.disputes USING btree (deadline) WHERE (state = 'open'::text);
CREATE UNIQUE INDEX disputes_open ON public.disputes USING btree (login, reward) WHERE (state = 'open'::text);
CREATE INDEX events_in_order ON public.events USING btree (xid, id);
CREATE INDEX feed_rows_open ON public.feed_rows USING btree (login) WHERE (place = 'open'::text);
CREATE INDEX instruments_by_currencies ON public.instruments USING btree (server, base_currency, profit_currency);
CREATE INDEX movements_by_time ON public.movements USING btree (login, moved_at, ticket);
CREATE INDEX news_by_change ON public.news USING btree (GREATEST(published_at, updated_at, retracted_at));
CREATE INDEX news_by_kind ON public.news USING btree (language, category, published_at DESC, id DESC) WHERE (retracted_at IS NULL);
CREATE INDEX news_by_time ON public.news USING btree (published_at DESC, id DESC) WHERE (retracted_at IS NULL);
CREATE INDEX open_trades_by_time ON public.open_trades USING btree (login, opened_at, "position");
CREATE INDEX orders_by_time ON public.orders USING btree (login, placed_at, ticket);
CREATE INDEX orders_working ON public.orders USING btree (login, ticket) WHERE (state = 'working'::text);
CREATE INDEX owners_person ON public.owners USING btree (person);
CREATE INDEX partner_codes_by_login ON public.partner_codes USING btree (login);
CREATE INDEX partner_parents_by_parent ON public.partner_parents USING btree (parent) WHERE (parent IS NOT NULL);
CREATE INDEX passkeys_person ON public.passkeys USING btree (person);
CREATE INDEX people_by_email ON public.people USING btree (email text_pattern_ops);
CREATE INDEX people_by_name ON public.people USING gin (to_tsvector('simple'::regconfig, name));
CREATE INDEX referral_claims_open ON public.referral_claims USING btree (id) WHERE (state = 'open'::text);
CREATE INDEX referrals_by_partner ON public.referrals USING btree (partner, entry) WHERE (partner IS NOT NULL);
CREATE INDEX replays_by_age ON public.replays USING btree (kept_at);
CREATE INDEX reward_waiting_by_turn ON public.reward_waiting USING btree (tried_at, login);
CREATE INDEX rewards_approved ON public.rewards USING btree (login, currency, closed_at) WHERE (state = 'approved'::text);
CREATE INDEX rewards_by_time ON public.rewards USING btree (login, closed_at, id);
CREATE INDEX rewards_held ON public.rewards USING btree (held_until) WHERE ((state = 'held'::text) AND (held_until IS NOT NULL));
CREATE INDEX rewards_settled ON public.rewards USING btree (login, settlement) WHERE (settlement IS NOT NULL);
CREATE INDEX sessions_person ON public.sessions USING btree (person, begun_at);
CREATE INDEX sources_by_number ON public.sources USING btree (number);
CREATE INDEX stream_tickets_by_end ON public.stream_tickets USING btree (expires_at);
CREATE INDEX stream_tickets_by_made ON public.stream_tickets USING btree (made) WHERE (made IS NOT NULL);
CREATE INDEX stream_tickets_by_token ON public.stream_tickets USING btree (token);
CREATE INDEX tokens_by_expiry ON public.tokens USING btree (expires_at);
CREATE UNIQUE INDEX tokens_by_id ON public.tokens USING btree (login, id);
CREATE INDEX tokens_by_login ON public.tokens USING btree (login, expires_at);
CREATE INDEX tokens_by_session ON public.tokens USING btree (session) WHERE (session IS NOT NULL);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (login, endpoint, next_at) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_deliveries_queued ON public.webhook_deliveries USING btree (queued_at);
CREATE INDEX webhook_deliveries_sending ON public.webhook_deliveries USING btree (login, endpoint) WHERE (state = 'sending'::text);
CREATE INDEX webhook_endpoints_due ON public.webhook_endpoints USING btree (due_at) WHERE ((due_at IS NOT NULL) AND (state = 'active'::text));
ALTER INDEX public.clicks_pkey ATTACH PARTITION public.clicks_other_pkey;
ALTER INDEX public.clicks_by_token ATTACH PARTITION public.clicks_other_token_idx;
ALTER INDEX public.clicks_by_order ATTACH PARTITION public.clicks_other_xid_id_idx;
CREATE TRIGGER access_rules_announce_changed AFTER UPDATE ON public.access_rules REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER access_rules_announce_emptied AFTER TRUNCATE ON public.access_rules FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER access_rules_announce_gone AFTER DELETE ON public.access_rules REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER access_rules_announce_new AFTER INSERT ON public.access_rules REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER accounts_announce_changed AFTER UPDATE ON public.accounts REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER accounts_announce_emptied AFTER TRUNCATE ON public.accounts FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER accounts_announce_gone AFTER DELETE ON public.accounts REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER accounts_announce_new AFTER INSERT ON public.accounts REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER api_passwords_announce_changed AFTER UPDATE ON public.api_passwords REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER api_passwords_announce_emptied AFTER TRUNCATE ON public.api_passwords FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER api_passwords_announce_gone AFTER DELETE ON public.api_passwords REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER api_passwords_announce_new AFTER INSERT ON public.api_passwords REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER bonus_programmes_announce_changed AFTER UPDATE ON public.bonus_programmes REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER bonus_programmes_announce_emptied AFTER TRUNCATE ON public.bonus_programmes FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER bonus_programmes_announce_gone AFTER DELETE ON public.bonus_programmes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER bonus_programmes_announce_new AFTER INSERT ON public.bonus_programmes REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER closed_trades_announce_changed AFTER UPDATE ON public.closed_trades REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER closed_trades_announce_emptied AFTER TRUNCATE ON public.closed_trades FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER closed_trades_announce_gone AFTER DELETE ON public.closed_trades REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER closed_trades_announce_new AFTER INSERT ON public.closed_trades REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER closed_trades_deleted AFTER DELETE ON public.closed_trades REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_closed_trades();
CREATE TRIGGER closed_trades_inserted AFTER INSERT ON public.closed_trades REFERENCING NEW TABLE AS told FOR EACH STATEMENT WHEN ((current_setting('opencabinet.first_load'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION public.roll_up_closed_trades();
CREATE TRIGGER closed_trades_of_accounts AFTER INSERT ON public.closed_trades REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER closed_trades_still_of_accounts AFTER UPDATE ON public.closed_trades REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER closed_trades_updated AFTER UPDATE ON public.closed_trades REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_closed_trades();
CREATE TRIGGER daily_costs_announce_changed AFTER UPDATE ON public.daily_costs REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_costs_announce_emptied AFTER TRUNCATE ON public.daily_costs FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER daily_costs_announce_gone AFTER DELETE ON public.daily_costs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_costs_announce_new AFTER INSERT ON public.daily_costs REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_lots_announce_changed AFTER UPDATE ON public.daily_lots REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_lots_announce_emptied AFTER TRUNCATE ON public.daily_lots FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER daily_lots_announce_gone AFTER DELETE ON public.daily_lots REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_lots_announce_new AFTER INSERT ON public.daily_lots REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER daily_lots_deleted AFTER DELETE ON public.daily_lots REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_daily_lots();
CREATE TRIGGER daily_lots_inserted AFTER INSERT ON public.daily_lots REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_daily_lots();
CREATE TRIGGER daily_lots_updated AFTER UPDATE ON public.daily_lots REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_daily_lots();
CREATE TRIGGER deals_announce_changed AFTER UPDATE ON public.deals REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER deals_announce_emptied AFTER TRUNCATE ON public.deals FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER deals_announce_gone AFTER DELETE ON public.deals REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER deals_announce_new AFTER INSERT ON public.deals REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER deals_deleted AFTER DELETE ON public.deals REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_deals();
CREATE TRIGGER deals_inserted AFTER INSERT ON public.deals REFERENCING NEW TABLE AS told FOR EACH STATEMENT WHEN ((current_setting('opencabinet.first_load'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION public.roll_up_deals();
CREATE TRIGGER deals_of_accounts AFTER INSERT ON public.deals REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER deals_still_of_accounts AFTER UPDATE ON public.deals REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER deals_updated AFTER UPDATE ON public.deals REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.roll_up_deals();
CREATE TRIGGER disputes_announce_changed AFTER UPDATE ON public.disputes REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER disputes_announce_emptied AFTER TRUNCATE ON public.disputes FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER disputes_announce_gone AFTER DELETE ON public.disputes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER disputes_announce_new AFTER INSERT ON public.disputes REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER feed_rows_of_accounts AFTER INSERT ON public.feed_rows REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER feed_rows_still_of_accounts AFTER UPDATE ON public.feed_rows REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.need_accounts();
CREATE TRIGGER instruments_announce_changed AFTER UPDATE ON public.instruments REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_instruments();
CREATE TRIGGER instruments_announce_emptied AFTER TRUNCATE ON public.instruments FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER instruments_announce_gone AFTER DELETE ON public.instruments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER instruments_announce_new AFTER INSERT ON public.instruments REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER memberships_announce_changed AFTER UPDATE ON public.memberships REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER memberships_announce_emptied AFTER TRUNCATE ON public.memberships FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER memberships_announce_gone AFTER DELETE ON public.memberships REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER memberships_announce_new AFTER INSERT ON public.memberships REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER movements_announce_changed AFTER UPDATE ON public.movements REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER movements_announce_emptied AFTER TRUNCATE ON public.movements FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER movements_announce_gone AFTER DELETE ON public.movements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER movements_announce_new AFTER INSERT ON public.movements REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER open_trades_announce_changed AFTER UPDATE ON public.open_trades REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER open_trades_announce_emptied AFTER TRUNCATE ON public.open_trades FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER open_trades_announce_gone AFTER DELETE ON public.open_trades REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER open_trades_announce_new AFTER INSERT ON public.open_trades REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER orders_announce_changed AFTER UPDATE ON public.orders REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER orders_announce_emptied AFTER TRUNCATE ON public.orders FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER orders_announce_gone AFTER DELETE ON public.orders REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER orders_announce_new AFTER INSERT ON public.orders REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER owners_announce_changed AFTER UPDATE ON public.owners REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER owners_announce_emptied AFTER TRUNCATE ON public.owners FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER owners_announce_gone AFTER DELETE ON public.owners REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER owners_announce_new AFTER INSERT ON public.owners REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE CONSTRAINT TRIGGER partner_entries_balanced AFTER INSERT OR DELETE OR UPDATE ON public.partner_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_unbalanced_entry();
CREATE TRIGGER policies_announce_changed AFTER UPDATE ON public.policies REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER policies_announce_emptied AFTER TRUNCATE ON public.policies FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER policies_announce_gone AFTER DELETE ON public.policies REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER policies_announce_new AFTER INSERT ON public.policies REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER profiles_announce_changed AFTER UPDATE ON public.profiles REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER profiles_announce_emptied AFTER TRUNCATE ON public.profiles FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER profiles_announce_gone AFTER DELETE ON public.profiles REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER profiles_announce_new AFTER INSERT ON public.profiles REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER reward_days_announce_changed AFTER UPDATE ON public.reward_days REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER reward_days_announce_emptied AFTER TRUNCATE ON public.reward_days FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER reward_days_announce_gone AFTER DELETE ON public.reward_days REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER reward_days_announce_new AFTER INSERT ON public.reward_days REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER servers_announce_changed AFTER UPDATE ON public.servers REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER servers_announce_emptied AFTER TRUNCATE ON public.servers FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER servers_announce_gone AFTER DELETE ON public.servers REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER servers_announce_new AFTER INSERT ON public.servers REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER settlements_announce_changed AFTER UPDATE ON public.settlements REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER settlements_announce_emptied AFTER TRUNCATE ON public.settlements FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER settlements_announce_gone AFTER DELETE ON public.settlements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER settlements_announce_new AFTER INSERT ON public.settlements REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER sources_announce_changed AFTER UPDATE ON public.sources REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER sources_announce_emptied AFTER TRUNCATE ON public.sources FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER sources_announce_gone AFTER DELETE ON public.sources REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER sources_announce_new AFTER INSERT ON public.sources REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER tokens_announce_changed AFTER UPDATE ON public.tokens REFERENCING OLD TABLE AS gone NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_tokens();
CREATE TRIGGER tokens_announce_emptied AFTER TRUNCATE ON public.tokens FOR EACH STATEMENT EXECUTE FUNCTION public.announce_everywhere();
CREATE TRIGGER tokens_announce_gone AFTER DELETE ON public.tokens REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
CREATE TRIGGER tokens_announce_new AFTER INSERT ON public.tokens REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.announce_accounts();
ALTER TABLE ONLY public.access_rules
    ADD CONSTRAINT access_rules_login_fkey FOREIGN KEY (login) REFERENCES public.policies(login);
ALTER TABLE ONLY public.api_passwords
    ADD CONSTRAINT api_passwords_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.candles
    ADD CONSTRAINT candles_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.challenges
    ADD CONSTRAINT challenges_session_fkey FOREIGN KEY (session) REFERENCES public.sessions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.deletion_requests
    ADD CONSTRAINT deletion_requests_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_login_reward_fkey FOREIGN KEY (login, reward) REFERENCES public.rewards(login, id);
ALTER TABLE ONLY public.event_numbers
    ADD CONSTRAINT event_numbers_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.feed_buckets
    ADD CONSTRAINT feed_buckets_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT instruments_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_code_fkey FOREIGN KEY (code) REFERENCES public.partner_codes(code);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_destination_fkey FOREIGN KEY (destination) REFERENCES public.destinations(id);
ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_login_fkey FOREIGN KEY (login) REFERENCES public.partners(login);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.open_trades
    ADD CONSTRAINT open_trades_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.people(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_person_fkey FOREIGN KEY (person) REFERENCES public.people(id);
ALTER TABLE ONLY public.parked_rows
    ADD CONSTRAINT parked_rows_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.partner_codes
    ADD CONSTRAINT partner_codes_login_fkey FOREIGN KEY (login) REFERENCES public.partners(login);
ALTER TABLE ONLY public.partner_consents
    ADD CONSTRAINT partner_consents_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.partner_consents
    ADD CONSTRAINT partner_consents_partner_fkey FOREIGN KEY (partner) REFERENCES public.partners(login);
ALTER TABLE ONLY public.partner_entries
    ADD CONSTRAINT partner_entries_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.partner_parents
    ADD CONSTRAINT partner_parents_login_fkey FOREIGN KEY (login) REFERENCES public.partners(login);
ALTER TABLE ONLY public.partner_parents
    ADD CONSTRAINT partner_parents_parent_fkey FOREIGN KEY (parent) REFERENCES public.partners(login);
ALTER TABLE ONLY public.partner_plans
    ADD CONSTRAINT partner_plans_login_fkey FOREIGN KEY (login) REFERENCES public.partners(login);
ALTER TABLE ONLY public.partners
    ADD CONSTRAINT partners_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.password_codes
    ADD CONSTRAINT password_codes_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.referral_claims
    ADD CONSTRAINT referral_claims_login_fkey FOREIGN KEY (login) REFERENCES public.partners(login);
ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_login_entry_fkey FOREIGN KEY (login, entry) REFERENCES public.referral_log(login, id);
ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_partner_fkey FOREIGN KEY (partner) REFERENCES public.partners(login);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.stream_tickets
    ADD CONSTRAINT stream_tickets_token_fkey FOREIGN KEY (token) REFERENCES public.tokens(hash) ON DELETE CASCADE;
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.totp_secrets
    ADD CONSTRAINT totp_secrets_person_fkey FOREIGN KEY (person) REFERENCES public.people(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_login_endpoint_event_fkey FOREIGN KEY (login, endpoint, event) REFERENCES public.webhook_deliveries(login, endpoint, event) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_login_endpoint_fkey FOREIGN KEY (login, endpoint) REFERENCES public.webhook_endpoints(login, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.webhook_margins
    ADD CONSTRAINT webhook_margins_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
REVOKE ALL ON FUNCTION public.drop_click_months() FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_click_months() TO opencabinet_serve;
REVOKE ALL ON FUNCTION public.forget_authorizations() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_authorizations() TO opencabinet_serve;
REVOKE ALL ON FUNCTION public.forget_events(days integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_events(days integer, most integer) TO opencabinet_serve;
REVOKE ALL ON FUNCTION public.make_click_months() FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_click_months() TO opencabinet_serve;
GRANT SELECT ON TABLE public.access_rules TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.access_rules TO opencabinet_serve;
GRANT SELECT ON TABLE public.access_rules TO opencabinet_operate;
GRANT SELECT ON TABLE public.accounts TO opencabinet_read;
GRANT SELECT ON TABLE public.accounts TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.accounts TO opencabinet_feed;
GRANT SELECT ON TABLE public.accounts TO opencabinet_operate;
GRANT SELECT ON TABLE public.alembic_version TO opencabinet_read;
GRANT SELECT ON TABLE public.alembic_version TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_passwords TO opencabinet_serve;
GRANT SELECT(login) ON TABLE public.api_passwords TO opencabinet_read;
GRANT UPDATE(created_at) ON TABLE public.api_passwords TO opencabinet_serve;
GRANT SELECT(created_at) ON TABLE public.api_passwords TO opencabinet_read;
GRANT SELECT(expires_at) ON TABLE public.api_passwords TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.applications TO opencabinet_serve;
GRANT SELECT,UPDATE ON TABLE public.applications TO opencabinet_operate;
GRANT SELECT ON TABLE public.authorizations TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.authorizations TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.authorizations TO opencabinet_operate;
GRANT UPDATE(id) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(address) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(user_agent) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(times) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(last_at) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(function) ON TABLE public.authorizations TO opencabinet_serve;
GRANT UPDATE(xid) ON TABLE public.authorizations TO opencabinet_serve;
GRANT SELECT,INSERT,UPDATE ON TABLE public.banner_days TO opencabinet_serve;
GRANT SELECT ON TABLE public.banner_days TO opencabinet_read;
GRANT SELECT ON TABLE public.banner_days TO opencabinet_operate;
GRANT SELECT ON TABLE public.banners TO opencabinet_serve;
GRANT SELECT ON TABLE public.banners TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.banners TO opencabinet_operate;
GRANT SELECT ON TABLE public.bonus_programmes TO opencabinet_read;
GRANT SELECT ON TABLE public.bonus_programmes TO opencabinet_serve;
GRANT SELECT ON TABLE public.bonus_programmes TO opencabinet_operate;
GRANT SELECT ON TABLE public.candles TO opencabinet_read;
GRANT SELECT,DELETE ON TABLE public.candles TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.candles TO opencabinet_feed;
GRANT SELECT ON TABLE public.candles TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.challenges TO opencabinet_serve;
GRANT SELECT,INSERT,UPDATE ON TABLE public.click_counting TO opencabinet_serve;
GRANT SELECT ON TABLE public.click_counting TO opencabinet_read;
GRANT SELECT ON TABLE public.click_counting TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.click_days TO opencabinet_serve;
GRANT SELECT ON TABLE public.click_days TO opencabinet_read;
GRANT SELECT ON TABLE public.click_days TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE ON TABLE public.click_visitors TO opencabinet_serve;
GRANT USAGE ON SEQUENCE public.clicks_id TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.clicks TO opencabinet_serve;
GRANT SELECT ON TABLE public.clicks TO opencabinet_read;
GRANT SELECT ON TABLE public.clicks TO opencabinet_operate;
GRANT UPDATE(mark) ON TABLE public.clicks TO opencabinet_serve;
GRANT SELECT ON TABLE public.clicks_other TO opencabinet_serve;
GRANT SELECT ON TABLE public.clicks_other TO opencabinet_read;
GRANT SELECT ON TABLE public.clicks_other TO opencabinet_operate;
GRANT SELECT ON TABLE public.closed_trades TO opencabinet_read;
GRANT SELECT ON TABLE public.closed_trades TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.closed_trades TO opencabinet_feed;
GRANT SELECT ON TABLE public.closed_trades TO opencabinet_operate;
GRANT SELECT ON TABLE public.daily_costs TO opencabinet_read;
GRANT SELECT ON TABLE public.daily_costs TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_costs TO opencabinet_feed;
GRANT SELECT ON TABLE public.daily_costs TO opencabinet_operate;
GRANT SELECT ON TABLE public.daily_lots TO opencabinet_read;
GRANT SELECT ON TABLE public.daily_lots TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.daily_lots TO opencabinet_feed;
GRANT SELECT ON TABLE public.daily_lots TO opencabinet_operate;
GRANT SELECT ON TABLE public.deals TO opencabinet_read;
GRANT SELECT ON TABLE public.deals TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deals TO opencabinet_feed;
GRANT SELECT ON TABLE public.deals TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE ON TABLE public.deletion_requests TO opencabinet_serve;
GRANT SELECT ON TABLE public.deletion_requests TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.destinations TO opencabinet_serve;
GRANT SELECT ON TABLE public.destinations TO opencabinet_read;
GRANT SELECT ON TABLE public.destinations TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.disputes TO opencabinet_serve;
GRANT SELECT ON TABLE public.disputes TO opencabinet_read;
GRANT SELECT,UPDATE ON TABLE public.disputes TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.passkeys TO opencabinet_serve;
GRANT SELECT,DELETE ON TABLE public.passkeys TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.totp_secrets TO opencabinet_serve;
GRANT SELECT,DELETE ON TABLE public.totp_secrets TO opencabinet_operate;
GRANT SELECT ON TABLE public.enrolled TO opencabinet_serve;
GRANT SELECT ON TABLE public.enrolled TO opencabinet_operate;
GRANT SELECT ON TABLE public.event_numbers TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.event_numbers TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.event_numbers TO opencabinet_feed;
GRANT SELECT,INSERT,UPDATE ON TABLE public.event_numbers TO opencabinet_operate;
GRANT SELECT ON TABLE public.events TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.events TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.events TO opencabinet_feed;
GRANT SELECT,INSERT ON TABLE public.events TO opencabinet_operate;
GRANT UPDATE(xid) ON TABLE public.events TO opencabinet_serve;
GRANT SELECT ON TABLE public.feed_buckets TO opencabinet_read;
GRANT SELECT ON TABLE public.feed_buckets TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feed_buckets TO opencabinet_feed;
GRANT SELECT ON TABLE public.feed_buckets TO opencabinet_operate;
GRANT SELECT ON TABLE public.feed_keys TO opencabinet_serve;
GRANT SELECT(id) ON TABLE public.feed_keys TO opencabinet_feed;
GRANT SELECT(expires_at) ON TABLE public.feed_keys TO opencabinet_feed;
GRANT SELECT(revoked_at) ON TABLE public.feed_keys TO opencabinet_feed;
GRANT UPDATE(last_used_at) ON TABLE public.feed_keys TO opencabinet_serve;
GRANT SELECT ON TABLE public.feed_rows TO opencabinet_read;
GRANT SELECT ON TABLE public.feed_rows TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feed_rows TO opencabinet_feed;
GRANT SELECT ON TABLE public.feed_rows TO opencabinet_operate;
GRANT SELECT ON TABLE public.feeds TO opencabinet_read;
GRANT SELECT ON TABLE public.feeds TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.feeds TO opencabinet_feed;
GRANT SELECT ON TABLE public.feeds TO opencabinet_operate;
GRANT SELECT ON TABLE public.followers TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.followers TO opencabinet_serve;
GRANT SELECT ON TABLE public.followers TO opencabinet_feed;
GRANT SELECT ON TABLE public.followers TO opencabinet_operate;
GRANT USAGE ON SEQUENCE public.given_logins TO opencabinet_feed;
GRANT SELECT ON TABLE public.instruments TO opencabinet_read;
GRANT SELECT ON TABLE public.instruments TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.instruments TO opencabinet_feed;
GRANT SELECT ON TABLE public.instruments TO opencabinet_operate;
GRANT SELECT ON TABLE public.known_networks TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.known_networks TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.known_networks TO opencabinet_operate;
GRANT SELECT ON TABLE public.landings TO opencabinet_serve;
GRANT SELECT ON TABLE public.landings TO opencabinet_read;
GRANT SELECT ON TABLE public.landings TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.links TO opencabinet_serve;
GRANT SELECT ON TABLE public.links TO opencabinet_read;
GRANT SELECT ON TABLE public.links TO opencabinet_operate;
GRANT USAGE ON SEQUENCE public.links_id_seq TO opencabinet_serve;
GRANT SELECT ON TABLE public.memberships TO opencabinet_read;
GRANT SELECT ON TABLE public.memberships TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.memberships TO opencabinet_feed;
GRANT SELECT ON TABLE public.memberships TO opencabinet_operate;
GRANT SELECT ON TABLE public.monthly_lots TO opencabinet_read;
GRANT SELECT ON TABLE public.monthly_lots TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.monthly_lots TO opencabinet_feed;
GRANT SELECT ON TABLE public.monthly_lots TO opencabinet_operate;
GRANT SELECT ON TABLE public.movements TO opencabinet_read;
GRANT SELECT ON TABLE public.movements TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.movements TO opencabinet_feed;
GRANT SELECT ON TABLE public.movements TO opencabinet_operate;
GRANT SELECT ON TABLE public.news TO opencabinet_serve;
GRANT SELECT ON TABLE public.news TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.news TO opencabinet_operate;
GRANT SELECT ON TABLE public.open_trades TO opencabinet_read;
GRANT SELECT ON TABLE public.open_trades TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.open_trades TO opencabinet_feed;
GRANT SELECT ON TABLE public.open_trades TO opencabinet_operate;
GRANT SELECT ON TABLE public.operators TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE ON TABLE public.operators TO opencabinet_operate;
GRANT SELECT ON TABLE public.orders TO opencabinet_read;
GRANT SELECT ON TABLE public.orders TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orders TO opencabinet_feed;
GRANT SELECT ON TABLE public.orders TO opencabinet_operate;
GRANT SELECT ON TABLE public.owners TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.owners TO opencabinet_operate;
GRANT SELECT ON TABLE public.parked_rows TO opencabinet_read;
GRANT SELECT ON TABLE public.parked_rows TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parked_rows TO opencabinet_feed;
GRANT SELECT ON TABLE public.parked_rows TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.partner_codes TO opencabinet_serve;
GRANT SELECT ON TABLE public.partner_codes TO opencabinet_read;
GRANT SELECT ON TABLE public.partner_codes TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.partner_consents TO opencabinet_serve;
GRANT SELECT ON TABLE public.partner_consents TO opencabinet_read;
GRANT SELECT ON TABLE public.partner_consents TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.partner_entries TO opencabinet_serve;
GRANT SELECT ON TABLE public.partner_entries TO opencabinet_read;
GRANT SELECT ON TABLE public.partner_entries TO opencabinet_operate;
GRANT USAGE ON SEQUENCE public.partner_entry_ids TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.partner_parents TO opencabinet_serve;
GRANT SELECT ON TABLE public.partner_parents TO opencabinet_read;
GRANT SELECT ON TABLE public.partner_parents TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.partner_plans TO opencabinet_serve;
GRANT SELECT ON TABLE public.partner_plans TO opencabinet_read;
GRANT SELECT ON TABLE public.partner_plans TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.partners TO opencabinet_serve;
GRANT SELECT ON TABLE public.partners TO opencabinet_read;
GRANT SELECT ON TABLE public.partners TO opencabinet_operate;
GRANT SELECT,DELETE ON TABLE public.password_codes TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.password_codes TO opencabinet_operate;
GRANT SELECT ON TABLE public.people TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.people TO opencabinet_operate;
GRANT UPDATE(name) ON TABLE public.people TO opencabinet_serve;
GRANT UPDATE(password) ON TABLE public.people TO opencabinet_serve;
GRANT UPDATE(password) ON TABLE public.people TO opencabinet_operate;
GRANT UPDATE(leans) ON TABLE public.people TO opencabinet_serve;
GRANT UPDATE(leans) ON TABLE public.people TO opencabinet_operate;
GRANT UPDATE(password_set_at) ON TABLE public.people TO opencabinet_serve;
GRANT UPDATE(password_set_at) ON TABLE public.people TO opencabinet_operate;
GRANT UPDATE(language) ON TABLE public.people TO opencabinet_serve;
GRANT UPDATE(theme) ON TABLE public.people TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.plans TO opencabinet_serve;
GRANT SELECT ON TABLE public.plans TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.plans TO opencabinet_operate;
GRANT SELECT ON TABLE public.policies TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.policies TO opencabinet_serve;
GRANT SELECT ON TABLE public.policies TO opencabinet_operate;
GRANT SELECT ON TABLE public.profiles TO opencabinet_read;
GRANT SELECT ON TABLE public.profiles TO opencabinet_serve;
GRANT SELECT ON TABLE public.profiles TO opencabinet_operate;
GRANT SELECT ON TABLE public.quotes TO opencabinet_read;
GRANT SELECT ON TABLE public.quotes TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quotes TO opencabinet_feed;
GRANT SELECT ON TABLE public.quotes TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_accounts TO opencabinet_read;
GRANT SELECT ON TABLE public.read_accounts TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_accounts TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_accounts TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_deals TO opencabinet_read;
GRANT SELECT ON TABLE public.read_deals TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_deals TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_deals TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_groups TO opencabinet_read;
GRANT SELECT ON TABLE public.read_groups TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_groups TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_groups TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_numbers TO opencabinet_read;
GRANT SELECT ON TABLE public.read_numbers TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_numbers TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_numbers TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_orders TO opencabinet_read;
GRANT SELECT ON TABLE public.read_orders TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_orders TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_orders TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_positions TO opencabinet_read;
GRANT SELECT ON TABLE public.read_positions TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_positions TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_positions TO opencabinet_operate;
GRANT SELECT ON TABLE public.read_trades TO opencabinet_read;
GRANT SELECT ON TABLE public.read_trades TO opencabinet_serve;
GRANT SELECT ON TABLE public.read_trades TO opencabinet_feed;
GRANT SELECT ON TABLE public.read_trades TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.recalculations TO opencabinet_serve;
GRANT SELECT ON TABLE public.recalculations TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.recalculations TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_codes TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE ON TABLE public.recovery_codes TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.referral_claims TO opencabinet_serve;
GRANT SELECT ON TABLE public.referral_claims TO opencabinet_read;
GRANT SELECT ON TABLE public.referral_claims TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.referral_log TO opencabinet_serve;
GRANT SELECT ON TABLE public.referral_log TO opencabinet_read;
GRANT SELECT ON TABLE public.referral_log TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.referrals TO opencabinet_serve;
GRANT SELECT ON TABLE public.referrals TO opencabinet_read;
GRANT SELECT ON TABLE public.referrals TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.replays TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.reversals TO opencabinet_serve;
GRANT SELECT ON TABLE public.reversals TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.reversals TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.reward_bases TO opencabinet_serve;
GRANT SELECT ON TABLE public.reward_bases TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.reward_bases TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_days TO opencabinet_serve;
GRANT SELECT ON TABLE public.reward_days TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_days TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_months TO opencabinet_serve;
GRANT SELECT ON TABLE public.reward_months TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_months TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reward_waiting TO opencabinet_serve;
GRANT SELECT ON TABLE public.reward_waiting TO opencabinet_read;
GRANT SELECT ON TABLE public.reward_waiting TO opencabinet_operate;
GRANT SELECT,INSERT ON TABLE public.reward_workings TO opencabinet_serve;
GRANT SELECT ON TABLE public.reward_workings TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.reward_workings TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rewards TO opencabinet_serve;
GRANT SELECT ON TABLE public.rewards TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rewards TO opencabinet_operate;
GRANT SELECT ON TABLE public.seals TO opencabinet_read;
GRANT SELECT,INSERT ON TABLE public.seals TO opencabinet_serve;
GRANT SELECT ON TABLE public.seals TO opencabinet_operate;
GRANT UPDATE(leaves) ON TABLE public.seals TO opencabinet_serve;
GRANT SELECT ON TABLE public.servers TO opencabinet_read;
GRANT SELECT ON TABLE public.servers TO opencabinet_serve;
GRANT SELECT,INSERT ON TABLE public.servers TO opencabinet_feed;
GRANT SELECT ON TABLE public.servers TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO opencabinet_serve;
GRANT SELECT,DELETE ON TABLE public.sessions TO opencabinet_operate;
GRANT SELECT,INSERT,UPDATE ON TABLE public.settlements TO opencabinet_serve;
GRANT SELECT ON TABLE public.settlements TO opencabinet_read;
GRANT SELECT ON TABLE public.settlements TO opencabinet_operate;
GRANT SELECT ON TABLE public.sources TO opencabinet_read;
GRANT SELECT ON TABLE public.sources TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sources TO opencabinet_feed;
GRANT SELECT ON TABLE public.sources TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_accounts TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_accounts TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_accounts TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_accounts TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_closed TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_closed TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_closed TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_closed TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_deals TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_deals TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_deals TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_deals TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_gone TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_gone TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_gone TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_gone TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_keys TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_keys TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_keys TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_keys TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_left TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_left TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_left TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_left TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_logins TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_logins TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_logins TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_logins TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_movements TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_movements TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_movements TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_movements TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_open TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_open TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_open TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_open TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_orders TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_orders TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_orders TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_orders TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_positions TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_positions TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_positions TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_positions TO opencabinet_operate;
GRANT SELECT ON TABLE public.staged_saved TO opencabinet_read;
GRANT SELECT ON TABLE public.staged_saved TO opencabinet_serve;
GRANT SELECT ON TABLE public.staged_saved TO opencabinet_feed;
GRANT SELECT ON TABLE public.staged_saved TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE ON TABLE public.stream_tickets TO opencabinet_serve;
GRANT UPDATE(made) ON TABLE public.stream_tickets TO opencabinet_serve;
GRANT SELECT ON TABLE public.throttles TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.throttles TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.throttles TO opencabinet_operate;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tokens TO opencabinet_serve;
GRANT SELECT(login) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(family) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(created_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(expires_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(revoked_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(kind) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(session) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(used_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(id) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(name) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(networks) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(functions) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(origins) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(reads_per_minute) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(proved_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT(last_used_at) ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO opencabinet_serve;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_margins TO opencabinet_serve;
