package io.vigie.asset.software.feed;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.software.Act;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a notice, by whom and in whatever order. */
class NoticeLifeTest {

  private static final UUID ADVISORY = UUID.randomUUID();

  public record Ask(boolean dismisses, Person by) {}

  record Known(NoticeState state, UUID advisory, String decidedBy) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 100)
  void somebodyLooksAtItOnce(@ForAll @Size(max = 10) List<@UseType Ask> asks) {
    Notice notice =
        new Notice(
            UUID.randomUUID(),
            new FeedReader.Item(
                "1", "CERTFR-2026-AVI-0001 : Example", "https://cert.example/1", null, Life.BEGIN),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            notice,
            notice.received(),
            new Known(NoticeState.WAITING, null, null),
            known ->
                new Known(
                    notice.state().state(), notice.state().advisory(), notice.state().decidedBy()),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> {
              Act act = new Act(ask.by().name(), at, "because");
              return ask.dismisses() ? notice.dismiss(act) : notice.takeUp(ADVISORY, act);
            },
            asks));
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    if (known.state() != NoticeState.WAITING) {
      return null;
    }
    return ask.dismisses()
        ? new Step<>(
            NoticeEvent.Dismissed.class, new Known(NoticeState.DISMISSED, null, ask.by().name()))
        : new Step<>(
            NoticeEvent.TakenUp.class, new Known(NoticeState.TAKEN_UP, ADVISORY, ask.by().name()));
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(NoticeEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
