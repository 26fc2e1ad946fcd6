package dev.penstock.gateway;

import dev.penstock.gateway.inference.InferenceConfig;
import dev.penstock.gateway.inference.ModelCatalog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Owns what the process looks at by itself: the models of the proxies. */
final class BackgroundVerticle extends VerticleBase {
  private final InferenceConfig config;
  private volatile @Nullable ModelCatalog models;

  BackgroundVerticle(InferenceConfig config) {
    this.config = config;
  }

  @Override
  public Future<?> start() {
    models = new ModelCatalog(vertx, config);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    models().close();
    return Future.succeededFuture();
  }

  /** The catalogue, once started. */
  ModelCatalog models() {
    return Objects.requireNonNull(models, "not started");
  }
}
