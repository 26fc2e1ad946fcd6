package dev.penstock.gateway.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Reads a body from outside: valid UTF-8, one JSON document, no duplicate keys, nested at most 32
 * deep, numbers of at most 100 digits. Everything else is a 400 whose text says which.
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 32;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private StrictJson() {}

  /**
   * Parses one document.
   *
   * @throws ProblemException 400 {@code invalid_request}
   */
  public static JsonNode parse(Buffer body) {
    var bytes = body.getBytes();
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw invalid("The body is not valid UTF-8.", "UTF-8");
    }
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw invalid("The body is empty.", "a JSON document");
      }
      if (parser.nextToken() != null) {
        throw invalid("The body holds more than one JSON document.", "one JSON document");
      }
      return node;
    } catch (JsonEOFException e) {
      throw invalid("The JSON document ends too early.", "a whole JSON document");
    } catch (com.fasterxml.jackson.core.exc.StreamConstraintsException e) {
      throw invalid(
          "The JSON document is nested deeper than " + MAX_DEPTH + " or has an endless number.",
          "at most " + MAX_DEPTH + " levels");
    } catch (IOException e) {
      var duplicate = String.valueOf(e.getMessage()).contains("uplicate");
      throw invalid(
          duplicate ? "A key appears twice in one object." : "The body is not valid JSON.",
          duplicate ? "each key once" : "a JSON document");
    }
  }

  private static ProblemException invalid(String detail, String expected) {
    return new ProblemException(
        new Problem(
            400,
            "invalid_request",
            "The request is not valid",
            detail,
            null,
            Map.of("errors", List.of(Map.of("field", "body", "expected", expected)))));
  }
}
