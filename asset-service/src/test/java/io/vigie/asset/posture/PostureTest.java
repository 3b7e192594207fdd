package io.vigie.asset.posture;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vigie.asset.Life;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.posture.PostureEvent.Breached;
import io.vigie.asset.posture.PostureEvent.Judged;
import io.vigie.asset.posture.PostureEvent.Reason;
import io.vigie.asset.posture.PostureEvent.Restored;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PostureTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-02");
  private static final PostureRules RULES = new PostureRules();

  private final Posture laptop = new Posture(UUID.randomUUID(), "LAPTOP");

  @Test
  void anAssetThatNoToolReportedBreaksWhatMustBeKnown() {
    List<String> broken = broken(judge(laptop, NOW));

    assertTrue(broken.containsAll(List.of("antivirus-running", "disk-encrypted", "patched")));
    assertEquals(Verdict.UNKNOWN, verdict(laptop, "restarted", NOW));
    assertFalse(laptop.standings().containsKey("ports-declared"), "a rule of servers");
  }

  @Test
  void anAssetThatIsNotInServiceIsNotJudged() {
    assertEquals(List.of(), laptop.judge(RULES, said(laptop, false), Map.of(), NOW));
    assertEquals(Map.of(), laptop.standings());
  }

  @Test
  void whatIsNotKnownIsToldAtFirstAndWhenItChanges() {
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    List<PostureEvent> first = server.judge(RULES, said(server, true), Map.of(), NOW);
    assertTrue(
        first.contains(
            new Judged(server.id(), List.of("restarted", "terminal-sign-in"), null, NOW)));
    assertEquals(List.of("restarted", "terminal-sign-in"), server.state().unknown());
    assertEquals(List.of(), server.judge(RULES, said(server, true), Map.of(), NOW));

    server.observe(good(TODAY), NOW);
    Instant later = NOW.plusSeconds(60);
    assertTrue(
        server
            .judge(RULES, said(server, true), Map.of(), later)
            .contains(new Judged(server.id(), List.of(), TODAY, later)));

    Instant old = NOW.plus(Duration.ofDays(400));
    server.judge(RULES, said(server, false), Map.of(), old);
    assertEquals(List.of(), server.state().unknown(), "not judged while it is not in service");
    assertTrue(
        server
            .judge(RULES, said(server, true), Map.of(), old)
            .contains(
                new Judged(server.id(), List.of("restarted", "terminal-sign-in"), TODAY, old)));
  }

  @Test
  void theDayOfItsPatchesIsToldWhenItChangesAndWhenItIsInService() {
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    server.observe(good(TODAY), NOW);
    server.judge(RULES, said(server, true), Map.of(), NOW);
    assertEquals(TODAY, server.state().patchedOn());

    Instant later = NOW.plus(Duration.ofDays(2));
    server.observe(patched(TODAY), later);
    assertEquals(List.of(), server.judge(RULES, said(server, true), Map.of(), later));

    server.observe(patched(TODAY.plusDays(1)), later);
    assertEquals(List.of(), server.judge(RULES, said(server, false), Map.of(), later));
    assertEquals(TODAY, server.state().patchedOn(), "not told while it is not in service");
    assertEquals(
        List.of(new Judged(server.id(), List.of(), TODAY.plusDays(1), later)),
        server.judge(RULES, said(server, true), Map.of(), later));
    assertEquals(TODAY.plusDays(1), server.state().patchedOn());

    server.observe(patched(TODAY), later.minusSeconds(1));
    assertEquals(
        List.of(),
        server.judge(RULES, said(server, true), Map.of(), later),
        "older than what is known");
  }

  @Test
  void whatIsWellProtectedBreaksNothing() {
    laptop.observe(good(TODAY), NOW);

    assertEquals(List.of(), judge(laptop, NOW));
    assertNull(laptop.countsFrom());
  }

  @Test
  void signaturesOfSevenDaysAgoAreRecentUntilThatDayEnds() {
    laptop.observe(good(TODAY.minusDays(7)), NOW);
    assertEquals(List.of(), judge(laptop, NOW));

    Instant midnight = Instant.parse("2026-03-03T00:00:00Z");
    assertEquals(List.of(), judge(laptop, midnight.minusSeconds(1)));
    assertEquals(
        List.of(
            new Breached(
                laptop.id(),
                "signatures-recent",
                "R7.2",
                "2026-02-23",
                midnight.plus(Duration.ofDays(1)),
                midnight)),
        judge(laptop, midnight));
  }

  @Test
  void aBreachCountsWhenItsGraceIsOverUnlessItIsExempt() {
    laptop.observe(good(TODAY), NOW);
    laptop.observe(firewall(false), NOW);
    judge(laptop, NOW);
    Instant graceUntil = NOW.plus(Duration.ofDays(3));

    assertEquals(Verdict.IN_GRACE, verdict(laptop, "firewall-on", NOW));
    assertEquals(Verdict.BREACHED, verdict(laptop, "firewall-on", graceUntil));
    assertEquals(graceUntil, laptop.countsFrom());

    Instant ends = NOW.plus(Duration.ofDays(20));
    assertEquals(
        List.of(),
        laptop.judge(
            RULES,
            said(laptop, true),
            Map.of("firewall-on", new Exemption.Scope(ends, "false")),
            NOW));
    assertEquals(Verdict.EXEMPT, verdict(laptop, "firewall-on", graceUntil));
    assertEquals(Verdict.BREACHED, verdict(laptop, "firewall-on", ends));
    assertEquals(ends, laptop.countsFrom());
  }

  @Test
  void silenceMendsNothing() {
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    server.observe(
        new Facts(null, null, null, null, null, null, null, SignIn.NONE, null, null, null, null),
        NOW);
    assertTrue(broken(judge(server, NOW)).contains("terminal-sign-in"));

    Instant later = NOW.plus(Duration.ofDays(400));
    assertEquals(List.of(), judge(server, later));
    assertEquals(Verdict.BREACHED, verdict(server, "terminal-sign-in", later));
  }

  @Test
  void anOlderObservationChangesNothingAndWhatIsNotToldStaysWithItsDate() {
    laptop.observe(good(TODAY), NOW.minusSeconds(60));
    assertTrue(laptop.observe(firewall(false), NOW));

    assertFalse(laptop.observe(firewall(true), NOW.minusSeconds(1)));
    assertFalse(laptop.observe(firewall(false), NOW), "the same report again");
    assertFalse(laptop.facts().get("firewallOn").value().booleanValue());
    assertEquals(NOW, laptop.facts().get("firewallOn").observedAt());
    assertEquals(NOW.minusSeconds(60), laptop.facts().get("diskEncrypted").observedAt());
  }

  @Test
  void onlyDeclaredPortsMayBeOpen() {
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    server.observe(Facts.of(null, List.of(8080, 22)), NOW);
    Breached breach =
        judge(server, NOW).stream()
            .map(Breached.class::cast)
            .filter(event -> event.rule().equals("ports-declared"))
            .findFirst()
            .orElseThrow();
    assertEquals("22, 8080", breach.found());

    assertEquals(
        List.of(new PostureEvent.PortsDeclared(server.id(), List.of(22, 443, 8080), NOW)),
        server.declarePorts(List.of(443, 22, 8080), NOW));
    assertEquals(List.of(), server.declarePorts(List.of(8080, 443, 22), NOW));
    assertEquals(
        List.of(
            new Restored(
                server.id(), "ports-declared", "R11.1", Reason.COMPLIES, 30, NOW.plusSeconds(30))),
        judge(server, NOW.plusSeconds(30)));
  }

  @Test
  void anotherFactThatBreaksTheSameRuleIsToldAndNotExempt() {
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    String rule = "ports-declared";
    server.observe(Facts.of(null, List.of(22, 8080)), NOW);
    judge(server, NOW);
    assertEquals("22, 8080", server.found(rule));
    Instant later = NOW.plus(Duration.ofDays(2));
    Map<String, Exemption.Scope> exempt =
        Map.of(rule, new Exemption.Scope(NOW.plus(Duration.ofDays(90)), server.found(rule)));

    server.observe(Facts.of(null, List.of(8080)), later);
    server.judge(RULES, said(server, true), exempt, later);
    assertEquals(Verdict.EXEMPT, verdict(server, rule, later), "less of the same");

    server.observe(Facts.of(null, List.of(3389, 8080)), later);
    assertEquals(
        List.of(
            new Breached(
                server.id(), rule, "R11.1", "3389, 8080", NOW.plus(Duration.ofDays(1)), later)),
        server.judge(RULES, said(server, true), exempt, later));
    assertEquals(Verdict.BREACHED, verdict(server, rule, later));
    assertEquals(NOW, server.standings().get(rule).since());
  }

  @Test
  void aListThatIsTooLongToKeepIsNotTakenForAnotherThatBeginsLikeIt() {
    // Given an exemption from what broke the rule at more ports than are kept
    Posture server = new Posture(UUID.randomUUID(), "SERVER");
    String rule = "ports-declared";
    List<Integer> ports = IntStream.range(10_000, 10_100).boxed().toList();
    server.observe(Facts.of(null, ports), NOW);
    judge(server, NOW);
    assertEquals(500, server.found(rule).length());
    assertTrue(server.found(rule).startsWith("10000, 10001, "));
    Instant later = NOW.plus(Duration.ofDays(2));
    Map<String, Exemption.Scope> exempt =
        Map.of(rule, new Exemption.Scope(NOW.plus(Duration.ofDays(90)), server.found(rule)));

    // When they are the same, or fewer
    for (List<Integer> some : List.of(ports, ports.subList(0, 10))) {
      server.observe(Facts.of(null, some), later);
      server.judge(RULES, said(server, true), exempt, later);
      assertEquals(Verdict.EXEMPT, verdict(server, rule, later));
    }

    // And when there is another, far behind in the list
    server.observe(Facts.of(null, IntStream.range(10_000, 10_101).boxed().toList()), later);
    server.judge(RULES, said(server, true), exempt, later);
    assertEquals(Verdict.BREACHED, verdict(server, rule, later));
  }

  @Test
  void whatIsAcceptedIsAcceptedUntilItGetsWorse() {
    Rule signatures = RULES.require("signatures-recent");
    assertTrue(signatures.isNoWorse("2026-02-21", "2026-02-20"));
    assertFalse(signatures.isNoWorse("2026-02-19", "2026-02-20"));
    Rule lock = RULES.require("screen-locks-soon");
    assertTrue(lock.isNoWorse("900", "1200"));
    assertFalse(lock.isNoWorse("1300", "1200"));
    assertTrue(lock.isNoWorse(null, ""), "nothing known, then as now");
    assertFalse(lock.isNoWorse("700", ""), "it was known of nothing");
    assertTrue(lock.isNoWorse("700", null), "asked for before anything broke");
    assertFalse(RULES.require("sign-in-required").isNoWorse("NONE", "PIN"));
  }

  /** Whatever is known in whatever order, and whether the asset is in service or not. */
  @Test
  void breachesAndRestorationsAlternateAndTellTheTimeInBetween() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Posture posture =
          new Posture(
              UUID.randomUUID(), List.of("LAPTOP", "SERVER", "PHONE").get(random.nextInt(3)));
      Map<String, Instant> brokenAt = new HashMap<>();
      Map<String, String> found = new HashMap<>();
      JsonNode told = JsonNodeFactory.instance.objectNode();
      Instant now = NOW;
      for (int step = 0; step < 60; step++) {
        now = now.plusSeconds(random.nextInt(5 * 86_400));
        if (random.nextInt(3) > 0) {
          posture.observe(any(random, now), now.minusSeconds(random.nextInt(3 * 86_400)));
        }
        boolean serves = random.nextInt(8) > 0;
        Map<String, Exemption.Scope> exemptions =
            random.nextBoolean()
                ? Map.of()
                : Map.of("patched", new Exemption.Scope(now.plusSeconds(86_400), null));
        Subject said = said(posture, serves);
        List<PostureEvent> events = posture.judge(RULES, said, exemptions, now);
        check(events, serves, brokenAt, found, now, seed);
        if (serves) {
          assertEquals(unknown(posture, now), posture.state().unknown(), "seed " + seed);
        }
        if (seed % 10 == 0) { // a tenth tells enough of what is published, and takes long
          for (PostureEvent event : events) {
            told = Life.publish(posture, event, told);
          }
        }

        List<String> standing =
            posture.standings().entrySet().stream()
                .filter(each -> each.getValue().isBroken())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        assertEquals(brokenAt.keySet().stream().sorted().toList(), standing, "seed " + seed);
        assertEquals(standing.isEmpty(), posture.countsFrom() == null, "seed " + seed);
        assertEquals(
            List.of(), posture.judge(RULES, said, exemptions, now), "judged twice, " + seed);
      }
    }
  }

  private static List<String> unknown(Posture posture, Instant now) {
    return posture.standings().keySet().stream()
        .filter(rule -> verdict(posture, rule, now) == Verdict.UNKNOWN)
        .toList();
  }

  private static void check(
      List<PostureEvent> events,
      boolean serves,
      Map<String, Instant> brokenAt,
      Map<String, String> found,
      Instant now,
      int seed) {
    for (PostureEvent event : events) {
      if (event instanceof Breached breach) {
        assertTrue(serves, "seed " + seed);
        boolean again = brokenAt.putIfAbsent(breach.rule(), now) != null;
        String before = found.put(breach.rule(), breach.found());
        assertTrue(
            !again || breach.found() != null && !breach.found().equals(before),
            "broken twice by the same fact, seed " + seed);
      } else if (event instanceof Restored restored) {
        Instant since = brokenAt.remove(restored.rule());
        assertNotNull(since, "restored twice, seed " + seed);
        assertEquals(Duration.between(since, now).toSeconds(), restored.brokenSeconds());
        assertEquals(serves ? Reason.COMPLIES : Reason.OUT_OF_SERVICE, restored.reason());
      }
    }
  }

  private static Facts any(Random random, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return new Facts(
        null,
        maybe(random, random.nextBoolean()),
        maybe(random, today.minusDays(random.nextInt(12))),
        maybe(random, random.nextBoolean()),
        maybe(random, random.nextBoolean()),
        maybe(random, random.nextBoolean()),
        maybe(random, random.nextInt(1_200)),
        maybe(random, SignIn.values()[random.nextInt(SignIn.values().length)]),
        null,
        maybe(random, today.minusDays(random.nextInt(40))),
        maybe(random, random.nextBoolean() ? List.of() : List.of(22)),
        maybe(random, random.nextBoolean()));
  }

  private static <T> T maybe(Random random, T value) {
    return random.nextBoolean() ? value : null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATABASE", "APPLICATION"})
  void whatIsInProductionMustSayHowOneSignsIn(String kind) {
    Posture middleware = new Posture(UUID.randomUUID(), kind);
    String rule = "authentication-declared";
    Instant graceUntil = NOW.plus(Duration.ofDays(3));
    Subject testing = new Subject(true, kind, false, Map.of());
    assertEquals(
        List.of(new Judged(middleware.id(), List.of("terminal-sign-in"), null, NOW)),
        middleware.judge(RULES, testing, Map.of(), NOW));

    Subject silent = new Subject(true, kind, true, Map.of());
    assertEquals(
        List.of(new Breached(middleware.id(), rule, "R10.1", null, graceUntil, NOW)),
        middleware.judge(RULES, silent, Map.of(), NOW));
    Subject open = new Subject(true, kind, true, Map.of("authentication", "NONE"));
    assertEquals(
        List.of(new Breached(middleware.id(), rule, "R10.1", "NONE", graceUntil, NOW)),
        middleware.judge(RULES, open, Map.of(), NOW));
    assertEquals(Verdict.BREACHED, verdict(middleware, rule, graceUntil));

    Subject closed = new Subject(true, kind, true, Map.of("authentication", "CERTIFICATE"));
    assertEquals(
        List.of(
            new Restored(middleware.id(), rule, "R10.1", Reason.COMPLIES, 30, NOW.plusSeconds(30))),
        middleware.judge(RULES, closed, Map.of(), NOW.plusSeconds(30)));
    assertEquals(
        List.of(), middleware.judge(RULES, closed, Map.of(), NOW.plus(Duration.ofDays(400))));
  }

  @Test
  void everyAttributeThatARuleReadsIsOneOfItsKindsAndCanBeWhatItMust() {
    Kinds kinds = new Kinds();
    RULES
        .all()
        .forEach(
            (name, rule) -> {
              if (rule.attribute() != null) {
                for (String kind : rule.kinds()) {
                  assertTrue(
                      rule.must().is().stream()
                          .anyMatch(
                              value -> kinds.accepts(kind, rule.attribute(), value.textValue())),
                      name + " of " + kind);
                }
              }
            });
  }

  @Test
  void nobodyDecidesAboutTheExemptionThatTheyAskedFor() {
    Exemption exemption = exemption(Duration.ofDays(30));
    refused("own-request", () -> exemption.approve("anna", NOW));
    refused("own-request", () -> exemption.refuse("anna", "no", NOW));
    exemption.approve("ben", NOW);
    refused("exemption-decided", () -> exemption.refuse("ben", "after all", NOW));
    exemption.withdraw("mended", NOW);
    refused("exemption-over", () -> exemption.withdraw("again", NOW));
  }

  @Test
  void anExemptionEndsWithin180DaysAndCannotBeApprovedAfterItsEnd() {
    refused("exemption-too-long", () -> exemption(Duration.ofDays(180).plusSeconds(1)));
    refused("exemption-too-long", () -> exemption(Duration.ZERO));
    Exemption exemption = exemption(Duration.ofDays(180));
    Instant end = NOW.plus(Duration.ofDays(180));
    refused("exemption-decided", () -> exemption.approve("ben", end));
    assertThrows(IllegalStateException.class, () -> exemption.expire(end.minusSeconds(1)));
    assertEquals(
        new ExemptionEvent.Expired(
            exemption.id(), exemption.state().asset(), "patched", false, end),
        exemption.expire(end));
  }

  private static Exemption exemption(Duration length) {
    return new Exemption(UUID.randomUUID(), "patched", "why", null, NOW.plus(length), "anna", NOW);
  }

  /** What broke, and what is well again. */
  private static List<PostureEvent> judge(Posture posture, Instant now) {
    return posture.judge(RULES, said(posture, true), Map.of(), now).stream()
        .filter(event -> !(event instanceof Judged))
        .toList();
  }

  /** Nothing but what the posture has of it. */
  private static Subject said(Posture posture, boolean serves) {
    return new Subject(serves, posture.assetKind(), false, Map.of());
  }

  private static Verdict verdict(Posture posture, String rule, Instant now) {
    return posture.standings().get(rule).at(now);
  }

  private static List<String> broken(List<PostureEvent> events) {
    List<String> rules = new ArrayList<>();
    events.forEach(event -> rules.add(((Breached) event).rule()));
    return rules;
  }

  private static Facts good(LocalDate signatures) {
    return new Facts(
        "ClamAV",
        true,
        signatures,
        true,
        true,
        true,
        300,
        SignIn.PASSWORD,
        "Debian 13",
        TODAY,
        List.of(),
        false);
  }

  private static Facts patched(LocalDate day) {
    return new Facts(null, null, null, null, null, null, null, null, null, day, null, null);
  }

  private static Facts firewall(boolean on) {
    return new Facts(null, null, null, null, on, null, null, null, null, null, null, null);
  }

  private static void refused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
