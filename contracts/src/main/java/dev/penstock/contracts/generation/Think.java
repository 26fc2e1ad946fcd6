package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How much a model may think before it answers; JSON {@code false}, {@code true} or a level. */
public enum Think {
  OFF(false),
  ON(true),
  LOW("low"),
  MEDIUM("medium"),
  HIGH("high"),
  MAX("max");

  @SuppressWarnings({"Immutable", "ImmutableEnumChecker"}) // a Boolean or a String
  private final Object wire;

  Think(Object wire) {
    this.wire = wire;
  }

  /** A boolean or a level's name. */
  @JsonValue
  public Object wire() {
    return wire;
  }

  /**
   * The value of that form.
   *
   * @throws IllegalArgumentException for anything but a boolean or {@code low}, {@code medium},
   *     {@code high}, {@code max}
   */
  @JsonCreator
  public static Think of(Object wire) {
    for (var value : values()) {
      if (value.wire.equals(wire)) {
        return value;
      }
    }
    throw new IllegalArgumentException("think is false, true, low, medium, high or max");
  }
}
