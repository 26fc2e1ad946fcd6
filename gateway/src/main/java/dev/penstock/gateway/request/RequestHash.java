package dev.penstock.gateway.request;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * What an idempotency key is compared by: SHA-256, in lower-case hex, of method, path and body as a
 * JSON value. Member order, white space, escapes and the spelling of numbers make no difference.
 */
public final class RequestHash {
  private RequestHash() {}

  /** The hash of a request. */
  public static String of(String method, String path, JsonNode body) {
    var text = new StringBuilder().append(method).append('\n').append(path).append('\n');
    canonical(body, text);
    return HexFormat.of().formatHex(sha256(text.toString()));
  }

  private static void canonical(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        var members = new TreeMap<String, JsonNode>();
        node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        var separator = '{';
        for (var member : members.entrySet()) {
          out.append(separator);
          quoted(member.getKey(), out);
          out.append(':');
          canonical(member.getValue(), out);
          separator = ',';
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
      case ARRAY -> {
        out.append('[');
        for (var i = 0; i < node.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          canonical(node.get(i), out);
        }
        out.append(']');
      }
      case NUMBER -> {
        var whole = Numbers.whole(node);
        out.append(whole == null ? node.asText() : whole.toString());
      }
      case STRING -> quoted(node.textValue(), out);
      default -> out.append(node.asText());
    }
  }

  private static void quoted(String text, StringBuilder out) {
    out.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
