package dev.penstock.proxy.serving;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One model server.
 *
 * @param name in logs, metrics and {@code started} events
 * @param url absolute, {@code http} or {@code https}
 * @param slots generations it runs at once, as its own configuration says
 * @param shared one address stands for several servers, so nothing about a single one holds
 * @param apiKey null where it asks for none
 * @param identity whether it asks who calls: requests then carry an identity token of this machine
 */
public record UpstreamConfig(
    String name,
    UpstreamKind kind,
    URI url,
    int slots,
    boolean shared,
    @Nullable ApiKey apiKey,
    boolean identity) {}
