package dev.penstock.proxy.admission;

import io.vertx.core.Future;

/** Knows which upstreams serve a model. Confined to the admission's context. */
public interface ModelDirectory {
  /**
   * Where the model is served; fails with a {@code FailureException} if it is served nowhere.
   *
   * @param model as the caller wrote it
   */
  Future<Placement> place(String model);

  /** The upstream says that it does not have the model. */
  void gone(String upstream, String model);
}
