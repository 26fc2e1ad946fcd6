package dev.penstock.simulator.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaSampleTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"const\":7}|7",
        "{\"enum\":[\"a\"]}|\"a\"",
        "{\"type\":\"integer\",\"minimum\":3.5}|4",
        "{\"type\":\"integer\",\"exclusiveMinimum\":3}|4",
        "{\"type\":\"number\",\"maximum\":-2}|-2.0",
        "{\"type\":\"boolean\"}|true",
        "{\"type\":[\"null\",\"string\"]}|null",
        "{\"type\":\"string\",\"format\":\"date\"}|\"2026-02-01\"",
        "{\"type\":\"array\",\"minItems\":2,\"items\":{\"const\":1}}|[1,1]",
        "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}|1",
        "{\"properties\":{\"b\":{\"const\":1},\"a\":{\"$ref\":\"#/$defs/x\"}},\"$defs\":{\"x\":{\"const\":2}}}|{\"b\":1,\"a\":2}",
        "{\"type\":\"object\"}|{}"
      })
  void conformsToTheSchema(String schema, String expected) throws JsonProcessingException {
    assertThat(sample(schema, "").toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "string|Oslo|\"Oslo\"",
        "integer|7|7",
        "integer|many|1",
        "number|-2.5|-2.5",
        "boolean|false|false"
      })
  void takesWhatTheQuestionSays(String type, String told, String expected)
      throws JsonProcessingException {
    var schema = "{\"properties\":{\"x\":{\"type\":\"" + type + "\"}}}";

    assertThat(sample(schema, "lookup with x=" + told + ", please").get("x").toString())
        .isEqualTo(expected);
  }

  @Test
  void keepsTextWithinItsLengths() throws JsonProcessingException {
    var text = sample("{\"type\":\"string\",\"minLength\":30,\"maxLength\":33}", "").asText();

    assertThat(text.length()).isBetween(30, 33);
  }

  @Test
  void endsASchemaThatContainsItself() throws JsonProcessingException {
    var endless = "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}";

    assertThat(sample(endless, "").toString()).startsWith("{\"next\":{\"next\":").contains("{}");
    assertThat(sample("{\"$ref\":\"#\"}", "").isMissingNode()).isFalse();
  }

  private static JsonNode sample(String schema, String question) throws JsonProcessingException {
    return new SchemaSample(JSON.readTree(schema), 42, question).document();
  }
}
