package io.vigie.asset.posture;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.posture.Exemption.Stage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of an exemption, by whom, in whatever order and however late. */
class ExemptionLifeTest {

  private static final Instant END = Life.BEGIN.plus(Life.STEP.multipliedBy(4));

  enum Act {
    APPROVE,
    REFUSE,
    WITHDRAW,
    EXPIRE
  }

  public record Ask(Act act, Person by) {}

  record Known(Stage stage, String decidedBy) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 500)
  void itIsDecidedInTimeBySomebodyElseAndEndsOnce(@ForAll @Size(max = 20) List<@UseType Ask> asks) {
    Exemption exemption =
        new Exemption(
            UUID.randomUUID(),
            "disk-encrypted",
            "a test",
            "no",
            END,
            Person.ANNA.name(),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            exemption,
            exemption.requested(),
            new Known(Stage.REQUESTED, null),
            known -> new Known(exemption.state().stage(), exemption.state().decidedBy()),
            ExemptionLifeTest::allowed,
            (ask, at) ->
                switch (ask.act()) {
                  case APPROVE -> exemption.approve(ask.by().name(), at);
                  case REFUSE -> exemption.refuse(ask.by().name(), "no", at);
                  case WITHDRAW -> exemption.withdraw("over", at);
                  case EXPIRE -> Life.unlessIllegal(() -> exemption.expire(at));
                },
            asks));
  }

  private static Step<Known> allowed(Known known, Ask ask, Instant at) {
    boolean over = !at.isBefore(END);
    boolean open = known.stage() == Stage.REQUESTED || known.stage() == Stage.APPROVED;
    boolean decides = known.stage() == Stage.REQUESTED && !over && ask.by() != Person.ANNA;
    return switch (ask.act()) {
      case APPROVE ->
          decides
              ? new Step<>(
                  ExemptionEvent.Approved.class, new Known(Stage.APPROVED, ask.by().name()))
              : null;
      case REFUSE ->
          decides
              ? new Step<>(ExemptionEvent.Refused.class, new Known(Stage.REFUSED, ask.by().name()))
              : null;
      case WITHDRAW ->
          open
              ? new Step<>(
                  ExemptionEvent.Withdrawn.class, new Known(Stage.WITHDRAWN, known.decidedBy()))
              : null;
      case EXPIRE ->
          open && over
              ? new Step<>(
                  ExemptionEvent.Expired.class, new Known(Stage.EXPIRED, known.decidedBy()))
              : null;
    };
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(ExemptionEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
