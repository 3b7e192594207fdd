package io.vigie.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FilePayload;
import com.sun.net.httpserver.HttpServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.system.Browsers.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.vigie.system.Platform.create;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** What people do at the console, each at a browser, with the services behind it. */
@Timeout(1200) // as ConsolePagesTest has it, and another console is started
class ConsoleTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static Browsers browsers;

  @BeforeAll
  static void openBrowsers() {
    browsers = Browsers.open();
  }

  @AfterAll
  static void closeBrowsers() {
    if (browsers != null) {
      browsers.close();
    }
  }

  @Test
  void peopleSignInAtKeycloakComeToThePageTheyWantedAndTheirBrowserGetsNoToken() {
    try (Person staff = browsers.person()) {
      // When
      staff.page.navigate("/tasks");
      String asked = staff.page.url();
      staff.signIn("staff");

      // Then they came by a code that nobody else can redeem
      assertTrue(staff.page.url().endsWith("/tasks"), staff.page.url());
      assertThat(staff.page.getByText("Signed in as Sacha Martin")).isVisible();
      assertTrue(asked.startsWith(Browsers.keycloak()), asked);
      assertTrue(asked.contains("response_type=code"), asked);
      assertTrue(asked.contains("code_challenge_method=S256"), asked);

      // and no script reads what they have, which is no token
      for (Cookie cookie : staff.browser.cookies(Browsers.console())) {
        assertTrue(cookie.httpOnly, cookie.name);
        assertFalse(cookie.value.contains("eyJ"), cookie.name);
      }
      assertEquals(
          0, staff.page.evaluate("() => window.localStorage.length + sessionStorage.length"));
    }
  }

  @Test
  void aScriptThatGotIntoAPageDoesNotRunAndTheTestsWouldNotice() {
    try (Person staff = browsers.as("staff")) {
      Object ran =
          staff.page.evaluate(
              """
              () => {
                const script = document.createElement('script');
                script.textContent = 'window.ran = true';
                document.body.append(script);
                return window.ran === true;
              }""");
      assertEquals(false, ran);
      AssertionError noticed = assertThrows(AssertionError.class, staff::assertNothingToComplainOf);
      assertTrue(noticed.getMessage().contains("Content Security Policy"), noticed.getMessage());
    }
  }

  @Test
  void whoMayNotSeeThePolicyIsNotLedToItAndIsToldSo() {
    try (Person staff = browsers.as("staff")) {
      Locator navigation =
          staff.page.getByRole(
              AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main").setExact(true));
      assertThat(navigation).containsText("What waits for me");
      assertThat(navigation).not().containsText("Controls");
      assertEquals(403, staff.open("/controls"));
      assertThat(staff.page.getByText("This page is not for you")).isVisible();
    }
  }

  @ParameterizedTest(name = "with scripts: {0}")
  @ValueSource(booleans = {true, false})
  void aReportReachesIncidentServiceInTheNameOfWhoSentItAlsoWithoutScripts(boolean scripts)
      throws IOException {
    String title = "A strange mail " + UUID.randomUUID();
    try (Person staff = browsers.person(liking -> liking.setJavaScriptEnabled(scripts))) {
      staff.signIn("staff");
      Page page = staff.page;
      page.getByLabel("What happened?").fill(title);
      page.getByLabel("What did you see, and where?").fill("It asks for my password.\nAt noon.");
      byte[] mail = ("From: Mr Doe " + title).getBytes(StandardCharsets.UTF_8);
      page.getByText("Anything else?").click();
      page.getByLabel("Files").setInputFiles(new FilePayload("mail.txt", "text/plain", mail));
      button(page, "Send the report").click();

      assertThat(page.getByText("Your report has arrived")).isVisible();
      assertThat(page.getByText("mail.txt")).isVisible();
      assertThat(heading(page, title)).isVisible();
      Platform.as("staff", "incident")
          .get("/v1/security-events/" + page.locator("#number").textContent())
          .then()
          .statusCode(200)
          .body("title", equalTo(title))
          .body("description", equalTo("It asks for my password.\nAt noon."))
          .body("reporter", equalTo(subject("staff")));
    }
  }

  @Test
  void whatWaitsForSomebodyIsOnTheirHomeUntilTheyDidIt() {
    // Given somebody who was handed a laptop
    String account = account();
    String person = Access.join(account, "staff");
    String laptop = "/v1/assets/" + laptop();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                onAny("asset-manager", "asset")
                        .body(Map.of("to", person))
                        .post(laptop + "/handover")
                        .statusCode()
                    == 200);

    try (Person sam = browsers.person().signIn(account, Realm.PASSWORD)) {
      // When
      Locator task =
          sam.page
              .getByRole(AriaRole.LISTITEM)
              .filter(
                  new Locator.FilterOptions().setHasText(laptop.replace("/v1/assets/", "Asset ")));
      assertThat(task).containsText("Sign for what you were given");
      Platform.bearing(Realm.signIn(account).path("access_token"), Platform.url("asset").toString())
          .header("If-Match", "*")
          .post(laptop + "/handover/signature")
          .then()
          .statusCode(200);

      // Then
      sam.open("/");
      assertThat(task).hasCount(0);
    }
  }

  @Test
  void thePolicySaysWhichRulesAreKeptAndNamesWhatBreaksTheOthersUntilThatIsMended() {
    // Given a retired asset that nobody asked to dispose of, and a report, whose time is known
    String laptop = laptop();
    onAny("asset-manager", "asset")
        .body(
            Map.of(
                "availability", 2,
                "integrity", 2,
                "confidentiality", 2,
                "proof", 2,
                "rationale", "It is a laptop."))
        .put("/v1/assets/" + laptop + "/classification")
        .then()
        .statusCode(200);
    onAny("asset-manager", "asset")
        .body(Map.of("reason", "worn out"))
        .post("/v1/assets/" + laptop + "/retirement")
        .then()
        .statusCode(200);
    report("A strange letter");

    try (Person ciso = browsers.as("ciso")) {
      // When
      await().atMost(PATIENCE).pollInSameThread().until(() -> fails(ciso, "R3.4", laptop));
      await().atMost(PATIENCE).until(() -> stands("R13.4", "GREEN"));

      // Then
      ciso.open("/controls");
      assertThat(rule(ciso.page, "R3.4")).containsText("Not kept");
      assertThat(rule(ciso.page, "R13.4").getByText("Kept", exactly())).isVisible();
      rule(ciso.page, "R13.4").getByRole(AriaRole.LINK).click();
      assertThat(ciso.page.getByText("Every object in scope keeps this rule.")).isVisible();
      assertTrue(fails(ciso, "R3.4", laptop));
      assertThat(object(ciso.page, laptop))
          .containsText("It is retired, and nobody asked for its disposal");

      // and once somebody asked, it is not named any more
      create(
          "asset-manager",
          "asset",
          "/v1/disposals",
          Map.of(
              "asset",
              laptop,
              "reason",
              "worn out",
              "media",
              List.of(Map.of("medium", "FLASH", "identifier", "S-1"))));
      await().atMost(PATIENCE).pollInSameThread().until(() -> !fails(ciso, "R3.4", laptop));
    }
  }

  @Test
  void whoApprovesARequestAtItsPageGivesWhatWasAskedForAndIsLedToTheReceipt() {
    // Given somebody who asked for something
    String account = account();
    String person = Access.join(account, "staff");
    String name = "deployments " + UUID.randomUUID();
    String right = Access.ask(account, person, Access.entitlement(name, person), "a new project");

    try (Person manager = browsers.as("access-manager")) {
      // When
      manager.open("/rights?awaiting=me&person=" + person);
      link(manager.page, name).click();
      act(manager.page, "approve");

      // Then
      assertDone(manager.page, "Approve");
      assertThat(action(manager.page, "revoke")).isVisible();
      assertThat(action(manager.page, "approve")).hasCount(0);
      Platform.as("access-manager", "access")
          .get("/v1/rights/" + right)
          .then()
          .body("state", equalTo("APPROVED"));
    }
  }

  @Test
  void aManagerFindsWhatSomebodyTheyLeadAskedForAndApprovesIt() {
    // Given
    String leader = account();
    String member = account();
    String person = Access.joinUnder(Access.join(leader, "staff"), member, "staff");
    String name = "deployments " + UUID.randomUUID();
    String right = Access.ask(member, person, Access.entitlement(name, person), "a new project");

    try (Person manager = browsers.person().signIn(leader, Realm.PASSWORD)) {
      // When
      manager.open("/my");
      link(manager.page, name).click();
      act(manager.page, "approve");

      // Then
      assertDone(manager.page, "Approve");
      assertThat(action(manager.page, "approve")).hasCount(0);
      Platform.as("access-manager", "access")
          .get("/v1/rights/" + right)
          .then()
          .body("state", equalTo("APPROVED"))
          .body("approval.given[0].as", equalTo("MANAGER"));
    }
  }

  @Test
  void whatAnAssetManagerHandsOverIsInTheHandsOfWhoSignsForIt() {
    // Given somebody whom asset-service knows
    String account = account();
    String person = Access.join(account, "staff");
    String laptop = laptop();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                onAny("asset-manager", "asset")
                        .body(Map.of("owner", person))
                        .put("/v1/assets/" + laptop + "/owner")
                        .statusCode()
                    == 200);

    try (Person manager = browsers.as("asset-manager");
        Person holder = browsers.person().signIn(account, Realm.PASSWORD)) {
      // When
      manager.open("/assets/" + laptop);
      act(manager.page, "hand-over", form -> form.getByLabel("To whom").fill(person));
      assertDone(manager.page, "Hand over");
      holder.open("/assets/" + laptop);
      act(holder.page, "sign-handover");

      // Then
      assertDone(holder.page, "Sign for it");
      Platform.as("asset-manager", "asset")
          .get("/v1/assets/" + laptop)
          .then()
          .body("custodian", equalTo(person));
    }
  }

  @Test
  void aResponderMakesAReportAnIncidentAndGoesOnThere() {
    // Given
    String title = "A strange mail " + UUID.randomUUID();
    String report = report(title);

    try (Person responder = browsers.as("responder")) {
      // When
      responder.open("/reports/" + report);
      act(
          responder.page,
          "promote",
          form -> {
            form.getByLabel("Category").selectOption("MALICIOUS_CODE");
            form.getByLabel("Impact").selectOption("MEDIUM");
            form.getByLabel("Urgency").selectOption("MEDIUM");
          });
      assertDone(responder.page, "Make it an incident");
      assertThat(heading(responder.page, title)).isVisible();
      act(
          responder.page,
          "acknowledge",
          form -> form.getByLabel("Note").fill("I look at the mail."));

      // Then
      assertDone(responder.page, "Acknowledge");
      assertThat(action(responder.page, "investigate")).isVisible();
      String incident = URI.create(responder.page.url()).getPath().replace("/incidents/", "");
      Platform.as("responder", "incident")
          .get("/v1/incidents/" + incident)
          .then()
          .body("state", equalTo("TRIAGED"));
      Platform.as("responder", "incident")
          .get("/v1/security-events/" + report)
          .then()
          .body("state", equalTo("PROMOTED"))
          .body("incident", equalTo(incident));
    }
  }

  @Test
  void aRestoreThatAnAdministratorRecordsHasPassedOnceTheCisoHasSeenTheEvidence()
      throws IOException {
    // Given
    String test = Exhibits.restoreUnderWay("shop " + UUID.randomUUID());
    String evidence = "The shop's database answers on the spare server.";

    try (Person operator = browsers.as("sysadmin");
        Person ciso = browsers.as("ciso")) {
      // When
      operator.open("/restore-tests/" + test);
      act(operator.page, "add-evidence", form -> form.getByLabel("Text").fill(evidence));
      assertDone(operator.page, "Add evidence");
      act(
          operator.page,
          "give-result",
          form -> {
            form.getByLabel("Outcome").selectOption("PASSED");
            form.getByLabel("Ended").fill(thisMinutesEnd());
          });
      assertDone(operator.page, "Say how it came out");
      assertThat(action(operator.page, "verify")).hasCount(0);
      ciso.open("/restore-tests/" + test);
      assertThat(ciso.page.getByText(evidence)).isVisible();
      act(
          ciso.page,
          "verify",
          form -> form.getByLabel("The evidence shows that it passed").selectOption("true"));

      // Then
      assertDone(ciso.page, "Verify");
      Platform.as("sysadmin", "backup")
          .get("/v1/restore-tests/" + test)
          .then()
          .body("stage", equalTo("COMPLETED"))
          .body("outcome", equalTo("PASSED"))
          .body("verifier", equalTo(subject("ciso")));
    }
  }

  @Test
  void anAuditorFindsWhatWasDoneInTheLogAndTheirBrowserVerifiesTheProof() {
    // Given
    String laptop = laptop();

    try (Person auditor = browsers.as("auditor")) {
      // When the log has it
      await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> searchFor(auditor, "asset/" + laptop).count() > 0);
      searchFor(auditor, "asset/" + laptop).first().click();
      assertThat(auditor.page.getByText(laptop).first()).isVisible();
      String proof = link(auditor.page, "Proof, verified in the browser").getAttribute("href");
      await().atMost(PATIENCE).pollInSameThread().until(() -> auditor.open(proof) == 200);

      // Then
      assertThat(auditor.page.locator("[data-verdict='verified']")).isVisible();
      assertThat(auditor.page.getByText("asset.registered.v1").first()).isVisible();
    }
  }

  @Test
  void anOwnerAnswersWhatACampaignAsksThemOnOnePage() {
    // Given an owner, and somebody who has what they own
    String account = account();
    String entitlement =
        Access.entitlement("deployments " + UUID.randomUUID(), Access.join(account, "staff"));
    String holder = account();
    Access.approve(Access.ask(holder, Access.join(holder, "staff"), entitlement, "a new project"));
    String name = "Who deploys? " + UUID.randomUUID();
    String campaign = Access.review(name, entitlement);

    try (Person owner = browsers.person().signIn(account, Realm.PASSWORD)) {
      // When
      owner.open("/my");
      link(owner.page, name).click();
      owner.page.getByLabel("Still needed").check();
      button(owner.page, "Send the answers").click();

      // Then
      assertThat(owner.page.getByText("Answered: 1")).isVisible();
      assertThat(owner.page.getByText("Nothing waits for your answer in this campaign"))
          .isVisible();
      assertEquals(List.of("CERTIFIED"), states(campaign));
    }
  }

  @Test
  void whoHasKeysAloneAnswersAllThatACampaignAsksThemAtOnce() {
    // Given an owner, and two people who have what they own
    String account = account();
    String entitlement =
        Access.entitlement("deployments " + UUID.randomUUID(), Access.join(account, "staff"));
    for (String holder : List.of(account(), account())) {
      Access.approve(
          Access.ask(holder, Access.join(holder, "staff"), entitlement, "a new project"));
    }
    String campaign = Access.review("Who deploys? " + UUID.randomUUID(), entitlement);
    await().atMost(PATIENCE).until(() -> states(campaign).size() == 2);

    try (Person owner = browsers.person().signIn(account, Realm.PASSWORD)) {
      // When
      owner.open("/campaigns/" + campaign + "/review");
      tabTo(owner.page, "[type=radio]");
      owner.page.keyboard().press("ArrowDown"); // still needed
      tabTo(owner.page, "[type=radio]");
      owner.page.keyboard().press("ArrowDown");
      owner.page.keyboard().press("ArrowDown"); // not needed
      tabTo(owner.page, "[name^='reason.']");
      owner.page.keyboard().type("They left the project");
      tabTo(owner.page, "main button");
      owner.page.keyboard().press("Enter");

      // Then
      assertThat(owner.page.getByText("Answered: 2")).isVisible();
      assertEquals(
          List.of("CERTIFIED", "REVOKED"),
          states(campaign).stream().map(Object::toString).sorted().toList());
    }
  }

  /** Goes on with the key until something like this has the focus. */
  private static void tabTo(Page page, String selector) {
    for (int pressed = 0; pressed < 60; pressed++) {
      page.keyboard().press("Tab");
      if ((boolean) page.evaluate("it => document.activeElement.matches(it)", selector)) {
        return;
      }
    }
    fail("No key leads to " + selector);
  }

  @Test
  void anAuditorFromOutsideAsksForEvidenceAndAcceptsWhatTheCisoAnswers() {
    // Given
    String name = account();
    String title = "Rights " + UUID.randomUUID();
    Exhibits.audit(title, "THIRD_PARTY", Realm.make(name, "third-party-auditor"));
    String wanted = "Who approves? " + UUID.randomUUID();

    try (Person auditor = browsers.person().signIn(name, Realm.PASSWORD);
        Person ciso = browsers.person().signIn("ciso")) {
      // When the auditor asks
      assertTrue(auditor.page.url().endsWith("/audits"), auditor.page.url());
      link(auditor.page, title).click();
      auditor.page.getByLabel("What is asked for").fill(wanted);
      button(auditor.page, "Ask for evidence").click();
      assertThat(auditor.page.getByRole(AriaRole.STATUS)).containsText("It was asked for.");

      // and the CISO answers
      ciso.open("/audits");
      link(ciso.page, wanted).click();
      ciso.page.locator("#answer").fill("Two people, as the log says");
      button(ciso.page, "Answer").click();
      assertThat(ciso.page.getByRole(AriaRole.STATUS)).containsText("Done.");

      // Then it is there to be accepted
      link(auditor.page, wanted).click();
      assertThat(auditor.page.getByText("Two people, as the log says")).isVisible();
      button(auditor.page, "Accept").click();
      assertThat(auditor.page.getByText("Accepted", new Page.GetByTextOptions().setExact(true)))
          .isVisible();

      // and nothing of the house is
      for (String closed : List.of("/registers", "/dashboards", "/tasks")) {
        assertEquals(403, auditor.open(closed), closed);
      }
      assertEquals(200, auditor.open("/trace"));
      assertEquals(200, auditor.open("/controls/R4.6"));
    }
  }

  @Test
  void theBrowserOfWhoReportedVerifiesTheReceiptByItself() {
    try (Person staff = browsers.as("staff")) {
      // Given
      staff.page.getByLabel("What happened?").fill("A strange letter");
      staff.page.getByLabel("What did you see, and where?").fill("It asks for a password.");
      button(staff.page, "Send the report").click();
      String proof = link(staff.page, "Show how it is proved").getAttribute("href");

      // When a checkpoint covers it
      await().atMost(PATIENCE).pollInSameThread().until(() -> staff.open(proof) == 200);

      // Then
      assertThat(staff.page.locator("[data-verdict='verified']")).isVisible();
      assertThat(staff.page.locator("[data-verdict='verified']")).containsText("Verified");

      // and nothing but the log's own key does
      staff.page.locator("#key").fill("");
      button(staff.page, "Verify again").click();
      assertThat(staff.page.locator("[data-verdict='unsigned']")).isVisible();
      assertThat(staff.page.locator("[data-verdict='verified']")).isHidden();
    }
  }

  @Test
  void whoHasKeysAloneSkipsTheNavigationAndSeesWhereTheyAre() {
    try (Person staff = browsers.as("staff")) {
      Locator skip =
          staff.page.getByRole(
              AriaRole.LINK, new Page.GetByRoleOptions().setName("Skip to the content"));
      assertThat(skip).not().isInViewport();
      staff.page.keyboard().press("Tab");
      assertThat(skip).isFocused();
      assertThat(skip).isInViewport();
      staff.page.keyboard().press("Enter");
      staff.page.keyboard().press("Tab");
      assertThat(staff.page.getByLabel("What happened?")).isFocused();
    }
  }

  @Test
  void pagesAreInTheBrowsersLanguageUntilAnotherIsChosen() {
    try (Person staff = browsers.as("staff", liking -> liking.setLocale("fr-FR"))) {
      Locator document = staff.page.locator("html");
      assertThat(document).hasAttribute("lang", "fr");
      assertThat(heading(staff.page, "Signaler un incident")).isVisible();

      staff.open("/tasks");
      button(staff.page, "English").click();
      assertThat(document).hasAttribute("lang", "en");
      assertTrue(staff.page.url().endsWith("/tasks"), staff.page.url());
      staff.open("/");
      assertThat(heading(staff.page, "Report an incident")).isVisible();
    }
  }

  @Test
  void coloursFollowTheSystemUntilOthersAreChosen() {
    try (Person staff = browsers.as("staff", liking -> liking.setColorScheme(ColorScheme.DARK))) {
      Locator document = staff.page.locator("html");
      assertThat(document).hasAttribute("data-bs-theme", "dark");
      Object dark = background(staff.page);
      staff.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      assertThat(document).hasAttribute("data-bs-theme", "light");
      assertNotEquals(dark, background(staff.page));

      button(staff.page, "Dark").click();
      assertThat(document).hasAttribute("data-bs-theme", "dark");
      staff.open("/tasks");
      assertThat(document).hasAttribute("data-bs-theme", "dark");
      assertEquals(dark, background(staff.page));

      button(staff.page, "As the system").click();
      assertThat(document).hasAttribute("data-bs-theme", "light");
    }
  }

  @Test
  @OnOneMachine("asks the console's database")
  void aSessionThatNobodyUsesEndsAfterHalfAnHourHereAndAtKeycloak() throws Exception {
    try (Person staff = browsers.person().signIn("staff");
        Connection database = Platform.stack().superuser("console");
        Statement sql = database.createStatement();
        ResultSet kept =
            sql.executeQuery(
                "select extract(epoch from max(ends_at) - now()) as seconds from session")) {
      Cookie session =
          staff.browser.cookies(Browsers.console()).stream()
              .filter(cookie -> cookie.name.startsWith("q_session"))
              .findFirst()
              .orElseThrow();
      assertHalfAnHour(session.expires - System.currentTimeMillis() / 1e3);
      assertTrue(kept.next());
      assertHalfAnHour(kept.getDouble("seconds"));
    }
    // What renews a session without limits of its own lives as long as Keycloak's
    String account = account();
    Realm.make(account, "staff");
    assertHalfAnHour(Realm.signIn(account).<Integer>path("refresh_expires_in"));
  }

  private static void assertHalfAnHour(double seconds) {
    assertTrue(seconds > 1_700 && seconds <= 1_801, seconds + " s");
  }

  @Test
  void whoSignsOutIsOutHereAloneAndWhatTheirSessionWasOpensNothing() {
    try (Person office = browsers.person().signIn("staff");
        Person home = browsers.person().signIn("staff")) {
      // Given
      String session = office.session();
      assertEquals(200, with(session).get("/tasks").statusCode());

      // When
      button(office.page, "Sign out").click();
      assertThat(office.page.getByText("You are signed out")).isVisible();

      // Then
      assertLedToSignIn(with(session).get("/tasks"));
      office.page.navigate("/");
      assertTrue(office.isAskedToSignIn(), office.page.url());
      home.page.navigate("/tasks");
      assertThat(home.page.getByText("Signed in as Sacha Martin")).isVisible();
    }
  }

  @Test
  @OnOneMachine("kills the console")
  void whoIsSignedInGoesOnAtAnotherConsoleWhereTheirsDies() throws Exception {
    try (Replica other = Replica.start("console", Map.of());
        Person staff = browsers.person().signIn("staff")) {
      // When
      Platform.stack().kill("console");
      try {
        staff.page.navigate(other.address() + "/tasks");

        // Then
        assertThat(staff.page.getByText("Signed in as Sacha Martin")).isVisible();
        assertEquals(other.address() + "/tasks", staff.page.url());
      } finally {
        Platform.stack().start("console");
      }
    }
  }

  @Test
  void whoAsksAConsoleThatHasNotMetKeycloakIsToldToTryAgainWithASessionOrWithout()
      throws Exception {
    // Given a console that started while Keycloak had no database
    HttpServer keycloak =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keycloak.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    keycloak.start();
    String realm = "http://127.0.0.1:" + keycloak.getAddress().getPort() + "/realms/vigie";
    try (Replica console = Replica.start("console", Map.of("VIGIE_OIDC", realm))) {
      for (String cookie : List.of("q_session=of-before", "none=of-sign-in")) {
        // When
        Response answer =
            with(cookie).header("Accept-Language", "en").get(console.address() + "/tasks");

        // Then
        answer.then().statusCode(503).body(containsString("Try again shortly"));
      }
    } finally {
      keycloak.stop(0);
    }
  }

  @Test
  void aSessionThatSomebodyElsePutIntoABrowserIsNotTheOneThatASignInOpens() {
    try (Person attacker = browsers.person().signIn("staff");
        Person victim = browsers.person()) {
      // Given a cookie that somebody else knows, in a browser in which nobody is signed in
      List<Cookie> planted =
          attacker.browser.cookies(Browsers.console()).stream()
              .filter(cookie -> cookie.name.startsWith("q_session"))
              .toList();
      String known = attacker.session();
      button(attacker.page, "Sign out").click();
      assertThat(attacker.page.getByText("You are signed out")).isVisible();
      victim.browser.addCookies(planted);
      victim.page.navigate("/");
      assertTrue(victim.isAskedToSignIn(), victim.page.url());

      // When
      victim.signIn("staff");

      // Then their session is another one, of which nobody else knows
      String first = victim.session();
      assertNotEquals(known, first);
      assertEquals(200, with(first).get("/tasks").statusCode());
      assertLedToSignIn(with(known).get("/tasks"));

      // and so it is each time
      button(victim.page, "Sign out").click();
      assertThat(victim.page.getByText("You are signed out")).isVisible();
      victim.page.navigate("/");
      victim.signIn("staff");
      assertNotEquals(first, victim.session());
      assertLedToSignIn(with(first).get("/tasks"));
    }
  }

  @ParameterizedTest(name = "by themselves: {0}")
  @ValueSource(booleans = {true, false})
  void whoIsSignedOutEverywhereIsOutInEachBrowser(boolean byThemselves) {
    String name = account();
    String account = Realm.make(name, "staff");
    try (Person office = browsers.person().signIn(name, Realm.PASSWORD);
        Person home = browsers.person().signIn(name, Realm.PASSWORD)) {
      // Given
      List<String> sessions = List.of(office.session(), home.session());

      // When
      if (byThemselves) {
        button(office.page, "Sign out everywhere, in all browsers").click();
        assertThat(office.page.getByText("You are signed out")).isVisible();
      } else {
        Realm.signOut(account);
      }

      // Then
      for (String session : sessions) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertLedToSignIn(with(session).get("/tasks")));
      }
      for (Person person : List.of(office, home)) {
        person.page.navigate("/tasks");
        assertTrue(person.isAskedToSignIn(), person.page.url());
      }
    }
  }

  @Test
  void aFormOfAnotherSiteReportsNothingInTheNameOfWhoIsLuredThere() {
    String name = account();
    Realm.make(name, "staff");
    String form =
        """
        <form method="post" action="%s/"><input name="title" value="You are lured">
        <input name="description" value="here"><input name="when" value="2026-01-31T17:05">
        <input name="key" value="%s"><button>Win a prize</button></form>"""
            .formatted(Browsers.console(), UUID.randomUUID());
    try (Person lured = browsers.person().signIn(name, Realm.PASSWORD)) {
      // Given a page that gets the session's cookie sent, as the host is the same
      URI console = URI.create(Browsers.console());
      String trap = console.getScheme() + "://" + console.getHost() + ":4444/";
      lured.browser.route(
          trap,
          route -> route.fulfill(new FulfillOptions().setContentType("text/html").setBody(form)));
      lured.page.navigate(trap);

      // When
      button(lured.page, "Win a prize").click();

      // Then
      assertThat(lured.page.getByText("did not come from this console")).isVisible();
      Platform.bearing(Realm.signIn(name).path("access_token"), Platform.url("incident").toString())
          .get("/v1/security-events")
          .then()
          .statusCode(200)
          .body("items", hasSize(0));
    }
  }

  /** Not as a browser that follows: the answer as it is. */
  private static RequestSpecification with(String session) {
    return RestAssured.given()
        .baseUri(Browsers.console())
        .redirects()
        .follow(false)
        .header("Accept", "text/html")
        .header("Cookie", session);
  }

  private static void assertLedToSignIn(Response answer) {
    assertEquals(302, answer.statusCode());
    assertTrue(answer.header("Location").startsWith(Browsers.keycloak()), answer::asString);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
  }

  /** Something that may be done with the object of the page. */
  private static Locator action(Page page, String name) {
    return page.locator("#action-" + name);
  }

  private static void act(Page page, String name) {
    act(page, name, form -> {});
  }

  private static void act(Page page, String name, Consumer<Locator> fill) {
    Locator action = action(page, name);
    action.locator("summary").click();
    fill.accept(action);
    action.getByRole(AriaRole.BUTTON).click();
  }

  /** The page says so, and leads to the receipt. */
  private static void assertDone(Page page, String action) {
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("Done: " + action);
    assertThat(page.locator("a[href*='/receipts/']")).isVisible();
  }

  /** The entries of the log that name an object, as links. */
  private static Locator searchFor(Person person, String object) {
    person.open("/trace");
    person.page.getByLabel("Object").fill(object);
    button(person.page, "Search").click();
    person.page.waitForURL(url -> url.contains("object="));
    return person.page.locator("td a[href^='/trace/entries/']");
  }

  /** As a form takes it, by the clock of the console: a restore has not ended before it began. */
  private static String thisMinutesEnd() {
    return LocalDateTime.now(ZoneId.of("Europe/Paris"))
        .truncatedTo(ChronoUnit.MINUTES)
        .plusMinutes(1)
        .toString();
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static Object background(Page page) {
    return page.evaluate("() => getComputedStyle(document.body).backgroundColor");
  }

  /** Its line on the page of the policy. */
  private static Locator rule(Page page, String rule) {
    return page.getByRole(AriaRole.LISTITEM)
        .filter(
            new Locator.FilterOptions()
                .setHas(page.getByText(rule, new Page.GetByTextOptions().setExact(true))));
  }

  private static boolean stands(String rule, String state) {
    return Platform.as("ciso", "audit")
        .get("/v1/controls/" + rule)
        .jsonPath()
        .getString("control.state")
        .equals(state);
  }

  /** Of what a campaign asks. */
  private static List<?> states(String campaign) {
    return Access.items(campaign).stream().map(item -> item.get("state")).toList();
  }

  private static Locator object(Page page, String id) {
    return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(id));
  }

  /** Whether the rule's page, or one that continues it, names the object; it stays open there. */
  private static boolean fails(Person person, String rule, String object) {
    Locator more =
        person.page.getByRole(
            AriaRole.LINK, new Page.GetByRoleOptions().setName("More").setExact(true));
    person.open("/controls/" + rule);
    while (object(person.page, object).count() == 0 && more.count() > 0) {
      person.open(more.getAttribute("href"));
    }
    return object(person.page, object).count() > 0;
  }

  private static String account() {
    return "sam-" + UUID.randomUUID();
  }

  private static String report(String title) {
    return create(
        "staff",
        "incident",
        "/v1/security-events",
        Map.of(
            "title",
            title,
            "description",
            "It asks for a password.",
            "occurredAt",
            Instant.now().minusSeconds(600).toString()));
  }

  private static String laptop() {
    return create(
        "asset-manager",
        "asset",
        "/v1/assets",
        Map.of("name", "laptop", "kind", "LAPTOP", "production", false));
  }

  /** A change of whichever version there is. */
  private static RequestSpecification onAny(String account, String service) {
    return Platform.as(account, service).header("If-Match", "*");
  }

  private static String subject(String account) throws IOException {
    byte[] claims = Base64.getUrlDecoder().decode(Platform.token(account).split("\\.")[1]);
    return new ObjectMapper().readTree(claims).get("sub").asText();
  }
}
