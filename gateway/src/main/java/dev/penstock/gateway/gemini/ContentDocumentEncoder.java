package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer as one response object (gemini-api.md section 4).
 *
 * @param isEnum whether the text is a JSON string of which the client wants what it says
 */
record ContentDocumentEncoder(AnswerNames names, boolean isEnum) implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    GeminiError.of(failure).answer(response);
  }

  @Override
  public Buffer document(HttpServerResponse response, GatheredAnswer answer) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, GeminiError.JSON);
    return json(answer);
  }

  Buffer json(GatheredAnswer answer) {
    var chunks = new ChunkEncoder(names);
    var out = Buffer.buffer(answer.text().length() + 512);
    var parts = parts(answer);
    var end = new ChunkEncoder.End(answer.reason(), answer.usage());
    if (!parts.isEmpty()) {
      chunks.chunk(out, parts, answer.logprobs(), end);
    } else if (answer.reason() == FinishReason.CONTENT_FILTER
        && answer.usage().outputTokens() == 0) {
      chunks.blocked(out, answer.usage());
    } else {
      chunks.nothing(out, end);
    }
    return out;
  }

  private List<Part> parts(GatheredAnswer answer) {
    var parts = new ArrayList<Part>();
    if (!answer.thoughts().isEmpty()) {
      parts.add(new Part.Words(answer.thoughts(), true));
    }
    if (!answer.text().isEmpty()) {
      var text = isEnum ? EnumText.of(answer.text()) : answer.text();
      parts.add(new Part.Words(text, false));
    }
    if (!answer.calls().isEmpty()) {
      parts.add(new Part.Calls(answer.calls()));
    }
    return parts;
  }
}
