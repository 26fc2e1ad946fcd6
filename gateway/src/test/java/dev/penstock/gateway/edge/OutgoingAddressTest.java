package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.inference.FakeProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No request makes this server call an address of its choice (OWASP API7): wherever a URL can stand
 * it is refused, and a listener on loopback that all of them lead to is never connected.
 */
class OutgoingAddressTest {
  private static final AtomicInteger CONNECTED = new AtomicInteger();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static ServerSocket canary;
  private static GatewayFixture gateway;
  private static FakeProxy proxy;

  @BeforeAll
  static void start() throws IOException {
    canary = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(OutgoingAddressTest::count);
    gateway = new GatewayFixture();
    proxy = gateway.proxy;
  }

  private static void count() {
    try {
      while (true) {
        try (var _ = canary.accept()) {
          CONNECTED.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    canary.close();
  }

  @BeforeEach
  void answers() throws InterruptedException {
    while (proxy.unseen() > 0) {
      proxy.next();
    }
    // As the proxy does with a name that no server of its configuration has.
    proxy.answers(
        asked -> {
          if (asked.request().model().equals("gemma3:270m")) {
            asked.says("Seen.").finishes();
          } else {
            asked.refuses(404, "model_not_found", null);
          }
        });
  }

  @AfterEach
  void nobodyCalled() {
    gateway.store.behaves(null);
    assertThat(CONNECTED).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aPictureSomewhereElseIsRefusedInEveryDialect(String address) {
    for (var body : pictures()) {
      var answer = post(body[0], body[1].replace("$", address));

      assertThat(answer.statusCode()).as(body[0] + body[1]).isBetween(400, 422);
      assertThat(answer.body()).doesNotContain("Exception", "Connection");
    }
    assertThat(proxy.unseen()).isZero();
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aModelIsANameAndNeverAnAddress(String address) {
    for (var body : models()) {
      assertThat(post(body[0], body[1].replace("$", address)).statusCode())
          .as(body[0] + body[1])
          .isBetween(400, 404);
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void aHeadDoesNotChangeWhereRequestsGo(String head) {
    var target = head.replace("$", "127.0.0.1:" + canary.getLocalPort());
    var chat = "{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    var answer =
        RawSocket.ask(
            gateway.port(),
            target
                + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + chat.length()
                + "\r\n\r\n"
                + chat);

    assertThat(answer.status()).isIn(200, 400, 403, 404, 405);
    assertThat(answer.body()).doesNotContain(Integer.toString(canary.getLocalPort()));
    assertThat(answer.headers().toString()).doesNotContain(Integer.toString(canary.getLocalPort()));
  }

  @Test
  void aRedirectOfSessionServiceIsNotFollowed() {
    for (var status : List.of(301, 302, 303, 307, 308)) {
      gateway.store.behaves(
          request ->
              request
                  .response()
                  .setStatusCode(status)
                  .putHeader("Location", "http://127.0.0.1:" + canary.getLocalPort() + "/")
                  .end());

      assertThat(gateway.client().get("/v1/sessions").status()).isGreaterThanOrEqualTo(500);
    }
  }

  static Stream<String> addresses() {
    var port = canary.getLocalPort();
    return Stream.concat(
        Stream.of(
                "http://127.0.0.1:%d/x",
                "HTTP://LOCALHOST:%d/x",
                "http://[::1]:%d/x",
                "http://[::ffff:127.0.0.1]:%d/x",
                "http://[0:0:0:0:0:ffff:7f00:1]:%d/x",
                "http://2130706433:%d/x",
                "http://0x7f000001:%d/x",
                "http://0x7f.0.0.1:%d/x",
                "http://0177.0.0.1:%d/x",
                "http://127.1:%d/x",
                "http://127.0.1:%d/x",
                "http://0:%d/x",
                "http://0.0.0.0:%d/x",
                "http://user:pass@127.0.0.1:%d/x",
                "http://example.com@127.0.0.1:%d/x",
                "http://127.0.0.1:%d#@example.com/",
                "http://localhost.:%d/x",
                "http://127.0.0.1.nip.io:%d/x",
                "http://127\u30020\u30020\u30021:%d/x",
                "http://\u2460\u2461\u2466.0.0.1:%d/x",
                "//127.0.0.1:%d/x",
                "https://127.0.0.1:%d/x",
                "ftp://127.0.0.1:%d/x",
                "gopher://127.0.0.1:%d/_GET",
                "dict://127.0.0.1:%d/info",
                "ws://127.0.0.1:%d/x",
                "jar:http://127.0.0.1:%d/x!/y",
                "url:http://127.0.0.1:%d/x",
                " http://127.0.0.1:%d/x")
            .map(form -> form.formatted(port)),
        Stream.of(
            "http://169.254.169.254/computeMetadata/v1/",
            "http://[::ffff:169.254.169.254]/latest/meta-data/",
            "http://2852039166/latest/meta-data/",
            "http://0xa9fea9fe/latest/meta-data/",
            "http://0251.0376.0251.0376/",
            "http://169.254.43518/",
            "http://[fd00:ec2::254]/latest/",
            "http://metadata.google.internal/computeMetadata/v1/",
            "http://metadata/computeMetadata/v1/",
            "http://169.254.169.254.nip.io/",
            "file:///etc/passwd",
            "file://localhost/etc/passwd",
            "FILE:/etc/passwd",
            "netdoc:///etc/passwd",
            "/etc/shadow.old",
            "../../etc/passwd",
            "gs://bucket/object",
            "s3://bucket/object",
            "data:text/html,<script>",
            "data:image/svg+xml;base64,PHN2Zy8+",
            "data:image/png,http://127.0.0.1/"));
  }

  private static List<String[]> pictures() {
    return List.of(
        new String[] {
          "/v1/chat/completions",
          "{'model':'gemma3:270m','messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'$'}}]}]}"
        },
        new String[] {
          "/v1/responses",
          "{'model':'gemma3:270m','input':[{'role':'user','content':[{'type':'input_image','image_url':'$'}]}]}"
        },
        new String[] {
          "/v1/responses",
          "{'model':'gemma3:270m','input':[{'role':'user','content':[{'type':'input_file','file_url':'$'}]}]}"
        },
        new String[] {
          "/v1beta/models/gemma3:270m:generateContent",
          "{'contents':[{'role':'user','parts':[{'fileData':{'mimeType':'image/png','fileUri':'$'}}]}]}"
        },
        new String[] {
          "/api/chat",
          "{'model':'gemma3:270m','messages':[{'role':'user','content':'a','images':['$']}]}"
        },
        new String[] {"/api/generate", "{'model':'gemma3:270m','prompt':'a','images':['$']}"});
  }

  private static List<String[]> models() {
    return List.of(
        new String[] {
          "/v1/chat/completions", "{'model':'$','messages':[{'role':'user','content':'a'}]}"
        },
        new String[] {"/v1/completions", "{'model':'$','prompt':'a'}"},
        new String[] {"/v1/embeddings", "{'model':'$','input':'a'}"},
        new String[] {"/v1/responses", "{'model':'$','input':'a'}"},
        new String[] {"/api/chat", "{'model':'$','messages':[{'role':'user','content':'a'}]}"},
        new String[] {"/api/generate", "{'model':'$','prompt':'a'}"},
        new String[] {"/api/embed", "{'model':'$','input':'a'}"},
        new String[] {"/api/show", "{'model':'$'}"},
        new String[] {"/api/pull", "{'model':'$'}"});
  }

  static Stream<String> heads() {
    var chat = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";
    return Stream.of(
        "POST http://$/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n",
        "POST http://$/v1/chat/completions HTTP/1.1\r\nHost: $\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: $\r\n",
        "POST //$/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n",
        "POST /http://$/ HTTP/1.1\r\nHost: localhost\r\n",
        "CONNECT $ HTTP/1.1\r\nHost: $\r\n",
        chat + "X-Forwarded-Host: $\r\n",
        chat + "X-Forwarded-For: $\r\nX-Forwarded-Proto: https\r\n",
        chat + "X-Forwarded-Server: $\r\nX-Original-URL: http://$/\r\n",
        chat + "X-Rewrite-URL: http://$/\r\n",
        chat + "Forwarded: for=1;host=$;proto=http\r\n",
        chat + "X-Host: $\r\nX-HTTP-Host-Override: $\r\n",
        chat + "Referer: http://$/\r\n",
        chat + "True-Client-IP: $\r\nX-Real-IP: $\r\n",
        chat + "Proxy: http://$/\r\nVia: 1.1 $\r\n",
        chat + "traceparent: 00-http://$-01\r\n");
  }

  private static HttpResponse<String> post(String path, String quoted) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(quoted.replace('\'', '"')));
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
