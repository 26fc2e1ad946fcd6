package dev.penstock.local.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metadata server of a machine at Google as far as identity tokens go (gemini-api.md section
 * 10.2): numbered tokens of an hour, signed by nobody.
 */
final class MetadataStandIn implements AutoCloseable {
  private static final long LIFE_SECONDS = 3_600;
  private static final Pattern AUDIENCE = Pattern.compile("audience=([^&]+)");

  private final AtomicInteger issued = new AtomicInteger();
  private final HttpServer server;
  private final @Nullable UnaryOperator<String> signer;
  private volatile boolean down;

  MetadataStandIn() {
    this(null);
  }

  /**
   * @param signer gives the token for an audience, in the place of unsigned ones; null for those
   */
  MetadataStandIn(@Nullable UnaryOperator<String> signer) {
    this.signer = signer;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/computeMetadata/v1/instance/service-accounts/default/identity", this::answer);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The number of the last token. */
  int issued() {
    return issued.get();
  }

  /** From now on nobody is told anything. */
  void goesDown() {
    down = true;
  }

  void comesBack() {
    down = false;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var audience = AUDIENCE.matcher(exchange.getRequestURI().getRawQuery());
      var asked = "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"));
      if (down || !asked || !audience.find()) {
        exchange.sendResponseHeaders(down ? 503 : 403, -1);
        return;
      }
      var of = URLDecoder.decode(audience.group(1), StandardCharsets.UTF_8);
      var token = (signer == null ? jwt(of) : signer.apply(of)).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, token.length);
      exchange.getResponseBody().write(token);
    }
  }

  private String jwt(String audience) {
    return encoded("{\"alg\":\"none\"}")
        + "."
        + encoded(
            "{\"aud\":\"%s\",\"exp\":%d,\"number\":%d}"
                .formatted(
                    audience,
                    Instant.now().getEpochSecond() + LIFE_SECONDS,
                    issued.incrementAndGet()))
        + "."
        + encoded("signature");
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
