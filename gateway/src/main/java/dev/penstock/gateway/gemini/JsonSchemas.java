package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns a schema in Google's OpenAPI subset into JSON Schema (gemini-api.md section 3.4): types in
 * lower case, {@code nullable} as a type union with null, string numbers as numbers, {@code
 * propertyOrdering} dropped. Names of properties stay as they are.
 */
final class JsonSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> AS_IS =
      List.of("title", "description", "pattern", "default", "minimum", "maximum", "required");
  private static final List<String> COUNTS =
      List.of("minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength");

  private JsonSchemas() {}

  /** The schema as JSON Schema; throws {@link GeminiException} that names the member at fault. */
  static ObjectNode of(Members schema) {
    var json = JSON.objectNode();
    var nullable = schema.flag("nullable");
    type(schema, nullable, json);
    enumeration(schema, nullable, json);
    for (var name : AS_IS) {
      copy(schema, name, json);
    }
    for (var name : COUNTS) {
      var count = schema.whole(name);
      if (count != null) {
        json.put(name, count);
      }
    }
    var format = schema.text("format");
    if (format != null && !format.equals("enum")) {
      json.put("format", format);
    }
    var items = schema.object("items");
    if (items != null) {
      json.set("items", of(items));
    }
    properties(schema, json);
    alternatives(schema, nullable, json);
    additional(schema, json);
    return json;
  }

  private static void type(Members schema, boolean nullable, ObjectNode json) {
    var type = schema.word("type").toLowerCase(Locale.ROOT);
    if (type.isEmpty()) {
      return;
    }
    if (!List.of("string", "number", "integer", "boolean", "array", "object", "null")
        .contains(type)) {
      throw Members.invalid(schema.at("type"), "a type of JSON, such as OBJECT");
    }
    if (nullable && !type.equals("null")) {
      json.putArray("type").add(type).add("null");
    } else {
      json.put("type", type);
    }
  }

  private static void enumeration(Members schema, boolean nullable, ObjectNode json) {
    var values = schema.find("enum");
    if (values instanceof ArrayNode array && !array.isEmpty()) {
      var kept = json.putArray("enum").addAll(array);
      if (nullable) {
        kept.addNull();
      }
    } else if (values != null && !values.isArray()) {
      throw Members.invalid(schema.at("enum"), "an array of strings");
    }
  }

  private static void properties(Members schema, ObjectNode json) {
    var properties = schema.object("properties");
    if (properties == null) {
      return;
    }
    var converted = json.putObject("properties");
    properties
        .object()
        .properties()
        .forEach(
            each ->
                converted.set(
                    each.getKey(), of(Members.of(each.getValue(), properties.at(each.getKey())))));
  }

  private static void alternatives(Members schema, boolean nullable, ObjectNode json) {
    var alternatives = schema.objects("anyOf");
    if (alternatives.isEmpty()) {
      return;
    }
    var converted = json.putArray("anyOf");
    alternatives.forEach(each -> converted.add(of(each)));
    if (nullable && !json.has("type")) {
      converted.addObject().put("type", "null");
    }
  }

  private static void additional(Members schema, ObjectNode json) {
    @Nullable JsonNode additional = schema.find("additionalProperties");
    if (additional != null) {
      json.set(
          "additionalProperties",
          additional.isBoolean()
              ? additional
              : of(Members.of(additional, schema.at("additionalProperties"))));
    }
  }

  private static void copy(Members schema, String name, ObjectNode json) {
    var value = schema.find(name);
    if (value != null) {
      json.set(name, value);
    }
  }
}
