package dev.penstock.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The service's OpenAPI document, held against every exchange of the suite: the operation must be
 * there, and bodies both ways must be as it says. A request that the service refuses need not be.
 */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = read();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final Map<JsonNode, JsonSchema> COMPILED = new ConcurrentHashMap<>();

  private OpenApi() {}

  private static JsonNode read() {
    try (var in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the exchange is as documented. */
  static void check(
      String method,
      String target,
      @Nullable String request,
      int status,
      String contentType,
      String response) {
    var path = target.replaceFirst("\\?.*", "");
    var template = template(path);
    var operation = DOCUMENT.at("/paths").path(template).path(method.toLowerCase(Locale.ROOT));
    if (operation.isMissingNode()) {
      throw new AssertionError(method + " " + path + " is not documented");
    }
    var what = method + " " + path + " " + status;
    if (status < 400 && operation.has("requestBody")) {
      conforms(
          what + " request",
          resolved(operation.get("requestBody")).at("/content/application~1json/schema"),
          Objects.requireNonNull(request));
    }
    var responses = operation.path("responses");
    var documented = resolved(responses.path(responses.has("" + status) ? "" + status : "default"));
    if (documented.isMissingNode()) {
      throw new AssertionError(what + " is not documented");
    }
    var content = documented.path("content");
    if (content.isMissingNode()) {
      if (!response.isEmpty()) {
        throw new AssertionError(what + " has a body");
      }
      return;
    }
    conforms(what + " response", content.path(contentType).path("schema"), response);
  }

  /** A method and a path with {@code {id}} in it. */
  record Operation(String method, String path) {}

  static List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    for (var path : DOCUMENT.get("paths").properties()) {
      for (var member : path.getValue().properties()) {
        if (member.getValue().has("operationId")) {
          operations.add(new Operation(member.getKey().toUpperCase(Locale.ROOT), path.getKey()));
        }
      }
    }
    return operations;
  }

  private static String template(String path) {
    return path.replaceAll("^/(sessions|turns|instances|messages|keys)/[^/]+", "/$1/{id}");
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static void conforms(String what, JsonNode schema, String body) {
    if (schema.isMissingNode()) {
      throw new AssertionError(what + ": no schema for this content type");
    }
    try {
      var failures =
          COMPILED.computeIfAbsent(schema, OpenApi::compile).validate(JSON.readTree(body));
      if (!failures.isEmpty()) {
        throw new AssertionError(what + ": " + failures + "\n" + body);
      }
    } catch (IOException e) {
      throw new AssertionError(what + " is not JSON: " + body, e);
    }
  }

  private static JsonSchema compile(JsonNode schema) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set("allOf", JsonNodeFactory.instance.arrayNode().add(schema));
    // References are resolved against the root; "$defs" would not match the document's own form.
    root.set("components", DOCUMENT.get("components"));
    return SCHEMAS.getSchema(root);
  }
}
