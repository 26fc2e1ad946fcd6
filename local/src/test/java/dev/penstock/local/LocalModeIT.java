package dev.penstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.local.endtoend.ChatClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Design sections 9 and 11, on the process that {@code ./penstock} starts. */
class LocalModeIT {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(12);

  @TempDir Path data;

  @Test
  void showsYesterdaysSessionsAfterCtrlCAndASecondStart() throws Exception {
    String session;
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var client = new ChatClient(first.url());
      session = client.newSession();
      var turn =
          client.call(
              "POST",
              "/v1/sessions/" + session + "/turns",
              "{\"input\":{\"text\":\"Hello [tokens=8]\"}}");
      assertThat(turn.json().get("state").asText()).isEqualTo("completed");

      first.interrupt();
      assertThat(first.exitCode(STOP_LIMIT)).isZero();
      assertThat(first.said()).anyMatch(line -> line.contains("SIMULATOR"));
      assertThat(first.said()).noneMatch(line -> line.contains("WARN"));
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var client = new ChatClient(second.url());
      assertThat(client.get("/v1/sessions").json().at("/data/0/id").asText()).isEqualTo(session);
      assertThat(
              client
                  .get("/v1/sessions/" + session + "/messages")
                  .json()
                  .at("/data/0/text")
                  .asText())
          .isEqualTo("Hello [tokens=8]");
    }
    assertThat(data.resolve("postgresql/postmaster.pid")).doesNotExist();
  }

  @Test
  void comesBackAfterAKillWithWhatWasCommitted() throws Exception {
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      new ChatClient(first.url()).call("POST", "/v1/sessions", "{\"title\":\"kept\"}");
      first.kill();
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var sessions = new ChatClient(second.url()).get("/v1/sessions").json();
      assertThat(sessions.at("/data/0/title").asText()).isEqualTo("kept");
    }
  }

  @Test
  void endsARunningTurnWithItsTextWhenStopped() throws Exception {
    String location;
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var client = new ChatClient(first.url());
      var reply =
          client.call(
              "POST",
              "/v1/sessions/" + client.newSession() + "/turns",
              ChatClient.ask(5000),
              "Prefer",
              "respond-async");
      assertThat(reply.status()).isEqualTo(202);
      location = reply.header("location");
      client.follow(reply.json().get("id").asText(), null).untilNamed("delta");

      first.interrupt();
      assertThat(first.exitCode(STOP_LIMIT)).isZero();
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var turn = new ChatClient(second.url()).get(location).json();
      assertThat(turn.get("state").asText()).isEqualTo("interrupted");
      assertThat(turn.at("/output/text").asText()).isNotEmpty();
    }
  }

  @Test
  void tellsASecondStartWhoHoldsTheData() throws Exception {
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      first.url();
      try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
        assertThat(second.exitCode(Duration.ofSeconds(15))).isEqualTo(1);
        assertThat(second.said()).singleElement().asString().contains("is in use by process");
      }
    }
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var penstock =
            PenstockProcess.start(
                "--port", Integer.toString(taken.getLocalPort()), "--data", data.toString())) {
      assertThat(penstock.exitCode(Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(penstock.said())
          .singleElement()
          .asString()
          .contains("port " + taken.getLocalPort() + " is taken");
    }
  }

  @Test
  void doesNotListenBeyondLoopbackUnlessToldTwice() throws Exception {
    try (var penstock =
        PenstockProcess.start(Map.of("HOST", "0.0.0.0"), "--data", data.toString())) {
      assertThat(penstock.exitCode(Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(penstock.said())
          .singleElement()
          .asString()
          .contains("AUTHENTICATION")
          .contains("--allow-unauthenticated");
    }
  }

  @Test
  void namesWhatItDoesNotKnow() throws Exception {
    try (var option = PenstockProcess.start("--prot", "1");
        var variable =
            PenstockProcess.start(
                Map.of("PENSTOCK_CONFGI", "x"), "--port", "0", "--data", data.toString())) {
      assertThat(option.exitCode(Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(option.said()).singleElement().asString().contains("--prot");
      assertThat(variable.exitCode(Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(variable.said()).singleElement().asString().contains("PENSTOCK_CONFGI");
    }
    assertThat(Files.exists(data.resolve("postgresql"))).isFalse();
  }

  @Test
  void asksTheModelServersOfAFileAndNoSimulator() throws Exception {
    var file =
        Files.writeString(
            data.resolve("penstock.yaml"),
            "upstreams: [{name: gpu, kind: ollama, url: \"http://127.0.0.1:9\"}]");
    var environment = Map.of("OLLAMA_URL", "", "PENSTOCK_CONFIG", file.toString());
    try (var penstock =
        PenstockProcess.start(
            environment, "--port", "0", "--data", data.resolve("database").toString())) {
      penstock.url();

      assertThat(penstock.said())
          .anyMatch(line -> line.contains("PENSTOCK_CONFIG: http://127.0.0.1:9"))
          .noneMatch(line -> line.contains("SIMULATOR"));
    }
  }
}
