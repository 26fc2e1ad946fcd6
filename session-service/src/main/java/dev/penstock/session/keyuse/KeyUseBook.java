package dev.penstock.session.keyuse;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import java.time.LocalDate;
import java.util.ArrayList;

/** Use by key and day. Adds what gateways counted, each batch once however often it comes. */
public final class KeyUseBook {
  // A gateway's batch that is not newer than its last one adds nothing. What a gateway that is gone
  // sent last cannot come again after a day.
  private static final String ADD =
      """
      WITH forgotten AS (
        DELETE FROM key_use_batch
        WHERE counted_at < clock_timestamp() - interval '1 day' AND instance_id <> $1
      ), fresh AS (
        INSERT INTO key_use_batch AS known (instance_id, number) VALUES ($1, $2)
        ON CONFLICT (instance_id) DO UPDATE
        SET number = excluded.number, counted_at = excluded.counted_at
        WHERE known.number < excluded.number
        RETURNING instance_id
      )
      INSERT INTO key_use AS known (tenant_id, day, key_id, requests, input_tokens, output_tokens,
        gpu_ms, refused)
      SELECT told.tenant, (told.use->>'day')::date, coalesce(told.use->>'key', ''),
        sum((told.use->>'requests')::bigint), sum((told.use->>'input_tokens')::bigint),
        sum((told.use->>'output_tokens')::bigint), sum((told.use->>'gpu_ms')::bigint),
        sum((told.use->>'refused')::bigint)
      FROM fresh, jsonb_to_recordset($3::text::jsonb) AS told (tenant text, use jsonb)
      GROUP BY 1, 2, 3
      ON CONFLICT (tenant_id, day, key_id) DO UPDATE
      SET requests = known.requests + excluded.requests,
        input_tokens = known.input_tokens + excluded.input_tokens,
        output_tokens = known.output_tokens + excluded.output_tokens,
        gpu_ms = known.gpu_ms + excluded.gpu_ms,
        refused = known.refused + excluded.refused
      """;

  private static final String READ =
      """
      SELECT key_id, day::text, requests, input_tokens, output_tokens, gpu_ms, refused
      FROM key_use
      WHERE tenant_id = $1 AND day BETWEEN $2::date AND $3::date
      ORDER BY day, key_id
      """;

  private final TenantDatabase foreground;
  private final Database owners;

  /**
   * @param owners whose role sees all tenants
   */
  public KeyUseBook(TenantDatabase foreground, Database owners) {
    this.foreground = foreground;
    this.owners = owners;
  }

  /**
   * Adds a batch.
   *
   * @throws FailureException {@code invalid_request} for one that takes something away
   */
  void add(KeyUse.Batch batch) {
    for (var told : batch.uses()) {
      var use = told.use();
      if (batch.number() < 1
          || use.requests() < 0
          || use.inputTokens() < 0
          || use.outputTokens() < 0
          || use.gpuMs() < 0
          || use.refused() < 0) {
        throw Bodies.invalid("Use is counted upwards.");
      }
    }
    owners.run(ADD, batch.instance(), batch.number(), Wire.text(batch.uses()));
  }

  /**
   * A tenant's use.
   *
   * @param from first day
   * @param to last day
   */
  KeyUse.Page read(String tenant, LocalDate from, LocalDate to) {
    var uses = new ArrayList<KeyUse>();
    for (var row : foreground.run(tenant, READ, tenant, from, to)) {
      var in = new Columns(row);
      var key = in.text();
      uses.add(
          new KeyUse(
              key.isEmpty() ? null : key,
              LocalDate.parse(in.text()),
              in.number(),
              in.number(),
              in.number(),
              in.number(),
              in.number()));
    }
    return new KeyUse.Page(uses);
  }
}
