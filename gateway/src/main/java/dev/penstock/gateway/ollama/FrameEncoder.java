package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Encodes the frames of {@code /api/chat} or {@code /api/generate} (ollama-api.md sections 4.1 and
 * 5): members in Go's struct order, what is empty or zero left out, everything but the time and the
 * text encoded once. Lines end with LF; the one object of a whole answer does not.
 *
 * <pre>
 * {"model":"m","created_at":"2026-03-02T10:11:12.1Z","message":{"role":"assistant","content":" no"},"done":false}
 * {"model":"m","created_at":"2026-03-02T10:11:12.1Z","response":" no","done":false}
 * </pre>
 */
final class FrameEncoder {
  private static final byte[] MORE = utf8(",\"done\":false}\n");

  /** What a frame says; each part may be empty. */
  record Said(String text, String thought, List<ToolCall> calls, List<TokenLogprob> logprobs) {
    static final Said NOTHING = new Said("", "", List.of(), List.of());
  }

  private final boolean chat;
  private final byte[] start;
  private final byte[] textStart;
  private int calls;

  private FrameEncoder(boolean chat, String model) {
    this.chat = chat;
    this.start =
        GoString.append(Buffer.buffer().appendString("{\"model\":"), model)
            .appendString(",\"created_at\":\"")
            .getBytes();
    this.textStart =
        utf8(chat ? "\",\"message\":{\"role\":\"assistant\",\"content\":" : "\",\"response\":");
  }

  /** Of {@code /api/chat}; {@code model} is echoed as the request named it. */
  static FrameEncoder ofChat(String model) {
    return new FrameEncoder(true, model);
  }

  /** Of {@code /api/generate}. */
  static FrameEncoder ofGenerate(String model) {
    return new FrameEncoder(false, model);
  }

  /** Appends a line with a piece of the answer. */
  void text(Buffer out, Instant at, String text) {
    begin(out, at, text);
    if (chat) {
      out.appendByte((byte) '}');
    }
    out.appendBytes(MORE);
  }

  /** Appends a line with any parts of the answer. */
  void said(Buffer out, Instant at, Said said) {
    message(out, at, said).appendString(",\"done\":false");
    if (!chat) {
      toolCalls(out, said.calls());
    }
    logprobs(out, said.logprobs()).appendString("}\n");
  }

  /**
   * Appends the last frame, without the line's end.
   *
   * @param context of {@code /api/generate}; empty leaves it out
   */
  void last(Buffer out, Instant at, Said said, String reason, int[] context, Metrics metrics) {
    message(out, at, said)
        .appendString(",\"done\":true,\"done_reason\":\"")
        .appendString(reason)
        .appendByte((byte) '"');
    if (chat) {
      logprobs(out, said.logprobs());
    } else {
      numbers(out, context);
    }
    metrics.append(out);
    if (!chat) {
      toolCalls(out, said.calls());
      logprobs(out, said.logprobs());
    }
    out.appendByte((byte) '}');
  }

  private Buffer begin(Buffer out, Instant at, String text) {
    GoTime.append(out.appendBytes(start), at);
    return GoString.append(out.appendBytes(textStart), text);
  }

  private Buffer message(Buffer out, Instant at, Said said) {
    begin(out, at, said.text());
    if (!said.thought().isEmpty()) {
      GoString.append(out.appendString(",\"thinking\":"), said.thought());
    }
    if (chat) {
      toolCalls(out, said.calls());
      out.appendByte((byte) '}');
    }
    return out;
  }

  private void toolCalls(Buffer out, List<ToolCall> called) {
    if (called.isEmpty()) {
      return;
    }
    out.appendString(",\"tool_calls\":[");
    var separator = "";
    for (var call : called) {
      GoString.append(out.appendString(separator).appendString("{\"id\":"), call.id())
          .appendString(",\"function\":{\"index\":" + calls + ",\"name\":");
      GoString.append(out, call.name())
          .appendString(",\"arguments\":")
          .appendString(oneLine(call.arguments()))
          .appendString("}}");
      separator = ",";
      calls++;
    }
    out.appendByte((byte) ']');
  }

  private static Buffer logprobs(Buffer out, List<TokenLogprob> logprobs) {
    return logprobs.isEmpty() ? out : tokens(out.appendString(",\"logprobs\":"), logprobs);
  }

  private static Buffer tokens(Buffer out, List<TokenLogprob> tokens) {
    out.appendByte((byte) '[');
    var separator = "";
    for (var token : tokens) {
      GoString.append(out.appendString(separator).appendString("{\"token\":"), token.token())
          .appendString(",\"logprob\":")
          .appendString(Double.toString(token.logprob()));
      if (!token.bytes().isEmpty()) {
        // A list prints as JSON but for its spaces.
        out.appendString(",\"bytes\":" + token.bytes().toString().replace(" ", ""));
      }
      if (!token.top().isEmpty()) {
        tokens(out.appendString(",\"top_logprobs\":"), token.top());
      }
      out.appendByte((byte) '}');
      separator = ",";
    }
    return out.appendByte((byte) ']');
  }

  private static void numbers(Buffer out, int[] context) {
    if (context.length == 0) {
      return;
    }
    out.appendString(",\"context\":[").appendString(Integer.toString(context[0]));
    for (var i = 1; i < context.length; i++) {
      out.appendByte((byte) ',').appendString(Integer.toString(context[i]));
    }
    out.appendByte((byte) ']');
  }

  /** A frame is a line; between a document's tokens white space is all the same. */
  private static String oneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
