package dev.penstock.proxy.models;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.proxy.admission.Placement;
import dev.penstock.proxy.generation.ModelTraits;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The models as callers see them. Confined to the admission's context. */
public final class ServedModels {
  private static final long FRESH_MS = 5_000;

  private final ModelCatalog catalog;
  private final ModelReadiness readiness;
  private final Predicate<String> reachable;
  private final @Nullable String defaultModel;
  private final int maxOutputTokens;

  /**
   * The models of that catalog.
   *
   * @param reachable whether an upstream can be reached, as last seen
   * @param defaultModel null to take the first Gemma, or the first of all
   * @param maxOutputTokens for models the configuration does not name
   */
  public ServedModels(
      ModelCatalog catalog,
      ModelReadiness readiness,
      Predicate<String> reachable,
      @Nullable String defaultModel,
      int maxOutputTokens) {
    this.catalog = catalog;
    this.readiness = readiness;
    this.reachable = reachable;
    this.defaultModel = defaultModel;
    this.maxOutputTokens = maxOutputTokens;
  }

  /** All of them, the default first, then by name. Never fails. */
  public Future<List<ServedModel>> list() {
    return catalog.refreshIfOlder(FRESH_MS).map(_ -> describeAll());
  }

  /**
   * Loads the model where it is not loaded, so that all is known about it (turns.md T-24); fails
   * with a {@code FailureException} or a {@code SetbackException}.
   */
  public Future<ServedModel> probe(String model) {
    return catalog
        .place(model)
        .compose(
            placement ->
                readiness
                    .prepare(bestOf(placement), placement.model(), _ -> {})
                    .map(_ -> describe(idOf(model, placement), placement.upstreams())));
  }

  /** Upper bound of {@code max_tokens} for a model. Safe from any thread. */
  public int maxOutputTokens(String model) {
    var fixed = catalog.configured().get(ModelName.key(model));
    return fixed == null ? maxOutputTokens : fixed.maxOutputTokens();
  }

  private List<ServedModel> describeAll() {
    var models = new ArrayList<ServedModel>();
    for (var fixed : catalog.configured().values()) {
      models.add(describe(fixed.id(), fixed.upstreams()));
    }
    catalog
        .all()
        .forEach(
            (key, model) -> {
              if (!catalog.configured().containsKey(key)) {
                models.add(describe(model.id(), catalog.upstreamsOf(model.id())));
              }
            });
    models.sort(
        Comparator.comparing((ServedModel model) -> !model.isDefault())
            .thenComparing(ServedModel::id));
    return models;
  }

  private ServedModel describe(String id, List<String> upstreams) {
    var fixed = catalog.configured().get(ModelName.key(id));
    var servedAs = fixed == null ? id : fixed.servedAs();
    var installed = catalog.all().get(ModelName.key(servedAs));
    var traits =
        upstreams.stream()
            .map(upstream -> readiness.traits(upstream, servedAs))
            .filter(Objects::nonNull)
            .toList();
    var facts =
        Stream.concat(
                traits.stream().map(ModelTraits::facts),
                Stream.ofNullable(installed).map(InstalledModel::facts))
            .reduce(ModelFacts.UNKNOWN, ModelFacts::or);
    return new ServedModel(
        id,
        installed == null ? 0 : installed.created(),
        "library",
        ServedModel.Kind.SELF_HOSTED,
        state(servedAs, upstreams),
        ModelName.key(id).equals(defaultKey()),
        upstreams.stream()
            .map(upstream -> readiness.contextLength(upstream, servedAs))
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null),
        maxOutputTokens(id),
        traits.isEmpty() ? null : traits.stream().allMatch(ModelTraits::continues),
        facts.has(Capability.THINKING),
        facts);
  }

  private ServedModel.State state(String servedAs, List<String> upstreams) {
    if (upstreams.stream().noneMatch(reachable)) {
      return ServedModel.State.UNAVAILABLE;
    }
    return upstreams.stream().anyMatch(upstream -> readiness.loading(upstream, servedAs))
        ? ServedModel.State.LOADING
        : ServedModel.State.READY;
  }

  private @Nullable String defaultKey() {
    if (defaultModel != null) {
      return ModelName.key(defaultModel);
    }
    var keys = new ArrayList<>(catalog.configured().keySet());
    keys.addAll(catalog.all().keySet());
    return keys.stream()
        .filter(key -> key.contains("gemma"))
        .findFirst()
        .orElse(keys.isEmpty() ? null : keys.getFirst());
  }

  private String bestOf(Placement placement) {
    return placement.upstreams().stream()
        .filter(upstream -> readiness.traits(upstream, placement.model()) != null)
        .findFirst()
        .or(() -> placement.upstreams().stream().filter(reachable).findFirst())
        .orElse(placement.upstreams().getFirst());
  }

  private String idOf(String asked, Placement placement) {
    var fixed = catalog.configured().get(ModelName.key(asked));
    return fixed == null ? placement.model() : fixed.id();
  }
}
