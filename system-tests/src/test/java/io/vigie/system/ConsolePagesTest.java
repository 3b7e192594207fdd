package io.vigie.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Sizes;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vigie.system.Browsers.Person;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What holds for every page of the console. Somebody who has all roles looks at them; pictures of
 * the main ones are for people, in {@code console/target/screenshots}.
 */
@Order(1) // while the lists that it looks at are short: other tests fill them
@Timeout(900) // a browser that hangs fails its test, and not the whole run
class ConsolePagesTest {

  private static final int PICTURE_MILLIS = 120_000;

  /**
   * A page that is looked at.
   *
   * @param name of its pictures, where it has any
   * @param act what is done there before
   * @param looks how it is looked at
   */
  private record Place(String name, String path, Consumer<Page> act, List<Look> looks) {

    Place(String name, String path, Consumer<Page> act) {
      this(name, path, act, LOOKS);
    }

    Place(String name, String path) {
      this(name, path, page -> {});
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * How a page is looked at.
   *
   * @param width in CSS pixels
   */
  private record Look(ColorScheme theme, int width) {

    String name() {
      return theme.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return name() + " at " + width;
    }
  }

  private static Stream<Place> places() {
    return Stream.of(named(), objects(), lists()).flatMap(each -> each);
  }

  /** Every page that no register has; a new one gets its line here. */
  private static Stream<Place> named() {
    return Stream.of(
        new Place("home", "/"),
        new Place("report-refused", "/", ConsolePagesTest::sendAnEmptyReport),
        new Place("report", "/security-events/" + report + "?receipt=" + receipt),
        new Place("tasks", "/tasks"),
        new Place("my", "/my"),
        new Place("my-courses", "/my/courses"),
        new Place("my-documents", "/my/documents"),
        new Place("registers", "/registers"),
        new Place("assets", "/assets"),
        new Place("import", "/assets/import"),
        new Place("import-preview", "/assets/import", ConsolePagesTest::lookAtATable),
        new Place("import-outcome", "/assets/import", ConsolePagesTest::takeATable),
        new Place("import-of-people", "/people/import"),
        new Place("assets-of-nobody", "/assets?owner=Nobody+of+that+name"),
        new Place("asset", "/assets/" + seen.application()),
        new Place("asset-refused", "/assets/" + seen.application(), ConsolePagesTest::loseItUnsaid),
        new Place("dependencies", "/assets/" + seen.application() + "/dependencies"),
        new Place("supplier", "/suppliers/" + seen.supplier()),
        new Place("network", "/network"),
        new Place("flow", "/flows/" + seen.flow()),
        new Place("rights", "/rights?awaiting=me"),
        new Place("right", "/rights/" + seen.right()),
        new Place("campaign", "/campaigns/" + seen.campaign()),
        new Place("review", "/campaigns/" + seen.campaign() + "/review"),
        new Place("confirmations", "/campaigns/" + seen.campaign() + "/confirmations"),
        new Place("exception", "/control-exceptions/" + seen.exception()),
        new Place("new-exception", "/control-exceptions/new"),
        new Place("new-exception-refused", "/control-exceptions/new", ConsolePagesTest::askUnsaid),
        new Place("audit-plan", "/audit-plans/" + seen.audit()),
        new Place("audit-finding", "/audit-findings/" + seen.finding()),
        new Place("incident", "/incidents/" + seen.incident()),
        new Place("alert", "/alerts/" + seen.alert()),
        new Place("backup-plan", "/backup-plans/" + seen.plan()),
        new Place("restore-test", "/restore-tests/" + seen.test()),
        new Place("document", "/documents/" + worked.document()),
        new Place("posture", "/postures/" + seen.application()),
        new Place(
            "incident-task", "/incident-tasks/" + worked.task() + "?incident=" + seen.incident()),
        new Place("compromise", worked.compromise()),
        new Place("function", "/critical-functions/" + worked.function()),
        new Place("continuity-plan", "/continuity-plans/" + worked.plan()),
        new Place("trace", "/trace?type=asset.registered.v1"),
        new Place("trace-empty", "/trace?q=nothing-of-the-kind"),
        new Place("trace-entry", "/trace/entries/0"),
        new Place("timeline", "/objects/asset/" + seen.application()),
        new Place("trace-receipt", "/trace/receipts/" + receipt),
        new Place("receipt-pending", "/", page -> somebody.open("/receipts/" + youngEvent())),
        new Place(
            "trace-receipt-pending", "/", page -> somebody.open("/trace/receipts/" + youngEvent())),
        new Place("exports", "/trace/exports"),
        new Place("dashboard-strategic", "/dashboards/strategic"),
        new Place("dashboard-steering", "/dashboards/steering"),
        new Place("dashboard-operational", "/dashboards/operational"),
        new Place("wall", "/dashboards/operational?wall"),
        new Place("figure", "/dashboards/figures/rules-green"),
        new Place("controls", "/controls"),
        new Place("control-of-a-query", "/controls/R3.4"),
        new Place("control-history", "/controls/R3.4/history"),
        new Place("object-history", "/controls/R3.4", ConsolePagesTest::openHowOneTurned),
        new Place("statement", "/controls/statement"),
        new Place("control-of-the-build", "/controls/R11.10"),
        new Place("control-of-a-person", "/controls/R10.4"),
        new Place("attestation", "/controls/R10.4/attestation"),
        new Place("audits", "/audits"),
        new Place("audit", "/audits/" + seen.audit()),
        new Place("evidence", "/evidence-requests/" + seen.evidence()),
        new Place("no-such-page", "/nowhere"),
        new Place("no-answer", "/controls/R3.4/history?after=-1"),
        new Place("signed-out", "/signed-out"));
  }

  /**
   * Registers that have nothing here: what the directory has yet to get is gone within seconds, no
   * asset is in service, and no feed is read.
   */
  private static final List<String> EMPTY = List.of("directory-changes", "postures", "notices");

  /** Of each register whose objects have a page, the first, unless one is there by its name. */
  private static Stream<Place> objects() {
    return withPages()
        .filter(name -> !EMPTY.contains(name))
        .filter(name -> named().noneMatch(place -> place.path().startsWith("/" + name + "/")))
        .map(name -> new Place("one-of-" + name, "/" + name, ConsolePagesTest::openTheFirst));
  }

  /**
   * Each register's list, and the form for something new where there is one, unless it is there by
   * its name. They are made of the same parts: the widest screen shows nothing that others do not.
   */
  private static Stream<Place> lists() {
    Set<String> named = named().map(Place::path).collect(Collectors.toSet());
    return listed()
        .flatMap(
            register -> {
              String name = register.path("name").asText();
              return register.has("create") ? Stream.of(name, name + "/new") : Stream.of(name);
            })
        .filter(name -> !named.contains("/" + name))
        .map(name -> new Place(name, "/" + name, page -> {}, BUT_THE_WIDEST));
  }

  /** Registers with a list whose objects have a page. */
  private static Stream<String> withPages() {
    return listed()
        .filter(register -> register.has("item"))
        .map(register -> register.path("name").asText());
  }

  /** Registers with a list; those of others are on the pages of what they belong to. */
  private static Stream<JsonNode> listed() {
    return REGISTERS.stream().filter(register -> !register.path("path").asText().contains("{"));
  }

  private static List<JsonNode> registers() {
    Path file =
        Path.of(
            System.getProperty("vigie.root"), "console/src/main/resources/register/registers.json");
    try {
      return new ObjectMapper().readTree(file.toFile()).path("registers").valueStream().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What somebody may type, or a tool send, so that it runs at whoever reads it. */
  private static final List<String> HOSTILE =
      List.of(
          "<script class=hostile>alert(1)</script>",
          "<img class=hostile src=x onerror=alert(1)>",
          "\"><svg class=hostile onload=alert(1)>",
          "' autofocus onfocus='alert(1)",
          "</textarea></title><b class=hostile>",
          "<!--<b class=hostile>-->",
          "{inject:viewer.name}{#include base/}${7*7}{{7*7}}",
          "javascript:alert(1)//&lt;b&gt;&amp;",
          "\u202egpj.exe");

  /** Pages that everybody knows: there are pictures of them. */
  private static final Set<String> MAIN =
      Set.of(
          "home",
          "tasks",
          "my",
          "assets",
          "asset",
          "incident",
          "backup-plan",
          "controls",
          "trace",
          "dashboard-strategic");

  /** Leads to the first dashboard that somebody may see. */
  private static final String DASHBOARDS = "/dashboards";

  private static final Path SCREENSHOTS =
      Path.of(System.getProperty("vigie.root"), "console/target/screenshots");

  /** All that axe knows of the levels A and AA up to WCAG 2.2, and what else is good to do. */
  private static final List<String> ASKED =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

  /** Defines axe in a page. Half a megabyte, which is read and sent once a page. */
  private static final String AXE = "() => {" + AxeBuilder.getAxeScript() + "}";

  /** A desk's screen. */
  private static final int WIDE = 1280;

  /** The smallest screen on which pages must be of use. */
  private static final int NARROW = 360;

  /** The largest screen, on which axe looks at the main pages alone. */
  private static final int WIDEST = 2560;

  /** Each theme and each width once: no colour depends on the width, and nothing is hidden. */
  private static final List<Look> LOOKS =
      List.of(
          new Look(ColorScheme.LIGHT, WIDE),
          new Look(ColorScheme.DARK, NARROW),
          new Look(ColorScheme.LIGHT, WIDEST));

  private static final List<Look> BUT_THE_WIDEST =
      LOOKS.stream().filter(look -> look.width() < WIDEST).toList();

  private static final List<ColorScheme> PICTURED = List.of(ColorScheme.LIGHT, ColorScheme.DARK);

  private static final int HEIGHT = 900;

  /** The lists that there are, with their filters. */
  private static final List<JsonNode> REGISTERS = registers();

  /** What pages say instead of what a service did not tell. */
  private static final List<String> MISSING =
      List.of(
          "This part does not answer at the moment",
          "Your roles do not let you see this part",
          "The service does not take this question");

  /** What is typed into filters that not every text fits into. */
  private static final Map<String, String> TYPED =
      Map.of("purl", "pkg:npm/vigie", "attribute", "url:vigie");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** So many pages are asked for at the same time: while one is read, another is made. */
  private static final int AT_ONCE = 4;

  private static final int MOST_BYTES_AT_FIRST = 300_000;

  /** How a figure was in a month, as a dashboard has it. */
  private static final String MONTH =
      """
      <svg class="line" viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label="All days">
      <path d="M0 60L300 0" vector-effect="non-scaling-stroke"/></svg>
      <p class="trend"><span aria-hidden="true">▲</span> +1 234,56 points depuis le 29 janv. 2026:
      <span class="badge state-red">moins bien</span></p>""";

  /** A figure that has a ring, is not up to date, has a target, and lacks some of its objects. */
  private static final String FULL =
      """
      <p class="value"><svg class="ring" viewBox="0 0 36 36" width="48" height="48" aria-hidden="true"></svg>
      <strong>12 345,67 %</strong> <small>pas à jour</small></p>
      <p><span class="badge state-red">Manqué</span> Objectif : 100 % (<a href="/controls/R13.2">R13.2</a>)</p>
      <p>Non mesurés, et non comptés : 1 234</p>""";

  private static Browsers browsers;
  private static Person somebody;
  private static String report;
  private static String receipt;
  private static Exhibits seen;
  private static Procedures worked;

  /** The paths of all places. */
  private static Set<String> placed;

  /** Pictures that Chromium did not paint in time, although it was asked twice. */
  private static final List<String> MISSED = new ArrayList<>();

  @BeforeAll
  static void somebodyWithAllRolesAndHostileThingsToSee() {
    browsers = Browsers.open();
    String everything = String.join("", HOSTILE).substring(0, 200);
    Response reported = report(everything);
    report = reported.path("id");
    receipt = reported.header("Vigie-Receipt").replaceAll(".*/", "");
    String asset = null;
    for (String name : HOSTILE) {
      attach(name);
      asset = register(name);
    }
    // Without a disposal it breaks R3.4.
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(Map.of("reason", everything))
        .post("/v1/assets/" + asset + "/retirement")
        .then()
        .statusCode(200);
    await().atMost(PATIENCE).until(ConsolePagesTest::someAssetBreaksTheRule);
    String account = "everyone-" + UUID.randomUUID();
    String person =
        Access.join(
            account,
            "staff",
            "asset-manager",
            "access-manager",
            "responder",
            "sysadmin",
            "ciso",
            "auditor");
    seen = Exhibits.make(HOSTILE, person);
    worked = Procedures.make(HOSTILE, person, seen.incident(), seen.application());
    placed = places().map(place -> URI.create(place.path()).getPath()).collect(Collectors.toSet());
    await().atMost(PATIENCE).until(ConsolePagesTest::theLogHasThem);
    somebody = browsers.person().signIn(account, Realm.PASSWORD);
  }

  @AfterEach
  void thereIsNothingToComplainOf() {
    somebody.assertNothingToComplainOf();
  }

  @AfterAll
  static void closeBrowsers() {
    if (browsers != null) {
      browsers.close();
    }
    assertEquals(List.of(), MISSED, "there is no picture of these");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void everybodyCanUseEachPageInBothThemesAtAnyWidthAndNothingRunsInIt(Place place) {
    visit(place);
    assertInert(somebody.page);
    List<String> found = new ArrayList<>();
    led().forEach(path -> found.add("its navigation leads to " + path + ", which is no place"));
    found.addAll(faults(somebody.page, place.looks(), MAIN.contains(place.name())));
    if (MAIN.contains(place.name())) {
      PICTURED.forEach(theme -> picture(place, theme));
    }
    assertEquals("", String.join("\n", found));
  }

  @Test
  void whoMayNotSeeAPageIsToldSoOnOneThatTheyCanUse() {
    try (Person staff = browsers.as("staff")) {
      assertEquals(403, staff.open("/controls"));
      assertThat(staff.page.getByText("This page is not for you")).isVisible();
      assertEquals("", String.join("\n", faults(staff.page, LOOKS, true)));
    }
  }

  @Test
  void anAuditorFromOutsideCanUseTheRoomOfTheirAuditAndNothingRunsInIt() {
    String name = "outside-" + UUID.randomUUID();
    String audit =
        Exhibits.audit(HOSTILE.get(0), "THIRD_PARTY", Realm.make(name, "third-party-auditor"));
    try (Person auditor = browsers.person().signIn(name, Realm.PASSWORD)) {
      assertEquals(200, auditor.open("/audits/" + audit));
      assertThat(auditor.page.locator("h1")).hasText(HOSTILE.get(0));
      assertThat(auditor.page.locator("#ask")).isVisible();
      assertInert(auditor.page);
      assertEquals("", String.join("\n", faults(auditor.page, LOOKS, true)));
    }
  }

  @Test
  void whoseOtherSessionsGoOnIsToldSoOnAPageThatTheyCanUse() {
    // Given an account that Keycloak lets end none
    String name = "kept-" + UUID.randomUUID();
    Realm.take(Realm.make(name, "staff"), Realm.DEFAULT_ROLES);
    try (Person kept = browsers.person().signIn(name, Realm.PASSWORD)) {
      kept.page.locator("form[action='/sign-out-everywhere'] button").click();

      assertThat(kept.page.locator("h1")).hasText("You are still signed in");
      assertEquals("", String.join("\n", faults(kept.page, LOOKS, true)));
    }
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource({
    "strategic, en-GB",
    "steering, en-GB",
    "operational, en-GB",
    "strategic, fr-FR",
    "steering, fr-FR",
    "operational, fr-FR"
  })
  void aDashboardPrintsToOnePageHoweverMuchThereIsToSay(String level, String locale)
      throws IOException {
    try (Person ciso = browsers.as("ciso", liking -> liking.setLocale(locale))) {
      // Given one of which each figure has all that any can have
      ciso.browser.route(
          "**/dashboards/figures/*/days",
          route -> route.fulfill(new FulfillOptions().setContentType("text/html").setBody(MONTH)));
      ciso.open("/dashboards/" + level);
      assertThat(ciso.page.locator(".dashboard [hx-trigger=load] > a")).hasCount(0);
      ciso.page.locator("#pause").click();
      ciso.page
          .locator(".dashboard .cards .card-body")
          .evaluateAll(
              """
              (cards, full) => cards.forEach(card => {
                card.querySelectorAll(':scope > p').forEach(each => each.remove());
                card.querySelector('h2').insertAdjacentHTML('afterend', full);
              })""",
              FULL);

      // When
      byte[] pdf = ciso.page.pdf(new Page.PdfOptions().setPreferCSSPageSize(true));

      // Then
      try (PDDocument printed = Loader.loadPDF(pdf)) {
        String text = new PDFTextStripper().getText(printed);
        assertEquals(1, printed.getNumberOfPages(), text);
        for (String title : ciso.page.locator("h1, .dashboard h2").allTextContents()) {
          assertTrue(closedUp(text).contains(closedUp(title)), title + " is not in " + text);
        }
      }
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  /** What is wrong with a page that is looked at in these ways. */
  private static List<String> faults(Page page, List<Look> looks, boolean isMain) {
    List<String> found = new ArrayList<>();
    for (Look look : looks) {
      show(page, look);
      int width = scrollWidth(page);
      if (width > look.width()) {
        found.add("scrolls sideways at " + look.width() + ": it is " + width + " wide");
      }
      if (look.width() < WIDEST || isMain) {
        violations(page).forEach(what -> found.add(look + ": " + what));
      }
    }
    return found;
  }

  private static void show(Page page, Look look) {
    page.setViewportSize(look.width(), HEIGHT);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.theme()));
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", look.name());
  }

  /** As on a desk. That Chromium does not get one painted in time once is no fault of the page. */
  private static void picture(Place place, ColorScheme theme) {
    Look look = new Look(theme, WIDE);
    show(somebody.page, look);
    String name = place.name() + "-" + look.name();
    if (!isPainted(name) && !isPainted(name)) {
      MISSED.add(name);
    }
  }

  private static boolean isPainted(String name) {
    try {
      somebody.page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setTimeout(PICTURE_MILLIS)
              .setPath(SCREENSHOTS.resolve(name + ".png")));
      return true;
    } catch (TimeoutError e) {
      return false;
    }
  }

  @Test
  void theNavigationLeadsSomebodyWithAllRolesEverywhere() {
    somebody.open("/");
    assertEquals(
        Set.of("/", "/tasks", "/my", "/registers", "/controls", "/trace", DASHBOARDS, "/audits"),
        linked());
    somebody.open(DASHBOARDS);
    assertEquals("/dashboards/strategic", URI.create(somebody.page.url()).getPath());
  }

  @Test
  void mainPagesAreAmongThosePlaces() {
    assertTrue(places().map(Place::name).toList().containsAll(MAIN));
  }

  @Test
  void whatIsSaidToHaveNothingHasNothing() {
    for (String name : EMPTY) {
      await(name)
          .pollInSameThread() // Playwright's pages are one thread's
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                somebody.open("/" + name);
                assertEquals(0, somebody.page.locator("#content tbody th a").count());
              });
    }
  }

  @Test
  void servicesUnderstandEachFilterOfEachListAndEachPageGetsAllItsParts() {
    somebody.open("/registers");
    List<String> lists = new ArrayList<>();
    for (JsonNode register : listed().toList()) {
      String list = "/" + register.path("name").asText();
      lists.add(list);
      register.path("views").forEach(view -> lists.add(list + "?" + view.asText()));
      for (JsonNode filter : register.path("filters")) {
        values(filter)
            .forEach(value -> lists.add(list + "?" + filter.path("name").asText() + "=" + value));
      }
      for (JsonNode sort : register.path("sorts")) {
        lists.add(list + "?sort=" + sort.asText());
        lists.add(list + "?sort=-" + sort.asText());
      }
    }
    List<Map<String, Object>> answers = new ArrayList<>(fetch(lists));
    List<String> objects =
        answers.stream()
            .map(answer -> (String) answer.get("first"))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    Set<String> kinds =
        objects.stream().map(object -> object.split("/")[1]).collect(Collectors.toSet());
    assertEquals(
        List.of(),
        withPages().filter(name -> !kinds.contains(name) && !EMPTY.contains(name)).toList());
    answers.addAll(fetch(objects));
    assertEquals(
        "",
        answers.stream()
            .filter(
                answer ->
                    !answer.get("status").equals(200) || !((List<?>) answer.get("said")).isEmpty())
            .map(Object::toString)
            .collect(Collectors.joining("\n")));
  }

  @Test
  void theFirstPageIsLightOnItsWay() {
    try (Person newcomer = browsers.person()) {
      List<Request> requests = new ArrayList<>();
      newcomer.browser.onRequestFinished(requests::add);
      newcomer.signIn("staff");
      List<Request> ours =
          requests.stream()
              .filter(request -> request.url().startsWith(Browsers.console()))
              .toList();
      String files = ours.stream().map(Request::url).collect(Collectors.joining("\n"));
      assertTrue(files.contains("/vendor/") && files.contains("/own/"), files);
      int bytes = ours.stream().mapToInt(ConsolePagesTest::bytes).sum();
      assertTrue(bytes > 10_000 && bytes <= MOST_BYTES_AT_FIRST, bytes + " bytes of\n" + files);
    }
  }

  @ParameterizedTest
  @FieldSource("HOSTILE")
  void whatSomebodyTypedIsReadAsTheyTypedItAndDoesNotRun(String text) {
    String event = report(text).path("id");
    Platform.as("responder", "incident")
        .header("If-Match", "*")
        .body(Map.of("reason", text))
        .post("/v1/security-events/" + event + "/dismissal")
        .then()
        .statusCode(200);

    somebody.open("/security-events/" + event);
    assertEquals(text, somebody.page.locator("h1").textContent());
    assertEquals(List.of(text, text), somebody.page.locator(".typed").allTextContents());
    assertInert(somebody.page);
  }

  private static boolean someAssetBreaksTheRule() {
    return !Platform.as("ciso", "audit")
        .get("/v1/controls/R3.4/objects?holds=false")
        .jsonPath()
        .getList("items")
        .isEmpty();
  }

  private static boolean theLogHasThem() {
    return Platform.as("auditor", "audit").get("/v1/receipts/" + receipt).statusCode() == 200
        && Platform.as("auditor", "audit")
                .get("/v1/objects/asset/" + seen.application() + "/history")
                .statusCode()
            == 200;
  }

  /** What a filter can be set to. */
  private static List<String> values(JsonNode filter) {
    return switch (filter.path("type").asText()) {
      case "choice", "level" -> filter.path("options").valueStream().map(JsonNode::asText).toList();
      case "flag" -> List.of("true", "false");
      case "person", "account" -> List.of("me");
      case "date", "time" -> List.of("P-30D");
      case "asset", "id" -> List.of(seen.application());
      default -> List.of(TYPED.getOrDefault(filter.path("name").asText(), "vigie"));
    };
  }

  /** How pages answer, what they say of what they could not get, and the first object they list. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> fetch(List<String> addresses) {
    return (List<Map<String, Object>>)
        somebody.page.evaluate(
            """
            async ({addresses, missing, atOnce}) => {
              const answers = [];
              const left = addresses.values();
              const ask = async () => {
                for (const address of left) {
                  const answer = await fetch(address);
                  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
                  const link = page.querySelector('#content tbody th a');
                  const text = page.body.textContent;
                  answers.push({
                    address,
                    status: answer.status,
                    said: missing.filter(each => text.includes(each)),
                    first: link === null ? null : link.getAttribute('href')
                  });
                }
              };
              await Promise.all(Array.from({length: atOnce}, ask));
              return answers;
            }""",
            Map.of("addresses", addresses, "missing", MISSING, "atOnce", AT_ONCE));
  }

  /** Where the page's navigations lead. */
  private static Set<String> linked() {
    return ((List<?>)
            somebody.page.locator("nav a").evaluateAll("links => links.map(link => link.pathname)"))
        .stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of these, those that are no places and lead to none. */
  private static Set<String> led() {
    Set<String> led = linked();
    led.remove(DASHBOARDS);
    led.removeAll(placed);
    return led;
  }

  /** Opens a page, and all that can be opened in it. */
  private static void visit(Place place) {
    somebody.page.setViewportSize(WIDE, HEIGHT);
    somebody.open(place.path());
    place.act().accept(somebody.page);
    somebody.page.locator("details").evaluateAll("all => all.forEach(one => { one.open = true; })");
  }

  /** As a browser would that does not look at forms itself. */
  private static void sendAnEmptyReport(Page page) {
    page.locator("form[action='/']").evaluate("form => { form.noValidate = true; }");
    page.locator("form[action='/'] button").click();
    assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
  }

  /** Asks for an exception, and not why. */
  private static void askUnsaid(Page page) {
    Locator form = page.locator("form[action='/control-exceptions/new']");
    form.evaluate("form => { form.noValidate = true; }");
    form.getByRole(AriaRole.BUTTON).click();
    assertThat(page.locator("[role=alert]").first()).isVisible();
  }

  /** Of new assets, and of one that is none. */
  private static void lookAtATable(Page page) {
    String rows =
        HOSTILE.stream()
            .map(name -> "\"" + name.replace("\"", "\"\"") + "\",LAPTOP\r\n")
            .collect(Collectors.joining("", "name,kind\r\n<b class=hostile>,LORRY\r\n", ""));
    page.locator("#table")
        .setInputFiles(
            new FilePayload("assets.csv", "text/csv", rows.getBytes(StandardCharsets.UTF_8)));
    page.locator("form[action='/assets/import'] button").click();
    assertThat(page.getByText("What it would come to").first()).isVisible();
  }

  private static void takeATable(Page page) {
    lookAtATable(page);
    page.locator("form[action='/assets/import/confirmation'] button").click();
    assertThat(page.locator("section[aria-labelledby=rows] table")).isVisible();
  }

  /** The first object of a list. */
  private static void openTheFirst(Page page) {
    somebody.open(page.locator("#content tbody th a").first().getAttribute("href"));
  }

  /** When the first of the objects that fail turned under the rule. */
  private static void openHowOneTurned(Page page) {
    somebody.open(
        page.locator("#content a[href*='/objects/'][href$='/history']")
            .first()
            .getAttribute("href"));
  }

  /** The id of an event that may be on its way to the log, as its time is now (UUIDv7). */
  private static UUID youngEvent() {
    UUID random = UUID.randomUUID();
    return new UUID(
        System.currentTimeMillis() << 16 | 0x7000 | random.getMostSignificantBits() & 0xfff,
        random.getLeastSignificantBits());
  }

  /** Says that an asset is lost, and not how. */
  private static void loseItUnsaid(Page page) {
    Locator lose = page.locator("#action-lose");
    lose.locator("summary").click();
    lose.locator("form").evaluate("form => { form.noValidate = true; }");
    lose.getByRole(AriaRole.BUTTON).click();
    assertThat(page.locator("[role=alert]").first()).isVisible();
  }

  private static int scrollWidth(Page page) {
    return (int) page.evaluate("() => document.documentElement.scrollWidth");
  }

  /**
   * All of them; of what is in order one node each, from which it is seen that axe looked. What is
   * wrong is told by the page itself: all that axe has to say is many times as long.
   */
  private static List<String> violations(Page page) {
    if ((boolean) page.evaluate("() => typeof window.axe === 'undefined'")) {
      page.evaluate(AXE);
    }
    List<?> found =
        (List<?>)
            page.evaluate(
                """
                async tags => {
                  const results = await axe.run(document, {
                    runOnly: {type: 'tag', values: tags},
                    resultTypes: ['violations']
                  });
                  if (results.passes.length === 0) {
                    throw new Error('axe looked at nothing');
                  }
                  return results.violations.flatMap(rule =>
                    rule.nodes.map(node => `${rule.id} ${node.html} ${node.failureSummary}`));
                }""",
                ASKED);
    return found.stream().map(Object::toString).toList();
  }

  /** Nothing that somebody typed is more than text. */
  private static void assertInert(Page page) {
    Object alive =
        page.evaluate(
            """
            () => [...document.querySelectorAll('*')].filter(element =>
                element.matches('.hostile, script:not([src]), [href^="javascript:" i]')
                || [...element.attributes].some(attribute => attribute.name.startsWith('on')))
              .map(element => element.outerHTML)""");
    assertEquals(List.of(), alive);
  }

  private static int bytes(Request request) {
    Sizes sizes = request.sizes();
    return sizes.responseHeadersSize + sizes.responseBodySize;
  }

  private static Response report(String text) {
    return Platform.as("staff", "incident")
        .body(
            Map.of(
                "title",
                text,
                "description",
                text,
                "occurredAt",
                Instant.now().minusSeconds(600).toString()))
        .post("/v1/security-events")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  private static String register(String name) {
    return Platform.as("asset-manager", "asset")
        .body(Map.of("name", name, "kind", "LAPTOP", "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** A file of this name, to the report. */
  private static void attach(String name) {
    Platform.as("staff", "incident")
        .contentType(ContentType.BINARY)
        .queryParam("name", name)
        .body(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8))
        .post("/v1/security-events/" + report + "/attachments")
        .then()
        .statusCode(200);
  }
}
