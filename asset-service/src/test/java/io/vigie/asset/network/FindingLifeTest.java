package io.vigie.asset.network;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Step;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is seen and declared in whatever order, the list is what the events say. */
class FindingLifeTest {

  enum Act {
    SEE,
    DECLARE,
    DISMISS
  }

  /** About so many ports in a row. */
  public record Ask(
      Act act, @IntRange(min = 1, max = 200) int first, @IntRange(min = 1, max = 60) int count) {

    SortedSet<Integer> ports() {
      return IntStream.range(first, first + count)
          .boxed()
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  record Known(List<Integer> ports, boolean morePorts, boolean closed) {}

  private static final Way WAY =
      new Way(UUID.randomUUID(), UUID.randomUUID(), null, Flow.Protocol.TCP);
  private static final Set<Class<?>> HAPPENED = new HashSet<>();
  private static boolean overflowed;

  @Property(tries = 300)
  void itListsWhatWasSeenAndIsNotDeclaredAndLosesNothingWithoutASign(
      @ForAll @Size(max = 20) List<@UseType Ask> asks) {
    Finding finding = new Finding(null, WAY, new TreeSet<>(Set.of(22, 80)), Life.BEGIN);
    SortedSet<Integer> told = new TreeSet<>();
    HAPPENED.addAll(
        Life.of(
            finding,
            told(finding.opened(Life.BEGIN), told),
            new Known(List.of(22, 80), false, false),
            known -> {
              assertEquals(List.copyOf(told), finding.state().ports());
              return seen(finding.state());
            },
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> told(decide(finding, ask, at), told),
            asks));
  }

  private static Known seen(Finding.State state) {
    overflowed |= state.morePorts();
    return new Known(state.ports(), state.morePorts(), state.closedAt() != null);
  }

  /** What is over is asked nothing but to be dismissed: {@link Findings} knows the open ones. */
  private static FindingEvent decide(Finding finding, Ask ask, Instant at) {
    if (ask.act() == Act.DISMISS) {
      return finding.close(Finding.End.DISMISSED, "a test of ours", at);
    }
    if (finding.state().closedAt() != null) {
      return null;
    }
    List<FindingEvent> events =
        ask.act() == Act.DECLARE
            ? finding.explain(ask.ports(), at)
            : finding.widen(ask.ports(), at, at);
    assertTrue(events.size() <= 1, events::toString);
    return events.isEmpty() ? null : events.get(0);
  }

  /** Reads the list from nothing but the ports that events name. */
  private static FindingEvent told(FindingEvent event, SortedSet<Integer> told) {
    if (event instanceof FindingEvent.Opened opened) {
      told.addAll(opened.ports());
    } else if (event instanceof FindingEvent.Widened widened) {
      widened.ports().forEach(port -> assertTrue(told.add(port), "told before: " + port));
    } else if (event instanceof FindingEvent.Narrowed narrowed) {
      narrowed.ports().forEach(port -> assertTrue(told.remove(port), "never told: " + port));
    }
    return event;
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    if (known.closed()) {
      return null;
    }
    return switch (ask.act()) {
      case SEE -> widened(known, ask.ports());
      case DECLARE -> narrowed(known, ask.ports());
      case DISMISS -> closed(known);
    };
  }

  private static Step<Known> widened(Known known, Set<Integer> seen) {
    SortedSet<Integer> listed = new TreeSet<>(known.ports());
    boolean more = known.morePorts();
    for (int port : seen) {
      if (!listed.contains(port)) {
        if (listed.size() < Finding.MOST_PORTS) {
          listed.add(port);
        } else {
          more = true;
        }
      }
    }
    Known then = new Known(List.copyOf(listed), more, false);
    return then.equals(known) ? null : new Step<>(FindingEvent.Widened.class, then);
  }

  /** What had no place gets one when it is seen again. */
  private static Step<Known> narrowed(Known known, Set<Integer> declared) {
    List<Integer> left = known.ports().stream().filter(port -> !declared.contains(port)).toList();
    if (left.isEmpty()) {
      return closed(known);
    }
    return left.size() == known.ports().size()
        ? null
        : new Step<>(FindingEvent.Narrowed.class, new Known(left, false, false));
  }

  private static Step<Known> closed(Known known) {
    return new Step<>(FindingEvent.Closed.class, new Known(known.ports(), known.morePorts(), true));
  }

  @AfterContainer
  static void eachEventHappenedAndTheListWasFull() {
    assertEquals(Set.of(FindingEvent.class.getPermittedSubclasses()), HAPPENED);
    assertTrue(overflowed);
  }
}
