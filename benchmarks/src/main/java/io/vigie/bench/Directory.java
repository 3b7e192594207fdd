package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * From the answer to the approval of a right until the role that it is in Keycloak is in its
 * holder's next token; and from the answer to its revocation until two services refuse the token of
 * before and Keycloak has no session of theirs. One person after the other, each decided about at
 * any moment between two looks at the queue of accounts. It is asked over and over, with a pause of
 * {@value #PAUSE_MILLIS} ms in between, which is part of the figure. The next token is that of a
 * refresh: it has the roles of its moment, as that of a sign-in has, and Keycloak works out no hash
 * of a password for it, which would slow down what is measured. Whoever signs in right after it
 * must have the role, too; how long that takes is on the other side, with the time between looks.
 */
final class Directory implements Benchmark {

  private static final String ROLE = "auditor";

  /** Who answers for the right, and approves it: nobody approves what they asked for. */
  private static final String OWNER = "asset-manager";

  private static final int PAUSE_MILLIS = 50;

  /** Between two looks at the queue, as access-service has it by default. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The administrator's token lives a minute, and a token that is too old is refused, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** So many people before the first that counts. */
  private static final int WARM_UP = 3;

  /** By service, what everybody who works here may read. */
  private static final Map<String, String> READS =
      Map.of("access", "/v1/people/me", "asset", "/v1/assets?limit=1");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    // Nobody waits for an account but these people.
    bed.freshUnlessQuick(READS.keySet().toArray(String[]::new));
    Caller manager = new Caller(bed, "access", "access-manager");
    Caller owner = new Caller(bed, "access", OWNER);
    Realm realm = new Realm(bed.stack().url("keycloak"));
    String entitlement = entitlement(bed, manager);
    int people = bed.quick() ? 3 : 24;
    double[] granted = new double[people];
    double[] revoked = new double[people];
    double[] limit = new double[people];
    // What runs for the first time is interpreted, and readers of events join their groups.
    for (int i = bed.quick() ? 0 : -WARM_UP; i < people; i++) {
      String name = "bench-" + UUID.randomUUID();
      String account = realm.make(bed.stack().adminToken(), name, email(name));
      String person = join(manager, name, account);
      JsonNode tokens = realm.signIn(name);
      String right = request(manager, person, entitlement);

      anyMoment();
      owner.act(right, "approval");
      double given = millisUntil(() -> Realm.hasRole(realm.refresh(tokens), ROLE));
      long start = System.nanoTime();
      JsonNode next = realm.signIn(name);
      double signedIn = (System.nanoTime() - start) / 1e6;
      require(Realm.hasRole(next, ROLE), "who signs in has the role");
      settle(manager, person);
      String before = Realm.accessToken(next);
      require(answers(bed, before).equals(Set.of(200)), "services take the token");

      String administrator = bed.stack().adminToken();
      require(realm.sessions(administrator, account) > 0, "they are signed in");
      anyMoment();
      manager.act(right, "revocation", "{\"reason\":\"done\"}");
      double taken =
          millisUntil(
              () ->
                  answers(bed, before).equals(Set.of(401))
                      && realm.sessions(administrator, account) == 0);
      require(realm.refusesToRefresh(next), "nobody refreshes a token of before");
      require(!Realm.hasRole(realm.signIn(name), ROLE), "who signs in has lost the role");
      if (i >= 0) {
        granted[i] = given;
        revoked[i] = taken;
        limit[i] = LOOK.toMillis() + signedIn;
      }
    }
    List<Row> rows = new ArrayList<>();
    rows.addAll(rows("-granted", "ms until the next token has it", granted, limit));
    rows.addAll(rows("-revoked", "ms until all is refused and signed out", revoked, limit));
    return bed.quick()
        ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
        : rows;
  }

  private List<Row> rows(String what, String unit, double[] inTurn, double[] limit) {
    return List.of(
        row(what + "-p50", unit, inTurn, limit, 0.5), row(what + "-max", unit, inTurn, limit, 1));
  }

  private Row row(String suffix, String unit, double[] inTurn, double[] limit, double share) {
    return new Row(
        name() + suffix,
        Samples.percentiles(inTurn, share),
        unit,
        "the queue's look and one sign-in",
        Samples.percentiles(limit, share),
        Goal.atMost(5_000, "ms"));
  }

  /** Puts what is the role in Keycloak into the catalogue; returns its id. */
  private static String entitlement(Bed bed, Caller manager) throws Exception {
    String account = Realm.claims(bed.token(OWNER)).path("sub").asText();
    return manager
        .post(
            "/v1/entitlements",
            Caller.JSON,
            """
            {"asset":"%s","name":"%s","type":"APPLICATION_ROLE","terms":{"owner":"%s",
             "sensitivity":"NORMAL","longest":"P30D","directory":{"kind":"ROLE","name":"%2$s"}}}"""
                .formatted(UUID.randomUUID(), ROLE, join(manager, OWNER, account)))
        .path("id")
        .asText();
  }

  /**
   * The id of the person whose account it is, registered where nobody is, once the account is what
   * it must be.
   */
  private static String join(Caller manager, String name, String account) throws Exception {
    JsonNode known = manager.read("/v1/people?subject=" + account).at("/items/0");
    JsonNode person =
        known.isObject()
            ? known
            : manager.post(
                "/v1/people",
                Caller.JSON,
                """
                {"givenName":"Grace","familyName":"Hopper","email":"%s","subject":"%s",
                 "businessProfile":"-","joinedOn":"2026-01-05"}"""
                    .formatted(email(name), account));
    String id = person.path("id").asText();
    settle(manager, id);
    return id;
  }

  /** As the demo accounts have them, so that nobody's is changed. */
  private static String email(String name) {
    return name + "@vigie.example";
  }

  /** Returns when nothing waits to be done about somebody's account. */
  private static void settle(Caller manager, String person) throws Exception {
    millisUntil(
        () -> manager.read("/v1/directory/changes?person=" + person).path("items").isEmpty());
  }

  /** Asks for the right as somebody who does not approve it; where it is found. */
  private static String request(Caller manager, String person, String entitlement)
      throws Exception {
    return "/v1/rights/"
        + manager
            .post(
                "/v1/rights",
                Caller.JSON,
                "{\"person\":\"%s\",\"entitlement\":\"%s\",\"reason\":\"reads the log\"}"
                    .formatted(person, entitlement))
            .path("id")
            .asText();
  }

  /** Without this, what went before would have each decision come as long after a look. */
  private static void anyMoment() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LOOK.toNanos()));
  }

  /** What the services answer to who comes with this token. */
  private Set<Integer> answers(Bed bed, String token)
      throws IOException, InterruptedException, SQLException {
    Set<Integer> answers = new HashSet<>();
    for (Map.Entry<String, String> read : READS.entrySet()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(bed.stack().url(read.getKey()) + read.getValue()))
              .header("Authorization", "Bearer " + token)
              .build();
      answers.add(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }
    return answers;
  }

  /** How long it takes from now until that is so. */
  private static double millisUntil(Callable<Boolean> isSo) throws Exception {
    long start = System.nanoTime();
    while (!isSo.call()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("not so after " + PATIENCE.toSeconds() + " s");
      }
      LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000L);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static void require(boolean isSo, String what) {
    if (!isSo) {
      throw new IllegalStateException("it is not so that " + what);
    }
  }
}
