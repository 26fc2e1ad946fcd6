package dev.penstock.kit.brokenrules;

import dev.penstock.contracts.turn.TurnState;

/** Breaks: service-kit knows no chat word. */
public final class KnowsChat {
  private KnowsChat() {}

  public static boolean over(TurnState state) {
    return state.isFinal();
  }
}
