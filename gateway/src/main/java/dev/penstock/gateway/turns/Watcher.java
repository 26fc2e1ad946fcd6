package dev.penstock.gateway.turns;

/** Somebody who wants to know when a turn has more to show. */
interface Watcher {
  /** There is more, or something else changed. Called on the writer's thread; must not block. */
  void changed();

  /** Whether it is to be told only what every later attempt will build on (turns.md T-30). */
  default boolean readsConfirmed() {
    return false;
  }
}
