package dev.penstock.simulator.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A small JSON value that conforms to a JSON Schema, a function of the conversation's key: every
 * property there is, the first of alternatives, the least of a range. It knows {@code type}, {@code
 * properties}, {@code items}, {@code enum}, {@code const}, {@code anyOf}, {@code oneOf}, {@code
 * allOf}, local {@code $ref}, bounds of numbers, lengths and counts, and the formats of time.
 */
final class SchemaSample {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 6;
  private static final int MOST_ITEMS = 64;
  private static final List<String> WORDS =
      List.of("weir", "sluice", "turbine", "penstock", "reservoir", "spillway", "gate", "valve");
  private static final Map<String, String> FORMATS =
      Map.of(
          "date", "2026-02-01",
          "time", "08:00:00Z",
          "date-time", "2026-02-01T08:00:00Z",
          "email", "gate@example.org",
          "uri", "https://example.org/",
          "uuid", "0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final Pattern TOLD = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\\s,;]+))");

  private final JsonNode root;
  private final Dice dice;
  private final Map<String, String> told = new HashMap<>();

  /**
   * @param question may give properties their values, as in {@code city=Oslo}
   */
  SchemaSample(JsonNode schema, long key, String question) {
    this.root = schema;
    this.dice = Dice.of(key, -5);
    var pairs = TOLD.matcher(question);
    while (pairs.find()) {
      told.put(pairs.group(1), pairs.group(2) == null ? pairs.group(3) : pairs.group(2));
    }
  }

  JsonNode document() {
    return value(root, "", 0);
  }

  private JsonNode value(JsonNode given, String name, int depth) {
    var schema = resolved(given);
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").size() > 0) {
      return choice(schema.get("enum"), name);
    }
    if (depth > DEEPEST) {
      return JSON.nullNode();
    }
    for (var alternatives : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.path(alternatives).size() > 0) {
        return value(schema.get(alternatives).get(0), name, depth + 1);
      }
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, name, depth);
      case "integer" -> integer(schema, name);
      case "number" -> number(schema, name);
      case "boolean" -> JSON.booleanNode(!"false".equals(told.get(name)));
      case "null" -> JSON.nullNode();
      default -> JSON.textNode(text(schema, name));
    };
  }

  private JsonNode resolved(JsonNode schema) {
    var at = schema;
    for (var hops = 0; at.has("$ref") && hops < DEEPEST; hops++) {
      var reference = at.get("$ref").asText();
      at = reference.startsWith("#") ? root.at(reference.substring(1)) : MissingNode.getInstance();
    }
    return at;
  }

  private JsonNode choice(JsonNode values, String name) {
    for (var value : values) {
      if (value.asText().equals(told.get(name))) {
        return value;
      }
    }
    return values.get(dice.below(values.size()));
  }

  private static String type(JsonNode schema) {
    var type = schema.path("type");
    if (type.isArray() && type.size() > 0) {
      return type.get(0).asText();
    }
    if (type.isTextual()) {
      return type.asText();
    }
    return schema.has("items") ? "array" : schema.has("properties") ? "object" : "string";
  }

  private JsonNode object(JsonNode schema, int depth) {
    var object = JSON.objectNode();
    for (var property : schema.path("properties").properties()) {
      var name = property.getKey();
      if (depth < DEEPEST || isRequired(schema, name)) {
        object.set(name, value(property.getValue(), name, depth + 1));
      }
    }
    return object;
  }

  private static boolean isRequired(JsonNode schema, String name) {
    for (var required : schema.path("required")) {
      if (required.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode array(JsonNode schema, String name, int depth) {
    var array = JSON.arrayNode();
    var count = Math.clamp(schema.path("minItems").asInt(1), 1, MOST_ITEMS);
    for (var i = 0; i < count; i++) {
      array.add(value(schema.path("items"), name, depth + 1));
    }
    return array;
  }

  private JsonNode integer(JsonNode schema, String name) {
    if (told.getOrDefault(name, "").matches("-?\\d{1,18}")) {
      return JSON.numberNode(Long.parseLong(told.getOrDefault(name, "")));
    }
    return JSON.numberNode((long) Math.ceil(least(schema, 1)));
  }

  private JsonNode number(JsonNode schema, String name) {
    if (told.getOrDefault(name, "").matches("-?\\d{1,9}(\\.\\d{1,9})?")) {
      return JSON.numberNode(Double.parseDouble(told.getOrDefault(name, "")));
    }
    return JSON.numberNode(least(schema, 0.5));
  }

  /** Within the bounds, and a little above one that excludes itself. */
  private static double least(JsonNode schema, double step) {
    if (schema.has("minimum")) {
      return schema.get("minimum").asDouble();
    }
    if (schema.path("exclusiveMinimum").isNumber()) {
      return schema.get("exclusiveMinimum").asDouble() + step;
    }
    if (schema.has("maximum")) {
      return Math.min(step, schema.get("maximum").asDouble());
    }
    return step;
  }

  private String text(JsonNode schema, String name) {
    var given = told.get(name);
    if (given != null) {
      return given;
    }
    var format = FORMATS.get(schema.path("format").asText());
    var text = new StringBuilder(format == null ? dice.pick(WORDS) : format);
    var least = Math.min(schema.path("minLength").asInt(0), 1000);
    while (text.length() < least) {
      text.append(' ').append(dice.pick(WORDS));
    }
    var most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
    return text.length() > most ? text.substring(0, Math.max(0, most)) : text.toString();
  }
}
