package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the proxy's {@code GET /models} ({@code {"data":[…]}}).
 *
 * @param created epoch seconds, from the upstream where it tells
 * @param continues whether a trailing assistant message is continued; null until probed (T-24)
 * @param contextLength tokens a generation may use, prompt included; null when not known
 * @param maxOutputTokens upper bound of {@code max_tokens} for this model
 * @param thinks whether the model is known to think
 * @param facts {@link ModelFacts#UNKNOWN} where the proxy does not tell
 */
public record ServedModel(
    String id,
    long created,
    String ownedBy,
    Kind kind,
    State state,
    @JsonProperty("default") boolean isDefault,
    @Nullable Integer contextLength,
    int maxOutputTokens,
    @Nullable Boolean continues,
    boolean thinks,
    ModelFacts facts) {

  public ServedModel {
    facts = facts == null ? ModelFacts.UNKNOWN : facts;
  }

  /** A model of which nothing else is known. */
  public ServedModel(
      String id,
      long created,
      String ownedBy,
      Kind kind,
      State state,
      boolean isDefault,
      @Nullable Integer contextLength,
      int maxOutputTokens,
      @Nullable Boolean continues,
      boolean thinks) {
    this(
        id,
        created,
        ownedBy,
        kind,
        state,
        isDefault,
        contextLength,
        maxOutputTokens,
        continues,
        thinks,
        ModelFacts.UNKNOWN);
  }

  /** Where the model runs. */
  public enum Kind {
    @JsonProperty("self-hosted")
    SELF_HOSTED,
    @JsonProperty("managed")
    MANAGED
  }

  /** Whether it can answer now. */
  public enum State {
    @JsonProperty("ready")
    READY,
    @JsonProperty("loading")
    LOADING,
    @JsonProperty("unavailable")
    UNAVAILABLE
  }

  /** The body of {@code GET /models}. */
  public record Page(List<ServedModel> data) {}
}
