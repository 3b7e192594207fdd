package io.vigie.asset.software;

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

/** Whatever its publisher and people say of an advisory, in whatever order. */
class AdvisoryLifeTest {

  enum Said {
    REVISED,
    TAKEN_BACK,
    SAME_AGAIN,
    WITHDRAW,
    EXPLOITED,
    NOT_EXPLOITED
  }

  /**
   * @param manager who brings a publication may have what was withdrawn in force again
   */
  public record Ask(Said said, boolean manager) {}

  record Known(Instant modifiedAt, Instant withdrawnAt, Instant exploitedSince) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 500)
  void whatWasWithdrawnStaysSoUntilSomebodyWhoMayBringsItBack(
      @ForAll @Size(max = 30) List<@UseType Ask> asks) {
    Advisory advisory = new Advisory(publication(Life.BEGIN, null), Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            advisory,
            advisory.received(),
            new Known(Life.BEGIN, null, null),
            known -> seen(advisory.state()),
            AdvisoryLifeTest::allowed,
            (ask, at) -> decide(advisory, ask, at),
            asks));
  }

  private static Publication publication(Instant modified, Instant withdrawn) {
    return new Publication(
        Publication.Format.OSV,
        "OSV",
        "OSV-2026-1",
        "a flaw",
        Life.BEGIN,
        modified,
        withdrawn,
        List.of(),
        List.of(),
        List.of(),
        0);
  }

  private static Known seen(Advisory.State state) {
    return new Known(state.modifiedAt(), state.withdrawnAt(), state.exploitedSince());
  }

  private static AdvisoryEvent decide(Advisory advisory, Ask ask, Instant at) {
    return switch (ask.said()) {
      case REVISED -> take(advisory, publication(at, null), ask.manager(), at);
      case TAKEN_BACK -> take(advisory, publication(at, at), ask.manager(), at);
      case SAME_AGAIN ->
          take(advisory, publication(advisory.state().modifiedAt(), null), ask.manager(), at);
      case WITHDRAW -> advisory.withdraw("a mistake", at);
      case EXPLOITED -> advisory.markExploited(at, "the press", at);
      case NOT_EXPLOITED -> advisory.markExploited(null, "the press", at);
    };
  }

  /** As {@link AdvisoryIntake} does; null where it changes nothing. */
  private static AdvisoryEvent take(
      Advisory advisory, Publication publication, boolean manager, Instant at) {
    if (manager && advisory.isRevivedBy(publication)) {
      return advisory.revive(publication, at);
    }
    return advisory.isOlderThan(publication) ? advisory.revise(publication, at) : null;
  }

  private static Step<Known> allowed(Known known, Ask ask, Instant at) {
    boolean withdrawn = known.withdrawnAt() != null;
    Instant still = ask.manager() ? null : known.withdrawnAt();
    return switch (ask.said()) {
      case REVISED ->
          new Step<>(AdvisoryEvent.Revised.class, new Known(at, still, known.exploitedSince()));
      case TAKEN_BACK ->
          new Step<>(
              AdvisoryEvent.Revised.class,
              new Known(at, withdrawn ? known.withdrawnAt() : at, known.exploitedSince()));
      case SAME_AGAIN ->
          withdrawn && ask.manager()
              ? new Step<>(
                  AdvisoryEvent.Revised.class,
                  new Known(known.modifiedAt(), null, known.exploitedSince()))
              : null;
      case WITHDRAW ->
          withdrawn
              ? null
              : new Step<>(
                  AdvisoryEvent.Withdrawn.class,
                  new Known(known.modifiedAt(), at, known.exploitedSince()));
      case EXPLOITED ->
          withdrawn
              ? null
              : new Step<>(
                  AdvisoryEvent.ExploitationSet.class, new Known(known.modifiedAt(), null, at));
      case NOT_EXPLOITED ->
          withdrawn
              ? null
              : new Step<>(
                  AdvisoryEvent.ExploitationSet.class, new Known(known.modifiedAt(), null, null));
    };
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(AdvisoryEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
