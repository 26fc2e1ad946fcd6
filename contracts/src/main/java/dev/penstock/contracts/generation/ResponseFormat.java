package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.penstock.contracts.wire.JsonText;
import org.jspecify.annotations.Nullable;

/** What form the answer's text must have; the model server holds it by constrained sampling. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ResponseFormat.Text.class, name = "text"),
  @JsonSubTypes.Type(value = ResponseFormat.Json.class, name = "json"),
  @JsonSubTypes.Type(value = ResponseFormat.Schema.class, name = "schema")
})
public sealed interface ResponseFormat {
  /** What holds where nothing is said. */
  ResponseFormat TEXT = new Text();

  /** Any text. */
  record Text() implements ResponseFormat {}

  /** One JSON object. */
  record Json() implements ResponseFormat {}

  /**
   * JSON of that schema.
   *
   * @param name what the client calls the schema; null where its protocol has no name
   * @param schema the text of a JSON Schema object
   */
  record Schema(@Nullable String name, String schema) implements ResponseFormat {
    /** Throws {@link IllegalArgumentException} unless {@code schema} is a JSON object. */
    public Schema {
      JsonText.requireObject(schema, "schema of a response format");
    }
  }
}
