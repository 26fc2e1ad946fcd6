package dev.penstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
      session = post(first.url(), "/v1/sessions", "{}").body().replaceAll(".*?\"id\":\"", "");
      session = session.substring(0, 36);
      var turn =
          post(
              first.url(),
              "/v1/sessions/" + session + "/turns",
              "{\"input\":{\"text\":\"Hello [tokens=8]\"}}");
      assertThat(turn.body()).contains("\"state\":\"completed\"");

      first.interrupt();
      assertThat(first.exitCode(STOP_LIMIT)).isZero();
      assertThat(first.said()).anyMatch(line -> line.contains("SIMULATOR"));
      assertThat(first.said()).noneMatch(line -> line.contains("WARNING"));
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var sessions = get(second.url(), "/v1/sessions").body();
      assertThat(sessions).contains(session);
      assertThat(get(second.url(), "/v1/sessions/" + session + "/messages").body())
          .contains("Hello [tokens=8]");
    }
    assertThat(data.resolve("postgresql/postmaster.pid")).doesNotExist();
  }

  @Test
  void comesBackAfterAKillWithWhatWasCommitted() throws Exception {
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      post(first.url(), "/v1/sessions", "{\"title\":\"kept\"}");
      first.kill();
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      assertThat(get(second.url(), "/v1/sessions").body()).contains("\"title\":\"kept\"");
    }
  }

  @Test
  void endsARunningTurnWithItsTextWhenStopped() throws Exception {
    String location;
    try (var first = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var session = post(first.url(), "/v1/sessions", "{}").body();
      var id = session.substring(session.indexOf("\"id\":\"") + 6).substring(0, 36);
      var request =
          HttpRequest.newBuilder(first.url().resolve("/v1/sessions/" + id + "/turns"))
              .header("Content-Type", "application/json")
              .header("Prefer", "respond-async")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"input\":{\"text\":\"[tokens=5000]\"},\"options\":{\"max_tokens\":6000}}"))
              .build();
      try (var http = HttpClient.newHttpClient()) {
        var reply = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(202);
        location = reply.headers().firstValue("location").orElseThrow();
      }
      awaitText(first.url(), location);

      first.interrupt();
      assertThat(first.exitCode(STOP_LIMIT)).isZero();
    }
    try (var second = PenstockProcess.start("--port", "0", "--data", data.toString())) {
      var turn = get(second.url(), location).body();
      assertThat(turn).contains("\"state\":\"interrupted\"").contains("\"output\":{");
    }
  }

  private static void awaitText(URI url, String location) throws Exception {
    var request =
        HttpRequest.newBuilder(url.resolve(location + "/events"))
            .header("Accept", "text/event-stream")
            .build();
    try (var http = HttpClient.newHttpClient();
        var lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      assertThat(lines.anyMatch(line -> line.equals("event: delta"))).isTrue();
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

  private static HttpResponse<String> post(URI url, String path, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> get(URI url, String path)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url.resolve(path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
