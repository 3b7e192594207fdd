package io.vigie.audit.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.log.Search.Span;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What a search finds, and in which order. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class SearchTest {

  @Inject LogReader reader;

  private final String actor = UUID.randomUUID().toString();

  private static Response get(String path) {
    return Rest.as(Tokens.of(AUDITOR)).urlEncodingEnabled(false).get(path);
  }

  private static List<Long> found(String filter) {
    return indexes(get("/v1/log/entries?" + filter));
  }

  private static List<Long> indexes(Response page) {
    page.then().statusCode(200);
    return page.jsonPath().getList("items.index", Long.class);
  }

  private static String link(Response page, String relation) {
    return page.headers().getValues("Link").stream()
        .filter(link -> link.endsWith("rel=\"" + relation + "\""))
        .map(link -> link.substring(1, link.indexOf('>')))
        .findFirst()
        .orElse(null);
  }

  private Draft by(Draft draft) {
    return draft.with("ce_actor", actor);
  }

  private Draft lost(UUID asset, String circumstances) {
    return by(Records.registration(asset))
        .with("ce_type", "asset.lost.v1")
        .with("ce_dataschema", "urn:vigie:schema:asset.lost.v1")
        .with("ce_eventnumber", "2")
        .withValue(
            """
            {"aggregateId":"%s","stolen":true,"circumstances":"%s","occurredAt":"2026-01-01T00:00:00Z",
             "at":"2026-01-02T03:04:05Z","changes":{"state":"LOST"}}"""
                .formatted(asset, circumstances));
  }

  private static Draft owned(UUID asset, UUID person) {
    return Records.registration(asset)
        .with("ce_type", "asset.owner-assigned.v1")
        .with("ce_dataschema", "urn:vigie:schema:asset.owner-assigned.v1")
        .with("ce_eventnumber", "3")
        .withValue(
            """
            {"aggregateId":"%s","owner":"%s","at":"2026-01-02T03:04:05Z","changes":{"owner":"%s"}}"""
                .formatted(asset, person, person));
  }

  @Test
  void freeTextFindsNamesAndReasonsInAnyCaseWithAllWordsGiven() {
    UUID asset = UUID.randomUUID();
    String rare = "zq" + UUID.randomUUID().toString().replace("-", "");
    long lost = logged(lost(asset, "Volé à la gare, sac " + rare));
    long other = logged(lost(UUID.randomUUID(), "Forgotten in a train, " + rare));

    assertEquals(List.of(lost, other), found("q=" + rare));
    assertEquals(List.of(lost), found("q=" + rare.toUpperCase() + "+GARE+vole"));
    assertEquals(List.of(lost), found("q=" + rare + "&object=asset/" + asset));
    assertEquals(List.of(), found("q=" + rare + "+harbour"));
  }

  @Test
  void anObjectIsFoundByItsOwnEventsAndByThoseThatReferToIt() {
    UUID person = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    long registered = logged(Records.registration(asset));
    long owned = logged(owned(asset, person));

    assertEquals(List.of(owned), found("object=person/" + person));
    assertEquals(List.of(), found("subject=person/" + person));
    assertEquals(List.of(registered, owned), found("object=asset/" + asset));
  }

  @Test
  void anOutcomeIsWhatTheRulesSayOfTheTypeOrAnAlertOfTheLogItself() {
    long success = logged(by(Records.registration()));
    long lost = logged(lost(UUID.randomUUID(), "at sea"));
    Draft first = by(Records.registration());
    long original = logged(first);
    logged(
        List.of(
            first.with("ce_eventnumber", "9").with("ce_sourcenumber", "77777"),
            by(Records.registration())));
    String mine = "&actor=" + actor;

    List<Long> all = found("limit=200" + mine);
    List<Long> alerts = found("outcome=alert" + mine);
    assertEquals(5, all.size());
    assertEquals(2, alerts.size());
    assertEquals(lost, alerts.get(0));
    assertEquals(List.of(), found("outcome=refused" + mine));
    assertEquals(
        all.stream().filter(index -> !alerts.contains(index)).toList(),
        found("outcome=success" + mine));
    assertEquals(true, found("outcome=success" + mine).containsAll(List.of(success, original)));
  }

  @Test
  void anEventIsFoundByItsTimeHoweverFarFromWhenItWasLogged() {
    long early = logged(by(Records.registration()).with("ce_time", "2093-05-01T00:00:00Z"));
    long late = logged(by(Records.registration()).with("ce_time", "1999-05-01T00:00:00Z"));
    String mine = "actor=" + actor;

    assertEquals(List.of(early), found(mine + "&from=2093-01-01T00:00:00Z"));
    assertEquals(List.of(late), found(mine + "&to=2000-01-01T00:00:00Z"));
    assertEquals(
        List.of(early), found(mine + "&from=2093-05-01T00:00:00Z&to=2093-05-01T00:00:01Z"));
    assertEquals(List.of(), found(mine + "&from=2093-05-01T00:00:01Z"));
    assertEquals(List.of(), found(mine + "&to=1999-05-01T00:00:00Z"));
  }

  @Test
  void aTimeBecomesTheVeryRangeThatLookingAtEveryEntryGives() {
    long last = logged(Records.registration());
    for (long index = 0; index <= last; index += Math.max(1, last / 20)) {
      String at = text("select logged_at from entry where index = " + index);
      for (String edge : List.of("%s", "%s - interval '1 us'", "%s + interval '1 us'")) {
        String time = edge.formatted("timestamptz '" + at + "'");
        Instant from = instant(time + " + interval '5 minutes'");
        Instant to = instant(time + " - interval '1 hour'");
        Span span = reader.during(from, to).await().indefinitely();
        assertEquals(
            number(
                """
                select coalesce(min(index), (select size from head)) from entry where logged_at >= %1$s
                  or event_time - logged_at > interval '5 minutes' and event_time >= '%2$s'"""
                    .formatted(time, from)),
            span.first(),
            "from " + from);
        assertEquals(
            number(
                """
                select coalesce(max(index) + 1, 0) from entry where logged_at < %1$s
                  or logged_at - event_time > interval '1 hour' and event_time < '%2$s'"""
                    .formatted(time, to)),
            span.end(),
            "to " + to);
      }
    }
  }

  private static Instant instant(String sql) {
    return Instant.parse(
        text(
            "select to_char((%s) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                .formatted(sql)));
  }

  @Test
  void pagesLeadForwardsAndBackInBothOrders() {
    List<Long> indexes =
        logged(IntStream.range(0, 7).mapToObj(i -> by(Records.registration())).toList()).stream()
            .sorted()
            .toList();
    List<Long> reversed = new ArrayList<>(indexes);
    Collections.reverse(reversed);

    for (String order : new String[] {"asc", "desc"}) {
      List<Long> expected = order.equals("asc") ? indexes : reversed;
      Response first = get("/v1/log/entries?limit=3&order=" + order + "&actor=" + actor);
      Response second = get(link(first, "next"));
      Response third = get(link(second, "next"));
      assertEquals(expected.subList(0, 3), indexes(first));
      assertEquals(expected.subList(3, 6), indexes(second));
      assertEquals(expected.subList(6, 7), indexes(third));
      assertNull(link(first, "prev"));
      assertNull(link(third, "next"));

      Response back = get(link(third, "prev"));
      assertEquals(expected.subList(3, 6), indexes(back));
      assertEquals(expected.subList(6, 7), indexes(get(link(back, "next"))));
      Response start = get(link(back, "prev"));
      assertEquals(expected.subList(0, 3), indexes(start));
      assertNull(link(start, "prev"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "outcome=good",
        "order=up",
        "after=1&before=9",
        "before=x",
        "q=!",
        "q=aa+bb+cc+dd+ee+ff+gg+hh+ii",
      })
  void whatCannotBeSearchedForIsABadRequest(String filter) {
    get("/v1/log/entries?" + filter).then().statusCode(400).contentType("application/problem+json");
  }

  @Test
  void aSearchForWhatNobodyDidFindsNothing() {
    get("/v1/log/entries?q=supercalifragilistic&outcome=refused&source=/vigie/asset&order=desc")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
  }
}
