package dev.penstock.session.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where the database is and who connects, how: {@code postgresql://user:password@host:port/name},
 * and behind it {@code ?sslmode=} and {@code sslrootcert=} as {@link DatabaseTls} has them.
 */
public record DatabaseUrl(
    String host, int port, String name, String user, String password, DatabaseTls tls) {
  private static final int DEFAULT_PORT = 5432;

  /**
   * Reads the URL; user and password may be percent-encoded.
   *
   * @throws IllegalArgumentException saying the expected form, never the password
   */
  public static DatabaseUrl parse(String text) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      var userInfo = uri.getRawUserInfo();
      var path = uri.getPath();
      if (("postgresql".equals(scheme) || "postgres".equals(scheme))
          && uri.getHost() != null
          && userInfo != null
          && path != null
          && path.length() > 1) {
        var colon = userInfo.indexOf(':');
        return new DatabaseUrl(
            uri.getHost(),
            uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
            path.substring(1),
            decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
            colon < 0 ? "" : decoded(userInfo.substring(colon + 1)),
            DatabaseTls.parse(uri.getQuery()));
      }
    } catch (URISyntaxException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException("postgresql://user:password@host:port/name");
  }

  /** The same place as JDBC names it, without credentials. */
  public String jdbc() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name + tls.jdbcQuery();
  }

  /** Without the password, so that it may be logged. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + name;
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
