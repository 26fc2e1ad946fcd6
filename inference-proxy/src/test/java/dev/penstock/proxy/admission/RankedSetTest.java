package dev.penstock.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankedSetTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithASortedListWhateverIsDoneToIt(long seed) {
    var random = new Random(seed);
    var set = new RankedSet<Integer>(Comparator.naturalOrder());
    var sorted = new TreeSet<Integer>();

    for (var step = 0; step < 2_000; step++) {
      var value = random.nextInt(200);
      if (sorted.contains(value) || random.nextInt(4) == 0) {
        assertThat(set.remove(value)).isEqualTo(sorted.remove(value));
      } else {
        set.add(value);
        sorted.add(value);
      }
      assertThat(set.size()).isEqualTo(sorted.size());
      assertThat(set.rank(value)).isEqualTo(sorted.headSet(value).size());
      if (!sorted.isEmpty()) {
        var rank = random.nextInt(sorted.size());
        assertThat(set.get(rank)).isEqualTo(new ArrayList<>(sorted).get(rank));
      }
    }
    assertThat(set).containsExactlyElementsOf(sorted);
  }

  @Test
  void hasNothingAtARankThatNobodyHolds() {
    var set = new RankedSet<Integer>(Comparator.naturalOrder());
    set.add(1);

    assertThatThrownBy(() -> set.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(set.iterator().next()).isEqualTo(1);
  }

  /** In steps, not in time: a list would take thousands where this takes tens. */
  @Test
  void takesFewStepsHoweverManyItHolds() {
    var steps = new AtomicLong();
    var set =
        new RankedSet<Integer>(
            (a, b) -> {
              steps.incrementAndGet();
              return Integer.compare(a, b);
            });
    for (var i = 0; i < 20_000; i++) {
      set.add(i);
    }

    var most = 0L;
    for (var value : List.of(0, 1, 9_999, 19_998, 19_999)) {
      steps.set(0);
      set.rank(value);
      set.remove(value);
      set.add(value);
      most = Math.max(most, steps.get());
    }

    assertThat(most).isLessThan(300);
  }
}
