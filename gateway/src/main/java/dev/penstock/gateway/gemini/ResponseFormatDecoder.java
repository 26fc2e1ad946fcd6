package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.contracts.generation.ResponseFormat;
import org.jspecify.annotations.Nullable;

/** Reads what {@code generationConfig} says of the answer's form (gemini-api.md section 3.4). */
final class ResponseFormatDecoder {
  static final String ENUM = "text/x.enum";
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";

  private ResponseFormatDecoder() {}

  /** The answer's format; throws {@link GeminiException} that names the member at fault. */
  static ResponseFormat decode(Members config) {
    var schema = config.object("responseSchema");
    var jsonSchema = jsonSchema(config);
    if (schema != null && jsonSchema != null) {
      throw Members.invalid(config.at("responseSchema"), "absent beside responseJsonSchema");
    }
    return switch (mimeType(config)) {
      case TEXT -> {
        if (schema != null || jsonSchema != null) {
          throw Members.invalid(config.at("responseMimeType"), JSON + " where there is a schema");
        }
        yield ResponseFormat.TEXT;
      }
      case JSON -> json(schema, jsonSchema);
      case ENUM -> enumeration(config, schema, jsonSchema);
      default ->
          throw Members.invalid(config.at("responseMimeType"), TEXT + ", " + JSON + " or " + ENUM);
    };
  }

  /** Whether the answer is one of the schema's words, which goes without the quotes of JSON. */
  static boolean isEnum(Members config) {
    return mimeType(config).equals(ENUM);
  }

  private static String mimeType(Members config) {
    var type = config.text("responseMimeType");
    return type == null || type.isEmpty() ? TEXT : type;
  }

  private static @Nullable Members jsonSchema(Members config) {
    var schema = config.object("responseJsonSchema");
    return schema != null ? schema : config.object("_responseJsonSchema");
  }

  private static ResponseFormat json(@Nullable Members schema, @Nullable Members jsonSchema) {
    if (schema != null) {
      return new ResponseFormat.Schema(null, JsonSchemas.of(schema).toString());
    }
    return jsonSchema == null
        ? new ResponseFormat.Json()
        : new ResponseFormat.Schema(null, jsonSchema.object().toString());
  }

  private static ResponseFormat enumeration(
      Members config, @Nullable Members schema, @Nullable Members jsonSchema) {
    var given = schema != null ? schema : jsonSchema;
    var words = given == null ? null : given.find("enum");
    if (words == null || !words.isArray() || words.isEmpty()) {
      throw Members.invalid(
          config.at("responseSchema"), "a schema with an enum where the type is " + ENUM);
    }
    var format = JsonNodeFactory.instance.objectNode().put("type", "string");
    format.set("enum", words);
    return new ResponseFormat.Schema(null, format.toString());
  }
}
