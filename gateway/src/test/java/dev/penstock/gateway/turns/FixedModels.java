package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.inference.Models;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One model, {@code sim}. */
final class FixedModels implements Models {
  private volatile @Nullable Boolean continues = true;
  private volatile @Nullable Boolean probed = true;

  void continues(@Nullable Boolean known, @Nullable Boolean afterProbe) {
    continues = known;
    probed = afterProbe;
  }

  @Override
  public Optional<ServedModel> find(String id) {
    return id.equals("sim") ? defaultModel() : Optional.empty();
  }

  @Override
  public List<ServedModel> models() {
    return List.of(model(continues));
  }

  @Override
  public Optional<ServedModel> defaultModel() {
    return Optional.of(model(continues));
  }

  private static ServedModel model(@Nullable Boolean continues) {
    return new ServedModel(
        "sim",
        0,
        "test",
        ServedModel.Kind.SELF_HOSTED,
        ServedModel.State.READY,
        true,
        4096,
        1000,
        continues,
        false);
  }

  @Override
  public boolean known() {
    return true;
  }

  @Override
  public Future<ServedModel> probe(String id) {
    continues = probed;
    return Future.succeededFuture(model(probed));
  }
}
