package dev.penstock.gateway.keyuse;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.caller.Caller;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Use by key and day that was not reported yet. Safe from any thread: asked once at the end of a
 * request.
 */
public final class UseLedger {
  private static final System.Logger LOG = System.getLogger(UseLedger.class.getName());

  private final int maxRows;
  private final InstantSource clock;
  private final Map<Row, KeyUse> rows = new HashMap<>();
  private long lost;

  private record Row(String tenant, @Nullable String key, LocalDate day) {}

  /**
   * @param maxRows keys and days that are kept; what comes beyond is not counted, and logged
   */
  public UseLedger(int maxRows, InstantSource clock) {
    this.maxRows = maxRows;
    this.clock = clock;
  }

  /** A model was asked for a caller. */
  public void used(Caller caller, Usage usage, long gpuMs) {
    var row = row(caller);
    add(
        row,
        new KeyUse(row.key(), row.day(), 1, usage.inputTokens(), usage.outputTokens(), gpuMs, 0));
  }

  /** A request was refused for want of what the caller's limits leave. */
  public void refused(Caller caller) {
    var row = row(caller);
    add(row, new KeyUse(row.key(), row.day(), 0, 0, 0, 0, 1));
  }

  /** Takes out what there is, at most {@code most} rows. */
  synchronized List<KeyUse.OfTenant> take(int most) {
    if (lost > 0) {
      LOG.log(WARNING, "use of " + lost + " requests is not counted: too many keys at once");
      lost = 0;
    }
    var uses = new ArrayList<KeyUse.OfTenant>();
    var each = rows.entrySet().iterator();
    while (each.hasNext() && uses.size() < most) {
      var next = each.next();
      uses.add(new KeyUse.OfTenant(next.getKey().tenant(), next.getValue()));
      each.remove();
    }
    return uses;
  }

  private synchronized void add(Row row, KeyUse use) {
    if (rows.size() >= maxRows && !rows.containsKey(row)) {
      lost++;
    } else {
      rows.merge(row, use, KeyUse::plus);
    }
  }

  private Row row(Caller caller) {
    var day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return new Row(caller.tenant(), caller.rights().key(), day);
  }
}
