package dev.penstock.contracts.sse;

/**
 * One dispatched event, as WHATWG's event stream interpretation yields it.
 *
 * @param name {@code message} where the stream named none
 * @param data lines joined by LF
 * @param lastEventId the last id seen so far; empty for none
 */
public record SseEvent(String name, String data, String lastEventId) {}
