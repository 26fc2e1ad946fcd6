package dev.penstock.local.keys;

import dev.penstock.kit.config.Environment;
import dev.penstock.session.keys.KeptKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys list}: a line per key, none of them a key. */
@Command(name = "list", description = "Show the keys there are.")
final class ListKeys implements Runnable {
  private static final String LINE = "%-12s  %-16s  %-20s  %-8s  %-20s  %s%n";

  @Mixin private final KeyDatabase database;

  @Option(names = "--tenant", description = "only this tenant's")
  private @Nullable String tenant;

  ListKeys(Environment environment) {
    this.database = new KeyDatabase(environment);
  }

  @Override
  public void run() {
    database.use(
        keys -> {
          System.out.printf(LINE, "ID", "TENANT", "NAME", "STATE", "LAST USED", "EXPIRES");
          keys.list(tenant).forEach(ListKeys::show);
        });
  }

  private static void show(KeptKey kept) {
    var key = kept.key();
    System.out.printf(
        LINE,
        key.id(),
        key.tenant(),
        key.name(),
        state(kept),
        shown(kept.lastUsedAt()),
        shown(key.expiresAt()));
  }

  private static String state(KeptKey kept) {
    var key = kept.key();
    if (key.revokedAt() != null) {
      return "revoked";
    }
    return key.expiresAt() != null && key.expiresAt().isBefore(Instant.now())
        ? "expired"
        : "in force";
  }

  private static String shown(@Nullable Instant time) {
    return time == null ? "never" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
