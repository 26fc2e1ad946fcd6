package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.ServedModel;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several pools' models as one list. Pure. */
final class ModelMerge {
  private ModelMerge() {}

  /**
   * One entry per id, in order of first appearance: the most available pool's, continuing only if
   * no pool says it does not (a turn may land on any of them), and the default only where it is the
   * first one named so.
   */
  static List<ServedModel> of(List<List<ServedModel>> pools) {
    var merged = new LinkedHashMap<String, ServedModel>();
    @Nullable String defaultId = null;
    for (var pool : pools) {
      for (var model : pool) {
        if (defaultId == null && model.isDefault()) {
          defaultId = model.id();
        }
        merged.merge(model.id(), model, ModelMerge::both);
      }
    }
    var first = defaultId;
    return merged.values().stream()
        .map(model -> with(model, model.id().equals(first), model.continues(), model.state()))
        .toList();
  }

  /** The same models, none of which can answer. */
  static List<ServedModel> unavailable(List<ServedModel> models) {
    return models.stream()
        .map(
            model ->
                with(model, model.isDefault(), model.continues(), ServedModel.State.UNAVAILABLE))
        .toList();
  }

  private static ServedModel both(ServedModel one, ServedModel other) {
    var better = other.state().compareTo(one.state()) < 0 ? other : one;
    return with(better, false, continues(one.continues(), other.continues()), better.state());
  }

  private static @Nullable Boolean continues(@Nullable Boolean one, @Nullable Boolean other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : Boolean.valueOf(one && other);
  }

  private static ServedModel with(
      ServedModel model, boolean isDefault, @Nullable Boolean continues, ServedModel.State state) {
    return new ServedModel(
        model.id(),
        model.created(),
        model.ownedBy(),
        model.kind(),
        state,
        isDefault,
        model.contextLength(),
        model.maxOutputTokens(),
        continues,
        model.thinks(),
        model.facts());
  }
}
