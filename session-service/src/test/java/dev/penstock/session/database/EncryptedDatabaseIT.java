package dev.penstock.session.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import dev.penstock.session.schema.SchemaMigration;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is reached through TLS, by a certificate for {@code localhost} alone. */
class EncryptedDatabaseIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;
  private static EmbeddedPostgres server;
  private static Path own;
  private static Path foreign;

  @BeforeAll
  static void start() throws Exception {
    own = certificate("own");
    foreign = certificate("foreign");
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", own.toString())
            .setServerConfig("ssl_key_file", folder.resolve("own.key").toString())
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void migratesAndServesOverConnectionsThatAreAllEncrypted() throws Exception {
    var url = url("localhost", "?sslmode=verify-full&sslrootcert=" + own);

    SchemaMigration.run(url);
    try (var service = SessionServiceDriver.start(new TestDatabase(url));
        var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      assertThat(service.createSession().id()).isNotNull();
      var rows =
          statement.executeQuery(
              "SELECT count(*), count(*) FILTER (WHERE ssl) FROM pg_stat_ssl"
                  + " JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'penstock-%'");
      rows.next();
      assertThat(rows.getInt(1)).isPositive().isEqualTo(rows.getInt(2));
    }
  }

  @Test
  void requireEncryptsWithoutAskingWhoAnswers() {
    assertThat(encrypted(url("127.0.0.1", "?sslmode=require"))).isTrue();
  }

  @Test
  void verifyCaAsksWhoSignedAndNotForTheName() {
    assertThat(encrypted(url("127.0.0.1", "?sslmode=verify-ca&sslrootcert=" + own))).isTrue();
    refused(url("127.0.0.1", "?sslmode=verify-ca&sslrootcert=" + foreign));
  }

  @Test
  void verifyFullAsksForTheNameToo() {
    refused(url("127.0.0.1", "?sslmode=verify-full&sslrootcert=" + own));
    refused(url("localhost", "?sslmode=verify-full&sslrootcert=" + foreign));
  }

  private static void refused(String url) {
    assertThatThrownBy(() -> encrypted(url)).as(url).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> SchemaMigration.run(url)).as(url).hasStackTraceContaining("SSL");
  }

  /** Whether a connection of ours is encrypted, by the server's word. */
  private static boolean encrypted(String url) {
    var vertx = Vertx.vertx();
    try {
      var second = Duration.ofSeconds(1);
      var database =
          Database.open(
              vertx,
              DatabaseUrl.parse(url),
              "postgres",
              new PoolBounds(1, 1, second.multipliedBy(10), second),
              "test",
              _ -> {});
      return database
          .run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
          .iterator()
          .next()
          .getBoolean(0);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static String url(String host, String query) {
    return "postgresql://postgres:any@" + host + ":" + server.getPort() + "/postgres" + query;
  }

  /** Makes {@code name.pem}, signed by itself, and {@code name.key}. */
  private static Path certificate(String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    var store = folder.resolve(name + ".p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    var key = folder.resolve(name + ".key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
    var certificate = folder.resolve(name + ".pem");
    return Files.writeString(
        certificate, pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(content)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
