package dev.penstock.contracts.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of records: immutable, and empty where a neighbour of another version sent none. */
final class Lists {
  private Lists() {}

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
