package dev.penstock.bench.load;

import java.util.function.Supplier;

/**
 * One load on one port of loopback.
 *
 * @param readers connections at a time
 * @param rampMillis over which they begin
 * @param streams per reader, one after the other; {@link Integer#MAX_VALUE} for until stopped
 * @param fresh a connection of its own for every stream
 * @param stall stop reading at the first token
 * @param tokens of every stream
 * @param request the bytes of the next request
 */
public record Load(
    int port,
    int readers,
    int rampMillis,
    int streams,
    boolean fresh,
    boolean stall,
    int tokens,
    Supplier<byte[]> request) {}
