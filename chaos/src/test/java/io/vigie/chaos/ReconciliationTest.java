package io.vigie.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each way in which the books can fail to balance, and that they balance without it. */
class ReconciliationTest {

  private static final Kind ASSETS = Kind.ALL.get(0);
  private static final ReadModel LOSSES = ReadModel.ALL.get(0);
  private static final ReadModel OPENED =
      named("what rules of the policy open when services tell of something, by rule and thing");
  private static final LogCopy.Entry REGISTERED =
      entry(0, "e1", "asset.registered.v1", 1, "{'serialNumber':'s','owner':null}");
  private static final LogCopy.Entry OWNED =
      entry(1, "e2", "asset.owner-assigned.v1", 2, "{'owner':'o'}");
  private static final LogCopy.Entry LOST = entry(2, "e3", "asset.lost.v1", 3, "{'state':'LOST'}");
  private static final JsonNode STATE = json("{'serialNumber':'s','owner':'o','state':'LOST'}");

  private static JsonNode json(String text) {
    try {
      return Api.JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogCopy.Entry entry(
      long index, String id, String type, long number, String changes) {
    return new LogCopy.Entry(
        index,
        id,
        "somebody",
        "/vigie/asset",
        index + 1,
        type,
        "asset/a",
        number,
        json("{'aggregateId':'a','changes':" + changes + "}"));
  }

  private static LogCopy.Entry client(long number, String type, String changes) {
    return new LogCopy.Entry(
        number,
        "c" + number,
        "somebody",
        "/vigie/asset",
        number + 1,
        type,
        "client/c",
        number + 1,
        json("{'aggregateId':'c','changes':" + changes + "}"));
  }

  /** The first event of an object. */
  private static LogCopy.Entry made(long index, String subject, String changes) {
    return new LogCopy.Entry(
        index,
        "m" + index,
        "somebody",
        "/vigie/asset",
        index + 1,
        "made.v1",
        subject,
        1,
        json("{'changes':" + changes + "}"));
  }

  /** What is about no state of an object. */
  private static LogCopy.Entry told(long index, String actor, String type, String data) {
    return new LogCopy.Entry(
        index, "t" + index, actor, "/vigie/any", index + 1, type, "any/a", 0, json(data));
  }

  private static LogCopy.Entry ran(long index, String outcome, int minute) {
    return told(
        index,
        "tool",
        "backup-run.reported.v1",
        "{'plan':'p','outcome':'%s','endedAt':'2026-02-01T10:%02d:00Z'}"
            .formatted(outcome, minute));
  }

  private static LogCopy.Entry fired(String severity) {
    return new LogCopy.Entry(
        0,
        "f",
        "somebody",
        "/vigie/asset",
        1,
        "monitoring-alert.fired.v1",
        "monitoring-alert/a",
        1,
        json("{'changes':{'severity':'" + severity + "'}}"));
  }

  private static ReadModel named(String name) {
    return ReadModel.ALL.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Reconciliation of(LogCopy.Entry... entries) {
    return new Reconciliation(new LogCopy(List.of(entries), Set.of("s", "o")));
  }

  private static Ledger ledger(Write write) {
    Ledger ledger = new Ledger();
    ledger.begin(write);
    return ledger;
  }

  private static Write owned(String event) {
    Write write = Write.marked("asset.owner-assigned.v1", "o");
    write.done(null, event);
    return write;
  }

  private static Map<String, Reconciliation.Row> row(long events, JsonNode state) {
    return Map.of("a", new Reconciliation.Row(events, state));
  }

  private static void assertOne(Reconciliation books, String found) {
    assertEquals(1, books.differences().size(), books.differences().toString());
    assertTrue(books.differences().get(0).found().contains(found), books.differences().toString());
  }

  @Test
  void aWholeStoryBalances() {
    Reconciliation books = of(REGISTERED, OWNED, LOST);

    books.checkLog();
    books.checkWrites(ledger(owned("e2")));
    books.checkRows(ASSETS, row(3, STATE));
    List<JsonNode> views = List.of(json("{'id':'a','owner':'o','state':'LOST','version':2}"));
    books.checkList(ASSETS, Set.of("a"), views);
    books.checkViews(ASSETS, views);
    books.checkReadModel(LOSSES, Map.of("a", "reported"));
    books.checkMails(Map.of("m", 1L), Map.of("m", 1L));

    assertEquals(List.of(), books.differences());
  }

  @Test
  void anEventThatIsThereTwiceIsFound() {
    Reconciliation books = of(REGISTERED, OWNED, OWNED);
    books.checkLog();
    assertEquals("event e2", books.differences().get(0).object());
  }

  @Test
  void anEntryThatIsNoEventIsFound() {
    Reconciliation books = of(entry(0, "", "", 0, "{}"));
    books.checkLog();
    assertEquals("entry 0", books.differences().get(0).object());
  }

  @Test
  void aFactThatTheLogLacksIsFoundByItsSourcesNumbersWhateverItWasAbout() {
    Reconciliation whole = of(REGISTERED, OWNED, LOST);
    whole.checkSources(Map.of("/vigie/asset", 3L, "/vigie/access", 0L));
    assertEquals(List.of(), whole.differences());

    Reconciliation middle = of(REGISTERED, LOST);
    middle.checkSources(Map.of("/vigie/asset", 3L));
    assertOne(middle, "2 of 1 to 3");

    Reconciliation last = of(REGISTERED, OWNED);
    last.checkSources(Map.of("/vigie/asset", 3L));
    assertOne(last, "2 of 1 to 2");

    Reconciliation silent = of();
    silent.checkSources(Map.of("/vigie/asset", 3L));
    assertOne(silent, "none");

    Reconciliation twice = of(REGISTERED, REGISTERED);
    twice.checkSources(Map.of("/vigie/asset", 1L));
    assertOne(twice, "again at index 0");
  }

  @Test
  void whatControlsHaveOfAnObjectIsHeldAgainstItsEvents() {
    JsonNode kept = json("{'state':'LOST'}");
    Reconciliation whole = of(REGISTERED, OWNED, LOST);
    whole.checkObjects(Map.of("asset/a", new Reconciliation.Row(3, kept)));
    assertEquals(List.of(), whole.differences());

    Reconciliation ahead = of(REGISTERED, OWNED, LOST);
    ahead.checkObjects(Map.of("asset/a", new Reconciliation.Row(4, kept)));
    assertOne(ahead, "after 4");

    Reconciliation behind = of(REGISTERED, OWNED, LOST);
    behind.checkObjects(Map.of("asset/a", new Reconciliation.Row(2, json("{'owner':'p'}"))));
    assertOne(behind, "p");

    Reconciliation other = of(REGISTERED, OWNED, LOST);
    other.checkObjects(Map.of("asset/a", new Reconciliation.Row(3, json("{'state':'IN_USE'}"))));
    assertOne(other, "IN_USE");

    Reconciliation missing = of(REGISTERED, made(1, "asset/b", "{}"));
    missing.checkObjects(Map.of("asset/a", new Reconciliation.Row(1, json("{}"))));
    assertOne(missing, "missing");

    Reconciliation made = of(REGISTERED);
    made.checkObjects(
        Map.of(
            "asset/a",
            new Reconciliation.Row(1, json("{}")),
            "asset/b",
            new Reconciliation.Row(1, json("{}"))));
    assertOne(made, "after 1");
  }

  @Test
  void aPlatformThatDoesNotComeToRestIsFound() {
    Reconciliation rests = of();
    rests.checkRest(null);
    assertEquals(List.of(), rests.differences());

    Reconciliation works = of();
    works.checkRest("facts in the outbox of asset");
    assertOne(works, "waits for facts in the outbox of asset");
  }

  @Test
  void aWriteThatTheLogSaysAnotherDidIsFound() {
    Write own = owned("e2");
    own.by("somebody");
    Reconciliation right = of(REGISTERED, OWNED);
    right.checkWrites(ledger(own));
    assertEquals(List.of(), right.differences());

    Write other = owned("e2");
    other.by("somebody else");
    Reconciliation wrong = of(REGISTERED, OWNED);
    wrong.checkWrites(ledger(other));
    assertOne(wrong, "by somebody");
  }

  @Test
  void anotherAnswerToTheSameKeyIsFound() {
    Write same = owned("e2");
    same.repeated(null);
    Reconciliation right = of(REGISTERED, OWNED);
    right.checkWrites(ledger(same));
    assertEquals(List.of(), right.differences());

    Write other = owned("e2");
    other.repeated("409 version-mismatch");
    Reconciliation wrong = of(REGISTERED, OWNED);
    wrong.checkWrites(ledger(other));
    assertOne(wrong, "409 version-mismatch");
  }

  @Test
  void whatSiemsGetAgainIsFineAndWhatTheyGetTooSoonOrNotAtAllIsFound() {
    Reconciliation again = of(REGISTERED, OWNED, LOST);
    again.checkFeed(List.of(0L, 1L, 0L, 1L, 2L));
    assertEquals(List.of(), again.differences());

    Reconciliation early = of(REGISTERED, OWNED, LOST);
    early.checkFeed(List.of(0L, 2L, 1L));
    assertOne(early, "entry 2 before it");

    Reconciliation lacking = of(REGISTERED, OWNED, LOST);
    lacking.checkFeed(List.of(0L, 1L));
    assertOne(lacking, "2 of them");
  }

  @Test
  void eventsOutOfOrderAndGapsAreFound() {
    Reconciliation swapped = of(OWNED, REGISTERED);
    swapped.checkLog();
    assertEquals(2, swapped.differences().size());

    Reconciliation gap = of(REGISTERED, LOST);
    gap.checkLog();
    assertOne(gap, "3 at index 2");
  }

  @Test
  void anAnsweredWriteThatTheLogLacksIsFound() {
    Reconciliation books = of(REGISTERED);
    books.checkWrites(ledger(owned("e2")));
    assertOne(books, "0: []");
  }

  @Test
  void aWriteIsKnownByTheFieldThatItChangedWhereItsValueIsNotPublished() {
    LogCopy.Entry planned =
        new LogCopy.Entry(
            0,
            "p1",
            "somebody",
            "/vigie/asset",
            1,
            "person.changed.v1",
            "person/p",
            1,
            json("{'fields':['plannedMove']}"));
    LogCopy.Entry received =
        new LogCopy.Entry(
            1,
            "p2",
            "somebody",
            "/vigie/asset",
            2,
            "person.changed.v1",
            "person/p",
            2,
            json("{'fields':['subject'],'changes':{'subject':'s'}}"));
    for (String id : List.of("p1", "p2")) {
      Write write = Write.to("person/p", "person.changed.v1", "plannedMove");
      write.done(null, id);
      Reconciliation books = of(planned, received);
      books.checkWrites(ledger(write));
      assertEquals(id.equals("p1"), books.differences().isEmpty(), books.differences()::toString);
    }
  }

  @Test
  void aReceiptForAnotherEventIsFound() {
    Reconciliation books = of(REGISTERED, OWNED);
    books.checkWrites(ledger(owned("e9")));
    assertOne(books, "[e2]");
  }

  @Test
  void aRefusedWriteThatHappenedIsFound() {
    Write write = Write.to("asset/a", "asset.lost.v1");
    write.refused();
    Reconciliation books = of(REGISTERED, OWNED, LOST);
    books.checkWrites(ledger(write));
    assertOne(books, "[e3]");
  }

  @Test
  void aWriteThatNobodyKnowsOfMayHaveHappenedOnceButNotTwice() {
    Ledger ledger = ledger(Write.marked("asset.owner-assigned.v1", "o"));
    Reconciliation none = of();
    none.checkWrites(ledger);
    Reconciliation once = of(OWNED);
    once.checkWrites(ledger);
    Reconciliation twice = of(OWNED, entry(5, "e6", "asset.owner-assigned.v1", 3, "{'owner':'o'}"));
    twice.checkWrites(ledger);

    assertEquals(List.of(), none.differences());
    assertEquals(List.of(), once.differences());
    assertOne(twice, "[e2, e6]");
  }

  @Test
  void aRowThatIsNotWhatItsEventsSayIsFound() {
    Reconciliation state = of(REGISTERED, OWNED);
    state.checkRows(ASSETS, row(2, json("{'serialNumber':'s','owner':'p'}")));
    assertOne(state, "\"p\"");

    Reconciliation ahead = of(REGISTERED, OWNED);
    ahead.checkRows(ASSETS, row(3, STATE));
    assertOne(ahead, "2");
  }

  @Test
  void aRowWithoutEventsAndEventsWithoutARowAreFound() {
    Reconciliation noEvents = of();
    noEvents.checkRows(ASSETS, row(1, STATE));
    assertOne(noEvents, "0");

    Reconciliation noRow = of(REGISTERED);
    noRow.checkRows(ASSETS, Map.of());
    assertOne(noRow, "none");
  }

  @Test
  void anAnswerThatShowsAnotherStateIsFound() {
    Reconciliation books = of(REGISTERED, OWNED, LOST);
    books.checkViews(ASSETS, List.of(json("{'id':'a','owner':'o','state':'IN_STOCK'}")));
    assertOne(books, "IN_STOCK");
  }

  @Test
  void anObjectThatTheListLeavesOutIsFoundAndSoIsAnEmptyList() {
    Reconciliation one = of();
    one.checkList(ASSETS, Set.of("a", "b"), List.of(json("{'id':'a'}")));
    assertOne(one, "missing");
    assertEquals("asset/b in the list", one.differences().get(0).object());

    Reconciliation all = of();
    all.checkList(ASSETS, Set.of("a"), List.of());
    assertOne(all, "missing");
  }

  @Test
  void aViewOfNoKnownObjectIsFoundAndSoIsOneThatIsThereTwice() {
    Reconciliation unknown = of();
    unknown.checkList(ASSETS, Set.of("a"), List.of(json("{'id':'a'}"), json("{'id':'b'}")));
    assertOne(unknown, "there");
    assertEquals("asset/b in the list", unknown.differences().get(0).object());

    Reconciliation twice = of();
    twice.checkList(ASSETS, Set.of("a"), List.of(json("{'id':'a'}"), json("{'id':'a'}")));
    assertOne(twice, "again");
  }

  @Test
  void whatWasAskedForAndHasNoEventOfItsOwnYetMayBeShown() {
    Reconciliation books =
        of(
            REGISTERED,
            new LogCopy.Entry(
                1,
                "e2",
                "somebody",
                "/vigie/asset",
                2,
                "asset.asked-for.v1",
                "asset/b",
                0,
                json("{'aggregateId':'b'}")));
    books.checkViews(ASSETS, List.of(json("{'id':'b','serialNumber':'t'}")));
    assertEquals(List.of(), books.differences());
  }

  @Test
  void whatAnotherServiceMissedOrHeardTwiceIsFound() {
    Reconciliation missed = of(REGISTERED, OWNED, LOST);
    missed.checkReadModel(LOSSES, Map.of());
    assertOne(missed, "nothing");

    Reconciliation twice = of(REGISTERED, OWNED, LOST);
    twice.checkReadModel(LOSSES, Map.of("a", "reported, reported"));
    assertOne(twice, "reported, reported");
  }

  @Test
  void whatIsKeptBesideAnObjectFollowsFromTheStateThatItsEventsSay() {
    ReadModel judged = named("the assets whose protection is judged");
    LogCopy.Entry served = entry(1, "e2", "asset.commissioned.v1", 2, "{'state':'IN_SERVICE'}");

    Reconciliation forgotten = of(REGISTERED, served);
    forgotten.checkReadModel(judged, Map.of());
    assertOne(forgotten, "nothing");

    Reconciliation kept = of(REGISTERED, served, LOST);
    kept.checkReadModel(judged, Map.of("a", "judged"));
    assertOne(kept, "judged");

    Reconciliation right = of(REGISTERED, served);
    right.checkReadModel(judged, Map.of("a", "judged"));
    assertEquals(List.of(), right.differences());
  }

  @Test
  void aClientWhoseEndTheBackupsMissedOrTookForAnotherDayIsFound() {
    ReadModel ended = named("the clients whose contract ended, by the last day of their data");
    LogCopy.Entry active = client(0, "client.registered.v1", "{'state':'ACTIVE'}");
    LogCopy.Entry over = client(1, "client.ended.v1", "{'state':'ENDED','dueOn':'2026-02-01'}");

    Reconciliation missed = of(active, over);
    missed.checkReadModel(ended, Map.of());
    assertOne(missed, "nothing");

    Reconciliation otherDay = of(active, over);
    otherDay.checkReadModel(ended, Map.of("c", "2026-02-02"));
    assertOne(otherDay, "2026-02-02");

    Reconciliation right = of(active, over);
    right.checkReadModel(ended, Map.of("c", "2026-02-01"));
    assertEquals(List.of(), right.differences());

    Reconciliation early = of(active);
    early.checkReadModel(ended, Map.of("c", "2026-02-01"));
    assertOne(early, "2026-02-01");
  }

  @Test
  void aDocumentThatMissedTheNewNameOfItsProfileIsFound() {
    ReadModel concerned = named("the business profiles that documents are for");
    LogCopy.Entry made = made(0, "business-profile/p", "{'name':'before'}");
    LogCopy.Entry registered =
        made(1, "document/d", "{'audience':{'everyone':false,'profiles':['before']}}");
    LogCopy.Entry open = made(2, "document/e", "{'audience':{'everyone':true,'profiles':[]}}");
    LogCopy.Entry renamed =
        new LogCopy.Entry(
            3,
            "r",
            "somebody",
            "/vigie/asset",
            4,
            "business-profile.changed.v1",
            "business-profile/p",
            2,
            json("{'changes':{'name':'after'}}"));

    Reconciliation missed = of(made, registered, open, renamed);
    missed.checkReadModel(concerned, Map.of("d", "before"));
    assertOne(missed, "before");

    Reconciliation early = of(made, registered, open);
    early.checkReadModel(concerned, Map.of("d", "after"));
    assertOne(early, "after");

    Reconciliation right = of(made, registered, open, renamed);
    right.checkReadModel(concerned, Map.of("d", "after"));
    assertEquals(List.of(), right.differences());

    Reconciliation ofNoProfile = of(registered, renamed);
    ofNoProfile.checkReadModel(concerned, Map.of("d", "before"));
    assertEquals(List.of(), ofNoProfile.differences());
  }

  @Test
  void aReactionThatMissedWhatHappenedLastOrTookWhatWasToldLastForItIsFound() {
    LogCopy.Entry failed = ran(0, "FAILED", 20);
    LogCopy.Entry succeeded = ran(1, "SUCCEEDED", 30);
    LogCopy.Entry late = ran(2, "FAILED", 10);

    Reconciliation missed = of(failed);
    missed.checkReadModel(OPENED, Map.of());
    assertOne(missed, "nothing");

    Reconciliation stillOpen = of(failed, succeeded);
    stillOpen.checkReadModel(OPENED, Map.of("backup-failed p", "open"));
    assertOne(stillOpen, "open");

    Reconciliation reopened = of(failed, succeeded, late);
    reopened.checkReadModel(OPENED, Map.of("backup-failed p", "open"));
    assertOne(reopened, "open");

    Reconciliation right = of(failed, succeeded, late);
    right.checkReadModel(OPENED, Map.of("backup-failed p", "over"));
    assertEquals(List.of(), right.differences());
  }

  @Test
  void aReactionThatIsAboutNoOneThingIsHeldByItsRuleAlone() {
    Reconciliation books =
        of(
            told(
                0,
                "audit",
                "audit.log-verified.v1",
                "{'intact':true,'at':'2026-02-01T10:00:00Z'}"));

    books.checkReadModel(OPENED, Map.of("log-not-intact", "over"));

    assertEquals(List.of(), books.differences());
  }

  @Test
  void mailThatWasAskedForAndIsUnknownWhereMailIsSentIsFound() {
    ReadModel asked = named("the mail that access-service asks for, by key");
    LogCopy.Entry request =
        told(0, "access", "notification.requested.v1", "{'dedupeKey':'k','template':'right-ends'}");
    LogCopy.Entry again =
        told(1, "access", "notification.requested.v1", "{'dedupeKey':'k','template':'right-ends'}");

    Reconciliation lost = of(request);
    lost.checkReadModel(asked, Map.of());
    assertOne(lost, "nothing");

    Reconciliation right = of(request, again);
    right.checkReadModel(asked, Map.of("k", "right-ends"));
    assertEquals(List.of(), right.differences());
  }

  @Test
  void anActThatIsNotHeldAgainstLaterOnesIsFound() {
    ReadModel acts = named("who was on which side of what nobody may do both sides of");
    LogCopy.Entry requested = told(0, "somebody", "disposal.requested.v1", "{'aggregateId':'d'}");
    String act = "disposal-requested-and-approved disposal/d somebody 0";

    Reconciliation forgotten = of(requested);
    forgotten.checkReadModel(acts, Map.of());
    assertOne(forgotten, "nothing");

    Reconciliation right = of(requested);
    right.checkReadModel(acts, Map.of(act, ""));
    assertEquals(List.of(), right.differences());
  }

  @Test
  void aLostMailIsFound() {
    Reconciliation books = of();
    books.checkMails(Map.of("m", 1L), Map.of());
    assertOne(books, "0 received");
  }

  @Test
  void aNoticeThatStillWaitsAlthoughItIsDueIsFoundWithWhatItFailedOf() {
    Reconciliation books = of();
    books.checkNoNoticeIsLate(Map.of("notification/n", "no mailbox of the role"));
    assertOne(books, "no mailbox of the role");
  }

  @Test
  void aNoticeThatWasGivenUpAsUndeliverableIsFound() {
    Reconciliation books = of();
    books.checkNothingIsStuck("incident", "undeliverable notice", 1);
    assertOne(books, "1");
  }

  @Test
  void aRunInWhichNoCheckpointWasMailedIsFound() {
    Reconciliation books = of();
    books.checkSomeMailIsSent(Map.of());
    assertOne(books, "none sent");
    assertEquals("mail to " + Platform.MAILBOX, books.differences().get(0).object());
  }

  @Test
  void aRunInWhichACriticalAlertFiredAndNobodyWasToldOfAnythingIsFound() {
    Map<String, Long> checkpoint = Map.of(Platform.MAILBOX, 1L);

    Reconciliation untold = of(fired("CRITICAL"));
    untold.checkSomeMailIsSent(checkpoint);
    assertOne(untold, "none sent");

    Reconciliation told = of(fired("CRITICAL"));
    told.checkSomeMailIsSent(Map.of(Platform.MAILBOX, 1L, "notification/n", 1L));
    assertEquals(List.of(), told.differences());

    Reconciliation quiet = of(fired("INFO"));
    quiet.checkSomeMailIsSent(checkpoint);
    assertEquals(List.of(), quiet.differences());
  }

  @Test
  void aNoticeThatArrivedMoreOftenThanItWasTriedIsFound() {
    Reconciliation again = of();
    again.checkTries(
        Map.of("notification/n", 2L, "notification/m", 1L), Map.of("notification/n", 2L));
    assertEquals(List.of(), again.differences());

    Reconciliation doubled = of();
    doubled.checkTries(Map.of("notification/n", 1L), Map.of("notification/n", 2L));
    assertOne(doubled, "2");
  }

  @Test
  void aMailTooManyIsFound() {
    Reconciliation books = of();
    books.checkMails(Map.of("m", 1L), Map.of("m", 2L));
    assertOne(books, "2 received");
  }
}
