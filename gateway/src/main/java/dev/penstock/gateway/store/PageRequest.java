package dev.penstock.gateway.store;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param limit 1 to 100
 * @param after the previous page's {@code next_cursor}; null for the first page
 * @param order null for the list's own
 */
public record PageRequest(int limit, @Nullable String after, @Nullable Order order) {
  /** Direction of a list. */
  public enum Order {
    ASC,
    DESC
  }
}
