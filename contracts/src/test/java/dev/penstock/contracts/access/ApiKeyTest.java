package dev.penstock.contracts.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final Pepper pepper = new Pepper(SECRET);
  private final ApiKey key = pepper.make(new SecureRandom());

  @Test
  void isReadBackFromItsText() {
    assertThat(key.text()).hasSize(68).matches("psk_[0-9a-z]{12}_[A-Za-z0-9_-]{51}");
    assertThat(ApiKey.parse(key.text())).contains(key);
  }

  @Test
  void carriesACheckThatOnlyItsPepperMakes() {
    assertThat(pepper.made(key)).isTrue();
    assertThat(new Pepper(SECRET + "x").made(key)).isFalse();
    assertThat(pepper.made(new ApiKey(key.id(), key.secret(), "AAAAAAAA"))).isFalse();
  }

  @Test
  void isKeptAsAHashOfTheWholeOfIt() {
    assertThat(pepper.hash(key)).matches("[0-9a-f]{64}").isEqualTo(pepper.hash(key));
    assertThat(pepper.matches(key, pepper.hash(key))).isTrue();
    assertThat(pepper.matches(pepper.make(new SecureRandom()), pepper.hash(key))).isFalse();
    assertThat(pepper.matches(key, "")).isFalse();
  }

  @Test
  void showsNeitherKeyNorPepperByAccident() {
    assertThat(key.toString()).isEqualTo("psk_" + key.id() + "_…");
    assertThat(pepper.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "0123456789abcdef0123456789abcde", ",", "\n,\n"})
  void needsAPepperOfThirtyTwoBytes(String secret) {
    assertThatThrownBy(() -> Peppers.parse(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes");
  }

  @Test
  void findsThePepperThatMadeAKey() {
    var peppers = Peppers.parse("another pepper of more than 32 bytes, " + SECRET + "\n");

    assertThat(peppers.all()).hasSize(2);
    assertThat(peppers.of(key)).contains(peppers.all().getLast());
    assertThat(peppers.of(peppers.first().make(new SecureRandom()))).contains(peppers.first());
    assertThat(peppers.of(new Pepper("x".repeat(32)).make(new SecureRandom()))).isEmpty();
  }
}
