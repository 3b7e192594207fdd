package io.vigie.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** People at work in a real browser, signed in at the real Keycloak, on the packaged platform. */
class ConsoleTest {

  private static final Path CHROMIUM =
      Path.of(System.getProperty("vigie.chromium", "/usr/bin/chromium"));

  private static Playwright playwright;
  private static Browser chromium;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;

  @BeforeAll
  static void aBrowser() {
    assumeTrue(
        Files.isExecutable(CHROMIUM),
        "no Chromium at " + CHROMIUM + ": apt install chromium, or -Dvigie.chromium=PATH");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    List<String> arguments = new ArrayList<>(List.of("--disable-background-networking"));
    if ("root".equals(System.getProperty("user.name"))) {
      arguments.add("--no-sandbox"); // which root has none of
    }
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM).setArgs(arguments));
  }

  @AfterAll
  static void theBrowserIsClosed() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void aFreshProfile() {
    context = profile(new Browser.NewContextOptions());
  }

  @AfterEach
  void noPageTriedWhatItsPolicyForbids() {
    if (context != null) {
      context.close();
    }
    assertEquals(List.of(), complaints);
  }

  private BrowserContext profile(Browser.NewContextOptions options) {
    BrowserContext fresh =
        chromium.newContext(options.setLocale("en-GB").setBaseURL(address()));
    fresh.setDefaultTimeout(20_000);
    fresh.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")
              && message.page().url().startsWith(address())) {
            complaints.add(message.text());
          }
        });
    fresh.onWebError(error -> complaints.add(error.error()));
    return fresh;
  }

  private static String address() {
    return Platform.stack().address("console");
  }

  private static Page signIn(BrowserContext context, String account, String password) {
    Page page = context.newPage();
    page.navigate("/");
    page.locator("#username").fill(account);
    page.locator("#password").fill(password);
    page.locator("#kc-login").click();
    assertThat(page.getByRole(AriaRole.HEADING, heading("Report an incident"))).isVisible();
    return page;
  }

  private static Page signIn(BrowserContext context, String account) {
    return signIn(context, account, account + "-demo");
  }

  private static Page.GetByRoleOptions heading(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static String report(Page page, String title) {
    page.getByLabel("What happened?").fill(title);
    page.getByLabel("What did you see, and where?").fill("It asks for my password.\nTwice.");
    page.getByText("Send the report").click();
    assertThat(page.getByText("Your report has arrived")).isVisible();
    return page.locator("#number").textContent();
  }

  private static void assertSignInAsked(Page page) {
    assertThat(page.locator("#kc-login")).isVisible();
  }

  @Test
  void staffReportSeeWhatTheyReportedTakeTheReceiptAndSignOut() throws Exception {
    Page page = signIn(context, "staff");
    assertThat(page.getByText("Signed in as Sacha Martin")).isVisible();
    String title = "A strange mail " + UUID.randomUUID();

    String event = report(page, title);

    Response reported = Platform.as("responder", "incident").get("/v1/security-events/" + event);
    reported.then().statusCode(200).body("title", equalTo(title));
    assertThat(page.getByText("Somebody will look at it.")).isVisible();
    Path receipt = receipt(page);
    Platform.Verdict verdict =
        Platform.verifyReceipt(
            Files.readString(receipt),
            Platform.as("auditor", "audit").get("/log/vkey").asString());
    assertEquals(0, verdict.exit(), verdict.output());

    // The browser has a random number, and no token of any kind
    context
        .cookies(address())
        .forEach(cookie -> assertTrue(!cookie.value.contains("eyJ"), cookie.name));
    assertTrue(context.cookies(address()).stream().anyMatch(c -> c.name.equals("q_session") && c.httpOnly));
    assertEquals(0, page.evaluate("localStorage.length + sessionStorage.length"));

    page.getByText("Sign out").click();
    assertThat(page.getByText("You are signed out")).isVisible();
    page.navigate("/");
    assertSignInAsked(page);
  }

  /** Until the log has it, the page says to try again. */
  private static Path receipt(Page page) throws InterruptedException {
    String address = page.getByText("Download the receipt").getAttribute("href");
    for (int attempt = 0; attempt < 60; attempt++) {
      if (page.request().get(address).status() == 200) {
        Download download =
            page.waitForDownload(() -> page.getByText("Download the receipt").click());
        return download.path();
      }
      Thread.sleep(500);
    }
    throw new AssertionError("no receipt after 30 s");
  }

  @Test
  void aReportNeedsNoScripts() {
    context.close();
    context = profile(new Browser.NewContextOptions().setJavaScriptEnabled(false));
    Page page = signIn(context, "staff");
    String event = report(page, "Without scripts");
    Platform.as("responder", "incident")
        .get("/v1/security-events/" + event)
        .then()
        .statusCode(200)
        .body("title", equalTo("Without scripts"));
  }

  @Test
  void whatWaitsIsListedAndAServiceThatIsAwayIsNamed() {
    String event = report(signIn(context, "staff"), "Waits for a decision");
    context.close();
    context = profile(new Browser.NewContextOptions());
    Page page = signIn(context, "responder");
    page.navigate("/tasks");
    assertThat(page.getByText("Decide about a report").first()).isVisible();
    assertThat(page.getByText("security-event/" + event)).isVisible();
    Platform.stack().stop("backup");
    try {
      page.navigate("/");
      assertThat(page.getByText("Not answering at the moment: backup.")).isVisible();
      assertThat(page.getByText("Decide about a report").first()).isVisible();
    } finally {
      Platform.stack().start("backup");
    }
  }

  @Test
  void aSessionSurvivesARestartAndEndsEverywhereWhenKeycloakEndsIt() {
    String name = "console-" + UUID.randomUUID();
    String account = Realm.make(name, "staff");
    Page page = signIn(context, name, Realm.PASSWORD);

    Platform.stack().stop("console");
    Platform.stack().start("console");
    page.navigate("/");
    assertThat(page.getByText("Signed in as Sam Leaver")).isVisible();

    Realm.signOut(account);
    page.navigate("/");
    assertSignInAsked(page);
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void everyPageIsAccessibleInBothThemesAndFitsATelephone(ColorScheme scheme) throws IOException {
    context.close();
    context =
        profile(new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(360, 740));
    Page page = signIn(context, "ciso");
    String event = report(page, "A title-that-is-one-long-word-" + "x".repeat(120));
    List<String> found = new ArrayList<>();
    for (String path :
        List.of(
            "/",
            "/tasks",
            "/controls",
            "/controls/R13.4",
            "/controls/R11.10",
            "/security-events/" + event,
            "/nowhere",
            "/signed-out")) {
      page.navigate(path);
      page.waitForLoadState();
      assertEquals(
          scheme.name().toLowerCase(Locale.ROOT),
          page.locator("html").getAttribute("data-bs-theme"));
      new AxeBuilder(page)
          .setLegacyMode(true)
          .analyze()
          .getViolations()
          .forEach(violation -> found.add(path + ": " + violation.getId() + " " + violation.getNodes()));
      if ((int) page.evaluate("document.documentElement.scrollWidth") > 360) {
        found.add(path + " is wider than a telephone");
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void theKeyboardReachesTheContentFirstAndTheLanguageIsAChoice() {
    Page page = signIn(context, "staff");
    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page).hasURL(Pattern.compile(".*#content$"));
    page.getByText("Français").click();
    assertThat(page.getByRole(AriaRole.HEADING, heading("Signaler un incident"))).isVisible();
    page.getByText("Sombre").click();
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", "dark");
  }
}
