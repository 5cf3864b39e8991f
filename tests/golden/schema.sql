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
    CONSTRAINT accounts_login_check CHECK ((login > 0)),
    CONSTRAINT accounts_mode_check CHECK ((mode = ANY (ARRAY['hedging'::text, 'netting'::text]))),
    CONSTRAINT accounts_platform_check CHECK ((platform = ANY (ARRAY['mt4'::text, 'mt5'::text])))
);
COMMENT ON COLUMN public.accounts.balance IS 'as the server last reported it, at as_of';
COMMENT ON COLUMN public.accounts.complete IS 'whether the rows we hold explain the balance to the last digit';
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_passwords (
    login bigint NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
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
    CONSTRAINT deals_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text, 'in/out'::text, 'out by'::text, ''::text]))),
    CONSTRAINT deals_lots_check CHECK ((lots >= (0)::numeric))
);
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
CREATE TABLE public.followers (
    name text NOT NULL,
    xid xid8 NOT NULL,
    id bigint NOT NULL,
    reached_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.masks (
    login bigint NOT NULL,
    network cidr NOT NULL,
    CONSTRAINT masks_network_check CHECK ((masklen((network)::inet) > 0))
);
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
    CONSTRAINT open_trades_lots_check CHECK ((lots >= (0)::numeric)),
    CONSTRAINT open_trades_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text])))
);
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
CREATE TABLE public.policies (
    login bigint NOT NULL,
    level text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT policies_level_check CHECK ((level = ANY (ARRAY['open'::text, 'closed'::text])))
);
COMMENT ON TABLE public.policies IS 'an account without a row is closed';
CREATE TABLE public.servers (
    name text NOT NULL,
    clock text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT servers_name_check CHECK ((name ~ '^[^[:cntrl:]]{1,64}$'::text))
);
CREATE TABLE public.sources (
    server text NOT NULL,
    number bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    login bigint NOT NULL
);
COMMENT ON TABLE public.sources IS 'which account a server''s number means, from when on';
CREATE TABLE public.tokens (
    hash bytea NOT NULL,
    login bigint NOT NULL,
    family text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT tokens_family_check CHECK ((family = ANY (ARRAY['client'::text, 'partner'::text, 'mobile'::text])))
);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.api_passwords
    ADD CONSTRAINT api_passwords_pkey PRIMARY KEY (login, hash);
ALTER TABLE ONLY public.closed_trades
    ADD CONSTRAINT closed_trades_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_pkey PRIMARY KEY (login, deal);
ALTER TABLE ONLY public.event_numbers
    ADD CONSTRAINT event_numbers_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (login, number);
ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.masks
    ADD CONSTRAINT masks_pkey PRIMARY KEY (login, network);
ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.open_trades
    ADD CONSTRAINT open_trades_pkey PRIMARY KEY (login, "position");
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (login, ticket);
ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (login);
ALTER TABLE ONLY public.servers
    ADD CONSTRAINT servers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_login_key UNIQUE (login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (server, number, since);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (hash);
CREATE INDEX closed_trades_by_time ON public.closed_trades USING btree (login, closed_at, ticket);
CREATE INDEX events_in_order ON public.events USING btree (xid, id);
CREATE INDEX tokens_by_expiry ON public.tokens USING btree (expires_at);
CREATE INDEX tokens_by_login ON public.tokens USING btree (login, expires_at);
ALTER TABLE ONLY public.api_passwords
    ADD CONSTRAINT api_passwords_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.closed_trades
    ADD CONSTRAINT closed_trades_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.event_numbers
    ADD CONSTRAINT event_numbers_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.masks
    ADD CONSTRAINT masks_login_fkey FOREIGN KEY (login) REFERENCES public.policies(login);
ALTER TABLE ONLY public.movements
    ADD CONSTRAINT movements_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.open_trades
    ADD CONSTRAINT open_trades_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_server_fkey FOREIGN KEY (server) REFERENCES public.servers(name);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_login_fkey FOREIGN KEY (login) REFERENCES public.accounts(login);
GRANT SELECT ON TABLE public.accounts TO opencabinet_read;
GRANT SELECT ON TABLE public.accounts TO opencabinet_serve;
GRANT SELECT ON TABLE public.alembic_version TO opencabinet_read;
GRANT SELECT ON TABLE public.alembic_version TO opencabinet_serve;
GRANT SELECT ON TABLE public.api_passwords TO opencabinet_read;
GRANT SELECT ON TABLE public.api_passwords TO opencabinet_serve;
GRANT SELECT ON TABLE public.closed_trades TO opencabinet_read;
GRANT SELECT ON TABLE public.closed_trades TO opencabinet_serve;
GRANT SELECT ON TABLE public.deals TO opencabinet_read;
GRANT SELECT ON TABLE public.deals TO opencabinet_serve;
GRANT SELECT ON TABLE public.event_numbers TO opencabinet_read;
GRANT SELECT ON TABLE public.event_numbers TO opencabinet_serve;
GRANT SELECT ON TABLE public.events TO opencabinet_read;
GRANT SELECT ON TABLE public.events TO opencabinet_serve;
GRANT UPDATE(xid) ON TABLE public.events TO opencabinet_serve;
GRANT SELECT ON TABLE public.followers TO opencabinet_read;
GRANT SELECT,INSERT,UPDATE ON TABLE public.followers TO opencabinet_serve;
GRANT SELECT ON TABLE public.masks TO opencabinet_read;
GRANT SELECT ON TABLE public.masks TO opencabinet_serve;
GRANT SELECT ON TABLE public.movements TO opencabinet_read;
GRANT SELECT ON TABLE public.movements TO opencabinet_serve;
GRANT SELECT ON TABLE public.open_trades TO opencabinet_read;
GRANT SELECT ON TABLE public.open_trades TO opencabinet_serve;
GRANT SELECT ON TABLE public.orders TO opencabinet_read;
GRANT SELECT ON TABLE public.orders TO opencabinet_serve;
GRANT SELECT ON TABLE public.policies TO opencabinet_read;
GRANT SELECT ON TABLE public.policies TO opencabinet_serve;
GRANT SELECT ON TABLE public.servers TO opencabinet_read;
GRANT SELECT ON TABLE public.servers TO opencabinet_serve;
GRANT SELECT ON TABLE public.sources TO opencabinet_read;
GRANT SELECT ON TABLE public.sources TO opencabinet_serve;
GRANT SELECT ON TABLE public.tokens TO opencabinet_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tokens TO opencabinet_serve;
