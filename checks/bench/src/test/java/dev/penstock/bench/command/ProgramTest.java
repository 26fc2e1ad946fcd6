package dev.penstock.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ProgramTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Probe probe = new Probe();

  @Command(name = "checks/bench/probe")
  private static final class Probe extends Program {
    @Option(names = "--short", description = "fewer rounds")
    private boolean brief;

    private boolean measured;

    @Override
    protected void measure(Path root) {
      measured = true;
    }
  }

  @Test
  void tellsItsOptionsAndMeasuresNothing() {
    assertThat(run("--help")).isZero();

    assertThat(probe.measured).isFalse();
    assertThat(out.toString()).contains("--short", "fewer rounds");
  }

  @Test
  void refusesWhatItDoesNotKnowInOneLine() {
    assertThat(run("--shrot")).isEqualTo(2);

    assertThat(probe.measured).isFalse();
    assertThat(err.toString().lines()).singleElement().asString().contains("--shrot", "--help");
  }

  @Test
  void measuresOtherwise() {
    assertThat(run("--short")).isZero();

    assertThat(probe.measured).isTrue();
    assertThat(probe.brief).isTrue();
  }

  private int run(String... arguments) {
    return Program.line(probe)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
