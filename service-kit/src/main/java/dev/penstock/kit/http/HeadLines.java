package dev.penstock.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Looks at the lines of a request's head as they come, cut anywhere (RFC 9112 sections 2.2, 3 and
 * 5). What a line means is the decoder's affair.
 */
final class HeadLines implements ByteProcessor {
  private static final int FIRST_VISIBLE = 0x20;
  private static final int DELETE = 0x7f;
  private static final int BLANKS_OF_A_REQUEST_LINE = 2;

  private boolean inRequestLine = true;
  private boolean atStart = true;
  private boolean returned;
  private int blanks;
  private byte last;
  private boolean faulty;

  /** The next line is a request's first. */
  void reset() {
    inRequestLine = true;
    atStart = true;
    returned = false;
    blanks = 0;
    last = 0;
  }

  /** Bytes up to the end of the line, or all there are; negative if there is a fault in them. */
  int next(ByteBuf bytes) {
    var end = bytes.forEachByte(this);
    if (faulty) {
      return -1;
    }
    return end < 0 ? bytes.readableBytes() : end + 1 - bytes.readerIndex();
  }

  @Override
  public boolean process(byte value) {
    if (returned != (value == '\n')) {
      faulty = true;
      return false;
    }
    if (value == '\n') {
      // Empty lines before a request are to be ignored.
      inRequestLine &= atStart;
      atStart = true;
      returned = false;
      return false;
    }
    if (value == '\r') {
      returned = true;
      return true;
    }
    faulty =
        isControl(value) || (inRequestLine ? isMisplacedInRequestLine(value) : isMisplaced(value));
    atStart = false;
    last = value;
    return !faulty;
  }

  private static boolean isControl(byte value) {
    return (value >= 0 && value < FIRST_VISIBLE && value != '\t') || value == DELETE;
  }

  private boolean isMisplacedInRequestLine(byte value) {
    if (value != ' ') {
      return value == '\t';
    }
    return atStart || last == ' ' || ++blanks > BLANKS_OF_A_REQUEST_LINE;
  }

  // A line that begins with a blank goes on with the one before it; one with a colon has no name.
  private boolean isMisplaced(byte value) {
    return atStart && (value == ' ' || value == '\t' || value == ':');
  }
}
