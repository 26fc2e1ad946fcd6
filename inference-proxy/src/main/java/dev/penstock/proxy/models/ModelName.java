package dev.penstock.proxy.models;

import java.util.Locale;

/** How model names compare: case does not matter, and {@code gemma3} is {@code gemma3:latest}. */
public final class ModelName {
  private ModelName() {}

  /** The form two names of the same model share. */
  public static String key(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.indexOf(':', lower.lastIndexOf('/') + 1) < 0 ? lower + ":latest" : lower;
  }
}
