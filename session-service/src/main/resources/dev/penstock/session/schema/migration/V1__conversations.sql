-- Conversation state: sessions, turns, messages, the token log, leases.
--
-- Two roles serve requests; neither owns a table with tenant rows nor bypasses row security:
--   penstock_foreground  one tenant at a time, named by the setting app.tenant of the transaction
--   penstock_log         the owner's side: log, leases, finish, reaper, housekeeping; all tenants
-- Roles belong to the whole server. They are made here if the migrating user may; otherwise an
-- administrator makes them first and grants them to the user the service connects as.
DO $$
DECLARE
  role_name text;
  may_create boolean;
BEGIN
  SELECT rolsuper OR rolcreaterole INTO may_create FROM pg_roles WHERE rolname = current_user;
  FOREACH role_name IN ARRAY ARRAY['penstock_foreground', 'penstock_log'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      IF NOT may_create THEN
        RAISE EXCEPTION 'role % is missing and % may not create roles', role_name, current_user
          USING HINT = format(
            'As an administrator: CREATE ROLE %I NOLOGIN; GRANT %I TO %I;',
            role_name, role_name, current_user);
      END IF;
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server is being migrated at the same time
      END;
    END IF;
    IF NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
    END IF;
  END LOOP;
END
$$;

-- UUID v7 (RFC 9562) by the database's clock, also before PostgreSQL 18. The version's four bits
-- turn 0100 into 0111.
CREATE FUNCTION uuid7_now() RETURNS uuid
  LANGUAGE sql VOLATILE PARALLEL SAFE
  AS $$
    SELECT encode(
      set_bit(
        set_bit(
          overlay(
            uuid_send(gen_random_uuid())
            PLACING substring(
              int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6),
          52, 1),
        53, 1),
      'hex')::uuid
  $$;

-- The least UUID whose first 48 bits are that time: a bound between ids, not an id.
CREATE FUNCTION uuid7_floor(moment timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0')
      || repeat('0', 20))::uuid
  $$;

CREATE TABLE session (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  person text,
  title text,
  instruction text,
  agent text,
  model text,
  options jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  version bigint NOT NULL DEFAULT 1,
  message_count int NOT NULL DEFAULT 0,
  next_ordinal int NOT NULL DEFAULT 1,
  -- Ordinal of the first message that still goes to the model (T-3); moves in big steps.
  history_from int NOT NULL DEFAULT 1,
  active_turn_id uuid,
  last_turn_id uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- "version > 0" is always so, and only lists ask for it: a plan that is made while the table is
-- empty must not take this index to look up an id.
CREATE INDEX session_by_activity ON session (tenant_id, updated_at DESC, id DESC)
  WHERE deleted_at IS NULL AND version > 0;
CREATE INDEX session_by_person ON session (tenant_id, person, updated_at DESC, id DESC)
  WHERE deleted_at IS NULL AND version > 0 AND person IS NOT NULL;
CREATE INDEX session_deleted ON session (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE turn (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  -- Null for a response without conversation, chained by parent_turn_id (T-4).
  session_id uuid REFERENCES session ON DELETE CASCADE,
  parent_turn_id uuid,
  -- Order within the session, and the ordinal its user message has or would have; the answer's
  -- is one more.
  ordinal int NOT NULL,
  state text NOT NULL DEFAULT 'accepted' CHECK (
    state IN ('accepted', 'streaming', 'completed', 'failed', 'cancelled', 'interrupted')),
  attempt int NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  -- Base of attempt 1, 2, …; null between a claim and its base (T-23).
  bases int[] NOT NULL DEFAULT '{0}',
  -- Known once the turn is final; before that the log knows.
  last_seq int,
  owner_id uuid,
  owned_since timestamptz NOT NULL DEFAULT clock_timestamp(),
  released_at timestamptz,
  takeovers int NOT NULL DEFAULT 0,
  cancel boolean NOT NULL DEFAULT false,
  -- Refused at the door: may be started over under its key (T-18, T-19).
  refused boolean NOT NULL DEFAULT false,
  deadline timestamptz NOT NULL,
  model text NOT NULL,
  agent text,
  instruction text,
  options jsonb NOT NULL DEFAULT '{}',
  on_disconnect text NOT NULL DEFAULT 'continue' CHECK (on_disconnect IN ('continue', 'cancel')),
  disconnect_grace_ms bigint NOT NULL DEFAULT 5000,
  regenerates uuid,
  continues uuid,
  warnings jsonb NOT NULL DEFAULT '[]',
  input_message_id uuid NOT NULL,
  output_message_id uuid,
  -- UTF-8 bytes sent to the model; feeds the usage we estimate where nobody counted (T-40).
  prompt_bytes bigint NOT NULL DEFAULT 0,
  finish_reason text,
  usage jsonb,
  timings jsonb,
  error jsonb,
  queue jsonb,
  sha256 text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

CREATE UNIQUE INDEX turn_one_active ON turn (session_id)
  WHERE state IN ('accepted', 'streaming');
CREATE UNIQUE INDEX turn_of_session ON turn (session_id, ordinal);
CREATE INDEX turn_unfinished ON turn (owner_id) WHERE state IN ('accepted', 'streaming');

CREATE TABLE message (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  session_id uuid REFERENCES session ON DELETE CASCADE,
  turn_id uuid,
  ordinal int NOT NULL,
  role text NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
  text text NOT NULL,
  model text,
  status text NOT NULL DEFAULT 'complete' CHECK (status IN ('complete', 'partial')),
  finish_reason text,
  usage jsonb,
  -- The user message an answer belongs to.
  answers uuid,
  -- A user message whose only turns were refused at the door (T-18).
  withdrawn boolean NOT NULL DEFAULT false,
  -- An answer that a regenerated or continued one has replaced.
  superseded boolean NOT NULL DEFAULT false,
  -- What a dialect keeps beside the text.
  extra jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE UNIQUE INDEX message_of_session ON message (session_id, ordinal);

-- One key space per tenant for sessions and turns (T-5).
CREATE TABLE request_key (
  tenant_id text NOT NULL,
  client_key text NOT NULL,
  req_hash text NOT NULL,
  session_id uuid,
  turn_id uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, client_key)
);
CREATE INDEX request_key_by_age ON request_key USING brin (created_at) WITH (autosummarize = on);

-- The row of T-10. It carries no tenant: its turn does, and its key is the turn's.
CREATE TABLE token_log (
  turn_id uuid NOT NULL,
  attempt int NOT NULL,
  seq_from int NOT NULL,
  seq_to int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('deltas', 'snapshot', 'terminal')),
  data text NOT NULL,
  PRIMARY KEY (turn_id, attempt, seq_to)
) PARTITION BY RANGE (turn_id);

CREATE TABLE instance (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('gateway', 'session-service')),
  lease_until timestamptz NOT NULL,
  alive_since timestamptz NOT NULL,
  draining boolean NOT NULL DEFAULT false,
  -- Turns of other owners with readers here (T-33).
  following uuid[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);

CREATE TABLE app_state (
  tenant_id text NOT NULL,
  app text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (tenant_id, app, key)
);

CREATE TABLE user_state (
  tenant_id text NOT NULL,
  app text NOT NULL,
  person text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (tenant_id, app, person, key)
);

GRANT USAGE ON SCHEMA penstock TO penstock_foreground, penstock_log;
GRANT CREATE ON SCHEMA penstock TO penstock_log;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON session, turn, message, request_key, app_state, user_state
  TO penstock_foreground, penstock_log;
GRANT SELECT, INSERT ON token_log TO penstock_foreground;
GRANT SELECT ON instance TO penstock_foreground;
GRANT SELECT, INSERT, UPDATE, DELETE ON instance TO penstock_log;

-- Second line of tenant isolation: every query names its tenant as well. An unset app.tenant is
-- null and shows nothing.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY
    ARRAY['session', 'turn', 'message', 'request_key', 'app_state', 'user_state']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I TO penstock_foreground
         USING (tenant_id = current_setting(''app.tenant'', true))
         WITH CHECK (tenant_id = current_setting(''app.tenant'', true))', name);
    EXECUTE format(
      'CREATE POLICY every_tenant ON %I TO penstock_log USING (true) WITH CHECK (true)', name);
  END LOOP;
END
$$;

ALTER TABLE token_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY turns_of_one_tenant ON token_log TO penstock_foreground
  USING (EXISTS (SELECT FROM turn WHERE turn.id = token_log.turn_id))
  WITH CHECK (EXISTS (SELECT FROM turn WHERE turn.id = token_log.turn_id));

-- The partition keeper makes and drops partitions as this role. The owner is not held by the
-- policy above.
ALTER TABLE token_log OWNER TO penstock_log;
