package dev.penstock.gateway.turns;

import io.vertx.core.buffer.Buffer;

/**
 * The newest events of a turn as one dialect writes them, for every reader that is just behind
 * them. The bytes are never changed again.
 */
record EncodedTail(TurnEncoder encoder, Edition edition, int after, int to, Buffer bytes) {
  boolean serves(TurnEncoder other, Edition seen, int from, int last) {
    return after == from && to == last && edition.equals(seen) && encoder.equals(other);
  }
}
