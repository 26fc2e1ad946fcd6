package dev.penstock.bench.token;

/**
 * A token whose text is the moment it was sent: {@code @} and eight base-32 digits of microseconds.
 * It survives every dialect unescaped, so a reader finds it without parsing. Processes of one
 * machine share the clock.
 */
public final class Stamp {
  /** Begins a token; occurs nowhere else on the wire. */
  public static final byte MARK = '@';

  /** Digits behind the mark. */
  public static final int DIGITS = 8;

  private static final byte[] ALPHABET = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',
    'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v'
  };
  private static final int BITS = 5;
  private static final long MASK = (1L << (BITS * DIGITS)) - 1;

  private Stamp() {}

  /** Monotonic microseconds, modulo twelve days. */
  public static long now() {
    return (System.nanoTime() / 1_000) & MASK;
  }

  /** Writes the digits of {@code micros} into {@code out} from {@code at} on. */
  public static void write(long micros, byte[] out, int at) {
    for (var n = 0; n < DIGITS; n++) {
      out[at + n] = ALPHABET[(int) (micros >>> (BITS * (DIGITS - 1 - n))) & 31];
    }
  }

  /** {@code value} with one more digit read. */
  public static long append(long value, byte digit) {
    return value << BITS | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }

  /** Microseconds from {@code sent} to {@code received}. */
  public static long between(long sent, long received) {
    return (received - sent) & MASK;
  }
}
