package dev.penstock.session.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.Serial;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * JSON in and out. Every text that enters is made storable here and nowhere else: PostgreSQL takes
 * neither U+0000 nor half a surrogate pair.
 */
public final class Bodies {
  private static final ObjectMapper STORABLE =
      Wire.JSON
          .copy()
          .setAnnotationIntrospector(new RequiredMembers())
          .registerModule(
              new SimpleModule()
                  .addDeserializer(String.class, new StorableReader())
                  .addDeserializer(JsonNode.class, new StorableTreeReader())
                  .addKeyDeserializer(String.class, new StorableKeyReader()));

  private Bodies() {}

  /**
   * The body as that record.
   *
   * @throws FailureException {@code invalid_request} if it is not
   */
  public static <T> T read(RoutingContext ctx, Class<T> type) {
    var body = ctx.body().buffer();
    if (body == null) {
      throw invalid("The body is missing.");
    }
    try {
      return STORABLE.readValue(body.getBytes(), type);
    } catch (IOException e) {
      throw invalid("The body is not " + type.getSimpleName() + " as JSON.");
    }
  }

  /**
   * A part of a body as that record; members it does not have are refused.
   *
   * @throws FailureException {@code invalid_request} if it is not
   */
  public static <T> T strictly(JsonNode node, Class<T> type, String name) {
    try {
      return STORABLE
          .readerFor(type)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(node);
    } catch (IOException e) {
      throw invalid(name + " is not valid.");
    }
  }

  /** Answers with JSON. */
  public static void answer(RoutingContext ctx, int status, Object value) {
    answer(ctx, status, Wire.encode(value));
  }

  /** Answers with a JSON document that is encoded already. */
  public static void answer(RoutingContext ctx, int status, Buffer json) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(json);
  }

  /** Answers 204. */
  public static void answerNothing(RoutingContext ctx) {
    ctx.response().setStatusCode(204).end();
  }

  /**
   * The id in the path or query under that name.
   *
   * @throws FailureException {@code invalid_request} if it is no canonical UUID
   */
  public static UUID id(@Nullable String text, String name) {
    try {
      if (text != null) {
        var id = UUID.fromString(text);
        if (id.toString().equals(text)) {
          return id;
        }
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw invalid(name + " must be a UUID in lower case.");
  }

  /** {@code invalid_request}. */
  public static FailureException invalid(String detail) {
    return Failure.of(FailureCode.INVALID_REQUEST, detail).asException();
  }

  /** {@code not_found}, the same for what is unknown and what is another's. */
  public static FailureException notFound() {
    return Failure.of(FailureCode.NOT_FOUND, "Nothing here has this id.").asException();
  }

  private static final class StorableReader extends StdScalarDeserializer<String> {
    @Serial private static final long serialVersionUID = 1L;

    StorableReader() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = in.getValueAsString();
      return text == null
          ? (String) context.handleUnexpectedToken(String.class, in)
          : StorableText.of(text);
    }
  }

  private static final class StorableTreeReader extends StdDeserializer<JsonNode> {
    @Serial private static final long serialVersionUID = 1L;

    private static final JsonDeserializer<? extends JsonNode> AS_IT_IS =
        JsonNodeDeserializer.getDeserializer(JsonNode.class);

    StorableTreeReader() {
      super(JsonNode.class);
    }

    @Override
    public JsonNode deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return storable(AS_IT_IS.deserialize(in, context));
    }

    private static JsonNode storable(JsonNode node) {
      return switch (node) {
        case TextNode text -> TextNode.valueOf(StorableText.of(text.textValue()));
        case ObjectNode object -> {
          var copy = object.objectNode();
          for (var member : object.properties()) {
            copy.set(StorableText.of(member.getKey()), storable(member.getValue()));
          }
          yield copy;
        }
        case ArrayNode array -> {
          var copy = array.arrayNode(array.size());
          array.forEach(each -> copy.add(storable(each)));
          yield copy;
        }
        default -> node;
      };
    }
  }

  private static final class StorableKeyReader extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return StorableText.of(key);
    }
  }
}
