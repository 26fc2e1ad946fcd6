package dev.penstock.proxy;

import dev.penstock.proxy.ollama.OllamaAddress;

/**
 * One model server.
 *
 * @param name in logs, metrics and {@code started} events
 * @param slots generations it runs at once, as its own configuration says
 */
public record UpstreamConfig(String name, OllamaAddress address, int slots) {}
