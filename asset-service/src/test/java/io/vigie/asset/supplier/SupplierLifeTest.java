package io.vigie.asset.supplier;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vigie.asset.Life;
import io.vigie.asset.Life.Person;
import io.vigie.asset.Life.Step;
import io.vigie.asset.supplier.Assessment.Result;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UseType;
import net.jqwik.api.lifecycle.AfterContainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whatever is asked of a supplier, by whom and in whatever order. */
class SupplierLifeTest {

  private static final Standing SUFFICIENT = standing(1);
  private static final Standing WITHOUT_CONTRACT = standing(0);

  enum Act {
    CHANGE,
    APPROVE,
    SUSPEND,
    RESUME,
    END,
    ACCEPT_ASSESSMENT
  }

  /**
   * @param good it is to do little, it has a contract, or what was assessed is satisfactory
   * @param assessor who made the assessment
   */
  public record Ask(Act act, Person by, boolean good, Person assessor) {}

  record Known(
      SupplierState state, boolean doesMore, String proposedBy, String approvedBy, Result result) {

    Known in(SupplierState next) {
      return new Known(next, doesMore, proposedBy, approvedBy, result);
    }
  }

  private static final Set<Class<?>> HAPPENED = new HashSet<>();

  private static Standing standing(int contracts) {
    return new Standing(
        Days.of(Life.BEGIN), contracts, 100, List.of(), List.of(), List.of(), false);
  }

  private static SupplierProfile profile(boolean doesMore) {
    return new SupplierProfile(
        "Studio",
        "Builds shops",
        doesMore ? List.of(Activity.DEVELOPS, Activity.HOSTS) : List.of(Activity.DEVELOPS),
        Criticality.LOW,
        false,
        List.of(),
        "C",
        "c@d.example",
        null);
  }

  @Property(tries = 1000)
  void itIsReliedOnWithGroundsAndWithoutItsProposersOwnApproval(
      @ForAll @Size(max = 40) List<@UseType Ask> asks) {
    Supplier supplier = new Supplier(profile(false), Person.ANNA.name(), Life.BEGIN);
    HAPPENED.addAll(
        Life.of(
            supplier,
            supplier.registered(),
            new Known(SupplierState.CANDIDATE, false, Person.ANNA.name(), null, null),
            known -> seen(supplier.state()),
            (known, ask, at) -> allowed(known, ask),
            (ask, at) -> decide(supplier, ask, at),
            asks));
  }

  private static Known seen(Supplier.State state) {
    return new Known(
        state.state(),
        state.activities().contains(Activity.HOSTS),
        state.proposedBy(),
        state.approvedBy(),
        state.assessedAs());
  }

  private static SupplierEvent decide(Supplier supplier, Ask ask, Instant at) {
    String by = ask.by().name();
    Standing standing = ask.good() ? SUFFICIENT : WITHOUT_CONTRACT;
    return switch (ask.act()) {
      case CHANGE -> supplier.change(profile(!ask.good()), standing, by, at);
      case APPROVE -> supplier.approve(standing, by, at);
      case SUSPEND -> supplier.suspend("late", at);
      case RESUME -> supplier.resume(standing, at);
      case END -> supplier.end("over", at);
      case ACCEPT_ASSESSMENT -> {
        Assessment assessment = new Assessment(supplier.id(), Days.of(at), by);
        assessment.done(
            new Assessment.Findings(
                at, Assessment.Method.AUDIT, result(ask), "looked at", List.of()),
            ask.assessor().name(),
            at);
        yield supplier.accept(assessment, by, at);
      }
    };
  }

  private static Result result(Ask ask) {
    return ask.good() ? Result.SATISFACTORY : Result.UNSATISFACTORY;
  }

  private static Step<Known> allowed(Known known, Ask ask) {
    String by = ask.by().name();
    boolean lives = known.state() != SupplierState.ENDED;
    boolean reliable = ask.good() && known.result() != Result.UNSATISFACTORY;
    return switch (ask.act()) {
      case CHANGE -> lives ? new Step<>(SupplierEvent.Changed.class, changed(known, ask)) : null;
      case APPROVE ->
          known.state() == SupplierState.CANDIDATE && !by.equals(known.proposedBy()) && reliable
              ? new Step<>(
                  SupplierEvent.Approved.class,
                  new Known(
                      SupplierState.APPROVED,
                      known.doesMore(),
                      known.proposedBy(),
                      by,
                      known.result()))
              : null;
      case SUSPEND ->
          known.state() == SupplierState.APPROVED
              ? new Step<>(SupplierEvent.Suspended.class, known.in(SupplierState.SUSPENDED))
              : null;
      case RESUME ->
          known.state() == SupplierState.SUSPENDED && reliable
              ? new Step<>(SupplierEvent.Resumed.class, known.in(SupplierState.APPROVED))
              : null;
      case END ->
          lives ? new Step<>(SupplierEvent.Ended.class, known.in(SupplierState.ENDED)) : null;
      case ACCEPT_ASSESSMENT ->
          lives && ask.by() != ask.assessor()
              ? new Step<>(
                  SupplierEvent.AssessmentAccepted.class,
                  new Known(
                      known.state(),
                      known.doesMore(),
                      known.proposedBy(),
                      known.approvedBy(),
                      result(ask)))
              : null;
    };
  }

  /** Whoever has it do more proposes it, and cannot approve that. */
  private static Known changed(Known known, Ask ask) {
    boolean doesMore = !ask.good();
    return doesMore && !known.doesMore()
        ? new Known(SupplierState.CANDIDATE, true, ask.by().name(), null, known.result())
        : new Known(
            known.state(), doesMore, known.proposedBy(), known.approvedBy(), known.result());
  }

  @AfterContainer
  static void eachEventOfItsOwnHappened() {
    assertEquals(
        Set.of(
            SupplierEvent.Registered.class,
            SupplierEvent.Changed.class,
            SupplierEvent.Approved.class,
            SupplierEvent.Suspended.class,
            SupplierEvent.Resumed.class,
            SupplierEvent.Ended.class,
            SupplierEvent.AssessmentAccepted.class),
        HAPPENED);
  }
}
