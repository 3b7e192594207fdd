package io.vigie.stack;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Puts a {@link Company} into a running stack, through what the services offer everybody: nothing
 * is written past them, and the log has it all.
 */
public final class CompanyDemo {
  private static final Duration JUDGED_WITHIN = Duration.ofSeconds(30);
  private static final String AFRESH =
      "./vigie down --wipe deletes all data of this stack; then ./vigie demo --company again";

  private final Accounts accounts;
  private final Clock clock;

  private CompanyDemo(Platform platform, Clock clock) throws IOException {
    accounts = new Accounts(platform);
    this.clock = clock;
  }

  /**
   * Seeds the company, unless it is there already; returns when all of it is written.
   *
   * @throws StackException when a call fails, with what was asked and answered, and what was
   *     written before stays; or when an earlier run ended early, and nothing is added
   */
  public static void run(Platform platform, Clock clock, Company company)
      throws InterruptedException {
    try {
      new CompanyDemo(platform, clock).run(company);
    } catch (IOException e) {
      throw new StackException(
          "What there is of %s could not be asked: %s".formatted(company.name(), e.getMessage()),
          e);
    }
  }

  private void run(Company company) throws IOException, InterruptedException {
    Report.title(company.name());
    String first = company.prefix() + "-" + company.common().premises().get(0).code();
    if (accounts.assetManager.list("asset", "/v1/assets?assetTag=" + first).isEmpty()) {
      requireHr();
      try {
        seed(company);
      } catch (IOException | RuntimeException e) {
        throw new StackException(
            "%s is not complete: %s%n%s".formatted(company.name(), said(e), AFRESH), e);
      }
    } else if (isWhole(company)) {
      Report.note("is there already; nothing was added (afresh: ./vigie down --wipe first)");
    } else {
      throw new StackException(
          "%s is there in part, from a run that ended early. %s".formatted(company.name(), AFRESH));
    }
    look();
  }

  /** Before anything is written: the realm may be older than the client that sends people. */
  private void requireHr() {
    try {
      accounts.hr.subject();
    } catch (IOException e) {
      throw new StackException(
          "The client vigie-hr, which sends people, got no token, so nothing was written: %s%n"
                  .formatted(e.getMessage())
              + "A realm of an earlier version lacks that client. "
              + AFRESH,
          e);
    }
  }

  private static String said(Exception e) {
    return e instanceof IOException || e instanceof StackException ? e.getMessage() : e.toString();
  }

  /** Whether what is written last is there: answers of the review. */
  private boolean isWhole(Company company) throws IOException {
    Caller manager = accounts.accessManager;
    for (JsonNode campaign : manager.listAll("access", "/v1/campaigns")) {
      String items = "/v1/campaigns/%s/items?reviewer=all&state=REVOKED&limit=1";
      if (campaign.path("name").asText().equals(company.campaign().name())
          && !manager.list("access", items.formatted(campaign.path("id").asText())).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void seed(Company company) throws IOException, InterruptedException {
    Instant began = clock.instant();
    // It only asks for events to look for in the log, which nobody does here.
    Registration registration = new Registration(accounts, new Trail(accounts.auditor), clock);
    String owner = registration.person(accounts.assetManager, "asset manager");
    registration.person(accounts.staff, "office");
    registration.person(accounts.responder, "responder");
    registration.person(accounts.sysadmin, "operator");
    registration.person(accounts.ciso, "CISO");
    CompanySeed seed;
    try (Crew crew = new Crew()) {
      seed = CompanySeed.of(company, began, accounts, crew);
      try {
        seed(seed, owner);
      } finally {
        seed.progress().end();
      }
    }
    Report.note(
        "%d people and %d assets, all of it written after %s",
        seed.people().size(),
        seed.assets().size(),
        minutes(Duration.between(began, clock.instant())));
  }

  private static void seed(CompanySeed seed, String owner)
      throws IOException, InterruptedException {
    CompanyAssets assets = new CompanyAssets(seed);
    CompanyRights rights = new CompanyRights(seed, owner);
    seed.progress().stage("suppliers, sites, assets");
    assets.register();
    seed.progress().stage("profiles and people");
    rights.catalogue();
    rights.people();
    seed.progress().stage("levels, owners, posture");
    assets.settle();
    seed.progress().stage("documents and rights");
    assets.document(owner);
    rights.requests();
    String campaign = rights.plan();
    seed.progress().stage("backups of a quarter");
    new CompanyBackups(seed).seed();
    seed.progress().stage("incidents and alerts");
    new CompanyIncidents(seed).seed();
    seed.progress().stage("answers of the review");
    rights.answer(campaign);
  }

  private static String minutes(Duration time) {
    return String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
  }

  /**
   * What there is to look at, once the rules are judged; they go on being judged as time passes.
   */
  private void look() throws IOException {
    long deadline = System.nanoTime() + JUDGED_WITHIN.toNanos();
    JsonNode rules = accounts.ciso.get("audit", "/v1/controls?decided=QUERY").body();
    while (!judged(rules) && System.nanoTime() < deadline) {
      Daemon.pause(Duration.ofSeconds(1));
      rules = accounts.ciso.get("audit", "/v1/controls?decided=QUERY").body();
    }
    Map<String, Integer> states = new TreeMap<>();
    for (JsonNode rule : rules) {
      if (rule.hasNonNull("state")) {
        states.merge(
            rule.path("state").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
            1,
            Integer::sum);
      }
    }
    Report.note("rules of the policy: %s", states);
    if (!judged(rules)) {
      Report.note("some are still being judged: that may change within minutes");
    }
    Report.note("Sign in to the console as ciso (password %s):", Keycloak.password("ciso"));
    Report.note("  /controls  where each rule stands, and on what it fails");
    Report.note("  /tasks     what waits; as asset-manager the review of rights, too");
    Report.note("  /trace     each act of this, with its proof");
  }

  /** Whether all that was published is in the states; a rule without a query yet has none. */
  private static boolean judged(JsonNode rules) {
    boolean any = false;
    for (JsonNode rule : rules) {
      if (rule.hasNonNull("state")) {
        any = true;
        if (!rule.path("current").asBoolean()) {
          return false;
        }
      }
    }
    return any;
  }
}
