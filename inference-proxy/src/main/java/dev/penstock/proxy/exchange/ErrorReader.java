package dev.penstock.proxy.exchange;

import dev.penstock.proxy.generation.Setback;

/** Reads a protocol's errors. */
@FunctionalInterface
public interface ErrorReader {
  /**
   * The meaning of an answer other than 200.
   *
   * @param body its text, perhaps cut or empty, and of any form
   */
  Setback ofStatus(int status, String body);
}
