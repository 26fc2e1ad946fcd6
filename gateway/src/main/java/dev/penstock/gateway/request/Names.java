package dev.penstock.gateway.request;

import org.jspecify.annotations.Nullable;

/**
 * Members that name something configured: a model, an agent. Whether it exists is not asked here.
 */
public final class Names {
  private static final int MAX_LENGTH = 256;

  private Names() {}

  public static @Nullable String model(Members in) {
    return in.text("model", 1, MAX_LENGTH);
  }

  public static @Nullable String agent(Members in) {
    return in.text("agent", 1, MAX_LENGTH);
  }
}
