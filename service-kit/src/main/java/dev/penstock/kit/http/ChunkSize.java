package dev.penstock.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Reads how long a chunk is (RFC 9112 section 7.1), from a line that may be cut anywhere. Whether
 * the line is well formed is the decoder's affair.
 */
final class ChunkSize implements ByteProcessor {
  private static final int HEX = 16;

  // Beyond what the decoder takes.
  private static final long MOST = 1L << 40;

  private boolean inDigits = true;
  private long bytes;

  /** Bytes up to the end of the line, or all there are. */
  int next(ByteBuf line) {
    var end = line.forEachByte(this);
    return end < 0 ? line.readableBytes() : end + 1 - line.readerIndex();
  }

  /** The size that was read, of a line that has ended; the next one begins. */
  long take() {
    var size = bytes;
    bytes = 0;
    inDigits = true;
    return size;
  }

  @Override
  public boolean process(byte value) {
    var digit = Character.digit(value, HEX);
    inDigits &= digit >= 0;
    if (inDigits && bytes < MOST) {
      bytes = bytes * HEX + digit;
    }
    return value != '\n';
  }
}
