package io.vigie.asset.software.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Step;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever becomes of a feed and of the readings of it, in whatever order. */
class FeedLifeTest {

  private static final Duration PAUSE = Duration.ofHours(1);
  private static final FeedReader.Reading NOTHING_NEW =
      new FeedReader.Reading(false, true, List.of(), null, null);

  enum Act {
    READ,
    FAIL,
    END
  }

  public record Ask(Act act) {}

  record Known(Instant endedAt, Instant failingSince) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 200)
  void thatItCannotBeReadAndThatItCanAgainIsToldOnceAndNothingAfterItsEnd(
      @ForAll @Size(max = 20) List<@UseType Ask> asks) {
    Feed feed =
        new Feed(
            "CERT", "https://cert.example/feed", FeedTopic.THREATS, FeedFormat.NEWS, Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            feed,
            feed.registered(),
            new Known(null, null),
            known -> new Known(feed.state().endedAt(), feed.state().failingSince()),
            FeedLifeTest::allowed,
            (ask, at) ->
                switch (ask.act()) {
                  case READ -> Life.unlessIllegal(() -> feed.read(NOTHING_NEW, PAUSE, at));
                  case FAIL -> Life.unlessIllegal(() -> feed.fail("no answer", PAUSE, at));
                  case END -> feed.end("it is no more", at);
                },
            asks));
  }

  private static Step<Known> allowed(Known known, Ask ask, Instant at) {
    if (known.endedAt() != null) {
      return null;
    }
    boolean failing = known.failingSince() != null;
    return switch (ask.act()) {
      case READ -> failing ? new Step<>(FeedEvent.Recovered.class, new Known(null, null)) : null;
      case FAIL -> failing ? null : new Step<>(FeedEvent.Failed.class, new Known(null, at));
      case END -> new Step<>(FeedEvent.Ended.class, new Known(at, known.failingSince()));
    };
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(FeedEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
