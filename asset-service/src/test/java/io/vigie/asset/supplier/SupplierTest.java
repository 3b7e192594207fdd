package io.vigie.asset.supplier;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SupplierTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LocalDate TODAY = Days.of(NOW);
  private static final String PROPOSER = "proposer";
  private static final String OTHER = "other";
  private static final List<Activity> DEVELOPS = List.of(Activity.DEVELOPS);
  private static final List<String> ALL_CLAUSES =
      Clause.applyingTo(DEVELOPS).stream().map(Clause::rule).toList();

  private final Supplier supplier = supplier(Criticality.HIGH);

  private static Supplier supplier(Criticality criticality) {
    return new Supplier(profile(criticality), PROPOSER, NOW);
  }

  private static SupplierProfile profile(Criticality criticality) {
    return new SupplierProfile(
        "Studio",
        "Builds shops",
        DEVELOPS,
        criticality,
        false,
        List.of(),
        "C",
        "c@d.example",
        null);
  }

  private SupplierContract contract(LocalDate from, LocalDate to, List<String> clauses) {
    return new SupplierContract(
        supplier.id(),
        new ContractTerms("2026-1", from, from, to, "P3M", List.of(), clauses),
        PROPOSER,
        NOW);
  }

  private SupplierException exception(List<String> clauses, boolean withoutContract, int days) {
    return new SupplierException(
        supplier.id(),
        new SupplierException.Request(
            clauses, withoutContract, "soon", "watched", TODAY.plusDays(days)),
        PROPOSER,
        NOW);
  }

  private static Standing standing(
      List<SupplierContract> contracts, List<SupplierException> exceptions) {
    return Standing.of(DEVELOPS, contracts, exceptions, TODAY);
  }

  private Standing sufficient() {
    return standing(List.of(contract(TODAY, null, ALL_CLAUSES)), List.of());
  }

  @Test
  void howASupplierStandsIsOtherOnceItsContractOrItsClausesAre() {
    assertEquals(false, supplier.state().underContract());
    List<String> applying = supplier.state().lackingClauses();
    assertTrue(ALL_CLAUSES.containsAll(applying) && applying.size() > 1);
    assertFalse(supplier.stand(standing(List.of(), List.of())), "as it was");

    String waived = applying.get(0);
    SupplierException meanwhile = exception(List.of(waived), true, 5);
    meanwhile.grant(OTHER, NOW);
    assertTrue(supplier.stand(standing(List.of(), List.of(meanwhile))));
    assertEquals(true, supplier.state().underContract(), "none is needed meanwhile");
    assertEquals(applying.subList(1, applying.size()), supplier.state().lackingClauses());

    assertTrue(supplier.stand(sufficient()));
    assertEquals(List.of(), supplier.state().lackingClauses());
    SupplierContract ended = contract(TODAY.minusDays(9), TODAY.minusDays(1), ALL_CLAUSES);
    assertTrue(supplier.stand(standing(List.of(ended), List.of())));
    assertEquals(
        new SupplierEvent.StandingChanged(supplier.id(), false, applying, NOW),
        supplier.standingChanged(NOW));
  }

  @Test
  void aSupplierWithTheClausesIsApprovedBySomebodyElseThanItsProposer() {
    assertRefused("self-approval", () -> supplier.approve(sufficient(), PROPOSER, NOW));

    assertEquals(
        new SupplierEvent.Approved(supplier.id(), NOW), supplier.approve(sufficient(), OTHER, NOW));
    assertEquals(SupplierState.APPROVED, supplier.state().state());
  }

  @Test
  void aSupplierThatIsToDoMoreIsApprovedAnewBySomebodyElseThanWhoChangedIt() {
    supplier.approve(sufficient(), OTHER, NOW);
    supplier.change(profile(Criticality.LOW), sufficient(), OTHER, NOW);
    assertEquals(SupplierState.APPROVED, supplier.state().state());

    supplier.suspend("a leak", NOW);
    supplier.change(hosting(), sufficient(), OTHER, NOW);

    assertEquals(SupplierState.CANDIDATE, supplier.state().state());
    assertRefused("supplier-not-suspended", () -> supplier.resume(sufficient(), NOW));
    assertRefused("self-approval", () -> supplier.approve(sufficient(), OTHER, NOW));
    Standing now =
        Standing.of(
            supplier.profile().activities(),
            List.of(contract(TODAY, null, ALL_CLAUSES)),
            List.of(),
            TODAY);
    assertRefused("supplier-clauses-missing", () -> supplier.approve(now, PROPOSER, NOW));
  }

  @Test
  void whoHasACandidateDoMoreDoesNotApproveThat() {
    supplier.change(hosting(), sufficient(), OTHER, NOW);

    assertRefused("self-approval", () -> supplier.approve(sufficient(), OTHER, NOW));
    supplier.approve(sufficient(), PROPOSER, NOW);
  }

  private static SupplierProfile hosting() {
    return new SupplierProfile(
        "Studio",
        "Hosts shops",
        List.of(Activity.DEVELOPS, Activity.HOSTS),
        Criticality.LOW,
        true,
        List.of("FR"),
        "C",
        "c@d.example",
        null);
  }

  @Test
  void withoutALiveContractNobodyIsApproved() {
    SupplierContract over = contract(TODAY.minusDays(9), TODAY.minusDays(1), ALL_CLAUSES);

    assertRefused(
        "supplier-without-contract",
        () -> supplier.approve(standing(List.of(over), List.of()), OTHER, NOW));
  }

  @Test
  void theMandatoryClausesThatAreMissingAreNamed() {
    List<String> without = ALL_CLAUSES.stream().filter(rule -> !rule.equals("R11.16")).toList();

    Problem refusal =
        assertThrows(
            Problem.class,
            () ->
                supplier.approve(
                    standing(List.of(contract(TODAY, null, without)), List.of()), OTHER, NOW));

    assertEquals("supplier-clauses-missing", refusal.code());
    assertTrue(refusal.getMessage().contains("R11.16"), refusal.getMessage());
  }

  @Test
  void aClauseThatIsNotMandatoryCountsForTheCoverageAlone() {
    List<String> mandatory =
        Clause.applyingTo(DEVELOPS).stream().filter(Clause::mandatory).map(Clause::rule).toList();
    Standing standing = standing(List.of(contract(TODAY, null, mandatory)), List.of());

    assertEquals(List.of("R2.1"), standing.missing().stream().map(Clause::rule).toList());
    assertEquals(100 * mandatory.size() / ALL_CLAUSES.size(), standing.sharePercent());
    supplier.approve(standing, OTHER, NOW);
  }

  @Test
  void severalContractsCoverTogether() {
    Standing standing =
        standing(
            List.of(
                contract(TODAY, null, ALL_CLAUSES.subList(0, 3)),
                contract(TODAY, null, ALL_CLAUSES.subList(3, ALL_CLAUSES.size()))),
            List.of());

    assertEquals(100, standing.sharePercent());
    assertEquals(List.of(), standing.missing());
  }

  @Test
  void anExceptionAllowsForATimeWhatIsMissingOnceAnotherGrantedIt() {
    SupplierException exception = exception(ALL_CLAUSES, true, 10);
    assertRefused(
        "supplier-without-contract",
        () -> supplier.approve(standing(List.of(), List.of(exception)), OTHER, NOW));
    assertRefused("self-approval", () -> exception.grant(PROPOSER, NOW));

    exception.grant(OTHER, NOW);

    assertRefused("exception-decided", () -> exception.refuse("no", OTHER, NOW));
    assertTrue(exception.isInForceOn(TODAY.plusDays(10)));
    assertEquals(false, exception.isInForceOn(TODAY.plusDays(11)));
    supplier.approve(standing(List.of(), List.of(exception)), OTHER, NOW);
  }

  @Test
  void anExceptionHasAnEndThatIsNotFar() {
    assertRefused("validation", () -> exception(ALL_CLAUSES, true, 367));
    assertRefused("validation", () -> exception(ALL_CLAUSES, true, -1));
    assertRefused("validation", () -> exception(List.of(), false, 10));
  }

  @ParameterizedTest
  @CsvSource({"2026-01-09, false", "2026-01-10, true", "2026-01-20, true", "2026-01-21, false"})
  void aContractIsLiveFromItsFirstDayToItsLast(LocalDate day, boolean isLive) {
    SupplierContract contract =
        contract(LocalDate.parse("2026-01-10"), LocalDate.parse("2026-01-20"), ALL_CLAUSES);

    assertEquals(isLive, contract.isLiveOn(day));
  }

  @Test
  void aContractThatEndsEarlyIsLiveUpToThatDay() {
    SupplierContract contract = contract(TODAY, null, ALL_CLAUSES);
    contract.end(TODAY.plusDays(5), "replaced", NOW);

    assertTrue(contract.isLiveOn(TODAY.plusDays(4)));
    assertEquals(false, contract.isLiveOn(TODAY.plusDays(5)));
    assertRefused("contract-ended", () -> contract.end(TODAY.plusDays(6), "again", NOW));
  }

  @Test
  void theNextAssessmentIsDueByHowMuchDependsOnTheSupplier() {
    assertEquals(NOW.plus(Duration.ofDays(60)), supplier.state().assessmentDue());

    Instant doneAt = NOW.minus(Duration.ofDays(1));
    supplier.accept(assessed(Assessment.Result.SATISFACTORY, doneAt), OTHER, NOW);
    assertEquals(doneAt.plus(Duration.ofDays(365)), supplier.state().assessmentDue());

    supplier.change(profile(Criticality.CRITICAL), sufficient(), OTHER, NOW);
    assertEquals(doneAt.plus(Duration.ofDays(182)), supplier.state().assessmentDue());
  }

  @Test
  void anOlderAssessmentThatIsAcceptedLaterMovesNothing() {
    supplier.accept(assessed(Assessment.Result.SATISFACTORY, NOW), OTHER, NOW);
    Supplier.State before = supplier.state();

    supplier.accept(assessed(Assessment.Result.UNSATISFACTORY, NOW.minusSeconds(60)), OTHER, NOW);

    assertEquals(before, supplier.state());
  }

  @Test
  void whoAssessedDoesNotAcceptTheResult() {
    Assessment assessment = assessed(Assessment.Result.SATISFACTORY, NOW);

    assertRefused("self-approval", () -> supplier.accept(assessment, "assessor", NOW));
    supplier.accept(assessment, OTHER, NOW);
    assertRefused("assessment-not-done", () -> supplier.accept(assessment, OTHER, NOW));
  }

  @Test
  void anUnsatisfactorySupplierIsNotApproved() {
    supplier.accept(assessed(Assessment.Result.UNSATISFACTORY, NOW), OTHER, NOW);

    assertRefused("supplier-unsatisfactory", () -> supplier.approve(sufficient(), OTHER, NOW));
  }

  @Test
  void reservationsAreThereExactlyWhereTheResultHasSome() {
    Assessment assessment = new Assessment(supplier.id(), TODAY, PROPOSER);

    assertRefused(
        "validation",
        () ->
            assessment.done(
                new Assessment.Findings(
                    NOW,
                    Assessment.Method.AUDIT,
                    Assessment.Result.WITH_RESERVATIONS,
                    "s",
                    List.of()),
                "assessor",
                NOW));
  }

  @Test
  void whoDeclaredASubProcessorDoesNotApproveItAndAnObjectionStands() {
    SubProcessor declared =
        new SubProcessor(
            supplier.id(), new SubProcessor.Declaration("A", "stores", "CH"), PROPOSER, NOW);

    assertRefused("self-approval", () -> declared.approve(PROPOSER, NOW));
    declared.approve(OTHER, NOW);
    declared.object("moved", OTHER, NOW);
    assertRefused("sub-processor-decided", () -> declared.approve(OTHER, NOW));
  }

  @Test
  void clientDataIsSomewhereAndHostedOrProcessed() {
    assertRefused(
        "validation",
        () ->
            new SupplierProfile(
                    "S", "x", DEVELOPS, Criticality.LOW, true, List.of("FR"), "C", "c@d.e", null)
                .requireConsistent());
    assertRefused(
        "validation",
        () ->
            new SupplierProfile(
                    "S",
                    "x",
                    List.of(Activity.HOSTS),
                    Criticality.LOW,
                    true,
                    List.of(),
                    "C",
                    "c@d.e",
                    null)
                .requireConsistent());
  }

  private Assessment assessed(Assessment.Result result, Instant doneAt) {
    Assessment assessment = new Assessment(supplier.id(), TODAY, PROPOSER);
    assessment.done(
        new Assessment.Findings(doneAt, Assessment.Method.AUDIT, result, "s", List.of()),
        "assessor",
        NOW);
    return assessment;
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
