package dev.penstock.local.endtoend;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** Everything this process writes to its terminal, with our own logs at DEBUG. */
final class Overheard implements AutoCloseable {
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.penstock");
  private final Level level = ours.getLevel();

  private Overheard() {
    var both = new PrintStream(heard, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    ours.setLevel(Level.DEBUG);
  }

  static Overheard listen() {
    return new Overheard();
  }

  String text() {
    return heard.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    ours.setLevel(level);
    System.setOut(out);
    System.setErr(err);
    out.print(text());
  }
}
