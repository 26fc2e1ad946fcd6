package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.GatewayFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members that only we may set, in a body of every dialect (OWASP API3): a closed dialect refuses
 * them, an open one goes on as if they were not there, and nothing behind us hears of them.
 */
class MassAssignmentTest {
  private static final String MARK = "mkAssignedQ4";
  private static final List<String> MEMBERS =
      List.of(
          "tenant",
          "tenant_id",
          "tenantId",
          "owner",
          "owner_id",
          "role",
          "roles",
          "scopes",
          "id",
          "session_id",
          "turn_id",
          "version",
          "attempt",
          "usage",
          "created_at",
          "updated_at",
          "deleted_at",
          "active_turn_id",
          "message_count",
          "history",
          "person",
          "admin",
          "is_admin",
          "__proto__");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    gateway.proxy.answers(asked -> asked.says("Well.").finishes());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("/v1/sessions", "{'title':'t'}", true),
        Arguments.of(
            "/v1/chat/completions",
            "{'model':'gemma3:270m','messages':[{'role':'user','content':'a'}]}",
            false),
        Arguments.of("/v1/completions", "{'model':'gemma3:270m','prompt':'a'}", false),
        Arguments.of("/v1/embeddings", "{'model':'gemma3:270m','input':'a'}", false),
        Arguments.of("/v1/responses", "{'model':'gemma3:270m','input':'a','store':false}", false),
        Arguments.of(
            "/v1beta/models/gemma3:270m:generateContent",
            "{'contents':[{'parts':[{'text':'a'}]}]}",
            false),
        Arguments.of(
            "/api/chat",
            "{'model':'gemma3:270m','messages':[{'role':'user','content':'a'}],'stream':false}",
            false),
        Arguments.of(
            "/api/generate", "{'model':'gemma3:270m','prompt':'a','stream':false}", false));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isRefusedOrHasNoEffect(String path, String body, boolean closed) throws Exception {
    for (var member : MEMBERS) {
      var before = gateway.store.asked().size();
      while (gateway.proxy.unseen() > 0) {
        gateway.proxy.next();
      }
      var document = (ObjectNode) Wire.decode(body.replace('\'', '"'), JsonNode.class);

      var answer = post(path, document.put(member, MARK).toString());

      assertThat(answer.statusCode()).as(member).isIn(200, 400);
      if (closed) {
        assertThat(answer.statusCode()).as(member).isEqualTo(400);
      }
      if (answer.statusCode() == 200) {
        assertThat(answer.body()).as(member).doesNotContain(MARK);
      }
      if (gateway.proxy.unseen() > 0) {
        assertThat(Wire.text(gateway.proxy.next().request())).as(member).doesNotContain(MARK);
      }
      for (var asked : gateway.store.asked().subList(before, gateway.store.asked().size())) {
        assertThat(asked.body().toString() + asked.headers()).as(member).doesNotContain(MARK);
        assertThat(asked.headers().get("Penstock-Tenant")).isEqualTo("default");
      }
    }
  }

  private static HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            // Those that session-service would believe, from whoever may reach it.
            .header("Penstock-Tenant", MARK)
            .header("Penstock-User", MARK)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
