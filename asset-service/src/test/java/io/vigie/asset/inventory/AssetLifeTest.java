package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static io.vigie.asset.inventory.AssetState.DISCOVERED;
import static io.vigie.asset.inventory.AssetState.DISPOSED;
import static io.vigie.asset.inventory.AssetState.IN_REPAIR;
import static io.vigie.asset.inventory.AssetState.IN_SERVICE;
import static io.vigie.asset.inventory.AssetState.IN_STOCK;
import static io.vigie.asset.inventory.AssetState.LOST;
import static io.vigie.asset.inventory.AssetState.ORDERED;
import static io.vigie.asset.inventory.AssetState.REJECTED;
import static io.vigie.asset.inventory.AssetState.RETIRED;
import static io.vigie.asset.inventory.AssetState.SANITISED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of an asset, an alarm that may be tested, in whatever order. */
class AssetLifeTest {

  enum Act {
    RECEIVE,
    ADOPT,
    REJECT,
    CLASSIFY,
    ASSIGN,
    LEAVE,
    COMMISSION,
    SHELVE,
    REPAIR,
    LOSE,
    RECOVER,
    RETIRE,
    SANITISE,
    DISPOSE,
    HAND_OVER,
    SIGN,
    TAKE_BACK,
    PLACE,
    INVENTORY,
    DESCRIBE,
    DEPEND,
    RELY,
    INHERIT,
    TEST_NOW,
    TEST_BEFORE
  }

  public record Ask(Act act, Person who, boolean yes) {}

  enum Start {
    BOUGHT,
    ORDERED,
    FOUND
  }

  /** Who answers for it, and whether another is asked for. */
  record Owner(UUID person, boolean leaves) {}

  record Hands(UUID custodian, UUID handoverTo) {}

  /** What is said of it: whether it is tested at an interval, and where and with what it works. */
  record Said(boolean scheduled, UUID zone, boolean depends, boolean relies, boolean inherits) {

    Said scheduled(boolean now) {
      return new Said(now, zone, depends, relies, inherits);
    }

    Said in(UUID now) {
      return new Said(scheduled, now, depends, relies, inherits);
    }

    Said depends(boolean now) {
      return new Said(scheduled, zone, now, relies, inherits);
    }

    Said relies(boolean now) {
      return new Said(scheduled, zone, depends, now, inherits);
    }

    Said inherits(boolean now) {
      return new Said(scheduled, zone, depends, relies, now);
    }
  }

  record Tested(Instant at, AlarmTest.Outcome outcome, Instant due) {}

  record Known(
      AssetState state, boolean classified, Owner owner, Hands hands, Said said, Tested tested) {

    Known in(AssetState next) {
      return new Known(next, classified, owner, hands, said, tested);
    }

    /** Nobody takes it over any more, by hand or by title. */
    Known leftIn(AssetState end) {
      return in(end).owner(owner.person(), false).hands(hands.custodian(), null);
    }

    Known owner(UUID person, boolean leaves) {
      return new Known(state, classified, new Owner(person, leaves), hands, said, tested);
    }

    Known hands(UUID custodian, UUID handoverTo) {
      return new Known(state, classified, owner, new Hands(custodian, handoverTo), said, tested);
    }

    Known said(Said now) {
      return new Known(state, classified, owner, hands, now, tested)
          .tested(tested.at(), tested.outcome());
    }

    Known tested(Instant at, AlarmTest.Outcome outcome) {
      Instant due =
          at == null || !said.scheduled()
              ? null
              : outcome == AlarmTest.Outcome.PASSED ? at.plus(INTERVAL) : at;
      return new Known(state, classified, owner, hands, said, new Tested(at, outcome, due));
    }
  }

  private static final Classification LEVELS = new Classification(3, 3, 2, 1);
  private static final Duration INTERVAL = Duration.ofDays(30);
  private static final UUID SERVER = UUID.randomUUID();
  private static final UUID SUPPLIER = UUID.randomUUID();
  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  @Property(tries = 1000)
  void itKeepsTheRulesOfTheRegister(
      @ForAll Start start, @ForAll @Size(max = 60) List<@UseType Ask> asks) {
    Asset asset =
        start == Start.FOUND
            ? Asset.discover(details(false), Life.BEGIN)
            : Asset.register(details(false), start == Start.ORDERED, Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            asset,
            asset.entered(),
            new Known(
                start == Start.FOUND ? DISCOVERED : start == Start.ORDERED ? ORDERED : IN_STOCK,
                false,
                new Owner(null, false),
                new Hands(null, null),
                new Said(false, null, false, false, false),
                new Tested(null, null, null)),
            known -> seen(asset.state()),
            AssetLifeTest::allowed,
            (ask, at) -> decide(asset, ask, at),
            asks));
  }

  private static Details details(boolean scheduled) {
    Map<String, Object> attributes =
        scheduled ? Map.of("testEveryDays", (int) INTERVAL.toDays()) : Map.of();
    return new Details(
        "back door",
        "ALARM",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        attributes);
  }

  private static Known seen(Asset.State state) {
    return new Known(
        state.state(),
        state.classification() != null,
        new Owner(state.owner(), state.reassignBy() != null),
        new Hands(state.custodian(), state.handoverTo()),
        new Said(
            !state.details().attributes().isEmpty(),
            state.zone(),
            !state.dependsOn().isEmpty(),
            !state.dependsOnSuppliers().isEmpty(),
            state.inherited() != null),
        new Tested(state.testedAt(), state.testOutcome(), state.testDueAt()));
  }

  private static AssetEvent decide(Asset asset, Ask ask, Instant at) {
    return switch (ask.act()) {
      case RECEIVE -> asset.receive(at);
      case ADOPT -> asset.adopt(at);
      case REJECT -> asset.reject("a visitor's", at);
      case CLASSIFY -> asset.classify(LEVELS, "It is the only one.", at);
      case ASSIGN -> asset.assignTo(person(ask), at);
      case LEAVE -> leave(asset, at);
      case COMMISSION -> asset.commission(at);
      case SHELVE -> asset.shelve(at);
      case REPAIR -> asset.sendToRepair("mute", at);
      case LOSE -> asset.lose(ask.yes(), "gone", at, at);
      case RECOVER -> asset.recover("in the cellar", at);
      case RETIRE -> asset.retire("old", at);
      case SANITISE -> asset.sanitised(UUID.randomUUID(), at);
      case DISPOSE -> asset.disposed(UUID.randomUUID(), at);
      case HAND_OVER -> asset.handOver(person(ask), at);
      case SIGN -> asset.sign(person(ask), at);
      case TAKE_BACK -> asset.takeBack(at);
      case PLACE -> asset.placeIn(person(ask), at);
      case INVENTORY -> asset.inventoried(at, "0".repeat(64), 1, 1, at);
      case DESCRIBE -> only(asset.describe(details(ask.yes()), at));
      case DEPEND ->
          only(asset.dependOn(some(SERVER, ask), Set.copyOf(asset.dependsOnSuppliers()), at));
      case RELY -> only(asset.dependOn(Set.copyOf(asset.dependsOn()), some(SUPPLIER, ask), at));
      case INHERIT -> only(asset.inherit(ask.yes() ? LEVELS : null, at));
      case TEST_NOW, TEST_BEFORE ->
          asset.test(new AlarmTest.Report(testedAt(ask, at), outcome(ask), null), at);
    };
  }

  /** {@link People} ask for another owner where somebody answers for it, and nobody else. */
  private static AssetEvent leave(Asset asset, Instant at) {
    return asset.state().owner() == null || !asset.state().state().isAnsweredFor()
        ? null
        : asset.requestReassignment(new Reassignment(at, at.plus(Life.STEP)));
  }

  private static AssetEvent only(List<AssetEvent> events) {
    assertTrue(events.size() <= 1, events::toString);
    return events.isEmpty() ? null : events.get(0);
  }

  private static Set<UUID> some(UUID one, Ask ask) {
    return ask.yes() ? Set.of(one) : Set.of();
  }

  private static UUID person(Ask ask) {
    return new UUID(0, ask.who().ordinal() + 1);
  }

  private static Instant testedAt(Ask ask, Instant at) {
    return ask.act() == Act.TEST_NOW ? at : at.minus(Life.STEP.multipliedBy(5));
  }

  private static AlarmTest.Outcome outcome(Ask ask) {
    return ask.yes() ? AlarmTest.Outcome.PASSED : AlarmTest.Outcome.FAILED;
  }

  private static Step<Known> allowed(Known known, Ask ask, Instant at) {
    AssetState state = known.state();
    boolean held = state.isHeld();
    boolean ours = held || state == DISCOVERED;
    boolean here = held && state != ORDERED;
    Hands hands = known.hands();
    Said said = known.said();
    return switch (ask.act()) {
      case RECEIVE -> move(known, Set.of(ORDERED), AssetEvent.Received.class, IN_STOCK);
      case ADOPT -> move(known, Set.of(DISCOVERED), AssetEvent.Adopted.class, IN_STOCK);
      case REJECT -> when(state == DISCOVERED, AssetEvent.Rejected.class, known.leftIn(REJECTED));
      case CLASSIFY ->
          when(
              ours,
              AssetEvent.Classified.class,
              new Known(state, true, known.owner(), hands, said, known.tested()));
      case ASSIGN ->
          when(
              ours || state == LOST,
              AssetEvent.OwnerAssigned.class,
              known.owner(person(ask), false));
      case LEAVE ->
          when(
              known.owner().person() != null && (ours || state == LOST),
              AssetEvent.ReassignmentRequested.class,
              known.owner(known.owner().person(), true));
      case COMMISSION ->
          known.classified() && known.owner().person() != null
              ? move(known, Set.of(IN_STOCK, IN_REPAIR), AssetEvent.Commissioned.class, IN_SERVICE)
              : null;
      case SHELVE -> move(known, Set.of(IN_SERVICE, IN_REPAIR), AssetEvent.Shelved.class, IN_STOCK);
      case REPAIR ->
          move(known, Set.of(IN_SERVICE, IN_STOCK), AssetEvent.SentToRepair.class, IN_REPAIR);
      case LOSE ->
          when(
              held || state == RETIRED,
              AssetEvent.Lost.class,
              known.in(LOST).hands(hands.custodian(), null));
      case RECOVER -> move(known, Set.of(LOST), AssetEvent.Recovered.class, IN_STOCK);
      case RETIRE -> when(held, AssetEvent.Retired.class, known.leftIn(RETIRED));
      case SANITISE -> move(known, Set.of(RETIRED), AssetEvent.Sanitised.class, SANITISED);
      case DISPOSE -> move(known, Set.of(SANITISED), AssetEvent.Disposed.class, DISPOSED);
      case HAND_OVER ->
          when(
              state == IN_STOCK || state == IN_SERVICE,
              AssetEvent.HandedOver.class,
              known.hands(hands.custodian(), person(ask)));
      case SIGN ->
          when(
              person(ask).equals(hands.handoverTo()),
              AssetEvent.HandoverSigned.class,
              known.hands(person(ask), null));
      case TAKE_BACK ->
          when(
              hands.custodian() != null || hands.handoverTo() != null,
              AssetEvent.TakenBack.class,
              known.hands(null, null));
      case PLACE -> when(ours, AssetEvent.Placed.class, known.said(said.in(person(ask))));
      case INVENTORY -> when(ours || state == LOST, AssetEvent.Inventoried.class, known);
      case DESCRIBE ->
          when(
              ours && ask.yes() != said.scheduled(),
              AssetEvent.Described.class,
              known.said(said.scheduled(ask.yes())));
      case DEPEND ->
          when(
              held && ask.yes() != said.depends(),
              AssetEvent.DependenciesChanged.class,
              known.said(said.depends(ask.yes())));
      case RELY ->
          when(
              held && ask.yes() != said.relies(),
              AssetEvent.DependenciesChanged.class,
              known.said(said.relies(ask.yes())));
      case INHERIT ->
          when(
              ask.yes() != said.inherits(),
              AssetEvent.LevelsInherited.class,
              known.said(said.inherits(ask.yes())));
      case TEST_NOW, TEST_BEFORE ->
          when(here && said.scheduled(), AssetEvent.AlarmTested.class, tested(known, ask, at));
    };
  }

  /** The latest test counts. */
  private static Known tested(Known known, Ask ask, Instant at) {
    Instant before = known.tested().at();
    Instant testedAt = testedAt(ask, at);
    return before != null && testedAt.isBefore(before)
        ? known
        : known.tested(testedAt, outcome(ask));
  }

  private static Step<Known> move(
      Known known, Set<AssetState> from, Class<? extends AssetEvent> event, AssetState to) {
    return when(from.contains(known.state()), event, known.in(to));
  }

  private static Step<Known> when(boolean allowed, Class<? extends AssetEvent> event, Known then) {
    return allowed ? new Step<>(event, then) : null;
  }

  /** But for what tools find out about its software, which changes nothing of it. */
  @AfterContainer
  static void eachEventOfItsOwnHappened() {
    Set<Class<?>> own = new HashSet<>(Set.of(AssetEvent.class.getPermittedSubclasses()));
    own.remove(AssetEvent.SoftwareChanged.class);
    assertEquals(own, HAPPENED);
  }
}
