package io.vigie.stack;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/** A {@link Company} in access-service: what there are rights to, people, rights, a review. */
final class CompanyRights {
  private static final Duration OPENS_WITHIN = Duration.ofSeconds(60);
  private static final int AT_ONCE = 200;

  private final CompanySeed seed;
  private final Company company;
  private final Caller manager;
  private final Caller ciso;

  /** Who answers for all of it: the asset manager. */
  private final String owner;

  CompanyRights(CompanySeed seed, String owner) {
    this.seed = seed;
    this.owner = owner;
    company = seed.company();
    manager = seed.accounts().accessManager;
    ciso = seed.accounts().ciso;
  }

  /** The catalogue: entitlements, and the profiles that give them. */
  void catalogue() throws IOException, InterruptedException {
    seed.crew()
        .together(
            company.entitlements().stream().<Crew.Work>map(one -> () -> entitlement(one)).toList());
    TreeSet<String> profiles = new TreeSet<>();
    seed.people().forEach(person -> profiles.add(person.profile()));
    seed.crew().together(profiles.stream().<Crew.Work>map(one -> () -> profile(one)).toList());
  }

  private void entitlement(Company.Entitlement one) throws IOException {
    Answer created =
        manager.post(
            "access",
            "/v1/entitlements",
            Map.of(
                "asset",
                seed.id("asset", one.asset()),
                "name",
                one.name(),
                "type",
                one.type(),
                "terms",
                Map.of("owner", owner, "sensitivity", one.sensitivity(), "longest", "P180D")));
    seed.keep("entitlement", one.key(), created.id());
    seed.progress().step();
  }

  /** What of it is sensitive waits for somebody else. */
  private void profile(String name) throws IOException {
    Answer profile =
        manager.post(
            "access",
            "/v1/business-profiles",
            Map.of(
                "name",
                name,
                "description",
                company.name() + ": " + name,
                "entitlements",
                company.entitlements().stream()
                    .filter(one -> one.profiles().contains(name))
                    .map(one -> seed.id("entitlement", one.key()))
                    .toList()));
    if (profile.body().hasNonNull("proposal")) {
      ciso.post(
          "access", "/v1/business-profiles/" + profile.id() + "/approval", null, profile.version());
    }
  }

  /** Sends the table of people as HR software does, and learns their ids. */
  void people() throws IOException {
    seed.accounts()
        .hr
        .postTable(
            "access",
            "/v1/people/import",
            Employee.COLUMNS,
            Employee.table(seed.people(), seed.all("premises")));
    for (JsonNode person : manager.listAll("access", "/v1/people")) {
      seed.keep("person", person.path("employeeNumber").asText(), person.path("id").asText());
    }
    seed.people().forEach(person -> seed.progress().step());
  }

  /** Rights that no profile gives: asked for, decided about or waiting. */
  void requests() throws IOException, InterruptedException {
    List<Crew.Work> works = new ArrayList<>();
    for (Company.Request request : company.requests()) {
      seed.people().stream()
          .filter(person -> person.profile().equals(request.profile()))
          .limit(request.people())
          .forEach(person -> works.add(() -> request(request, person)));
    }
    seed.crew().together(works);
  }

  private void request(Company.Request request, Employee person) throws IOException {
    Answer right =
        manager.post(
            "access",
            "/v1/rights",
            Map.of(
                "person",
                seed.id("person", person.number()),
                "entitlement",
                seed.id("entitlement", request.entitlement()),
                "reason",
                request.reason(),
                "validUntil",
                seed.now().plus(request.days(), ChronoUnit.DAYS).toString()));
    String path = "/v1/rights/" + right.id();
    Caller byOwner = seed.accounts().assetManager;
    if ("approval".equals(request.decision())) {
      Answer endorsed = byOwner.post("access", path + "/approval", null, right.version());
      ciso.post("access", path + "/approval", null, endorsed.version());
    } else if ("refusal".equals(request.decision())) {
      byOwner.post(
          "access",
          path + "/refusal",
          Map.of("reason", "The profile does not need it."),
          right.version());
    }
    seed.progress().step();
  }

  /**
   * Plans the review of what people at the company's offices have of its entitlements; it opens by
   * itself.
   */
  String plan() throws IOException {
    return manager
        .post(
            "access",
            "/v1/campaigns",
            Map.of(
                "name",
                company.campaign().name(),
                "scope",
                Map.of(
                    "entitlements",
                    seed.all("entitlement").values(),
                    // A profile of the same name gives the company's rights to others, too.
                    "sites",
                    seed.all("premises").values()),
                "reviewers",
                "OWNER"))
        .id();
  }

  /** Answers a part of what is asked, the same part each time, once it is open. */
  void answer(String campaign) throws IOException {
    String path = "/v1/campaigns/" + campaign;
    long deadline = System.nanoTime() + OPENS_WITHIN.toNanos();
    while (!manager.get("access", path).body().path("state").asText().equals("OPEN")) {
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "The review has not opened after %d s: GET %s of access-service"
                .formatted(OPENS_WITHIN.toSeconds(), path));
      }
      Daemon.pause(Duration.ofMillis(500));
    }
    Caller reviewer = seed.accounts().assetManager;
    List<JsonNode> items =
        reviewer.listAll("access", path + "/items?state=PENDING").stream()
            .sorted(inOrder())
            .limit(AT_ONCE)
            .toList();
    List<Map<String, Object>> answers = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String verdict = verdict(i);
      if (verdict != null) {
        Map<String, Object> answer = new HashMap<>();
        answer.put("item", items.get(i).path("id").asText());
        answer.put("version", items.get(i).path("version").asLong());
        answer.put("decision", verdict);
        answer.put(
            "reason",
            verdict.equals("REVOKE") ? "Nobody in this team needs it." : "Needed each day.");
        answers.add(answer);
      }
    }
    if (!answers.isEmpty()) {
      reviewer.post("access", path + "/decisions", Map.of("decisions", answers));
    }
  }

  /** By what two stacks have in common; ids are others on each. */
  private Comparator<JsonNode> inOrder() {
    Map<String, String> entitlements = new HashMap<>();
    seed.all("entitlement").forEach((key, id) -> entitlements.put(id, key));
    return Comparator.comparing(text("familyName"))
        .thenComparing(text("givenName"))
        .thenComparing(text("name"))
        .thenComparing(item -> entitlements.get(item.path("entitlement").asText()));
  }

  private static Function<JsonNode, String> text(String field) {
    return item -> item.path(field).asText();
  }

  private String verdict(int item) {
    if (item % company.campaign().revokeEvery() == 0) {
      return "REVOKE";
    }
    return item % company.campaign().certifyEvery() == 0 ? "CERTIFY" : null;
  }
}
