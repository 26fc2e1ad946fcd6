package dev.penstock.simulator.fault;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** One way an answer goes wrong (reliability F11–F16). */
public sealed interface Fault {
  /** The name on the control port. */
  String kind();

  /**
   * The connection breaks inside the body, or before the head at token 0.
   *
   * @param reset by RST; otherwise by FIN without the last chunk
   */
  record Cut(boolean reset) implements Fault {
    @Override
    public String kind() {
      return "cut";
    }
  }

  /** A line {@code {"error":"…"}} ends the answer; at token 0 it is a 500 instead. */
  record ErrorLine(String text) implements Fault {
    @Override
    public String kind() {
      return "error";
    }
  }

  /**
   * Nothing more comes for a while, and the slot stays taken.
   *
   * @param duration how long, or until the client leaves if that is sooner
   */
  record Hang(Duration duration) implements Fault {
    @Override
    public String kind() {
      return "hang";
    }
  }

  /** From here on the tokens come at another speed. */
  record Slow(int tokensPerSecond) implements Fault {
    @Override
    public String kind() {
      return "slow";
    }
  }

  /** Bytes that are no frame come between two frames; then the answer goes on. */
  record Garbage(Buffer bytes) implements Fault {
    @Override
    public String kind() {
      return "garbage";
    }
  }

  /** The body ends properly, but without {@code "done":true}. */
  record MissingEnd() implements Fault {
    @Override
    public String kind() {
      return "missing_end";
    }
  }

  /** 503 at the door, in the words of a full load queue. */
  record Busy() implements Fault {
    @Override
    public String kind() {
      return "busy";
    }
  }
}
