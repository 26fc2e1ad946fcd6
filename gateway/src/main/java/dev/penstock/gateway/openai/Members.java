package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.turn.StorableText;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of an object's members, where null counts as absent. A member of another type or
 * out of range throws {@link OpenAiException} that names it.
 */
record Members(JsonNode object) {

  /** The member; null where it is absent or null. */
  @Nullable JsonNode find(String name) {
    var member = object.get(name);
    return member == null || member.isNull() ? null : member;
  }

  @Nullable String text(String name) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isTextual()) {
      throw invalid(name, "a string");
    }
    return StorableText.of(member.textValue());
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean absent) {
    var member = find(name);
    if (member == null) {
      return absent;
    }
    if (!member.isBoolean()) {
      throw invalid(name, "true or false");
    }
    return member.booleanValue();
  }

  @Nullable Double number(String name, double least, double most) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isNumber() || member.doubleValue() < least || member.doubleValue() > most) {
      throw invalid(name, "a number from " + shortest(least) + " to " + shortest(most));
    }
    return member.doubleValue();
  }

  @Nullable Integer integer(String name, int least, int most) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isIntegralNumber()
        || !member.canConvertToInt()
        || member.intValue() < least
        || member.intValue() > most) {
      throw invalid(
          name,
          most == Integer.MAX_VALUE
              ? "a whole number of at least " + least
              : "a whole number from " + least + " to " + most);
    }
    return member.intValue();
  }

  @Nullable Long signed64(String name) {
    var member = find(name);
    if (member == null) {
      return null;
    }
    if (!member.isIntegralNumber() || !member.canConvertToLong()) {
      throw invalid(name, "a signed 64-bit whole number");
    }
    return member.longValue();
  }

  static OpenAiException invalid(String param, String expected) {
    return new OpenAiException(
        OpenAiError.invalid(param, "Invalid '" + param + "': it must be " + expected + "."));
  }

  static OpenAiException unsupported(String param, String what) {
    return new OpenAiException(
        OpenAiError.unsupported(param, "Unsupported '" + param + "': " + what + "."));
  }

  private static String shortest(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
