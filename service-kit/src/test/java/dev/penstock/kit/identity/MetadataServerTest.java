package dev.penstock.kit.identity;

import static dev.penstock.kit.identity.FakeMetadata.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gemini-api.md section 10. */
class MetadataServerTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String ACCOUNT = "/computeMetadata/v1/instance/service-accounts/default/";

  private final FakeMetadata fake = new FakeMetadata(VERTX);
  private final Context context = VERTX.getOrCreateContext();
  private final MetadataServer metadata = new MetadataServer(VERTX, fake.host());

  @AfterEach
  void end() {
    fake.close();
  }

  @AfterAll
  static void stop() {
    await(VERTX.close());
  }

  @Test
  void asksForATokenOfAnAudienceThatEndsWhenItSays() {
    var token = ask(server -> server.identityToken("https://sessions.example.com"));

    assertThat(token.value()).startsWith("eyJ").doesNotContain("\n");
    assertThat(token.life())
        .isBetween(FakeMetadata.LIFE.minusMinutes(1), FakeMetadata.LIFE.plusSeconds(1));
    assertThat(fake.asked())
        .containsExactly(
            "Google " + ACCOUNT + "identity?audience=https%3A%2F%2Fsessions.example.com");
  }

  @Test
  void asksForAnAccessToken() {
    var token = ask(MetadataServer::accessToken);

    assertThat(token.value()).isEqualTo("token-1");
    assertThat(token.life()).isEqualTo(FakeMetadata.LIFE);
    assertThat(fake.asked()).containsExactly("Google " + ACCOUNT + "token");
  }

  @Test
  void asksAgainWhatMayPass() {
    fake.answersWith(503, 429, 200);

    assertThat(ask(MetadataServer::accessToken).value()).isEqualTo("token-3");
  }

  @Test
  void givesUpAfterThreeTimes() {
    fake.answersWith(500);

    assertThatThrownBy(() -> ask(MetadataServer::accessToken))
        .rootCause()
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("500");
    assertThat(fake.asked()).hasSize(3);
  }

  @Test
  void takesForAnAnswerThatThereIsNoIdentity() {
    fake.answersWith(404);

    assertThatThrownBy(() -> ask(server -> server.identityToken("https://a.example.com")))
        .rootCause()
        .hasMessageContaining("404");
    assertThat(fake.asked()).hasSize(1);
  }

  @Test
  void showsNothingOfWhatItCannotRead() {
    for (var nonsense : new String[] {"s3cret", "s3.cr.et", "{\"access_token\":\"s3cret\"}"}) {
      fake.says(nonsense);

      assertThatThrownBy(() -> ask(MetadataServer::accessToken))
          .rootCause()
          .isInstanceOf(IdentityException.class)
          .message()
          .doesNotContain("s3");
      assertThatThrownBy(() -> ask(server -> server.identityToken("https://a.example.com")))
          .rootCause()
          .isInstanceOf(IdentityException.class)
          .message()
          .doesNotContain("s3");
    }
  }

  @Test
  void takesNoTokenThatHasEnded() {
    fake.says(FakeMetadata.jwt("late", Instant.now().minus(Duration.ofSeconds(5))));

    assertThatThrownBy(() -> ask(server -> server.identityToken("https://a.example.com")))
        .rootCause()
        .hasMessageContaining("ended");
  }

  @Test
  void callsAServiceByTheRootOfItsAddress() {
    assertThat(MachineIdentity.audience(URI.create("https://Sessions.example.com/v1/x?y=z")))
        .isEqualTo("https://sessions.example.com");
    assertThat(MachineIdentity.audience(URI.create("https://sessions.example.com:443")))
        .isEqualTo("https://sessions.example.com");
    assertThat(MachineIdentity.audience(URI.create("http://127.0.0.1:8081/")))
        .isEqualTo("http://127.0.0.1:8081");
  }

  private IssuedToken ask(Function<MetadataServer, Future<IssuedToken>> question) {
    Promise<IssuedToken> done = Promise.promise();
    context.runOnContext(_ -> question.apply(metadata).onComplete(done));
    return await(done.future());
  }
}
