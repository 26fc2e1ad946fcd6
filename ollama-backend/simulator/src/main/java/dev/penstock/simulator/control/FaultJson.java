package dev.penstock.simulator.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.simulator.fault.Fault;
import dev.penstock.simulator.fault.FaultOrder;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fault orders as JSON. Every order may have {@code after_tokens} (how many tokens come before it),
 * {@code requests} (how many generations it meets; all if absent) and {@code model} (any if
 * absent):
 *
 * <pre>
 * {"kind":"cut","after_tokens":5,"reset":true}          reset:false closes without RST
 * {"kind":"error","after_tokens":5,"text":"…"}          text defaults to that of a dead engine
 * {"kind":"hang","after_tokens":0,"for_ms":60000}       for_ms defaults to an hour
 * {"kind":"slow","after_tokens":0,"tokens_per_second":1}
 * {"kind":"garbage","after_tokens":5,"text":"…"}        or "base64"; a line end is yours to add
 * {"kind":"missing_end"}                                before the final frame unless after_tokens
 * {"kind":"busy"}                                       503
 * </pre>
 */
public final class FaultJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> COMMON = Set.of("kind", "after_tokens", "requests", "model");
  private static final Map<String, Set<String>> MEMBERS =
      Map.of(
          "cut", Set.of("reset"),
          "error", Set.of("text"),
          "hang", Set.of("for_ms"),
          "slow", Set.of("tokens_per_second"),
          "garbage", Set.of("text", "base64"),
          "missing_end", Set.of(),
          "busy", Set.of());

  private FaultJson() {}

  /**
   * Parses one order.
   *
   * @throws IllegalArgumentException with what is expected
   */
  public static FaultOrder parse(String json) {
    return order(read(json));
  }

  /**
   * Parses an array of orders.
   *
   * @throws IllegalArgumentException with what is expected
   */
  public static List<FaultOrder> parseAll(String json) {
    var array = read(json);
    if (!array.isArray()) {
      throw new IllegalArgumentException("a JSON array of faults");
    }
    var orders = new ArrayList<FaultOrder>();
    array.forEach(order -> orders.add(order(order)));
    return List.copyOf(orders);
  }

  /** The order as JSON; defaults are not left out. */
  static JsonObject toJson(FaultOrder order) {
    var json = new JsonObject().put("kind", order.fault().kind());
    if (order.afterTokens() != FaultOrder.AT_END) {
      json.put("after_tokens", order.afterTokens());
    }
    if (order.requests() != FaultOrder.ALL_REQUESTS) {
      json.put("requests", order.requests());
    }
    if (order.model() != null) {
      json.put("model", order.model());
    }
    switch (order.fault()) {
      case Fault.Cut(var reset) -> json.put("reset", reset);
      case Fault.ErrorLine(var text) -> json.put("text", text);
      case Fault.Hang(var duration) -> json.put("for_ms", duration.toMillis());
      case Fault.Slow(var speed) -> json.put("tokens_per_second", speed);
      case Fault.Garbage(var bytes) ->
          json.put("base64", Base64.getEncoder().encodeToString(bytes.getBytes()));
      case Fault.MissingEnd(), Fault.Busy() -> {}
    }
    return json;
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("JSON", e);
    }
  }

  private static FaultOrder order(JsonNode json) {
    var fault = fault(json);
    json.fieldNames().forEachRemaining(name -> checkKnown(fault.kind(), name));
    return new FaultOrder(
        fault,
        number(json, "after_tokens", fault instanceof Fault.MissingEnd ? FaultOrder.AT_END : 0, 0),
        number(json, "requests", FaultOrder.ALL_REQUESTS, 1),
        json.path("model").textValue());
  }

  private static void checkKnown(String kind, String name) {
    if (!COMMON.contains(name) && !MEMBERS.getOrDefault(kind, Set.of()).contains(name)) {
      throw new IllegalArgumentException("a " + kind + " fault without \"" + name + "\"");
    }
  }

  private static Fault fault(JsonNode json) {
    return switch (json.path("kind").asText()) {
      case "cut" -> new Fault.Cut(json.path("reset").asBoolean(true));
      case "error" -> new Fault.ErrorLine(json.path("text").asText(engineError(json)));
      case "hang" -> new Fault.Hang(Duration.ofMillis(number(json, "for_ms", 3_600_000, 1)));
      case "slow" -> new Fault.Slow(number(json, "tokens_per_second", 1, 1));
      case "garbage" -> new Fault.Garbage(garbage(json));
      case "missing_end" -> new Fault.MissingEnd();
      case "busy" -> new Fault.Busy();
      default ->
          throw new IllegalArgumentException("a fault with one of the kinds " + MEMBERS.keySet());
    };
  }

  private static String engineError(JsonNode json) {
    return json.path("after_tokens").asInt() == 0
        ? OllamaError.RUNNER_STOPPED
        : OllamaError.RUNNER_DIED;
  }

  private static Buffer garbage(JsonNode json) {
    if (json.has("base64")) {
      return Buffer.buffer(Base64.getDecoder().decode(json.get("base64").asText()));
    }
    return Buffer.buffer(json.path("text").asText("<html>this is no frame</html>\n"));
  }

  private static int number(JsonNode json, String name, int defaultValue, int least) {
    var value = json.get(name);
    if (value == null) {
      return defaultValue;
    }
    if (!value.isInt() || value.intValue() < least) {
      throw new IllegalArgumentException(name + " as a whole number of at least " + least);
    }
    return value.intValue();
  }
}
