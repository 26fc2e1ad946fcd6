-- Responses that stand alone, oldest first, for PENSTOCK_SESSION_TTL: an id tells its time. Few
-- turns are in it, and none changes its place. Only added to: earlier processes go on.
CREATE INDEX turn_of_no_session ON turn (id) WHERE session_id IS NULL AND deleted_at IS NULL;
