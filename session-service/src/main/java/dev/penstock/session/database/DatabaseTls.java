package dev.penstock.session.database;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * How connections to the database are encrypted, with libpq's names.
 *
 * @param mode {@code disable}; {@code require} encrypts and asks nobody who answers; {@code
 *     verify-ca} and {@code verify-full} want a certificate that {@code rootCertificate} signed,
 *     the latter for the host's name too
 * @param rootCertificate a PEM file; null where nothing is verified
 * @see <a href="https://www.postgresql.org/docs/18/libpq-ssl.html">PostgreSQL, SSL support</a>
 */
public record DatabaseTls(SslMode mode, @Nullable String rootCertificate) {
  /** Connections in the clear. */
  public static final DatabaseTls NONE = new DatabaseTls(SslMode.DISABLE, null);

  private static final String FORM =
      "postgresql://user:password@host:port/name, behind which ?sslmode=disable, require, verify-ca"
          + " or verify-full may stand, the last two with &sslrootcert=FILE";

  /**
   * Reads a URL's query.
   *
   * @throws IllegalArgumentException saying the expected form
   */
  static DatabaseTls parse(@Nullable String query) {
    if (query == null) {
      return NONE;
    }
    var given = new HashMap<String, String>();
    for (var parameter : query.split("&", -1)) {
      var equals = parameter.indexOf('=');
      if (equals < 0
          || given.put(parameter.substring(0, equals), parameter.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(FORM);
      }
    }
    var mode = mode(given.remove("sslmode"));
    var root = given.remove("sslrootcert");
    var verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
    if (!given.isEmpty() || verifies != (root != null)) {
      throw new IllegalArgumentException(FORM);
    }
    return new DatabaseTls(mode, root);
  }

  private static SslMode mode(@Nullable String text) {
    return Arrays.stream(SslMode.values())
        .filter(mode -> mode.value.equals(text))
        // Both give in to a server, or to somebody in its place, that says no.
        .filter(mode -> mode != SslMode.ALLOW && mode != SslMode.PREFER)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(FORM));
  }

  PgConnectOptions apply(PgConnectOptions options) {
    if (mode == SslMode.DISABLE) {
      return options;
    }
    var ssl = new ClientSSLOptions();
    if (rootCertificate == null) {
      ssl.setTrustAll(true);
    } else {
      ssl.setTrustOptions(new PemTrustOptions().addCertPath(rootCertificate));
    }
    ssl.setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    return options.setSslMode(mode).setSslOptions(ssl);
  }

  String jdbcQuery() {
    if (mode == SslMode.DISABLE) {
      return "";
    }
    var query = "?sslmode=" + mode.value;
    return rootCertificate == null
        ? query
        : query + "&sslrootcert=" + URLEncoder.encode(rootCertificate, StandardCharsets.UTF_8);
  }
}
