-- What was asked with each key on each day. Only added to: processes of the earlier version go on.
CREATE TABLE key_use (
  tenant_id text NOT NULL,
  day date NOT NULL,
  -- Empty for what a tenant asked without a key.
  key_id text NOT NULL,
  requests bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  gpu_ms bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, key_id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

-- The last batch of each gateway that was counted: one that comes again counts no more.
CREATE TABLE key_use_batch (
  instance_id uuid PRIMARY KEY,
  number bigint NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

GRANT SELECT ON key_use TO penstock_foreground;
GRANT SELECT, INSERT, UPDATE, DELETE ON key_use, key_use_batch TO penstock_log;
ALTER TABLE key_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_use FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON key_use TO penstock_foreground
  USING (tenant_id = current_setting('app.tenant', true))
  WITH CHECK (tenant_id = current_setting('app.tenant', true));
CREATE POLICY every_tenant ON key_use TO penstock_log USING (true) WITH CHECK (true);
