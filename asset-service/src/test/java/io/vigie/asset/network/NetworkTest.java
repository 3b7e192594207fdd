package io.vigie.asset.network;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.asset.posture.Endpoints;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class NetworkTest {

  private static final String TOKEN = Tokens.of(UUID.randomUUID(), SYSADMIN);
  private static final String OTHER = Tokens.of(UUID.randomUUID(), CISO);
  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static int network;

  @Inject MovableClock clock;
  @Inject NetworkClock networkClock;

  /** A network of its own for each test: 10.<n>.0.0/16. */
  private final int own = ++network;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void aFlowThatNobodyDeclaredIsFoundOnceAndItsDeclarationEndsTheFinding() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");

    String finding = see(1, 2, 8080).then().body("opened", hasSize(1)).extract().path("opened[0]");
    Rest.as(OTHER)
        .get("/v1/network-findings/" + finding)
        .then()
        .statusCode(200)
        .header("ETag", "\"0\"")
        .body("ports", contains(8080));
    see(1, 2, 8080).then().body("opened", hasSize(0));
    assertNotEquals(List.of(), tasks(MANAGER, "network-finding/" + finding));

    // When somebody declares it, and somebody else approves
    String flow = request(dmz, hosting, "8000-8099").then().statusCode(201).extract().path("id");
    problem(decide(TOKEN, flow, "approval"), 403, "forbidden");
    decide(OTHER, flow, "approval").then().statusCode(200);

    // Then it is over, and seen again it is nothing
    find(dmz).then().body("items.because", contains("DECLARED"));
    see(1, 2, 8080).then().body("opened", hasSize(0));

    // And once the declaration is withdrawn it is something
    decide(OTHER, flow, "withdrawal").then().statusCode(200);
    see(1, 2, 8080).then().body("opened", hasSize(1));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of("network-finding.opened.v1", "network-finding.closed.v1"),
          topic.await(2, about("network-finding/" + finding)).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
    }
  }

  @Test
  void aPortScanIsOneFindingWhoseListGrowsAndShrinksWithWhatIsSeenAndDeclared() {
    // Given
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");

    // When
    String scan =
        IntStream.rangeClosed(8_000, 8_049)
            .mapToObj(port -> line(1, 2, port))
            .collect(Collectors.joining("\n"));
    String finding = report(scan).then().body("opened", hasSize(1)).extract().path("opened[0]");

    // Then
    find(dmz)
        .then()
        .body("items", hasSize(1))
        .body("items[0].ports", hasSize(50))
        .body("items[0].morePorts", equalTo(false));
    report(scan).then().body("opened", hasSize(0)).body("widened", hasSize(0));

    // When it goes on at another port
    see(1, 2, 22).then().body("opened", hasSize(0)).body("widened", contains(finding));

    // And what is wanted is declared
    String flow = request(dmz, hosting, "8000-8099").path("id");
    decide(OTHER, flow, "approval").then().statusCode(200);

    // Then the rest is left
    find(dmz).then().body("items[0].ports", contains(22)).body("items[0].closedAt", equalTo(null));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "network-finding.opened.v1",
              "network-finding.widened.v1",
              "network-finding.narrowed.v1"),
          topic.await(3, about("network-finding/" + finding)).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
    }
  }

  @Test
  void whatIsSeenAtOnePortStillIsNotOver() throws Throwable {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    zone("HOSTING", "10.%d.2.0/24");
    Instant now = Instant.now();
    report(line(1, 2, 80) + "\n" + line(1, 2, 81).replace("2026-01-02T03:05:05Z", now.toString()))
        .then()
        .body("opened", hasSize(1));

    forgetQuiet();
    find(dmz).then().body("items[0].closedAt", equalTo(null));
    assertEquals(1, observed(dmz), "the one of long ago is forgotten");

    clock.move(Duration.ofDays(31));
    forgetQuiet();
    find(dmz).then().body("items.because", contains("QUIET"));
    assertEquals(0, observed(dmz));
  }

  private static long observed(String fromZone) throws SQLException {
    try (Connection database = Infrastructure.running().runtimeRole("asset");
        PreparedStatement count =
            database.prepareStatement(
                "select count(*) from observed_flow where from_zone = ?::uuid")) {
      count.setString(1, fromZone);
      ResultSet row = count.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private void forgetQuiet() throws Throwable {
    VertxContextSupport.subscribeAndAwait(networkClock::look);
  }

  /** What should not be on a network, the event that tells, and what it says. */
  enum Wrong {
    HOSTING_TO_INTERNAL("network-finding.opened.v1", "\"rule\":\"R9.3\""),
    INTERNAL_TO_HOSTING("network-finding.opened.v1", "\"rule\":\"R9.3\""),
    INTERNET_TO_DATABASE("network-finding.opened.v1", "\"rule\":\"R11.5\""),
    UNDECLARED("network-finding.opened.v1", "\"ports\":[8080]"),
    ANY_TO_ANY("security.refused.v1", "\"problem\":\"any-to-any\""),
    LISTENING_PORT("posture.breached.v1", "\"found\":\"2375\"");

    private final String type;
    private final String says;

    Wrong(String type, String says) {
      this.type = type;
      this.says = says;
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachThingThatShouldNotBeIsAnEvent(Wrong wrong) {
    String told =
        switch (wrong) {
          case HOSTING_TO_INTERNAL -> seen("HOSTING", "INTERNAL", line(1, 2, 445));
          case INTERNAL_TO_HOSTING -> seen("INTERNAL", "HOSTING", line(1, 2, 22));
          case INTERNET_TO_DATABASE ->
              seen("DMZ", "HOSTING", line(1, 2, 5432).replaceFirst("10[.0-9]+", "203.0.113.9"));
          case UNDECLARED -> seen("DMZ", "HOSTING", line(1, 2, 8080));
          case ANY_TO_ANY -> refused();
          case LISTENING_PORT -> listening();
        };

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<String> events =
          topic
              .await(
                  1,
                  about(told)
                      .or(event -> told.equals(header(event, "ce_actor")))
                      .and(ofType(wrong.type))
                      .and(event -> new String(event.value()).contains(wrong.says)))
              .stream()
              .map(event -> new String(event.value()))
              .toList();
      assertEquals(1, events.size(), events.toString());
    }
  }

  /** The one finding of what goes from .1.0/24 to .2.0/24. */
  private String seen(String from, String to, String line) {
    zone(from, "10.%d.1.0/24");
    zone(to, "10.%d.2.0/24");
    return report(line).then().body("opened", hasSize(1)).extract().path("opened[0]");
  }

  /** Who asked for all ports. */
  private String refused() {
    UUID actor = UUID.randomUUID();
    Map<String, String> all =
        Map.of(
            "fromZone", zone("DMZ", "10.%d.1.0/24"),
            "toZone", zone("HOSTING", "10.%d.2.0/24"),
            "protocol", "TCP",
            "ports", "1-65535",
            "purpose", "test");
    problem(Rest.as(Tokens.of(actor, SYSADMIN)).body(all).post("/v1/flows"), 422, "any-to-any");
    return actor.toString();
  }

  /** A server on which something listens that nobody declared. */
  private String listening() {
    String server = Endpoints.inService("SERVER");
    Endpoints.report(server, clock.instant(), Endpoints.good()).then().statusCode(200);
    Rest.as(Tokens.of(TOOL))
        .header("If-Match", "*")
        .body(
            Map.of(
                "collectedAt", clock.instant().toString(),
                "hostname", "web-1",
                "listeningPorts", List.of(2375)))
        .put("/v1/assets/" + server + "/inventory")
        .then()
        .statusCode(200);
    return server;
  }

  @Test
  void whatTheRulesForbidIsNotDeclaredAndIsFoundWithItsRule() {
    String hosting = zone("HOSTING", "10.%d.1.0/24");
    String internal = zone("INTERNAL", "10.%d.2.0/24");

    problem(request(hosting, internal, "443"), 422, "forbidden-flow")
        .body("detail", containsString("R9.3"));
    see(1, 2, 445).then().body("opened", hasSize(1));
    find(hosting).then().body("items.rule", contains("R9.3"));
  }

  @Test
  void anyToAnyIsRefused() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");

    problem(request(dmz, hosting, "1-65535"), 422, "any-to-any");
    problem(request(dmz, hosting, "0"), 400, "validation");
    problem(request(dmz, dmz, "80"), 422, "flow-within-a-zone");
  }

  @Test
  void anyToAnyByPiecesIsRefusedUntilAPieceIsOver() {
    // Given half of all ports, asked for, and some of them approved
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");
    String some = request(dmz, hosting, "1024-16000").then().statusCode(201).extract().path("id");
    decide(OTHER, some, "approval").then().statusCode(200);
    request(dmz, hosting, "16001-32000", tomorrow()).then().statusCode(201);

    // Then the same ports again are no more than they were, and others are
    request(dmz, hosting, "1024-32000").then().statusCode(201);
    problem(request(dmz, hosting, "32001-64000"), 422, "any-to-any")
        .body("detail", containsString("3 flows"));
    request(hosting, dmz, "32001-64000").then().statusCode(201);

    // And when pieces are over
    clock.move(Duration.ofDays(1));
    decide(OTHER, some, "withdrawal").then().statusCode(200);
    problem(request(dmz, hosting, "32001-64000"), 422, "any-to-any");
    decide(OTHER, last(dmz), "refusal").then().statusCode(200);
    request(dmz, hosting, "32001-64000").then().statusCode(201);
  }

  /** The flow from there that was asked for last. */
  private static String last(String from) {
    return Rest.as(OTHER).get("/v1/flows?fromZone=" + from).path("items[-1].id");
  }

  @Test
  void twoPiecesAtOnceAreNotBothTaken() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");

    List<Integer> answers =
        Stream.of("1-32000", "33000-65000")
            .map(ports -> CompletableFuture.supplyAsync(() -> request(dmz, hosting, ports)))
            .toList()
            .stream()
            .map(asked -> asked.join().statusCode())
            .sorted()
            .toList();

    assertEquals(List.of(201, 422), answers);
  }

  @Test
  void aZoneIsNotMoreThanHalfOfAllAddresses() {
    String name = "wide-" + own;
    for (List<String> wide :
        List.of(
            List.of("0.0.0.0/1", "128.0.0.0/1"),
            List.of("0.0.0.0/1", "10.%d.0.0/16".formatted(own), "200.0.0.0/24"),
            List.of("10.%d.0.0/16".formatted(own), "::/2", "4000::/2", "8000::/2"))) {
      problem(declare("DMZ", name, wide.toArray(String[]::new)), 400, "validation")
          .body("errors.field", contains("ranges"));
    }

    // What lies in another block of the zone does not count twice
    String zone =
        declare("DMZ", name, "::/1", "1000::/16").then().statusCode(201).extract().path("id");
    problem(
            Calls.put(
                TOKEN,
                "/v1/zones/" + zone,
                Map.of("name", name, "purpose", "DMZ", "ranges", List.of("::/1", "9000::/16"))),
            400,
            "validation")
        .body("errors.field", contains("ranges"));
    Rest.as(TOKEN)
        .header("If-Match", "*")
        .post("/v1/zones/" + zone + "/retirement")
        .then()
        .statusCode(200);
  }

  @Test
  void anExceptionThatTheRulesAllowNeedsAnEnd() {
    String vpn = zone("VPN", "10.%d.1.0/24");
    String backup = zone("BACKUP", "10.%d.2.0/24");
    problem(request(vpn, backup, "22"), 422, "forbidden-flow")
        .body("detail", containsString("7 days"));
    String flow =
        request(vpn, backup, "22", tomorrow())
            .then()
            .statusCode(201)
            .body("rule", equalTo("R12.4"))
            .extract()
            .path("id");
    see(1, 2, 22).then().body("opened", hasSize(1));
    decide(OTHER, flow, "approval").then().statusCode(200);
    see(1, 2, 22).then().body("opened", hasSize(0));
  }

  @Test
  void aRequestWaitsForADecisionUntilItsEndAndIsNotApprovedAfterIt() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String hosting = zone("HOSTING", "10.%d.2.0/24");
    String flow = request(dmz, hosting, "443", tomorrow()).path("id");
    assertEquals(List.of("flow.decide"), tasks(OTHER, "flow/" + flow));

    clock.move(Duration.ofDays(1));

    assertEquals(List.of(), tasks(OTHER, "flow/" + flow));
    problem(decide(OTHER, flow, "approval"), 409, "flow-over");
    decide(OTHER, flow, "withdrawal").then().statusCode(200);
  }

  @Test
  void aDatabaseThatTheInternetReachesIsFoundThoughNobodyDeclaredTheInternet() {
    String hosting = zone("HOSTING", "10.%d.1.0/24");
    String database = addressed("10.%d.1.9".formatted(own));

    report(
            "{\"source\":\"203.0.113.9\",\"destination\":\"10.%d.1.9\",\"protocol\":\"TCP\",\"port\":5432,\"firstSeen\":\"2026-01-02T03:04:05Z\",\"lastSeen\":\"2026-01-02T03:05:05Z\",\"count\":3}"
                .formatted(own))
        .then()
        .body("opened", hasSize(1));

    Rest.as(OTHER)
        .get("/v1/network-findings?open=true&toAsset=" + database)
        .then()
        .body("items.rule", contains("R11.5"))
        .body("items.toZone", contains(hosting));
  }

  @Test
  void aDatabaseIsOneAtTheAddressAndPortThatItIsSaidToHave() {
    // Given a database where none is expected, and one that does not say its port
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String database = database(Map.of("ipAddress", "10.%d.1.5".formatted(own), "port", 9_999));
    String other = database(Map.of("ipAddress", "10.%d.1.6".formatted(own)));
    for (String asset : List.of(database, other)) {
      place(asset, dmz).then().statusCode(200);
    }
    String web = fromTheInternet(443);

    // When it is reached from the internet
    report(web.replace("443", "9999")).then().body("opened", hasSize(1));
    report(web).then().body("opened", hasSize(1));
    report(web.replace(".1.5\"", ".1.6\"")).then().body("opened", hasSize(1));

    // Then what is the database's is forbidden
    Response found = Rest.as(OTHER).get("/v1/network-findings?open=true&toAsset=" + database);
    found
        .then()
        .body("items.find { it.ports == [9999] }.rule", equalTo("R11.5"))
        .body("items.find { it.ports == [443] }.rule", equalTo(null));
    Rest.as(OTHER)
        .get("/v1/network-findings?open=true&toAsset=" + other)
        .then()
        .body("items.rule", contains("R11.5"));

    // And it is not declared either
    String internet = found.path("items[0].fromZone");
    problem(request(internet, dmz, "9000-9999"), 422, "forbidden-flow")
        .body("detail", containsString("R11.5"));
    request(internet, dmz, "443").then().statusCode(201);
  }

  private static String database(Map<String, Object> attributes) {
    return Rest.as(MANAGER)
        .body(
            Map.of(
                "name", "orders", "kind", "DATABASE", "production", true, "attributes", attributes))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void remoteAccessFromTheInternetIsFoundUnlessAnExceptionWithAnEndAllowsIt() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String shell = fromTheInternet(22);

    String finding = report(shell).then().body("opened", hasSize(1)).extract().path("opened[0]");

    finding(finding)
        .then()
        .body("rule", equalTo("R9.4"))
        .body("toZone", equalTo(dmz))
        .body("ports", contains(22));
    String internet = finding(finding).path("fromZone");
    problem(request(internet, dmz, "22"), 422, "forbidden-flow")
        .body("detail", containsString("90 days"));

    String flow =
        request(internet, dmz, "22", tomorrow()).then().statusCode(201).extract().path("id");
    decide(OTHER, flow, "approval").then().statusCode(200);
    finding(finding).then().body("because", equalTo("DECLARED"));
    report(shell).then().body("opened", hasSize(0));
  }

  @Test
  void anExceptionFromOneRuleAllowsNothingThatAnotherForbids() {
    // Given an exception for remote access, asked for before databases listened at its ports
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String shell = report(fromTheInternet(22)).path("opened[0]");
    String internet = finding(shell).path("fromZone");
    String exception =
        request(internet, dmz, "22-30", tomorrow())
            .then()
            .statusCode(201)
            .body("rule", equalTo("R9.4"))
            .extract()
            .path("id");
    String database = database(Map.of("ipAddress", "10.%d.1.5".formatted(own), "port", 25));
    String other = database(Map.of("ipAddress", "10.%d.1.6".formatted(own)));
    for (String asset : List.of(database, other)) {
      place(asset, dmz).then().statusCode(200);
    }
    String reached =
        report(fromTheInternet(25)).then().body("opened", hasSize(1)).extract().path("opened[0]");

    // When it is approved
    decide(OTHER, exception, "approval").then().statusCode(200);

    // Then it ends what its own rule forbids, and that alone
    finding(shell).then().body("because", equalTo("DECLARED"));
    finding(reached).then().body("rule", equalTo("R11.5")).body("closedAt", equalTo(null));

    // And seen again that is nothing, while what reaches the other database is found
    report(fromTheInternet(22)).then().body("opened", hasSize(0));
    report(fromTheInternet(26).replace(".1.5\"", ".1.6\"")).then().body("opened", hasSize(1));
    Rest.as(OTHER)
        .get("/v1/network-findings?open=true&toAsset=" + other)
        .then()
        .body("items.rule", contains("R11.5"));
  }

  @Test
  void whatComesFromANetworkThatNobodyDeclaredIsFound() {
    String dmz = zone("DMZ", "10.%d.1.0/24");

    see(77, 1, 22).then().body("unresolved", equalTo(1)).body("opened", hasSize(1));
    see(78, 1, 22).then().body("unresolved", equalTo(1)).body("opened", hasSize(0));
    report(line(1, 1, 22).replaceFirst("\"10[.0-9]+\"", "\"169.254.7.7\""))
        .then()
        .body("unresolved", equalTo(1))
        .body("opened", hasSize(0));

    Rest.as(OTHER)
        .get("/v1/network-findings?open=true&toZone=" + dmz)
        .then()
        .body("items.rule", contains("R9.2"));
  }

  @Test
  void aNetworkThatNobodyDeclaredIsOneFindingHoweverManyAssetsItReaches() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    for (int host : List.of(8, 9)) {
      addressed("10.%d.1.%d".formatted(own, host));
    }

    String known = line(77, 1, 22).replace(".1.5\"", ".1.8\"");
    report(known + "\n" + line(77, 1, 23).replace(".1.5\"", ".1.9\""))
        .then()
        .statusCode(200)
        .body("opened", hasSize(1));
    report(line(77, 1, 25)).then().body("opened", hasSize(0)).body("widened", hasSize(1));

    Rest.as(OTHER)
        .get("/v1/network-findings?open=true&toZone=" + dmz)
        .then()
        .body("items.rule", contains("R9.2"))
        .body("items[0].ports", contains(22, 23, 25))
        .body("items[0].toAsset", equalTo(null));
  }

  /** A machine at this address. */
  private static String addressed(String address) {
    return Rest.as(MANAGER)
        .body(
            Map.of(
                "name",
                "orders",
                "kind",
                "VIRTUAL_MACHINE",
                "production",
                true,
                "attributes",
                Map.of("ipAddress", address)))
        .post("/v1/assets")
        .path("id");
  }

  @Test
  void theLongestRangeCountsAndNoRangeIsInTwoZones() {
    zone("INTERNAL", "10.%d.0.0/16");
    String dmz = zone("DMZ", "10.%d.1.0/24");
    zone("HOSTING", "10.%d.2.0/24");
    problem(declare("DMZ", "again" + own, "10.%d.1.0/24".formatted(own)), 409, "already-exists");

    see(1, 2, 80).then().body("opened", hasSize(1));
    find(dmz).then().body("items", hasSize(1));
  }

  @Test
  void whatIsNoRangeIsNamed() {
    for (String range : List.of("10.0.0.0/33", "0.0.0.0/0", "10.1.2.3/8", "::/0", "1.2.3/8/8")) {
      problem(declare("DMZ", "wrong" + own, range), 400, "validation");
    }
    problem(declare("MOON", "moon", "10.1.0.0/16"), 400, "validation");
  }

  @Test
  void aReportIsTakenWholeOrNotAtAll() {
    zone("DMZ", "10.%d.1.0/24");
    zone("HOSTING", "10.%d.2.0/24");
    for (String wrong :
        List.of(
            "{",
            "null",
            "{\"source\":\"localhost\"}",
            line(1, 2, 80).replace("TCP", "ICMP"),
            line(1, 2, 80).replace("2026-01-02T03:05:05Z", "2999-01-02T03:05:05Z"),
            line(1, 2, 80).replace("10.", "999."))) {
      problem(report(line(1, 2, 81) + "\n" + wrong), 400, "bad-request")
          .body("detail", containsString("Line 2"));
    }
    String soon = Instant.now().plusSeconds(120).toString();
    report(line(1, 2, 81).replace("2026-01-02T03:05:05Z", soon))
        .then()
        .statusCode(200)
        .body("opened", hasSize(1));
    report(line(1, 77, 80)).then().body("unresolved", equalTo(1));
  }

  @Test
  void aNetworkedAssetSitsInAZoneAndAZoneWithAssetsStays() {
    String dmz = zone("DMZ", "10.%d.1.0/24");
    String server = register("SERVER");
    problem(place(register("PAPER_ARCHIVE"), dmz), 422, "asset-not-networked");
    problem(place(server, UUID.randomUUID().toString()), 422, "unknown-zone");
    place(server, dmz).then().statusCode(200).body("zone", equalTo(dmz));
    Rest.as(TOKEN).get("/v1/assets?zone=" + dmz).then().body("items.id", contains(server));
    problem(
        Rest.as(TOKEN).header("If-Match", "\"0\"").post("/v1/zones/" + dmz + "/retirement"),
        409,
        "zone-not-empty");
  }

  @Test
  void aZoneIsAtPremisesThatStayOpen() {
    String lyon = register("PREMISES");
    String range = "10.%d.9.0/24".formatted(own);
    for (String none : List.of(UUID.randomUUID().toString(), register("SERVER"))) {
      problem(post("/v1/zones", sited(none, range)), 422, "unknown-reference")
          .body("errors.field", contains("site"));
    }
    String zone = post("/v1/zones", sited(lyon, range)).then().statusCode(201).extract().path("id");
    String path = "/v1/zones/" + zone;
    problem(
        Calls.put(TOKEN, path, sited(UUID.randomUUID().toString(), range)),
        422,
        "unknown-reference");

    // when the site closes, what is there may change and nothing more comes
    Rest.as(MANAGER)
        .body(Map.of("site", lyon, "closesOn", "2026-06-30", "reason", "the lease ends"))
        .post("/v1/site-closures")
        .then()
        .statusCode(201);
    Calls.put(TOKEN, path, sited(lyon, "10.%d.8.0/24".formatted(own))).then().statusCode(200);
    problem(post("/v1/zones", sited(lyon, range)), 409, "site-closes");
  }

  private static Map<String, Object> sited(String site, String range) {
    return Map.of(
        "name", "zone " + range, "purpose", "DMZ", "site", site, "ranges", List.of(range));
  }

  private static Response post(String path, Object body) {
    return Rest.as(TOKEN).body(body).post(path);
  }

  private static String register(String kind) {
    return Rest.as(MANAGER)
        .body(Map.of("name", "x", "kind", kind, "production", false))
        .post("/v1/assets")
        .path("id");
  }

  private static Response place(String asset, String zone) {
    return Rest.as(MANAGER)
        .header("If-Match", "\"0\"")
        .body(Map.of("zone", zone))
        .put("/v1/assets/" + asset + "/zone");
  }

  private String zone(String purpose, String... ranges) {
    List<String> blocks = List.of(ranges).stream().map(range -> range.formatted(own)).toList();
    return declare(purpose, purpose + "-" + own, blocks.toArray(String[]::new))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static Response declare(String purpose, String name, String... ranges) {
    return Rest.as(TOKEN)
        .body(Map.of("name", name, "purpose", purpose, "ranges", List.of(ranges)))
        .post("/v1/zones");
  }

  private static Response request(String from, String to, String ports) {
    return request(from, to, ports, null);
  }

  private static Response request(String from, String to, String ports, Instant until) {
    Map<String, Object> flow = new HashMap<>();
    flow.put("fromZone", from);
    flow.put("toZone", to);
    flow.put("protocol", "TCP");
    flow.put("ports", ports);
    flow.put("purpose", "test");
    if (until != null) {
      flow.put("validUntil", until.toString());
    }
    return Rest.as(TOKEN).body(flow).post("/v1/flows");
  }

  private Instant tomorrow() {
    return clock.instant().plus(Duration.ofDays(1));
  }

  private static Response decide(String token, String flow, String decision) {
    return Rest.as(token)
        .header("If-Match", Rest.as(OTHER).get("/v1/flows/" + flow).header("ETag"))
        .body(decision.equals("approval") ? Map.of() : Map.of("reason", "test"))
        .post("/v1/flows/" + flow + "/" + decision);
  }

  private static Response find(String fromZone) {
    return Rest.as(OTHER).get("/v1/network-findings?fromZone=" + fromZone);
  }

  private static Response finding(String id) {
    return Rest.as(OTHER).get("/v1/network-findings/" + id);
  }

  private Response see(int from, int to, int port) {
    return report(line(from, to, port));
  }

  private String line(int from, int to, int port) {
    return """
    {"source":"10.%1$d.%2$d.5","destination":"10.%1$d.%3$d.5","protocol":"TCP","port":%4$d,\
    "firstSeen":"2026-01-02T03:04:05Z","lastSeen":"2026-01-02T03:05:05Z","count":1}"""
        .formatted(own, from, to, port);
  }

  /** To the machine of the first zone. */
  private String fromTheInternet(int port) {
    return line(9, 1, port).replaceFirst("\"10[.0-9]+\"", "\"203.0.113.9\"");
  }

  private static Response report(String lines) {
    return Rest.as(Tokens.of(TOOL))
        .contentType("application/x-ndjson")
        .body(lines.getBytes(StandardCharsets.UTF_8))
        .post("/v1/observed-flows");
  }
}
