package dev.penstock.kit.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a {@link ConfigurationFile}: every member it is not asked for is unknown. Each
 * method throws {@link ConfigurationException} with the member's whole path.
 */
public final class StrictMapping {
  private final String place;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  private StrictMapping(String place, JsonNode node) {
    this.place = place;
    this.node = node;
  }

  /** Whether the member is there; one that is {@code null} is not. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** A text that must be there and hold more than white space. */
  public String text(String name) {
    var child = find(name);
    if (child == null || !child.isTextual() || child.textValue().isBlank()) {
      throw wrong(name, "a text that is not blank");
    }
    return child.textValue();
  }

  /** A text, or null where there is none. */
  public @Nullable String optionalText(String name) {
    return has(name) ? text(name) : null;
  }

  /** A whole number between two bounds, both included, or null where there is none. */
  public @Nullable Integer integer(String name, int least, int most) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    if (!child.isInt() || child.intValue() < least || child.intValue() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return child.intValue();
  }

  /** {@code true} or {@code false}, or null where there is neither. */
  public @Nullable Boolean flag(String name) {
    var child = find(name);
    if (child == null) {
      return null;
    }
    if (!child.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return child.booleanValue();
  }

  /** One of an enum's words, which are its names in lower case. */
  public <E extends Enum<E>> E word(String name, E[] values) {
    var child = find(name);
    for (var value : values) {
      if (child != null && child.isTextual() && child.textValue().equals(word(value))) {
        return value;
      }
    }
    throw wrong(
        name,
        "one of " + Stream.of(values).map(StrictMapping::word).collect(Collectors.joining(", ")));
  }

  /**
   * A list of mappings that must be there and not be empty.
   *
   * @param shorthand the member that an element stands for which is a mere text
   */
  public <T> List<T> list(String name, String shorthand, Function<StrictMapping, T> reader) {
    var child = find(name);
    if (child == null || child.isEmpty()) {
      throw wrong(name, "a list of at least one");
    }
    var elements = JsonNodeFactory.instance.arrayNode();
    for (var element : child) {
      elements.add(
          element.isTextual()
              ? JsonNodeFactory.instance.objectNode().set(shorthand, element)
              : element);
    }
    return list(place + "." + name, child.isArray() ? elements : child, reader);
  }

  /** A mapping within this one; empty where there is none. */
  public <T> Optional<T> optional(String name, Function<StrictMapping, T> reader) {
    return Optional.ofNullable(find(name)).map(child -> read(place + "." + name, child, reader));
  }

  /** The one line for a member that is not what it must be; for what only the reader can tell. */
  public ConfigurationException wrong(String name, String expected) {
    return new ConfigurationException(place + "." + name + " must be " + expected);
  }

  static <T> List<T> list(String place, JsonNode list, Function<StrictMapping, T> reader) {
    if (!list.isArray()) {
      throw new ConfigurationException(place + " must be a list");
    }
    var values = new ArrayList<T>();
    for (var element : list) {
      values.add(read(place + "[" + values.size() + "]", element, reader));
    }
    return List.copyOf(values);
  }

  static <T> T read(String place, JsonNode node, Function<StrictMapping, T> reader) {
    if (!node.isObject()) {
      throw new ConfigurationException(place + " must be a mapping");
    }
    var mapping = new StrictMapping(place, node);
    var value = reader.apply(mapping);
    for (var member : node.properties()) {
      if (!mapping.asked.contains(member.getKey())) {
        throw new ConfigurationException(place + "." + member.getKey() + " is not known");
      }
    }
    return value;
  }

  private @Nullable JsonNode find(String name) {
    asked.add(name);
    var child = node.get(name);
    return child == null || child.isNull() ? null : child;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
