package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.kit.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request's object. Each may be spelled in camelCase or snake_case, of which the
 * former wins; a null is as good as absent and what is not asked for is ignored (adk-api.md section
 * 1.1). Faults are gathered and told all at once, as FastAPI tells them.
 */
final class Fields {
  private static final Pattern UPPER = Pattern.compile("[A-Z]");

  private final JsonNode object;
  private final List<Object> place;
  private final ArrayNode faults;

  private Fields(JsonNode object, List<Object> place, ArrayNode faults) {
    this.object = object;
    this.place = place;
    this.faults = faults;
  }

  /**
   * What {@code reader} makes of a body.
   *
   * @throws AdkException 422 naming every fault
   */
  static <T> T read(JsonNode body, Function<Fields, T> reader) {
    var in = new Fields(body, List.of("body"), JsonNodeFactory.instance.arrayNode());
    if (!body.isObject()) {
      in.fault("model_attributes_type", List.of(), "Input should be a valid dictionary", body);
      throw new AdkException(422, in.faults);
    }
    var read = reader.apply(in);
    if (!in.faults.isEmpty()) {
      throw new AdkException(422, in.faults);
    }
    return read;
  }

  /**
   * The JSON of a body.
   *
   * @throws AdkException 422 if it is not JSON
   */
  static JsonNode parse(Buffer body) {
    try {
      return StrictJson.parse(body);
    } catch (ProblemException e) {
      var faults = JsonNodeFactory.instance.arrayNode();
      var none = JsonNodeFactory.instance.objectNode();
      new Fields(none, List.of("body"), faults)
          .fault("json_invalid", List.of(0), e.problem().detail(), none);
      throw new AdkException(422, faults);
    }
  }

  /** The other spelling of a name in camelCase. */
  static String snake(String camel) {
    return UPPER.matcher(camel).replaceAll(upper -> "_" + upper.group().toLowerCase(Locale.ROOT));
  }

  /** A member of an object under either spelling; null where it is absent or null. */
  static @Nullable JsonNode find(JsonNode object, String camel) {
    var value = object.get(camel);
    var found = value == null ? object.get(snake(camel)) : value;
    return found == null || found.isNull() ? null : found;
  }

  @Nullable JsonNode find(String camel) {
    return find(object, camel);
  }

  @Nullable String text(String camel) {
    var value = find(camel);
    if (value != null && !value.isTextual()) {
      fault("string_type", List.of(camel), "Input should be a valid string", value);
      return null;
    }
    return value == null ? null : value.textValue();
  }

  String requiredText(String camel) {
    if (find(camel) == null) {
      missing(camel);
    }
    var text = text(camel);
    return text == null ? "" : text;
  }

  boolean flag(String camel) {
    var value = find(camel);
    if (value != null && !value.isBoolean()) {
      fault("bool_type", List.of(camel), "Input should be a valid boolean", value);
    }
    return value != null && value.booleanValue();
  }

  /** A map whose keys are data. */
  @Nullable ObjectNode map(String camel) {
    var value = find(camel);
    if (value instanceof ObjectNode map) {
      return map;
    }
    if (value != null) {
      fault("dict_type", List.of(camel), "Input should be a valid dictionary", value);
    }
    return null;
  }

  ObjectNode requiredMap(String camel) {
    if (find(camel) == null) {
      missing(camel);
    }
    var map = map(camel);
    return map == null ? JsonNodeFactory.instance.objectNode() : map;
  }

  /** The elements of a list; none where it is absent. */
  List<JsonNode> list(String camel) {
    var value = find(camel);
    var elements = new ArrayList<JsonNode>();
    if (value != null && value.isArray()) {
      value.forEach(elements::add);
    } else if (value != null) {
      fault("list_type", List.of(camel), "Input should be a valid list", value);
    }
    return elements;
  }

  /** The members of an object that is a member. */
  Fields within(JsonNode member, Object... below) {
    return new Fields(member, joined(List.of(below)), faults);
  }

  void missing(String camel) {
    fault("missing", List.of(camel), "Field required", object);
  }

  void fault(String type, List<Object> below, String message, JsonNode input) {
    var fault = faults.addObject().put("type", type);
    var loc = fault.putArray("loc");
    for (var step : joined(below)) {
      if (step instanceof Integer index) {
        loc.add(index);
      } else {
        loc.add(step.toString());
      }
    }
    fault.put("msg", message).set("input", input);
  }

  private List<Object> joined(List<Object> below) {
    var joined = new ArrayList<>(place);
    joined.addAll(below);
    return joined;
  }
}
