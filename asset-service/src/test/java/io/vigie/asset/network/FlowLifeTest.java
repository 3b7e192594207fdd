package io.vigie.asset.network;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.network.Flow.Protocol;
import io.vigie.asset.network.Flow.Stage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a flow, by whom, in whatever order and however late. */
class FlowLifeTest {

  private static final Instant END = Life.BEGIN.plus(Life.STEP.multipliedBy(4));

  enum Act {
    APPROVE,
    REFUSE,
    WITHDRAW
  }

  public record Ask(Act act, Person by) {}

  record Known(Stage stage, String decidedBy) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 200)
  void itIsDecidedOnceBeforeItsEndBySomebodyElseAndWithdrawnOnce(
      @ForAll boolean ends, @ForAll @Size(max = 20) List<@UseType Ask> asks) {
    Instant end = ends ? END : null;
    Flow.Way way = new Flow.Way(UUID.randomUUID(), UUID.randomUUID(), Protocol.TCP, "443");
    Flow flow = new Flow(way, "the shop", null, end, Person.ANNA.name(), Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            flow,
            flow.requested(),
            new Known(Stage.REQUESTED, null),
            known -> new Known(flow.state().stage(), flow.state().decidedBy()),
            (known, ask, at) -> allowed(known, ask, end == null || at.isBefore(end)),
            (ask, at) ->
                switch (ask.act()) {
                  case APPROVE -> flow.approve(ask.by().name(), at);
                  case REFUSE -> flow.refuse(ask.by().name(), "no", at);
                  case WITHDRAW -> flow.withdraw("over", at);
                },
            asks));
  }

  private static Step<Known> allowed(Known known, Ask ask, boolean inTime) {
    boolean undecided = known.stage() == Stage.REQUESTED;
    boolean decides = undecided && inTime && ask.by() != Person.ANNA;
    return switch (ask.act()) {
      case APPROVE ->
          decides
              ? new Step<>(FlowEvent.Approved.class, new Known(Stage.APPROVED, ask.by().name()))
              : null;
      case REFUSE ->
          decides
              ? new Step<>(FlowEvent.Refused.class, new Known(Stage.REFUSED, ask.by().name()))
              : null;
      case WITHDRAW ->
          undecided || known.stage() == Stage.APPROVED
              ? new Step<>(FlowEvent.Withdrawn.class, new Known(Stage.WITHDRAWN, known.decidedBy()))
              : null;
    };
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(FlowEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
