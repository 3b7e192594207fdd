package io.vigie.asset.deployment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Step;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a deployment, by whom and in whatever order. */
class DeploymentLifeTest {

  private static final UUID AUTHOR = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();

  public record Ask(boolean reviews, boolean asAuthor, Outcome later) {}

  record Known(Outcome outcome, boolean toReview, String reviewedBy) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 200)
  void anEmergencyIsReviewedOnceBySomebodyElseAndAnOutcomeOnlyGetsWorse(
      @ForAll boolean emergency,
      @ForAll Outcome outcome,
      @ForAll @Size(max = 10) List<@UseType Ask> asks) {
    DeploymentReport report =
        new DeploymentReport(
            UUID.randomUUID(),
            "2.4.1",
            "production",
            "a".repeat(40),
            "https://git.example.org/agency/shop",
            AUTHOR,
            emergency ? null : OTHER,
            emergency ? "down" : null,
            "deploy",
            "https://ci.example.org/runs/1",
            Life.BEGIN);
    Deployment deployment = new Deployment(report, outcome, Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            deployment,
            deployment.reported(),
            new Known(outcome, emergency, null),
            known ->
                new Known(
                    deployment.state().outcome(),
                    deployment.state().reviewDue() != null,
                    deployment.state().reviewedBy()),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) ->
                ask.reviews()
                    ? deployment.review("fine", by(ask), at)
                    : deployment.turnOut(ask.later(), at),
            asks));
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    if (ask.reviews()) {
      return known.toReview() && !ask.asAuthor()
          ? new Step<>(DeploymentEvent.Reviewed.class, new Known(known.outcome(), false, by(ask)))
          : null;
    }
    return ask.later().ordinal() > known.outcome().ordinal()
        ? new Step<>(
            DeploymentEvent.TurnedOut.class,
            new Known(ask.later(), known.toReview(), known.reviewedBy()))
        : null;
  }

  private static String by(Ask ask) {
    return (ask.asAuthor() ? AUTHOR : OTHER).toString();
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(DeploymentEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
