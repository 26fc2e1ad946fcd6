package dev.penstock.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract must notice what it is for. */
class OpenApiContractTest {
  private static final OpenApiContract CONTRACT =
      OpenApiContract.of(OpenApiDocument.json().toString());
  private static final String HEALTH =
      "{\"status\":\"healthy\",\"service\":\"gateway\",\"version\":\"1\"";

  @Test
  void takesWhatIsDescribed() {
    assertThat(CONTRACT.violations(got("/health", 200, "application/json", HEALTH + "}")))
        .isEmpty();
  }

  @Test
  void noticesAMemberThatIsNotDescribed() {
    assertThat(
            CONTRACT.violations(got("/health", 200, "application/json", HEALTH + ",\"host\":1}")))
        .singleElement()
        .asString()
        .contains("host");
  }

  @Test
  void noticesAMemberThatIsMissing() {
    assertThat(
            CONTRACT.violations(
                got("/health", 200, "application/json", "{\"status\":\"healthy\"}")))
        .hasSize(2);
  }

  @Test
  void noticesAnotherStatusAndAnotherMediaType() {
    assertThat(CONTRACT.violations(got("/health", 302, "", ""))).hasSize(1);
    assertThat(CONTRACT.violations(got("/health", 200, "text/html", "<p>"))).hasSize(1);
  }

  @Test
  void noticesARouteThatIsNotDescribed() {
    assertThat(CONTRACT.violations(got("/v1/secrets", 200, "application/json", "{}"))).hasSize(1);
  }

  @Test
  void noticesAQueryParameterThatIsTakenAndNotDescribed() {
    var page = "{\"data\":[],\"next_cursor\":null}";

    assertThat(CONTRACT.violations(got("/v1/sessions?user=a", 200, "application/json", page)))
        .isEmpty();
    assertThat(CONTRACT.violations(got("/v1/sessions?us=a", 200, "application/json", page)))
        .hasSize(1);
  }

  @Test
  void readsEveryEventOfAStream() {
    var turn = "/v1/turns/0199c1e2-8000-7aaa-8bbb-1234567890ab/events";
    var good = ":\nid: 1\nevent: delta\ndata: {\"type\":\"delta\",\"text\":\"a\"}\n\n";
    var bad = "event: delta\ndata: {\"type\":\"delta\",\"words\":\"a\"}\n\n";

    assertThat(CONTRACT.violations(got(turn, 200, "text/event-stream", good))).isEmpty();
    assertThat(CONTRACT.violations(got(turn, 200, "text/event-stream", good + bad))).hasSize(2);
    assertThat(CONTRACT.violations(got(turn, 200, "text/event-stream", "event: x\ndata: {}\n\n")))
        .hasSize(1);
  }

  private static Exchange got(String target, int status, String mediaType, String body) {
    return new Exchange("GET", target, null, status, Map.of("content-type", mediaType), body);
  }
}
