package dev.penstock.gateway.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One file as it goes over the wire. Immutable; the buffers are shared by all requests and must not
 * be written to.
 *
 * @param hash the first 16 hex digits of the content's SHA-256
 * @param gzip the same content, compressed
 */
record Asset(String mediaType, String hash, Buffer plain, Buffer gzip) {

  static Asset of(String mediaType, String text) {
    var content = text.getBytes(StandardCharsets.UTF_8);
    return new Asset(
        mediaType,
        HexFormat.of().formatHex(sha256(content), 0, 8),
        Buffer.buffer(content),
        Buffer.buffer(compress(content)));
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] compress(byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length / 2);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
