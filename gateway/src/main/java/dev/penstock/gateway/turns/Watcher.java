package dev.penstock.gateway.turns;

/** Somebody who wants to know when a turn has more to show. */
interface Watcher {
  /** There is more, or something else changed. Called on the writer's thread; must not block. */
  void changed();
}
