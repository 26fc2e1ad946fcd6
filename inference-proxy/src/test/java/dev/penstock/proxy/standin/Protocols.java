package dev.penstock.proxy.standin;

import java.util.List;

/** The protocols that stream. */
public final class Protocols {
  public static final List<Protocol> STREAMING =
      List.of(
          new OllamaProtocol(),
          new OpenAiProtocol(),
          new GeminiProtocol(false),
          new GeminiProtocol(true));

  private Protocols() {}
}
