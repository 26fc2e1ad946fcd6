package dev.penstock.gateway.adk;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of ADK Web as its artifact holds them, read from the class path when they are first
 * asked for and kept compressed, once per process. Safe from any thread; reading blocks.
 */
public final class WebFiles {
  private static final String FOLDER = "/adk-web/";
  private static final Pattern NAME = Pattern.compile("([\\w-]+/)*[\\w-]+(\\.[\\w-]+)*");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "wasm", "application/wasm");

  private final Map<String, File> known = new ConcurrentHashMap<>();

  /** One file; the buffer must not be written to. */
  record File(String mediaType, Buffer gzip) {}

  /** The file of that name, if it was read before. */
  @Nullable File known(String name) {
    return known.get(name);
  }

  /** The file of that name; null if there is none. Blocks. */
  @Nullable File read(String name) {
    if (!NAME.matcher(name).matches()) {
      return null;
    }
    try (var in = WebFiles.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return null;
      }
      var suffix = name.substring(name.lastIndexOf('.') + 1);
      var type = MEDIA_TYPES.get(suffix);
      if (type == null) {
        return null; // a folder, or nothing a page asks for
      }
      return known.computeIfAbsent(name, _ -> new File(type, compressed(bytes(in))));
    } catch (IOException e) {
      throw new UncheckedIOException("ADK Web's file " + name + " cannot be read", e);
    }
  }

  private static byte[] bytes(java.io.InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Buffer compressed(byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length / 3);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
