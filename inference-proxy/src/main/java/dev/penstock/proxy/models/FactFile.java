package dev.penstock.proxy.models;

import static java.lang.System.Logger.Level.DEBUG;

import dev.penstock.contracts.generation.ModelFacts;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What servers tell about each of their models beyond their lists. A server is asked about one
 * model at a time, and about each only when it is new or has changed. Confined to the admission's
 * context.
 */
final class FactFile {
  private static final System.Logger LOG = System.getLogger(FactFile.class.getName());

  private final Map<Key, Entry> entries = new HashMap<>();
  private final Set<String> asking = new HashSet<>();

  private record Key(String upstream, String model) {}

  /** Facts about the model as it was listed. */
  private record Entry(ModelFacts listed, ModelFacts facts) {}

  /** What is known of a listed model on an upstream. */
  ModelFacts of(String upstream, InstalledModel model) {
    var entry = entries.get(key(upstream, model));
    return entry == null ? model.facts() : entry.facts.or(model.facts());
  }

  /** Has what is new in the list looked at, in the background. */
  void listed(ModelServer server, List<InstalledModel> models) {
    if (!asking.add(server.name())) {
      return; // the next list brings what this one does
    }
    var unknown = new ArrayDeque<InstalledModel>();
    var present = new HashSet<Key>();
    for (var model : models) {
      var key = key(server.name(), model);
      present.add(key);
      var entry = entries.get(key);
      if (entry == null || !entry.listed.equals(model.facts())) {
        unknown.add(model);
      }
    }
    entries.keySet().removeIf(key -> key.upstream.equals(server.name()) && !present.contains(key));
    askAll(server, unknown).onComplete(_ -> asking.remove(server.name()));
  }

  private Future<Void> askAll(ModelServer server, Deque<InstalledModel> unknown) {
    var model = unknown.poll();
    if (model == null) {
      return Future.succeededFuture();
    }
    return server
        .facts(model.id())
        .onSuccess(facts -> entries.put(key(server.name(), model), new Entry(model.facts(), facts)))
        // Asked again after the next list; the rest of a server that is down can wait too.
        .onFailure(
            failure -> LOG.log(DEBUG, server.name() + " tells nothing of " + model.id(), failure))
        .transform(_ -> askAll(server, unknown));
  }

  private static Key key(String upstream, InstalledModel model) {
    return new Key(upstream, ModelName.key(model.id()));
  }
}
