package io.vigie.asset.site;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Step;
import io.vigie.asset.site.Closure.Stage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a closure, in whatever order. */
class ClosureLifeTest {

  public record Ask(boolean cancels, boolean assets, boolean zones) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 100)
  void itIsCompletedWhenNothingIsLeftOrCancelledAndThenOver(
      @ForAll @Size(max = 10) List<@UseType Ask> asks) {
    Closure closure =
        new Closure(UUID.randomUUID(), LocalDate.of(2026, 6, 30), "a move", Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            closure,
            closure.announced(3),
            Stage.ANNOUNCED,
            known -> closure.state().stage(),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) ->
                ask.cancels()
                    ? closure.cancel("it stays", at)
                    : closure.complete(
                        new Closure.Left(ask.assets() ? 3 : 0, ask.zones() ? 1 : 0), at),
            asks));
  }

  private static Step<Stage> allowed(Stage known, Ask ask) {
    if (known != Stage.ANNOUNCED) {
      return null;
    }
    if (ask.cancels()) {
      return new Step<>(ClosureEvent.Cancelled.class, Stage.CANCELLED);
    }
    return ask.assets() || ask.zones()
        ? null
        : new Step<>(ClosureEvent.Completed.class, Stage.COMPLETED);
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(ClosureEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
