package io.vigie.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/**
 * The main job, on this machine's real inventory and with real tokens. On a used stack it finds
 * what an earlier run left, and changes that.
 */
public final class Demo {
  private static final String ENTITLEMENT = "administrator";
  private static final String PLAN = "Documentation, every day";
  private static final int WRITES = 200;

  private final Site site;
  private final Platform platform;
  private final Clock clock;
  private final Accounts accounts;
  private final Trail trail;

  private Demo(Site site, Platform platform, Clock clock) throws IOException {
    this.site = site;
    this.platform = platform;
    this.clock = clock;
    accounts = new Accounts(platform);
    trail = new Trail(accounts.auditor);
  }

  /**
   * Runs it on a healthy platform; returns when everything that it did is in the log and the whole
   * log is verified.
   *
   * @throws StackException when anything is not as it should be
   */
  public static void run(Site site, Platform platform, Clock clock) throws InterruptedException {
    try {
      new Demo(site, platform, clock).run();
    } catch (IOException e) {
      throw new StackException("The demo stopped: " + e.getMessage(), e);
    }
  }

  private void run() throws IOException, InterruptedException {
    site.create(); // the platform may be elsewhere
    MachineInventory machine = MachineInventory.take(clock);
    Registration registration = new Registration(accounts, trail, clock);
    Report.title("This machine in the register");
    String asset = registration.of(machine);
    Report.title("A right on it");
    String owner = registration.person(accounts.assetManager, "asset manager");
    right(registration.person(accounts.staff, "office"), asset, entitlement(asset, owner));
    Report.title("An incident on it");
    incident(machine.found(), asset);
    Report.title("A backup of it");
    backup(asset);
    Report.title("From REST answer to log entry");
    measure();
    prove();
  }

  /** What is asked for, in the catalogue. */
  private String entitlement(String asset, String owner) throws IOException {
    String query = "/v1/entitlements?state=ACTIVE&asset=%s&name=%s".formatted(asset, ENTITLEMENT);
    List<JsonNode> known = accounts.accessManager.list("access", query);
    if (!known.isEmpty()) {
      return known.get(0).path("id").asText();
    }
    Answer created =
        accounts.accessManager.post(
            "access",
            "/v1/entitlements",
            Map.of(
                "asset",
                asset,
                "name",
                ENTITLEMENT,
                "type",
                "SERVER_ACCOUNT",
                "terms",
                Map.of("owner", owner, "sensitivity", "PRIVILEGED", "longest", "P90D")));
    trail.expect("entitlement/" + created.id(), "entitlement.created.v1");
    Report.did(
        accounts.accessManager,
        "put \"%s\" into the catalogue: privileged, for 90 days at most",
        ENTITLEMENT);
    return created.id();
  }

  private void right(String person, String asset, String entitlement) throws IOException {
    endEarlier("REQUESTED", "refusal", "right.refused.v1", person, asset);
    endEarlier("APPROVED", "revocation", "right.revoked.v1", person, asset);
    Map<String, Object> request =
        Map.of(
            "person",
            person,
            "entitlement",
            entitlement,
            "reason",
            "Installs the security updates of this machine.",
            "validUntil",
            clock.instant().plus(30, ChronoUnit.DAYS).toString());

    Answer own = accounts.accessManager.post("access", "/v1/rights", request);
    String path = "/v1/rights/" + own.id();
    JsonNode refusal =
        accounts.accessManager.refused("access", path + "/approval", null, own.version());
    trail.expectRefusal(accounts.accessManager);
    accounts.accessManager.post("access", path + "/withdrawal", null, own.version());
    trail.expect("right/" + own.id(), "right.requested.v1", "right.withdrawn.v1");
    Report.did(
        accounts.accessManager,
        "asked for a right for %s and tried to approve that: refused (%d)",
        accounts.staff.person(),
        refusal.path("status").asInt());
    Report.note("\"%s\"", refusal.path("detail").asText());

    Answer right = accounts.staff.post("access", "/v1/rights", request);
    Report.did(accounts.staff, "asked for the right \"%s\" for 30 days", ENTITLEMENT);
    String approval = "/v1/rights/" + right.id() + "/approval";
    Answer endorsed = accounts.assetManager.post("access", approval, null, right.version());
    Report.did(accounts.assetManager, "approved it as its owner; it waits for the CISO");
    accounts.ciso.post("access", approval, null, endorsed.version());
    trail.expect(
        "right/" + right.id(), "right.requested.v1", "right.endorsed.v1", "right.approved.v1");
    Report.did(accounts.ciso, "approved it");
  }

  /** A person has one live right of a name on an asset. */
  private void endEarlier(String live, String ending, String event, String person, String asset)
      throws IOException {
    String query = "/v1/rights?person=%s&asset=%s&state=%s".formatted(person, asset, live);
    for (JsonNode right : accounts.accessManager.list("access", query)) {
      if (right.path("entitlement").asText().equalsIgnoreCase(ENTITLEMENT)) {
        String path = "/v1/rights/" + right.path("id").asText();
        String version = accounts.accessManager.get("access", path).version();
        accounts.accessManager.post(
            "access", path + "/" + ending, Map.of("reason", "The demo starts again."), version);
        trail.expect("right/" + right.path("id").asText(), event);
        Report.did(accounts.accessManager, "ended the right that an earlier demo left");
      }
    }
  }

  private void incident(MachineInventory.Inventory found, String asset) throws IOException {
    Answer event =
        accounts.staff.postOnceKnown(
            "incident",
            "/v1/security-events",
            Map.of(
                "title",
                "Is everything that listens on " + found.hostname() + " needed?",
                "description",
                "TCP ports in the inventory: " + found.listeningPorts(),
                "occurredAt",
                found.collectedAt(),
                "asset",
                asset,
                "category",
                "VULNERABLE"));
    String object = "security-event/" + event.id();
    Report.did(accounts.staff, "reported \"%s\"", event.body().path("title").asText());
    Answer incident =
        accounts.responder.post(
            "incident",
            "/v1/security-events/" + event.id() + "/promotion",
            Map.of("category", "VULNERABLE", "severity", 2, "tlp", "AMBER"),
            event.version());
    trail.expect(object, "security-event.reported.v1", "security-event.promoted.v1");
    trail.expect("incident/" + incident.id(), "incident.opened.v1");
    Report.did(accounts.responder, "made it incident %s, severity 2, TLP:AMBER", incident.id());
  }

  private void backup(String asset) throws IOException {
    String plan = plan(asset);
    Path folder = site.root().resolve("docs");
    Instant began = clock.instant();
    Path copies = Files.createDirectories(site.state().resolve("demo"));
    Path copy = copies.resolve("docs-" + began.toEpochMilli() + ".tar.gz");
    MessageDigest digest = Sha256.digest();
    int files;
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
      files = Archives.tarGz(folder, out);
    }
    Answer run =
        accounts.tool.post(
            "backup",
            "/v1/plans/" + plan + "/runs",
            Map.of(
                "startedAt", began.toString(),
                "endedAt", clock.instant().toString(),
                "outcome", "SUCCEEDED",
                "bytes", Files.size(copy),
                "sha256", HexFormat.of().formatHex(digest.digest()),
                "location", copy.toString()));
    trail.expect("backup-run/" + run.id(), "backup-run.reported.v1");
    Report.did(accounts.tool, "copied docs/ (%d files) to %s", files, site.root().relativize(copy));
    Report.note(
        "and reported the run: %,d bytes, SHA-256 %.16s…",
        run.body().path("bytes").asLong(), run.body().path("sha256").asText());
  }

  private String plan(String asset) throws IOException {
    for (JsonNode plan : accounts.sysadmin.list("backup", "/v1/plans?limit=200&asset=" + asset)) {
      if (plan.path("name").asText().equals(PLAN) && !plan.path("state").asText().equals("ENDED")) {
        Report.did(accounts.sysadmin, "planned it before: \"%s\"", PLAN);
        return plan.path("id").asText();
      }
    }
    Answer plan =
        accounts.sysadmin.post(
            "backup",
            "/v1/plans",
            Map.of(
                "asset",
                asset,
                "name",
                PLAN,
                "site",
                "the same disk, for a demo",
                "schedule",
                Map.of("interval", "P1D", "tolerance", "PT6H"),
                "copy",
                Map.of("medium", "DISK", "protection", "NONE")));
    trail.expect("backup-plan/" + plan.id(), "backup-plan.created.v1");
    Report.did(accounts.sysadmin, "planned it: \"%s\", 6 h of tolerance", PLAN);
    return plan.id();
  }

  private void measure() throws IOException {
    long[] delays = new LogDelay(accounts.assetManager, accounts.auditor).of(WRITES);
    Report.note(
        "p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
        LogDelay.percentile(0.50, delays) / 1e6,
        LogDelay.percentile(0.99, delays) / 1e6,
        LogDelay.percentile(1, delays) / 1e6);
    Report.note("%d writes, one after the other; after each answer the log was asked", WRITES);
    Report.note(
        "every %d ms until it had the event; the asking is part of the time",
        LogDelay.PAUSE_MILLIS);
  }

  /** Exports the log, verifies the whole of it offline, and proves the trail against its root. */
  private void prove() throws IOException, InterruptedException {
    List<Trail.Entry> entries = trail.await();
    Report.title("The whole log, verified offline");
    Path export = site.state().resolve("demo/log.ndjson");
    Verification verification = new Verification(site, platform);
    verification.fetch(export);
    int exit = verification.of(export);
    // Here work goes on: a missing number is that of an event on its way.
    if (exit != 0 && exit != Verification.NUMBERS_MISSING) {
      throw new StackException(
          "The log does not verify; the lines above say where. The export: " + export);
    }
    Report.title("The trail, each entry proven to be in that log");
    trail.print(entries, tree(export), accounts);
  }

  private static Trail.Tree tree(Path export) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(export)) {
      JsonNode first = Http.JSON.readTree(lines.readLine());
      return new Trail.Tree(first.path("size").asLong(), first.path("root").asText());
    }
  }
}
