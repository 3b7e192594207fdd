package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.supplier.Assessment.Result;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * Whatever is asked of what stands under a supplier, by whom and in whatever order: what one person
 * asked for, declared or assessed is decided once, and by another, and what ends does so once.
 */
class SupplierPartsLifeTest {

  private static final LocalDate START = Days.of(Life.BEGIN);
  private static final LocalDate UNTIL = START.plusDays(30);
  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  private final Supplier supplier =
      new Supplier(
          new SupplierProfile(
              "Studio",
              "Builds shops",
              List.of(Activity.DEVELOPS),
              Criticality.LOW,
              false,
              List.of(),
              "C",
              "c@d.example",
              null),
          Person.ANNA.name(),
          Life.BEGIN);

  /** A part, told of by its supplier's events, as an aggregate whose state is what is shown. */
  private record Part(UUID id, Journal journal, java.util.function.Supplier<Object> view)
      implements Aggregate {

    @Override
    public String kind() {
      return "supplier";
    }

    @Override
    public Object state() {
      return view.get();
    }
  }

  private Part part(java.util.function.Supplier<Object> view) {
    return new Part(supplier.id(), new Journal(), view);
  }

  enum LookAct {
    ASSESS,
    ACCEPT
  }

  /**
   * @param reservations how many are left to mend
   */
  public record Look(LookAct act, Person by, Result result, @IntRange(max = 2) int reservations) {}

  record Looked(Assessment.Stage stage, String assessedBy, Result result, String acceptedBy) {}

  @Property(tries = 500)
  void anAssessmentIsMadeOnceAndAcceptedBySomebodyElse(
      @ForAll @Size(max = 20) List<@UseType Look> asks) {
    Assessment assessment = new Assessment(supplier.id(), Days.of(Life.BEGIN), Person.ANNA.name());
    HAPPENED.addAll(
        Life.of(
            part(() -> assessment.view(0)),
            assessment.planned(Life.BEGIN),
            new Looked(Assessment.Stage.PLANNED, null, null, null),
            known -> looked(assessment.view(0)),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> decide(assessment, ask, at),
            asks));
  }

  private static Looked looked(Assessment.View view) {
    return new Looked(view.stage(), view.assessedBy(), view.result(), view.acceptedBy());
  }

  private SupplierEvent decide(Assessment assessment, Look ask, Instant at) {
    String by = ask.by().name();
    return ask.act() == LookAct.ACCEPT
        ? supplier.accept(assessment, by, at)
        : assessment.done(
            new Assessment.Findings(
                at,
                Assessment.Method.AUDIT,
                ask.result(),
                "looked at",
                Collections.nCopies(ask.reservations(), new Assessment.ToMend("mend", at))),
            by,
            at);
  }

  private static Step<Looked> allowed(Looked known, Look ask) {
    String by = ask.by().name();
    return switch (ask.act()) {
      case ASSESS ->
          known.stage() == Assessment.Stage.PLANNED
                  && ask.reservations() > 0 == (ask.result() == Result.WITH_RESERVATIONS)
              ? new Step<>(
                  SupplierEvent.AssessmentDone.class,
                  new Looked(Assessment.Stage.DONE, by, ask.result(), null))
              : null;
      case ACCEPT ->
          known.stage() == Assessment.Stage.DONE && !by.equals(known.assessedBy())
              ? new Step<>(
                  SupplierEvent.AssessmentAccepted.class,
                  new Looked(Assessment.Stage.ACCEPTED, known.assessedBy(), known.result(), by))
              : null;
    };
  }

  /**
   * @param yes approved or granted; else refused or objected to
   */
  public record Decide(boolean yes, Person by) {}

  record Decided<D>(D decision, String by) {}

  @Property(tries = 500)
  void aSubProcessorIsApprovedBySomebodyElseAndWhoeverSeesAReasonObjectsOnce(
      @ForAll @Size(max = 20) List<@UseType Decide> asks) {
    SubProcessor declared =
        new SubProcessor(
            supplier.id(),
            new SubProcessor.Declaration("Hoster", "hosts", "FR"),
            Person.ANNA.name(),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            part(() -> declared.view(0)),
            declared.declared(),
            new Decided<SubProcessor.Decision>(SubProcessor.Decision.DECLARED, null),
            known -> new Decided<>(declared.view(0).decision(), declared.view(0).decidedBy()),
            (known, ask, at) -> subProcessor(known, ask),
            (ask, at) ->
                ask.yes()
                    ? declared.approve(ask.by().name(), at)
                    : declared.object("where it is", ask.by().name(), at),
            asks));
  }

  private static Step<Decided<SubProcessor.Decision>> subProcessor(
      Decided<SubProcessor.Decision> known, Decide ask) {
    String by = ask.by().name();
    if (ask.yes()) {
      return known.decision() == SubProcessor.Decision.DECLARED && ask.by() != Person.ANNA
          ? new Step<>(
              SupplierEvent.SubProcessorApproved.class,
              new Decided<>(SubProcessor.Decision.APPROVED, by))
          : null;
    }
    return known.decision() == SubProcessor.Decision.OBJECTED
        ? null
        : new Step<>(
            SupplierEvent.SubProcessorObjected.class,
            new Decided<>(SubProcessor.Decision.OBJECTED, by));
  }

  @Property(tries = 500)
  void anExceptionIsDecidedOnceBySomebodyElseAndHoldsUntilItsEndWhereItWasGranted(
      @ForAll @Size(max = 20) List<@UseType Decide> asks) {
    SupplierException exception =
        new SupplierException(
            supplier.id(),
            new SupplierException.Request(List.of(), true, "soon", "watched", UNTIL),
            Person.ANNA.name(),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            part(() -> exception.view(0)),
            exception.requested(),
            new Decided<SupplierException.Decision>(SupplierException.Decision.REQUESTED, null),
            known -> seen(exception),
            (known, ask, at) -> exception(known, ask),
            (ask, at) ->
                ask.yes()
                    ? exception.grant(ask.by().name(), at)
                    : exception.refuse("no", ask.by().name(), at),
            asks));
  }

  private static Decided<SupplierException.Decision> seen(SupplierException exception) {
    SupplierException.Decision decision = exception.view(0).decision();
    assertEquals(
        decision == SupplierException.Decision.GRANTED, exception.isInForceOn(UNTIL), "till then");
    assertFalse(exception.isInForceOn(UNTIL.plusDays(1)));
    return new Decided<>(decision, exception.view(0).decidedBy());
  }

  private static Step<Decided<SupplierException.Decision>> exception(
      Decided<SupplierException.Decision> known, Decide ask) {
    if (known.decision() != SupplierException.Decision.REQUESTED || ask.by() == Person.ANNA) {
      return null;
    }
    return new Step<>(
        ask.yes() ? SupplierEvent.ExceptionGranted.class : SupplierEvent.ExceptionRefused.class,
        new Decided<>(
            ask.yes() ? SupplierException.Decision.GRANTED : SupplierException.Decision.REFUSED,
            ask.by().name()));
  }

  @Property(tries = 100)
  void aReservationIsLiftedOnceAndKeepsHow(@ForAll @Size(max = 5) List<Person> asks) {
    Assessment assessment = new Assessment(supplier.id(), Days.of(Life.BEGIN), Person.ANNA.name());
    Assessment.ToMend toMend = new Assessment.ToMend("mend", Life.BEGIN);
    SupplierEvent done =
        assessment.done(
            new Assessment.Findings(
                Life.BEGIN,
                Assessment.Method.AUDIT,
                Result.WITH_RESERVATIONS,
                "looked at",
                List.of(toMend)),
            Person.ANNA.name(),
            Life.BEGIN);
    Reservation reservation = new Reservation(assessment, toMend);
    HAPPENED.addAll(
        Life.of(
            part(() -> reservation.view(0)),
            done,
            new Decided<String>(null, null),
            known -> new Decided<>(reservation.view(0).evidence(), reservation.view(0).liftedBy()),
            (known, by, at) ->
                known.by() == null
                    ? new Step<>(
                        SupplierEvent.ReservationLifted.class,
                        new Decided<>("seen by " + by, by.name()))
                    : null,
            (by, at) -> reservation.lift("seen by " + by, by.name(), at),
            asks));
  }

  record Ended(LocalDate on, String reason) {}

  /**
   * @param asks days after the first on which it binds
   */
  @Property(tries = 200)
  void aContractEndsOnceNotBeforeItBeginsAndBindsUntilThen(
      @ForAll @Size(max = 5) List<@IntRange(min = -2, max = 30) Integer> asks) {
    SupplierContract contract =
        new SupplierContract(
            supplier.id(),
            new ContractTerms("C-1", START, START, UNTIL, "P3M", List.of(), List.of()),
            Person.ANNA.name(),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            part(() -> contract.view(0)),
            contract.signed(),
            new Ended(null, null),
            known -> seen(contract),
            (known, day, at) ->
                known.on() == null && day >= 0
                    ? new Step<>(
                        SupplierEvent.ContractEnded.class,
                        new Ended(START.plusDays(day), "over on " + day))
                    : null,
            (day, at) -> contract.end(START.plusDays(day), "over on " + day, at),
            asks));
  }

  private static Ended seen(SupplierContract contract) {
    LocalDate on = contract.view(0).endedOn();
    LocalDate free = on == null ? UNTIL.plusDays(1) : on;
    START
        .minusDays(1)
        .datesUntil(UNTIL.plusDays(2))
        .forEach(
            day ->
                assertEquals(
                    !day.isBefore(START) && day.isBefore(free),
                    contract.isLiveOn(day),
                    day + " of " + on));
    return new Ended(on, contract.view(0).endReason());
  }

  record Closed(String outcome, Instant at) {}

  @Property(tries = 100)
  void anIncidentIsClosedOnceAndKeepsHow(@ForAll @Size(max = 5) List<Person> asks) {
    SupplierIncident incident =
        new SupplierIncident(
            supplier.id(),
            new SupplierIncident.Report(Life.BEGIN, "a leak", List.of(UUID.randomUUID())),
            Person.ANNA.name(),
            Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            part(() -> incident.view(0)),
            incident.reported(),
            new Closed(null, null),
            known -> new Closed(incident.view(0).outcome(), incident.view(0).closedAt()),
            (known, by, at) ->
                known.at() == null
                    ? new Step<>(
                        SupplierEvent.IncidentClosed.class, new Closed("mended by " + by, at))
                    : null,
            (by, at) -> incident.close("mended by " + by, at),
            asks));
  }

  @AfterContainer
  static void eachEventOfPartsHappened() {
    assertEquals(
        Set.of(
            SupplierEvent.AssessmentPlanned.class,
            SupplierEvent.AssessmentDone.class,
            SupplierEvent.AssessmentAccepted.class,
            SupplierEvent.SubProcessorDeclared.class,
            SupplierEvent.SubProcessorApproved.class,
            SupplierEvent.SubProcessorObjected.class,
            SupplierEvent.ExceptionRequested.class,
            SupplierEvent.ExceptionGranted.class,
            SupplierEvent.ExceptionRefused.class,
            SupplierEvent.ReservationLifted.class,
            SupplierEvent.ContractSigned.class,
            SupplierEvent.ContractEnded.class,
            SupplierEvent.IncidentReported.class,
            SupplierEvent.IncidentClosed.class),
        HAPPENED);
  }
}
