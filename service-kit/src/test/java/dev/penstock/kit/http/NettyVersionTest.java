package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The HTTP parser is at least the version in which the last of these was closed: CVE-2025-55163
 * (4.2.4), CVE-2025-58056 (4.2.5), CVE-2026-33870 and CVE-2026-33871 (4.2.10), the CVE-2026-425xx
 * (4.2.13) and, by date, CVE-2026-50560 and CVE-2026-50020.
 */
class NettyVersionTest {
  private static final int[] LEAST = {4, 2, 13};

  @Test
  void everyPartOfNettyIsOneVersionAndHasTheFixes() {
    var versions = Version.identify();

    assertThat(versions).containsKeys("netty-codec-http", "netty-codec-http2", "netty-transport");
    assertThat(versions.values().stream().map(Version::artifactVersion).distinct()).hasSize(1);
    var parts =
        Objects.requireNonNull(versions.get("netty-codec-http")).artifactVersion().split("\\.");
    for (var i = 0; i < LEAST.length; i++) {
      var part = Integer.parseInt(parts[i]);
      assertThat(part).isGreaterThanOrEqualTo(LEAST[i]);
      if (part > LEAST[i]) {
        return;
      }
    }
  }
}
