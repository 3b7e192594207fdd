package io.vigie.system;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Browsers with which people are at the console of the {@link Platform}: the Chromium that the
 * machine has, without a window. Not for use by several threads.
 */
final class Browsers implements AutoCloseable {

  private static final Path CHROMIUM =
      Path.of(System.getProperty("vigie.chromium", "/usr/bin/chromium"));
  private static final double PATIENCE_MILLIS = 180_000;

  private final Playwright playwright;
  private final Browser chromium;

  /** What browsers had once somebody had signed in there, by the account. */
  private final Map<String, String> signedIn = new HashMap<>();

  private Browsers(Playwright playwright) {
    this.playwright = playwright;
    this.chromium =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(arguments())
                    // Chromium refuses to put root's processes into its sandbox.
                    .setChromiumSandbox(!"root".equals(System.getProperty("user.name"))));
  }

  /** Of the platform in containers, the names that this JVM knows are told to Chromium, too. */
  private static List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--disable-gpu"));
    if (Platform.inContainers()) {
      String host = URI.create(console()).getHost();
      try {
        arguments.add(
            "--host-resolver-rules=MAP *%s %s"
                .formatted(
                    host.substring(host.indexOf('.')),
                    InetAddress.getByName(host).getHostAddress()));
      } catch (UnknownHostException e) {
        throw new UncheckedIOException(e);
      }
    }
    return arguments;
  }

  /** Whoever asks is skipped where there is no Chromium; none is downloaded. */
  static Browsers open() {
    assumeTrue(
        Files.isExecutable(CHROMIUM),
        () ->
            "There is no Chromium at "
                + CHROMIUM
                + ": install it (Debian: apt install chromium), or name another's program with"
                + " -Dvigie.chromium=…");
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    return new Browsers(
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
  }

  /** Somebody who was never here, and reads English. */
  Person person() {
    return person(options -> {});
  }

  /** One of the realm's accounts for demos, for whom signing in is no part of the matter. */
  Person as(String account) {
    return as(account, options -> {});
  }

  /** The same. They share the session of their first sign-in, and must not end it. */
  Person as(String account, Consumer<NewContextOptions> liking) {
    String state = signedIn.computeIfAbsent(account, this::stateOfSignedIn);
    Person person = person(liking.andThen(options -> options.setStorageState(state)));
    person.open("/");
    return person;
  }

  private String stateOfSignedIn(String account) {
    try (Person person = person().signIn(account)) {
      return person.browser.storageState();
    }
  }

  /** Somebody who was never here. */
  Person person(Consumer<NewContextOptions> liking) {
    NewContextOptions options =
        new NewContextOptions()
            .setBaseURL(console())
            .setLocale("en-GB")
            .setViewportSize(1280, 900)
            // What is looked at is not on its way from one colour to another.
            .setReducedMotion(ReducedMotion.REDUCE)
            // It has no store of authorities that a test could add the platform's own to.
            .setIgnoreHTTPSErrors(Platform.inContainers() || Platform.stack().isSecure());
    liking.accept(options);
    return new Person(chromium.newContext(options));
  }

  @Override
  public void close() {
    playwright.close();
  }

  static String console() {
    return Platform.url("console").toString();
  }

  static String keycloak() {
    return Platform.url("keycloak").toString();
  }

  /**
   * Somebody at a browser with cookies and a cache of its own. That the browser refused something
   * to a page, could not load a part of it, or was made to say something fails the test when it is
   * closed.
   */
  static final class Person implements AutoCloseable {

    final BrowserContext browser;
    final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Person(BrowserContext browser) {
      this.browser = browser;
      browser.setDefaultTimeout(PATIENCE_MILLIS);
      browser.onWebError(error -> complaints.add("error: " + error.error()));
      browser.onDialog(
          dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
          });
      browser.onConsoleMessage(
          message -> {
            // Of what did not load, the answer tells more; Keycloak's pages are not ours.
            if (message.type().equals("error")
                && !message.text().startsWith("Failed to load resource")
                && !message.location().startsWith(keycloak())) {
              complaints.add("console: " + message.text());
            }
          });
      browser.onResponse(
          response -> {
            if (response.status() >= 400
                && response.url().startsWith(console())
                && !response.request().isNavigationRequest()) {
              complaints.add("part of a page: " + response.status() + " " + response.url());
            }
          });
      page = browser.newPage();
    }

    /** As one of the realm's accounts for demos. */
    Person signIn(String account) {
      return signIn(account, account + "-demo-only");
    }

    /** At Keycloak, to which the page leads; then they are where they wanted to be. */
    Person signIn(String account, String password) {
      if (!page.url().startsWith(keycloak())) {
        page.navigate("/");
      }
      page.fill("#username", account);
      page.fill("#password", password);
      page.click("#kc-login");
      page.waitForURL(url -> url.startsWith(console()));
      awaitParts();
      return this;
    }

    /** Opens a page, with the parts that come later; returns the status of the answer. */
    int open(String path) {
      Response answer = page.navigate(path);
      awaitParts();
      return answer.status();
    }

    private void awaitParts() {
      assertThat(page.locator("[hx-trigger=load] > .script:visible")).hasCount(0);
    }

    /** What opens their session, as {@code name=value}. */
    String session() {
      return browser.cookies(console()).stream()
          .filter(cookie -> cookie.name.startsWith("q_session"))
          .map(Person::pair)
          .reduce((one, other) -> one + "; " + other)
          .orElseThrow();
    }

    private static String pair(Cookie cookie) {
      return cookie.name + "=" + cookie.value;
    }

    boolean isAskedToSignIn() {
      URI here = URI.create(page.url());
      return here.toString().startsWith(keycloak()) && page.locator("#kc-login").count() == 1;
    }

    /** Fails for what happened since the last time. */
    void assertNothingToComplainOf() {
      List<String> since = List.copyOf(complaints);
      complaints.clear();
      assertEquals(List.of(), since, page::url);
    }

    @Override
    public void close() {
      String last = page.url();
      browser.close();
      assertEquals(List.of(), complaints, last);
    }
  }
}
