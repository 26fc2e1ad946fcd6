package dev.penstock.simulator.fault;

import org.jspecify.annotations.Nullable;

/**
 * A fault and whom it meets.
 *
 * @param afterTokens how many tokens of the answer come before it; past the answer's end it comes
 *     before the final frame
 * @param requests how many generations it meets, in order of arrival
 * @param model the name of the model it is for; null for any
 */
public record FaultOrder(Fault fault, int afterTokens, int requests, @Nullable String model) {
  /** Right before the final frame. */
  public static final int AT_END = Integer.MAX_VALUE;

  /** Every generation from now on. */
  public static final int ALL_REQUESTS = Integer.MAX_VALUE;
}
