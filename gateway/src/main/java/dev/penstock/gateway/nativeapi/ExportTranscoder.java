package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns session-service's export into the public one, fed in pieces cut anywhere: {@code session}
 * and {@code messages} as they are, each of {@code turns} in its public form. Holds one turn at a
 * time, however long the document is.
 */
final class ExportTranscoder {
  private static final String TURNS = "turns";
  private static final int DEPTH_OF_TURNS = 2;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // One text may be a whole answer.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(64 * 1024 * 1024).build())
          .build();

  private final JsonParser parser;
  private final ByteArrayFeeder input;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator out;
  private int depth;
  private @Nullable String section;
  private @Nullable TokenBuffer turn;
  private boolean complete;

  ExportTranscoder() {
    try {
      parser = FACTORY.createNonBlockingByteArrayParser();
      out = Wire.JSON.createGenerator(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("in memory", e);
    }
    input = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /**
   * The public bytes completed by {@code piece}, perhaps none.
   *
   * @throws Wire.MalformedWireException if the document is not an export
   */
  Buffer feed(Buffer piece) {
    try {
      var raw = piece.getBytes();
      input.feedInput(raw, 0, raw.length);
      for (var token = parser.nextToken();
          token != null && token != JsonToken.NOT_AVAILABLE;
          token = parser.nextToken()) {
        take(token);
      }
      out.flush();
      var ready = Buffer.buffer(bytes.toByteArray());
      bytes.reset();
      return ready;
    } catch (IOException e) {
      throw new IllegalStateException("session-service sent no export", e);
    }
  }

  /** Whether the document has ended; a stream that ends before is torn. */
  boolean complete() {
    return complete;
  }

  private void take(JsonToken token) throws IOException {
    if (token == JsonToken.FIELD_NAME && depth == 1) {
      section = parser.currentName();
    }
    if (turn == null && token == JsonToken.START_OBJECT && inTurns()) {
      turn = new TokenBuffer(parser);
    }
    if (turn == null) {
      out.copyCurrentEvent(parser);
    } else {
      turn.copyCurrentEvent(parser);
    }
    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    if (turn != null && token == JsonToken.END_OBJECT && depth == DEPTH_OF_TURNS) {
      Wire.JSON.writeTree(out, TurnJson.of(Wire.JSON.readValue(turn.asParser(), Turn.class)));
      turn = null;
    }
    complete = depth == 0;
  }

  private boolean inTurns() {
    return depth == DEPTH_OF_TURNS && TURNS.equals(section);
  }
}
