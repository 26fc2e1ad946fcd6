-- API keys: all of them but the key itself. Only added to: processes of the earlier version go on.
CREATE TABLE api_key (
  -- The part of the key that may be shown.
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{12}$'),
  tenant_id text NOT NULL CHECK (length(tenant_id) BETWEEN 1 AND 128),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  -- Whom it speaks for, who then sees only their own sessions; null for an application.
  person text,
  scopes text[] NOT NULL,
  -- Names that may be asked for; null for every model.
  models text[],
  limits jsonb NOT NULL DEFAULT '{}',
  -- Lower-case hex of HMAC-SHA-256 over the whole key.
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  -- To the minute.
  last_used_at timestamptz
);

CREATE UNIQUE INDEX api_key_of_name ON api_key (tenant_id, name) WHERE revoked_at IS NULL;

-- Whose a key is shows only once it was looked up by its id: so the owner's side does that, which
-- sees every tenant. What a person waits for sees its own tenant's keys and changes none.
GRANT SELECT, INSERT, UPDATE ON api_key TO penstock_log;
GRANT SELECT ON api_key TO penstock_foreground;
ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON api_key TO penstock_foreground
  USING (tenant_id = current_setting('app.tenant', true));
CREATE POLICY every_tenant ON api_key TO penstock_log USING (true) WITH CHECK (true);
