package dev.penstock.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.gateway.problem.FieldError;
import dev.penstock.gateway.problem.Problems;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one closed JSON object of a request: every member it is not asked for is unknown, and each
 * wrong one is named. A member that is JSON {@code null} counts as absent.
 *
 * <p>What a getter returns after it found something wrong is a placeholder; {@link #read} throws
 * before anybody sees it.
 */
public final class Members {
  private final JsonNode node;
  private final String prefix;
  private final List<FieldError> errors;
  private final Set<String> asked = new HashSet<>();

  private Members(JsonNode node, String prefix, List<FieldError> errors) {
    this.node = node;
    this.prefix = prefix;
    this.errors = errors;
  }

  /**
   * Reads a body.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 naming every wrong and unknown member
   */
  public static <T> T read(JsonNode body, Function<Members, T> reader) {
    if (!body.isObject()) {
      throw Problems.invalid("body", "a JSON object");
    }
    var errors = new ArrayList<FieldError>();
    var members = new Members(body, "", errors);
    var value = reader.apply(members);
    members.refuseUnknown();
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
    return value;
  }

  /** Whether the member is there and not null. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** A nested closed object; {@code absent} where there is none. */
  public <T> T object(String name, T absent, Function<Members, T> reader) {
    var child = find(name);
    if (child == null) {
      return absent;
    }
    if (!child.isObject()) {
      wrong(name, "an object");
      return absent;
    }
    var members = new Members(child, path(name) + ".", errors);
    var value = reader.apply(members);
    members.refuseUnknown();
    return value;
  }

  /** A text of at most so many code points. */
  public @Nullable String text(String name, int least, int most) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    if (!child.isTextual() || !Texts.hasCodePoints(child.textValue(), least, most)) {
      wrong(name, "a text of " + least + " to " + most + " characters");
      return null;
    }
    return StorableText.of(child.textValue());
  }

  /** A text whose UTF-8 has at most so many bytes. */
  public @Nullable String utf8(String name, int mostBytes) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    var text = child.isTextual() ? StorableText.of(child.textValue()) : null;
    if (text == null || text.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
      wrong(name, "a text of at most " + mostBytes + " bytes of UTF-8");
      return null;
    }
    return text;
  }

  /** A text that must be there and hold more than white space. */
  public String requiredUtf8(String name, int mostBytes) {
    var text = has(name) ? utf8(name, mostBytes) : "";
    if (text != null && text.isBlank()) {
      wrong(name, "a text that is not blank");
    }
    return text == null ? "" : text;
  }

  /** A number between two bounds, both included. */
  public @Nullable Double number(String name, double least, double most) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    if (!child.isNumber() || !(child.doubleValue() >= least && child.doubleValue() <= most)) {
      wrong(name, "a number from " + plain(least) + " to " + plain(most));
      return null;
    }
    return child.doubleValue();
  }

  /** A whole number between two bounds, both included; {@code 3.0} is one. */
  public @Nullable Long integer(String name, long least, long most) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    var value = Numbers.whole(child);
    if (value == null || value < least || value > most) {
      wrong(name, "a whole number from " + least + " to " + most);
      return null;
    }
    return value;
  }

  /** One of an enum's words, which are its names in lower case. */
  public <E extends Enum<E>> E word(String name, E absent, E[] values) {
    var child = find(name);
    if (child == null) {
      return absent;
    }
    for (var value : values) {
      if (child.isTextual() && Texts.word(value).equals(child.textValue())) {
        return value;
      }
    }
    wrong(name, "one of " + Stream.of(values).map(Texts::word).collect(Collectors.joining(", ")));
    return absent;
  }

  /** The member as it is; null where there is none. */
  public @Nullable JsonNode find(String name) {
    asked.add(name);
    var child = node.get(name);
    return child == null || child.isNull() ? null : child;
  }

  /** The names of all members, known or not. */
  public List<String> names() {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Notes that a member is not what it must be. */
  public void wrong(String name, String expected) {
    errors.add(new FieldError(path(name), expected));
  }

  private void refuseUnknown() {
    for (var name : names()) {
      if (!asked.contains(name)) {
        wrong(name, "left out, as it is not a member of this object");
      }
    }
  }

  private String path(String name) {
    return prefix + name;
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }
}
