package io.vigie.asset.network;

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

/** Whatever is asked of a zone, in whatever order. */
class ZoneLifeTest {

  private static final UUID SITE = UUID.randomUUID();
  private static final List<String> NARROW = List.of("10.1.0.0/24");
  private static final List<String> WIDE = List.of("10.1.0.0/16", "2001:db8::/32");

  public record Ask(boolean retires, boolean renamed, boolean sited, boolean wide) {}

  record Known(String name, UUID site, List<String> ranges, boolean retired) {}

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 300)
  void itChangesWhereSomethingDiffersAndOnceRetiredNoMore(
      @ForAll @Size(max = 20) List<@UseType Ask> asks) {
    Zone zone = new Zone("hosting", "HOSTING", null, NARROW, Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            zone,
            zone.declared(),
            new Known("hosting", null, NARROW, false),
            known -> seen(zone.state()),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> {
              if (ask.retires()) {
                return zone.retire(at);
              }
              Known wanted = wanted(ask);
              return zone.change(wanted.name(), wanted.site(), wanted.ranges(), at).stream()
                  .findFirst()
                  .orElse(null);
            },
            asks));
  }

  private static Known seen(Zone.State state) {
    return new Known(state.name(), state.site(), state.ranges(), state.retired());
  }

  private static Known wanted(Ask ask) {
    return new Known(
        ask.renamed() ? "hosting 2" : "hosting",
        ask.sited() ? SITE : null,
        ask.wide() ? WIDE : NARROW,
        false);
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    if (known.retired()) {
      return null;
    }
    if (ask.retires()) {
      return new Step<>(
          ZoneEvent.Retired.class, new Known(known.name(), known.site(), List.of(), true));
    }
    Known wanted = wanted(ask);
    return wanted.equals(known) ? null : new Step<>(ZoneEvent.Changed.class, wanted);
  }

  @AfterContainer
  static void eachEventHappened() {
    assertEquals(Set.of(ZoneEvent.class.getPermittedSubclasses()), HAPPENED);
  }
}
