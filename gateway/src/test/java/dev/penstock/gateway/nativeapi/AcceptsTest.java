package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 section 12.5.1, and what native-api.md makes of it. */
class AcceptsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "''                                        | application/json",
        "*/*                                       | application/json",
        "application/json                          | application/json",
        "application/*                             | application/json",
        "text/event-stream                         | text/event-stream",
        "TEXT/Event-Stream                         | text/event-stream",
        "text/event-stream, application/json;q=0.5 | text/event-stream",
        "text/event-stream;q=0.4, application/json;q=0.5 | application/json",
        "application/json, text/event-stream       | application/json",
        "text/event-stream, */*                    | text/event-stream",
        "text/event-stream;q=0.1, */*;q=0.5        | application/json",
        "application/json;q=0, */*                 | text/event-stream",
        "text/*                                    | text/event-stream",
        "text/event-stream; charset=utf-8          | text/event-stream",
        "text/html                                 | none",
        "application/json;q=0                      | none",
        "nonsense, */*;q=0.1                       | application/json",
        "application/json;q=much, text/event-stream | text/event-stream",
      })
  void choosesTheHeaviestThenTheMostPreciseThenTheFirstOffered(String header, String expected) {
    assertThat(Accepts.parse(header).best(Accepts.JSON, Accepts.EVENT_STREAM).orElse(null))
        .isEqualTo(expected);
  }
}
