-- Where in a trace a turn is generated, so that a request that reads it later, on any instance, can
-- be tied to it. Only added to: processes of the earlier version go on.
ALTER TABLE turn
  -- W3C traceparent of the turn's span; null where it is in no sampled trace.
  ADD COLUMN trace_context text CHECK (length(trace_context) <= 64);
