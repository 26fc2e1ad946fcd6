package dev.penstock.proxy.metrics;

import dev.penstock.proxy.serving.UpstreamConfig;

/** A model server as labels tell it. */
record Target(String provider, String address, String port) {
  private static final String HTTPS = "https";

  static Target of(UpstreamConfig upstream) {
    var provider =
        switch (upstream.kind()) {
          case OLLAMA -> "ollama";
          case OPENAI -> "openai";
          case GEMINI -> "gcp.gemini";
          case VERTEX -> "gcp.vertex_ai";
          case GENERATE -> "vllm";
        };
    var url = upstream.url();
    var usual = HTTPS.equals(url.getScheme()) ? 443 : 80;
    return new Target(
        provider, url.getHost(), Integer.toString(url.getPort() < 0 ? usual : url.getPort()));
  }
}
