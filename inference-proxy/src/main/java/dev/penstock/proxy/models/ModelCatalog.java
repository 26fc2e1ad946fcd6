package dev.penstock.proxy.models;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.proxy.admission.ModelDirectory;
import dev.penstock.proxy.admission.Placement;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which upstream has which model: what the configuration says, and for the rest what the servers
 * list. Confined to the admission's context.
 *
 * <p>A server that has never answered is asked for the default model, which waits for it as for any
 * server that starts; for other models nobody lists it is "cannot be reached", not "is not there".
 */
public final class ModelCatalog implements ModelDirectory {
  private static final long AT_MOST_EVERY_MS = 1_000;
  private static final long WHILE_SOME_UNKNOWN_MS = 5_000;
  private static final long STALE_MS = 60_000;

  private final Collection<ModelServer> servers;
  private final Map<String, ConfiguredModel> configured = new LinkedHashMap<>();
  private final Aliases aliases;
  private final @Nullable String defaultModel;
  private final LongSupplier clock;
  private final Map<String, Map<String, InstalledModel>> installed = new HashMap<>();
  // Written on the admission's context only; health routes read it from elsewhere.
  private final Set<String> unreachable = ConcurrentHashMap.newKeySet();
  private final FactFile facts = new FactFile();
  private @Nullable Future<Void> refresh;
  private long refreshedAt = Long.MIN_VALUE / 2;

  /**
   * A catalog of those servers.
   *
   * @param defaultModel null where none is configured
   * @param clock monotonic milliseconds
   */
  public ModelCatalog(
      Collection<ModelServer> servers,
      List<ConfiguredModel> configured,
      Aliases aliases,
      @Nullable String defaultModel,
      LongSupplier clock) {
    this.aliases = aliases;
    this.defaultModel = defaultModel;
    this.servers = servers;
    this.clock = clock;
    configured.forEach(each -> this.configured.put(ModelName.key(each.id()), each));
  }

  @Override
  public Future<Placement> place(String name) {
    var model = aliases.resolve(name);
    var fixed = configured.get(ModelName.key(model));
    if (fixed != null) {
      return Future.succeededFuture(fixed.placement());
    }
    var known = listed(model);
    if (known != null) {
      refreshIfOlder(
          installed.size() < servers.size() || !unreachable.isEmpty()
              ? WHILE_SOME_UNKNOWN_MS
              : STALE_MS);
      return Future.succeededFuture(known);
    }
    return refreshIfOlder(AT_MOST_EVERY_MS).compose(_ -> placeAnew(model));
  }

  @Override
  public void gone(String upstream, String model) {
    var models = installed.get(upstream);
    if (models != null) {
      models.remove(ModelName.key(model));
    }
  }

  /** Asks every server for its list unless that was done within {@code ms}. Never fails. */
  Future<Void> refreshIfOlder(long ms) {
    if (refresh != null) {
      return refresh;
    }
    if (clock.getAsLong() - refreshedAt <= ms) {
      return Future.succeededFuture();
    }
    var lists = servers.stream().map(this::list).toList();
    var running = Future.join(lists).<Void>mapEmpty().otherwiseEmpty();
    refresh = running;
    running.onComplete(
        _ -> {
          refresh = null;
          refreshedAt = clock.getAsLong();
        });
    return running;
  }

  /** A model as one server lists and describes it; null if it does not list it. */
  @Nullable InstalledModel installed(String upstream, String model) {
    var found = installed.getOrDefault(upstream, Map.of()).get(ModelName.key(model));
    return found == null ? null : described(upstream, found);
  }

  private InstalledModel described(String upstream, InstalledModel listed) {
    return new InstalledModel(listed.id(), listed.created(), facts.of(upstream, listed));
  }

  /** All models some server lists, by their key; of several entries the first server's. */
  Map<String, InstalledModel> all() {
    var models = new LinkedHashMap<String, InstalledModel>();
    for (var server : servers) {
      installed
          .getOrDefault(server.name(), Map.of())
          .forEach(
              (key, model) -> models.computeIfAbsent(key, _ -> described(server.name(), model)));
    }
    return models;
  }

  /** Models mapped by hand, by their key. */
  Map<String, ConfiguredModel> configured() {
    return configured;
  }

  /** Other names of models. */
  Aliases aliases() {
    return aliases;
  }

  /** Where a model is served that is configured or listed now; null if it is neither. */
  @Nullable Placement known(String name) {
    var model = aliases.resolve(name);
    var fixed = configured.get(ModelName.key(model));
    return fixed == null ? listed(model) : fixed.placement();
  }

  /** Where a model runs: with others, only if none of its upstreams is ours. */
  ServedModel.Kind kind(Placement placement) {
    return servers.stream()
        .filter(server -> placement.upstreams().contains(server.name()))
        .map(ModelServer::kind)
        .filter(kind -> kind == ServedModel.Kind.SELF_HOSTED)
        .findFirst()
        .orElse(ServedModel.Kind.MANAGED);
  }

  /** Whether the server answered when last asked. Safe from any thread. */
  public boolean reachable(String upstream) {
    return !unreachable.contains(upstream);
  }

  private Future<Void> list(ModelServer server) {
    return server
        .installed()
        .onSuccess(
            models -> {
              var byKey = new LinkedHashMap<String, InstalledModel>();
              models.forEach(model -> byKey.put(ModelName.key(model.id()), model));
              installed.put(server.name(), byKey);
              unreachable.remove(server.name());
              facts.listed(server, models);
            })
        .onFailure(_ -> unreachable.add(server.name()))
        .mapEmpty();
  }

  private Future<Placement> placeAnew(String model) {
    var known = listed(model);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    var unknown =
        servers.stream()
            .map(ModelServer::name)
            .filter(name -> !installed.containsKey(name))
            .toList();
    if (unknown.isEmpty()) {
      return Future.failedFuture(
          Failure.of(FailureCode.MODEL_NOT_FOUND, "No model server here has this model.")
              .asException());
    }
    // Only for a name the operator gave: names that callers make up must not leave anything behind.
    return defaultModel != null
            && ModelName.key(aliases.resolve(defaultModel)).equals(ModelName.key(model))
        ? Future.succeededFuture(Placement.of(model, unknown))
        : Future.failedFuture(Setback.unreachable().failure().asException());
  }

  private @Nullable Placement listed(String model) {
    var servedAs = new LinkedHashMap<String, String>();
    for (var server : servers) {
      var found = installed(server.name(), model);
      if (found != null) {
        servedAs.put(server.name(), found.id());
      }
    }
    return servedAs.isEmpty()
        ? null
        : new Placement(servedAs.firstEntry().getValue(), servedAs, null);
  }
}
