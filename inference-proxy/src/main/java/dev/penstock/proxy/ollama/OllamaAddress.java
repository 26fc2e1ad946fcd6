package dev.penstock.proxy.ollama;

import java.net.URI;
import java.util.Locale;

/**
 * Where an Ollama answers.
 *
 * @param path prefix of every route, without a slash at its end; usually empty
 */
public record OllamaAddress(String host, int port, boolean tls, String path) {
  private static final int DEFAULT_PORT = 11434;

  /**
   * Reads every form that Ollama's own tools take for {@code OLLAMA_HOST}: with or without scheme,
   * port and path, {@code :8080}, and the addresses a server binds to, which mean this machine.
   * Without a scheme the port is 11434, with one it is the scheme's.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static OllamaAddress parse(String text) {
    var trimmed = text.strip().replaceAll("^[\"']|[\"']$", "");
    var lower = trimmed.toLowerCase(Locale.ROOT);
    var tls = lower.startsWith("https://");
    var hasScheme = tls || lower.startsWith("http://");
    if (!hasScheme && lower.contains("://")) {
      throw notAnAddress();
    }
    var rest = hasScheme ? trimmed.substring(trimmed.indexOf("://") + 3) : trimmed;
    var slash = rest.indexOf('/');
    var authority = slash < 0 ? rest : rest.substring(0, slash);
    var path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
    var uri = uri(authority.matches(":\\d+") ? "127.0.0.1" + authority : authority);
    var defaultPort = tls ? 443 : hasScheme ? 80 : DEFAULT_PORT;
    return new OllamaAddress(
        reachable(uri.getHost()), uri.getPort() < 0 ? defaultPort : uri.getPort(), tls, path);
  }

  private static URI uri(String authority) {
    try {
      var uri = URI.create("http://" + (bareIpv6(authority) ? "[" + authority + "]" : authority));
      if (uri.getHost() != null && uri.getPort() <= 65_535 && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw notAnAddress();
  }

  private static boolean bareIpv6(String authority) {
    return !authority.startsWith("[") && authority.chars().filter(c -> c == ':').count() > 1;
  }

  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "[::]", "[::0]" -> "::1";
      default -> host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    };
  }

  private static IllegalArgumentException notAnAddress() {
    return new IllegalArgumentException(
        "addresses of Ollama separated by commas, such as http://127.0.0.1:11434");
  }

  @Override
  public String toString() {
    var shown = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + shown + ":" + port + path;
  }
}
