-- Turns that stand outside a session or are given several messages, and messages that call tools or
-- answer for them (turns.md T-4, T-17). Only added to: processes of the earlier version go on.
ALTER TABLE turn
  -- Whose it is, where no session says so.
  ADD COLUMN person text,
  -- How many ordinals its input has; the answer's is the next one.
  ADD COLUMN inputs int NOT NULL DEFAULT 1 CHECK (inputs >= 1),
  -- As session.history_from was for this turn; a turn chained to it starts from there (T-3).
  ADD COLUMN history_from int NOT NULL DEFAULT 1,
  -- What its answer may be made of; null for plain text.
  ADD COLUMN form jsonb,
  -- What a dialect keeps with it.
  ADD COLUMN extra jsonb,
  -- Hidden from every caller; its messages still count for what was chained to it.
  ADD COLUMN deleted_at timestamptz;

CREATE INDEX turn_of_parent ON turn (parent_turn_id) WHERE parent_turn_id IS NOT NULL;
CREATE INDEX turn_deleted ON turn (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE message
  -- What an assistant's message asks for: [{"id":…,"name":…,"arguments":…}].
  ADD COLUMN tool_calls jsonb,
  -- What a tool's message answers.
  ADD COLUMN tool_call_id text,
  ADD COLUMN tool_name text,
  -- Taken out of its conversation: nobody sees it, no model is told of it, its text is gone.
  ADD COLUMN removed boolean NOT NULL DEFAULT false;

CREATE INDEX message_of_turn ON message (turn_id, ordinal) WHERE session_id IS NULL;
