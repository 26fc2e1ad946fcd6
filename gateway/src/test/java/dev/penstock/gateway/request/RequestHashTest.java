package dev.penstock.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** turns.md T-5: requests are compared as JSON values. */
class RequestHashTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":1,\"b\":[2,3]}    | { \"b\" : [2, 3], \"a\" : 1 }",
        "{\"a\":\"\\u00e9\\/\"}   | {\"a\":\"é/\"}",
        "{\"a\":100}              | {\"a\":1e2}",
        "{\"a\":1.50}             | {\"a\":1.5}",
        "{\"a\":0}                | {\"a\":-0.0}",
        "{}                       | {  }",
      })
  void isTheSameForTheSameValue(String one, String other) {
    assertThat(hash(one)).isEqualTo(hash(other)).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":1}       | {\"a\":\"1\"}",
        "{\"a\":[1,2]}   | {\"a\":[2,1]}",
        "{\"a\":null}    | {}",
        "{\"a\":true}    | {\"a\":\"true\"}",
        "{\"a\":[]}      | {\"a\":{}}",
        "{\"a\":0.1}     | {\"a\":0.10000000000000001e1}",
        "{\"a\":\"\\\"\"} | {\"a\":\"\\\\\"}",
        "{\"a\":9223372036854775807} | {\"a\":9223372036854775806}",
        "{\"a\":\"b\",\"c\":\"d\"} | {\"a\":\"b\\\",\\\"c\\\":\\\"d\"}",
      })
  void differsForAnotherValue(String one, String other) {
    assertThat(hash(one)).isNotEqualTo(hash(other));
  }

  @Test
  void differsForAnotherMethodAndAnotherPath() {
    var body = StrictJson.parse(Buffer.buffer("{}"));

    assertThat(RequestHash.of("POST", "/v1/sessions", body))
        .isNotEqualTo(RequestHash.of("PUT", "/v1/sessions", body))
        .isNotEqualTo(RequestHash.of("POST", "/v1/sessions/", body));
  }

  private static String hash(String json) {
    return RequestHash.of("POST", "/v1/sessions", StrictJson.parse(Buffer.buffer(json)));
  }
}
