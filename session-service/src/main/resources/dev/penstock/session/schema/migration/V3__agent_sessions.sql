-- Sessions that clients of agents call by app, user and an id of their own, and the state they keep
-- there (adk-api.md section 3). Only added to: processes of the earlier version go on.
ALTER TABLE session
  ADD COLUMN app text,
  -- Null for a session that was made natively; there it is the id.
  ADD COLUMN external_id text,
  ADD COLUMN state jsonb NOT NULL DEFAULT '{}',
  ADD CONSTRAINT external_id_within_app
    CHECK (external_id IS NULL OR app IS NOT NULL AND person IS NOT NULL);

CREATE UNIQUE INDEX session_by_external_id ON session (tenant_id, app, person, external_id)
  WHERE deleted_at IS NULL AND external_id IS NOT NULL;

-- Events that no turn made: changes of state, and what a session was begun with. No model is told
-- of them. The ordinal is the session's, among those of its messages.
CREATE TABLE session_event (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
  ordinal int NOT NULL,
  event jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE UNIQUE INDEX event_of_session ON session_event (session_id, ordinal);

GRANT SELECT, INSERT, UPDATE, DELETE ON session_event TO penstock_foreground, penstock_log;
ALTER TABLE session_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_event FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON session_event TO penstock_foreground
  USING (tenant_id = current_setting('app.tenant', true))
  WITH CHECK (tenant_id = current_setting('app.tenant', true));
CREATE POLICY every_tenant ON session_event TO penstock_log USING (true) WITH CHECK (true);
