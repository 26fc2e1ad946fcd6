package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Whether the model is to call tools. An upstream that cannot make a model do so refuses {@code
 * Required} and {@code Named} with {@code invalid_request}; every upstream can do the other two. A
 * choice among some of the tools is a request that offers only those.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ToolChoice.Auto.class, name = "auto"),
  @JsonSubTypes.Type(value = ToolChoice.None.class, name = "none"),
  @JsonSubTypes.Type(value = ToolChoice.Required.class, name = "required"),
  @JsonSubTypes.Type(value = ToolChoice.Named.class, name = "named")
})
public sealed interface ToolChoice {
  /** What holds where nothing is said. */
  ToolChoice AUTO = new Auto();

  /** As the model sees fit. */
  record Auto() implements ToolChoice {}

  /** The model knows of the tools at most from the history; none is called. */
  record None() implements ToolChoice {}

  /** At least one call. */
  record Required() implements ToolChoice {}

  /** A call of that tool. */
  record Named(String name) implements ToolChoice {}
}
