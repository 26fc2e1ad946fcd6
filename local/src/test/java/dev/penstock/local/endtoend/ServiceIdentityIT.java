package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Every service behind a door that only lets in callers with an identity token for it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceIdentityIT {
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<GuardedDoor> DOORS = new CopyOnWriteArrayList<>();
  private static MetadataStandIn metadata;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    metadata = new MetadataStandIn();
    cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .with("PENSTOCK_SERVICE_IDENTITY", "google")
                .with("GCE_METADATA_HOST", metadata.host())
                .behind(ServiceIdentityIT::door));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    metadata.close();
    VERTX.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static URI door(URI service) {
    var door = new GuardedDoor(VERTX, service);
    DOORS.add(door);
    return door.address();
  }

  @Test
  @Order(1)
  void showsATokenWithEveryCallFromOneServiceToAnother() {
    chatsAndChecksTheText();

    assertThat(passed())
        .contains(
            "POST /sessions",
            "POST /turns",
            "POST /log",
            "PUT /instances",
            "GET /models",
            "POST /generations",
            "POST /api");
    assertThat(DOORS).allSatisfy(door -> assertThat(door.refused()).isZero());
    // One for each service, however many event loops call it.
    assertThat(metadata.issued()).isEqualTo(DOORS.size());
  }

  @Test
  @Order(2)
  void asksForAnotherTokenOnceWhereTheOneItHasIsRefused() {
    DOORS.forEach(door -> door.forgetsTokensUpTo(metadata.issued()));

    chatsAndChecksTheText();

    assertThat(DOORS).allSatisfy(door -> assertThat(door.refused()).isPositive());
    assertThat(metadata.issued()).isEqualTo(2 * DOORS.size());
  }

  @Test
  @Order(3)
  void goesOnWithTheTokensItHasWhileTheMetadataServerIsDown() {
    metadata.goesDown();

    chatsAndChecksTheText();
  }

  @Test
  @Order(4)
  void refusesAtOnceWithoutATokenAndServesAgainWithOne() {
    DOORS.forEach(door -> door.forgetsTokensUpTo(metadata.issued()));

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> cluster.client(0).call("POST", "/v1/sessions", "{}").status() == 503);
    metadata.comesBack();

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> cluster.client(0).call("POST", "/v1/sessions", "{}").status() == 201);
    await().atMost(Duration.ofSeconds(20)).untilAsserted(ServiceIdentityIT::chatsAndChecksTheText);
  }

  private static void chatsAndChecksTheText() {
    var session = cluster.client(0).newSession();
    var stream = cluster.client(0).turn(session, ask(60));
    var completed = EventStream.data(stream.untilEnd());
    assertThat(completed.get("sha256").asText()).isEqualTo(Texts.sha256(stream.text()));
  }

  private static List<String> passed() {
    return DOORS.stream().flatMap(door -> door.passed().stream()).distinct().toList();
  }
}
