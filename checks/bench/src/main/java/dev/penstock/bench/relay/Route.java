package dev.penstock.bench.relay;

import java.util.List;

/** A way from the client to the backend, and what is measured on it. */
enum Route {
  DIRECT("direct", "backend", List.of()),
  NGINX("nginx", "nginx", List.of("nginx")),
  PROXY("proxy", "inference-proxy", List.of("inference-proxy")),
  STATELESS("gateway, stateless", "gateway", List.of("gateway", "inference-proxy")),
  GEMINI("gateway, Gemini", "gateway", List.of("gateway", "inference-proxy")),
  OLLAMA("gateway, Ollama", "gateway", List.of("gateway", "inference-proxy")),
  STORED(
      "gateway, stored",
      "gateway",
      List.of("gateway", "inference-proxy", "session-service", "postgresql"));

  /** One hop more each. */
  static final List<Route> HOPS = List.of(DIRECT, NGINX, PROXY, STATELESS, STORED);

  /** The protocols the gateway speaks; the stateless hop is OpenAI's, the stored one our own. */
  static final List<Route> PROTOCOLS = List.of(STORED, STATELESS, GEMINI, OLLAMA);

  private final String title;
  private final String entry;

  @SuppressWarnings("ImmutableEnumChecker") // of List.of, and so immutable
  private final List<String> measured;

  Route(String title, String entry, List<String> measured) {
    this.title = title;
    this.entry = entry;
    this.measured = measured;
  }

  String title() {
    return title;
  }

  /** The process the client talks to. */
  String entry() {
    return entry;
  }

  /** The processes whose cost this route shows. */
  List<String> measured() {
    return measured;
  }
}
