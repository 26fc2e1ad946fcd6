package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  /** Cloud Run's limit: cloud-run.md section 1. */
  private static final long LIMIT = 25_000;

  @Test
  void warnsWhereConnectionsOutMayLeaveTooFewForThoseThatComeIn() {
    assertThat(Descriptors.warning("gateway", 12_500, LIMIT)).isEmpty();
    assertThat(Descriptors.warning("gateway", 16_776, LIMIT))
        .hasValueSatisfying(
            text -> assertThat(text).contains("gateway", "16776", "25000", "connections"));
  }
}
