package dev.penstock.local.keys;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.kit.config.Environment;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys create}: the one moment in which a key is seen. */
@Command(name = "create", description = "Make a key; it is shown once.")
@SuppressWarnings("UnusedVariable") // picocli sets them
final class CreateKey implements Runnable {
  @Mixin private final KeyDatabase database;

  @Option(
      names = "--tenant",
      required = true,
      converter = PlainName.class,
      description = "whose it is")
  private String tenant = "";

  @Option(
      names = "--name",
      required = true,
      converter = PlainName.class,
      description = "what it is called; unique among the tenant's keys in force")
  private String name = "";

  @Option(
      names = "--user",
      converter = PlainName.class,
      description = "person it speaks for, who sees only their own sessions; none if left out")
  private @Nullable String user;

  @Option(
      names = "--scopes",
      split = ",",
      description = "chat, sessions, admin (default: chat,sessions)")
  private Set<Scope> scopes = EnumSet.of(Scope.CHAT, Scope.SESSIONS);

  @Option(
      names = "--models",
      split = ",",
      description = "names it may ask for, separated by commas; every model if left out")
  private @Nullable List<String> models;

  @Option(names = "--rpm", converter = AtLeastOne.class, description = "requests a minute")
  private @Nullable Integer requests;

  @Option(names = "--tpm", converter = AtLeastOne.class, description = "tokens a minute")
  private @Nullable Integer tokens;

  @Option(names = "--streams", converter = AtLeastOne.class, description = "answers at once")
  private @Nullable Integer streams;

  @Option(
      names = "--max-output-tokens",
      converter = AtLeastOne.class,
      description = "longest answer in tokens")
  private @Nullable Integer outputTokens;

  @Option(
      names = "--expires",
      converter = End.class,
      description = "when it ends: 90d, 12h, or 2027-01-31T00:00:00Z; never if left out")
  private @Nullable Instant expires;

  @Option(
      names = "--yaml",
      description = "keep nothing; print the entry for section keys of PENSTOCK_CONFIG")
  private boolean yaml;

  CreateKey(Environment environment) {
    this.database = new KeyDatabase(environment);
  }

  @Override
  public void run() {
    var pepper = database.peppers().first();
    var key = pepper.make(new SecureRandom());
    var stored = stored(key, pepper.hash(key));
    if (yaml) {
      System.out.print(KeyEntry.of(stored));
      // Not in what goes into the file.
      System.err.println("The key, shown this once:");
      System.err.println(key.text());
    } else {
      database.use(keys -> keys.add(stored));
      System.out.println("Key " + key.id() + " of tenant " + tenant + " is in force:");
      System.out.println();
      System.out.println("  " + key.text());
      System.out.println();
      System.out.println("It is shown this once; only a hash of it is kept.");
    }
  }

  private StoredKey stored(ApiKey key, String hash) {
    var limits = new Limits(requests, tokens, streams, outputTokens, null);
    return new StoredKey(key.id(), tenant, name, user, scopes, models, limits, hash, expires, null);
  }
}
