package dev.penstock.gateway.openai.brokenrules;

import dev.penstock.gateway.nativeapi.TurnJson;

/** Breaks: dialects are siblings. */
public final class KnowsAnotherDialect {
  private KnowsAnotherDialect() {}

  public static Class<?> other() {
    return TurnJson.class;
  }
}
