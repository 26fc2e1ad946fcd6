package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a model stays loaded after its last request; a negative value of a request is {@link
 * #FOREVER}.
 */
public final class KeepAlive {
  /** The longest duration Go knows, about 292 years. */
  public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private KeepAlive() {}

  /**
   * The value of {@code keep_alive}: seconds as a number, or a Go duration.
   *
   * @return null where the request names none
   * @throws OllamaError 400 with Go's text
   */
  static @Nullable Duration parse(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      var seconds = value.asDouble();
      return seconds < 0 || seconds > FOREVER.toSeconds()
          ? FOREVER
          : Duration.ofNanos((long) (seconds * 1e9));
    }
    if (value.isTextual()) {
      var duration = GoDuration.parse(value.textValue());
      return duration.isNegative() ? FOREVER : duration;
    }
    throw OllamaError.badRequest("Unsupported type: '" + value.getNodeType() + "'");
  }
}
