package dev.penstock.kit.trace;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The instance this process is, as Cloud Run's metadata server knows it. Asked once, at start. */
final class RunInstance {
  private static final System.Logger LOG = System.getLogger(RunInstance.class.getName());
  private static final int LIMIT_MS = 500;
  private static final int MAX_BYTES = 512;

  private RunInstance() {}

  /**
   * Its id; empty where nobody answers in half a second, since spans without it are worth more than
   * a start that waits.
   */
  static Optional<String> id(String metadataHost) {
    var address = URI.create("http://" + metadataHost + "/computeMetadata/v1/instance/id");
    try {
      var connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(LIMIT_MS);
      connection.setReadTimeout(LIMIT_MS);
      connection.setRequestProperty("Metadata-Flavor", "Google");
      try (var in = connection.getInputStream()) {
        var id = new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII).strip();
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      LOG.log(WARNING, "the metadata server does not tell which instance this is: " + e);
      return Optional.empty();
    }
  }
}
