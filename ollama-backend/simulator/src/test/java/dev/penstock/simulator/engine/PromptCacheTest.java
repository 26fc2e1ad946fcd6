package dev.penstock.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which slot a prompt is sent to, and what of it is read there (ollama-api.md section 13). */
class PromptCacheTest {
  private static final String ONE = "one ".repeat(25);
  private static final String TWO = "two ".repeat(25);

  @Test
  void readsNothingAgainOfAConversationThatGoesOn() {
    var cache = new PromptCache(2, 0);
    read(cache, ONE);
    read(cache, TWO);

    assertThat(read(cache, ONE + "and more")).isEqualTo(ONE.length());
    assertThat(read(cache, TWO + "and more")).isEqualTo(TWO.length());
  }

  @Test
  void sendsAPromptThatSharesLittleToTheSlotUnusedForLongest() {
    var cache = new PromptCache(2, 0);
    read(cache, ONE);
    read(cache, TWO);

    read(cache, "t" + "x".repeat(99));

    assertThat(read(cache, TWO)).as("the other slot's is still there").isEqualTo(TWO.length());
  }

  @Test
  void doesNotShareASlotThatIsBusy() {
    var cache = new PromptCache(2, 0);
    read(cache, ONE);
    var busy = cache.take(ONE);
    assertThat(busy.shared()).isEqualTo(ONE.length());

    assertThat(read(cache, ONE)).isZero();
  }

  @Test
  void fetchesWhatWasPushedOutOfItsSlot() {
    var cache = new PromptCache(1, 1);
    read(cache, ONE);
    read(cache, TWO);

    assertThat(read(cache, ONE)).isEqualTo(ONE.length());
  }

  @Test
  void forgetsTheOldestOfWhatIsTooMuchToRemember() {
    var cache = new PromptCache(1, 1);
    read(cache, ONE);
    read(cache, TWO);
    read(cache, "x".repeat(100));

    assertThat(read(cache, ONE)).isZero();
  }

  private static int read(PromptCache cache, String prompt) {
    var slot = cache.take(prompt);
    cache.giveBack(slot, prompt);
    return slot.shared();
  }
}
