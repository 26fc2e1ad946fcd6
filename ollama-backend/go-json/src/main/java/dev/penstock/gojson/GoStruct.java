package dev.penstock.gojson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object, read as Go reads it into a struct of package {@code api}: a member of the wrong
 * type is refused with the struct's name, {@code null} is absence, unknown members are ignored.
 *
 * <p>Each reader throws {@link GoJsonException} for a member of another type.
 */
public final class GoStruct {
  private static final int MAX_DEPTH = 100;

  // The body's own bound is the only one of its texts.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private final String struct;
  private final JsonNode object;

  private GoStruct(String struct, JsonNode object) {
    this.struct = struct;
    this.object = object;
  }

  /**
   * Reads a body.
   *
   * @param struct the name that error texts give the object, without its package
   * @throws GoJsonException if it is not one JSON object or null, or nested too deeply
   */
  public static GoStruct parse(String struct, byte[] bytes) {
    try {
      var node = MAPPER.readTree(bytes);
      if (node == null || node.isMissingNode()) {
        throw new GoJsonException("missing request body");
      }
      if (!node.isObject() && !node.isNull()) {
        throw new GoJsonException(
            "json: cannot unmarshal %s into Go value of type api.%s".formatted(kind(node), struct));
      }
      return new GoStruct(struct, node);
    } catch (JsonProcessingException e) {
      throw new GoJsonException(
          GoSyntax.firstError(new String(bytes, StandardCharsets.UTF_8))
              .orElse("the JSON document is nested deeper than " + MAX_DEPTH));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The member, or null where it is absent or {@code null}. */
  public @Nullable JsonNode find(String name) {
    var value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Empty where it is absent. */
  public String text(String name) {
    var value = find(name);
    if (value == null) {
      return "";
    }
    if (!value.isTextual()) {
      throw wrongType(name, value, "string");
    }
    return value.textValue();
  }

  /** {@code absent} where it is absent. */
  public boolean flag(String name, boolean absent) {
    var value = find(name);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw wrongType(name, value, "bool");
    }
    return value.booleanValue();
  }

  /** 0 where it is absent. */
  public int number(String name) {
    var value = find(name);
    if (value == null) {
      return 0;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw wrongType(name, value, "int");
    }
    return value.intValue();
  }

  /** The member of an object read as {@code struct}; empty where it is absent. */
  public Optional<GoStruct> object(String name, String elementStruct) {
    var value = find(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw wrongType(name, value, "api." + elementStruct);
    }
    return Optional.of(new GoStruct(elementStruct, value));
  }

  /** The members of an array, each an object read as {@code struct}. */
  public List<GoStruct> list(String name, String elementStruct) {
    var elements = new ArrayList<GoStruct>();
    for (var element : array(name, "[]api." + elementStruct)) {
      if (!element.isObject() && !element.isNull()) {
        throw wrongType(name, element, "api." + elementStruct);
      }
      elements.add(new GoStruct(elementStruct, element));
    }
    return elements;
  }

  /** An array's elements; none where it is absent. */
  public Iterable<JsonNode> array(String name, String type) {
    var value = find(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrongType(name, value, type);
    }
    return value;
  }

  /** The error of a member of the wrong type. */
  public GoJsonException wrongType(String name, JsonNode value, String type) {
    return new GoJsonException(
        "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
            .formatted(kind(value), struct, name, type));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "bool";
      case ARRAY -> "array";
      default -> "object";
    };
  }
}
