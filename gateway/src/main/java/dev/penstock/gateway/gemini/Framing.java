package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.Failure;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How the objects of one stream stand on the wire (gemini-api.md section 5). Neither form has room
 * for anything else: no comment, no name, no id, no end mark.
 */
sealed interface Framing {
  /** The media type of the stream. */
  CharSequence contentType();

  /** Appends what stands before each object. */
  void open(Buffer out);

  /** Appends what stands after each object. */
  void close(Buffer out);

  /** Appends what stands after the last object of a whole answer. */
  void end(Buffer out);

  /** Appends the error that ends a broken answer. */
  void fail(Buffer out, Failure failure);

  /** The same error again for a write of its own; null where one form reaches every client. */
  @Nullable Buffer failAgain(Failure failure);

  /** One line {@code data: {…}} and a blank line per object, for {@code alt=sse}. */
  final class Events implements Framing {
    @Override
    public CharSequence contentType() {
      return "text/event-stream";
    }

    @Override
    public void open(Buffer out) {
      out.appendString("data: ");
    }

    @Override
    public void close(Buffer out) {
      out.appendString("\n\n");
    }

    @Override
    public void end(Buffer out) {}

    @Override
    public void fail(Buffer out, Failure failure) {
      open(out);
      close(out.appendBuffer(GeminiError.of(failure).json()));
    }

    // Some clients overlook an error in an event, the others one outside of it (section 5.4).
    @Override
    public Buffer failAgain(Failure failure) {
      var out = GeminiError.of(failure).json();
      close(out);
      return out;
    }
  }

  /** One JSON array, with not a byte before its bracket nor after it. */
  final class Array implements Framing {
    private boolean begun;

    @Override
    public CharSequence contentType() {
      return GeminiError.JSON;
    }

    @Override
    public void open(Buffer out) {
      out.appendString(begun ? "\n,\n" : "[");
      begun = true;
    }

    @Override
    public void close(Buffer out) {}

    @Override
    public void end(Buffer out) {
      out.appendString("]");
    }

    @Override
    public void fail(Buffer out, Failure failure) {
      open(out);
      end(out.appendBuffer(GeminiError.of(failure).json()));
    }

    @Override
    public @Nullable Buffer failAgain(Failure failure) {
      return null;
    }
  }
}
