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
import java.util.function.BiFunction;
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
   * @param defaultModel null to take the first Gemma that answers, or the first model that does
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

  /** Asks the servers what they have, where that was not done a moment ago. Never fails. */
  public Future<Void> refresh() {
    return catalog.refreshIfOlder(FRESH_MS);
  }

  /** All of them, the default first, then by name. Never fails. */
  Future<List<ListedModel>> list() {
    return refresh().map(_ -> describeAll());
  }

  /**
   * Loads the model where it is not loaded, so that all is known about it (turns.md T-24); fails
   * with a {@code FailureException} or a {@code SetbackException}.
   */
  Future<ServedModel> probe(String name) {
    return catalog
        .place(name)
        .compose(
            placement -> {
              var upstream = bestOf(placement);
              return readiness
                  .prepare(upstream, placement.nameAt(upstream), _ -> {})
                  .map(_ -> describe(idOf(name, placement), placement));
            });
  }

  /** Upper bound of {@code max_tokens} for a model. Safe from any thread. */
  public int maxOutputTokens(String name) {
    var fixed = catalog.configured().get(ModelName.key(catalog.aliases().resolve(name)));
    var own = fixed == null ? null : fixed.maxOutputTokens();
    return own == null ? maxOutputTokens : own;
  }

  private List<ListedModel> describeAll() {
    var models = new ArrayList<ListedModel>();
    for (var fixed : catalog.configured().values()) {
      models.add(new ListedModel(describe(fixed.id(), fixed.placement()), null));
    }
    for (var alias : catalog.aliases().all()) {
      var placement = catalog.known(alias.model());
      if (placement != null) {
        models.add(new ListedModel(describe(alias.name(), placement), placement.model()));
      }
    }
    catalog.all().values().stream()
        .map(InstalledModel::id)
        .filter(id -> !catalog.configured().containsKey(ModelName.key(id)))
        .filter(id -> catalog.aliases().find(id).isEmpty())
        .map(id -> new ListedModel(describe(id, Objects.requireNonNull(catalog.known(id))), null))
        .forEach(models::add);
    models.sort(
        Comparator.comparing((ListedModel each) -> !each.model().isDefault())
            .thenComparing(each -> each.model().id()));
    return models;
  }

  private ServedModel describe(String id, Placement placement) {
    var fixed = catalog.configured().get(ModelName.key(placement.model()));
    var installed = installed(placement);
    var traits = perUpstream(placement, readiness::traits);
    var facts =
        Stream.concat(
                traits.stream().map(ModelTraits::facts),
                installed.stream().map(InstalledModel::facts))
            .reduce(ModelFacts.UNKNOWN, ModelFacts::or);
    var contextLength = fixed == null ? null : fixed.contextLength();
    return new ServedModel(
        id,
        installed.stream().map(InstalledModel::created).findFirst().orElse(0L),
        "library",
        catalog.kind(placement),
        state(placement),
        ModelName.key(id).equals(defaultKey()),
        contextLength == null ? leastContext(placement) : contextLength,
        maxOutputTokens(id),
        continues(placement, traits),
        facts.has(Capability.THINKING),
        facts);
  }

  private static @Nullable Boolean continues(Placement placement, List<ModelTraits> traits) {
    if (placement.continues() != null) {
      return placement.continues();
    }
    return traits.isEmpty() ? null : traits.stream().allMatch(ModelTraits::continues);
  }

  private @Nullable Integer leastContext(Placement placement) {
    return perUpstream(placement, readiness::contextLength).stream()
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private List<InstalledModel> installed(Placement placement) {
    return perUpstream(placement, catalog::installed);
  }

  /** What is known about the model at each upstream where something is. */
  private static <T> List<T> perUpstream(
      Placement placement, BiFunction<String, String, @Nullable T> question) {
    var answers = new ArrayList<T>();
    placement
        .servedAs()
        .forEach(
            (upstream, name) -> {
              var answer = question.apply(upstream, name);
              if (answer != null) {
                answers.add(answer);
              }
            });
    return answers;
  }

  private ServedModel.State state(Placement placement) {
    if (placement.upstreams().stream().noneMatch(reachable)) {
      return ServedModel.State.UNAVAILABLE;
    }
    return perUpstream(placement, readiness::loading).contains(true)
        ? ServedModel.State.LOADING
        : ServedModel.State.READY;
  }

  private @Nullable String defaultKey() {
    if (defaultModel != null) {
      return ModelName.key(defaultModel);
    }
    var keys = new ArrayList<>(catalog.configured().keySet());
    catalog
        .all()
        .forEach(
            (key, model) -> {
              if (!model.facts().lacks(Capability.COMPLETION)) {
                keys.add(key);
              }
            });
    return keys.stream()
        .filter(key -> key.contains("gemma"))
        .findFirst()
        .orElse(keys.isEmpty() ? null : keys.getFirst());
  }

  private String bestOf(Placement placement) {
    var upstreams = placement.upstreams();
    return upstreams.stream()
        .filter(upstream -> readiness.traits(upstream, placement.nameAt(upstream)) != null)
        .findFirst()
        .or(() -> upstreams.stream().filter(reachable).findFirst())
        .orElse(upstreams.getFirst());
  }

  /** The name under which the model is in the list. */
  private String idOf(String asked, Placement placement) {
    return catalog.aliases().find(asked).map(Aliases.Alias::name).orElse(placement.model());
  }
}
