package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** T-8, T-11, T-12, T-19, T-23, T-25, T-28 over whatever may happen to a turn. */
class TurnStoryTest {
  private static final int READERS = 3;

  /** One thing that happens. */
  record Happening(String words, Consumer<Scene> to) {
    @Override
    public String toString() {
      return words;
    }
  }

  /** A turn and those who read it. */
  record Scene(TurnStory story, List<StoryReader> readers) {
    static Scene begin() {
      return new Scene(new TurnStory(), Stream.generate(StoryReader::new).limit(READERS).toList());
    }
  }

  @Property(tries = 500)
  void whatAReaderAssembledIsTheStoredText(
      @ForAll @Size(max = 60) List<@From("happenings") Happening> happenings) {
    var scene = Scene.begin();
    happenings.forEach(happening -> happening.to().accept(scene));
    scene.story().finish();

    for (var reader : scene.readers()) {
      reader.read(scene.story().follower(), Integer.MAX_VALUE / 2);
      assertThat(reader.assembled()).isEqualTo(scene.story().text());
    }
    assertThat(scene.story().storedText().text()).isEqualTo(scene.story().text());
  }

  @Property(tries = 500)
  void whatIsStoredIsAlwaysTheBeginningOfWhatTheOwnerHas(
      @ForAll @Size(max = 60) List<@From("happenings") Happening> happenings) {
    var scene = Scene.begin();
    for (var happening : happenings) {
      happening.to().accept(scene);

      var story = scene.story();
      var stored = story.storedText();
      var events = story.owner(0).events();
      assertThat(stored.text()).isEqualTo(String.join("", events.subList(0, stored.lastSeq())));
      assertThat(String.join("", story.follower().events())).isEqualTo(stored.text());
    }
  }

  @Provide
  Arbitrary<Happening> happenings() {
    var some = Arbitraries.integers().between(1, 4);
    var anyReader = Arbitraries.integers().between(0, READERS - 1);
    return Arbitraries.frequencyOf(
        Tuple.of(6, some.map(n -> on("deliver " + n, story -> story.deliver(0, n)))),
        Tuple.of(4, some.map(n -> on("flush " + n, story -> story.flush(0, n)))),
        Tuple.of(1, some.map(n -> on("a fenced owner delivers", story -> story.deliver(n, n)))),
        Tuple.of(2, some.map(n -> on("a fenced owner flushes", story -> story.flush(n, n)))),
        Tuple.of(1, Arbitraries.just(on("take over", story -> story.takeOver(true)))),
        Tuple.of(1, Arbitraries.just(on("start over", story -> story.takeOver(false)))),
        Tuple.of(1, Arbitraries.just(on("refuse", TurnStory::refuse))),
        Tuple.of(1, Arbitraries.just(on("restart", TurnStory::restart))),
        Tuple.of(2, Arbitraries.just(on("poll", TurnStory::poll))),
        Tuple.of(
            4, Combinators.combine(anyReader, some).as((who, n) -> read(who, n, s -> s.owner(0)))),
        Tuple.of(
            2, Combinators.combine(anyReader, some).as((who, n) -> read(who, n, s -> s.owner(1)))),
        Tuple.of(
            4,
            Combinators.combine(anyReader, some)
                .as((who, n) -> read(who, n, TurnStory::follower))));
  }

  private static Happening on(String words, Consumer<TurnStory> step) {
    return new Happening(words, scene -> step.accept(scene.story()));
  }

  private static Happening read(int who, int events, Function<TurnStory, TurnStory.View> where) {
    return new Happening(
        "reader %d takes %d".formatted(who, events),
        scene -> scene.readers().get(who).read(where.apply(scene.story()), events));
  }
}
