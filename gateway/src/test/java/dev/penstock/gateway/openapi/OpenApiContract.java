package dev.penstock.gateway.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds exchanges against the OpenAPI document: the route, its query parameters, what was sent
 * where it was taken, the status, the media type, every member of what came back, every event of a
 * stream. Objects in answers count as closed, so that nothing is sent that is not described. Safe
 * from any thread.
 */
public final class OpenApiContract {
  private static final String BASE = "https://penstock.dev/openapi.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
  private final JsonNode document;
  private final List<Operation> operations;
  private final JsonSchemaFactory factory;

  private OpenApiContract(JsonNode document) {
    this.document = closed(document.deepCopy());
    this.operations = Operation.all(this.document);
    this.factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder ->
                builder.schemaLoaders(
                    loaders -> loaders.schemas(Map.of(BASE, this.document.toString()))));
  }

  /** The contract in a document, as {@code /openapi.json} serves it. */
  public static OpenApiContract of(String json) {
    return new OpenApiContract(parse(json).orElseThrow());
  }

  /** What an exchange breaks; empty where it keeps the contract. */
  public List<String> violations(Exchange exchange) {
    var method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
    var operation =
        operations.stream()
            .filter(each -> each.method().equals(method) && each.matches(exchange.path()))
            .findFirst();
    if (operation.isEmpty()) {
      return undescribed(exchange);
    }
    var violations = new ArrayList<String>();
    if (exchange.status() < 300) {
      operation.get().unknownParameters(exchange.query()).forEach(violations::add);
      request(operation.get(), exchange, violations);
    }
    response(operation.get(), exchange, violations);
    return violations;
  }

  /** Fails the test where an exchange breaks the contract. */
  public void check(Exchange exchange) {
    var violations = violations(exchange);
    if (!violations.isEmpty()) {
      throw new AssertionError(
          exchange + " is not what openapi.json says:\n  " + String.join("\n  ", violations));
    }
  }

  private List<String> undescribed(Exchange exchange) {
    if (exchange.status() != 404 && exchange.status() != 405 && exchange.status() < 400) {
      return List.of("the route is not described");
    }
    var violations = new ArrayList<String>();
    // Ollama's router speaks plain text.
    var plain = exchange.path().startsWith("/api/") && exchange.mediaType().equals("text/plain");
    if (!exchange.responseBody().isEmpty() && !plain) {
      var schema = exchange.mediaType().equals("application/json") ? dialect(exchange) : "Problem";
      validate("/components/schemas/" + schema, exchange.responseBody(), "body", violations);
    }
    return violations;
  }

  private static String dialect(Exchange exchange) {
    if (exchange
        .path()
        .matches("/(apps|dev|dev-ui|debug|builder|users|run|run_live|app-info)(/.*)?")) {
      return "AdkErrorBody";
    }
    return exchange.path().matches("/v1(beta|alpha)1?(/.*)?|/v1/models/.*")
        ? "GeminiErrorBody"
        : "OpenAiErrorBody";
  }

  private void request(Operation operation, Exchange exchange, List<String> violations) {
    var body = exchange.requestBody();
    if (body == null || body.isEmpty()) {
      return;
    }
    var content = operation.pointer() + "/requestBody/content/application~1json";
    if (document.at(content).isMissingNode()) {
      violations.add("a body was taken that is not described");
    } else {
      validate(content + "/schema", body, "request", violations);
    }
  }

  private void response(Operation operation, Exchange exchange, List<String> violations) {
    var pointer = operation.response(document, exchange.status());
    if (pointer.isEmpty()) {
      violations.add("status " + exchange.status() + " is not described");
      return;
    }
    var content = document.at(pointer.get() + "/content");
    var bodiless = exchange.method().equals("HEAD") || exchange.responseBody().isEmpty();
    if (content.isMissingNode() || bodiless) {
      if (!exchange.responseBody().isEmpty()) {
        violations.add("there is a body where none is described");
      }
      return;
    }
    var mediaType = exchange.mediaType();
    if (!content.has(mediaType)) {
      violations.add("media type " + mediaType + " is not described");
      return;
    }
    var place = pointer.get() + "/content/" + mediaType.replace("/", "~1");
    if (mediaType.equals("application/x-ndjson")) {
      exchange
          .responseBody()
          .lines()
          .forEach(line -> validate(place + "/schema", line, "line", violations));
    } else if (mediaType.endsWith("json")) {
      validate(place + "/schema", exchange.responseBody(), "body", violations);
    } else if (mediaType.equals("text/event-stream")) {
      events(place, exchange.responseBody(), violations);
    }
  }

  private void events(String place, String stream, List<String> violations) {
    var events = document.at(place + "/x-events/$ref").asText().substring(1);
    for (var event : Events.of(stream)) {
      if (event.data().equals("[DONE]")) {
        continue;
      }
      var schema = events + "/" + event.name();
      if (document.at(schema).isMissingNode()) {
        violations.add("event " + event.name() + " is not described");
      } else {
        validate(schema, event.data(), "event " + event.name(), violations);
      }
    }
  }

  private void validate(String pointer, String text, String what, List<String> violations) {
    var value = parse(text);
    if (value.isEmpty()) {
      violations.add(what + " is not JSON");
      return;
    }
    var schema =
        schemas.computeIfAbsent(
            pointer, _ -> factory.getSchema(SchemaLocation.of(BASE + "#" + pointer)));
    schema
        .validate(value.get())
        .forEach(each -> violations.add(what + each.getMessage().substring(1)));
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  // A schema that lists members and says nothing of others means these and no others.
  private static JsonNode closed(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiContract::closed);
    return node;
  }
}
