-- Single messages that are added to a session, and those that a turn was given.
ALTER TABLE request_key
  -- The first of the messages that were added under the key; the others follow it (turns.md T-5).
  ADD COLUMN message_id uuid;

-- Of every turn, so that whoever looks for a turn's messages need not read its session's.
DROP INDEX message_of_turn;
CREATE INDEX message_of_turn ON message (turn_id, ordinal) WHERE turn_id IS NOT NULL;
