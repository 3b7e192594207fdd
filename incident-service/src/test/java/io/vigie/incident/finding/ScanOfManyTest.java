package io.vigie.incident.finding;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.finding.Samples.bytes;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * As large a document as is taken, in the heap of the tests, which is that of a small service. How
 * long it takes is a benchmark's.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ScanOfManyTest {

  private static final String EVENTS = "vigie.incident.events";
  private static final int MOST = 50_000;

  private final String asset = UUID.randomUUID().toString();

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String database;

  @ConfigProperty(name = "quarkus.flyway.username")
  String owner;

  @ConfigProperty(name = "quarkus.flyway.password")
  String password;

  @ConfigProperty(name = "vigie.kafka")
  String kafka;

  /** Other tests read the whole topic, and have all states published again. */
  @AfterEach
  void leaveNothing() throws Exception {
    await().atMost(180, SECONDS).until(() -> count("outbox") == 0);
    try (Connection connection = connection();
        Statement sql = connection.createStatement()) {
      sql.execute("delete from scan_finding where asset = '%s'".formatted(asset));
      sql.execute("delete from scan where asset = '%s'".formatted(asset));
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      List<TopicPartition> partitions =
          admin
              .describeTopics(List.of(EVENTS))
              .topicNameValues()
              .get(EVENTS)
              .get()
              .partitions()
              .stream()
              .map(partition -> new TopicPartition(EVENTS, partition.partition()))
              .toList();
      Map<TopicPartition, RecordsToDelete> all =
          admin
              .listOffsets(
                  partitions.stream()
                      .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())))
              .all()
              .get()
              .entrySet()
              .stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      end -> RecordsToDelete.beforeOffset(end.getValue().offset())));
      admin.deleteRecords(all).all().get();
    }
  }

  @Test
  void fiftyThousandResultsAreTakenInWholeAndTheSameAgainChangesNothing() throws SQLException {
    // Given
    byte[] document = bytes(Samples.sarif(0, MOST, "x".repeat(300)));
    assertTrue(document.length > 15 * 1024 * 1024, "as large as is taken, nearly");

    // When
    scan(document)
        .then()
        .statusCode(200)
        .body("scans.scan.results", contains(MOST))
        .body("scans.scan.found", contains(MOST));

    // Then
    assertEquals(MOST, count("scan_finding where state = 'OPEN' and asset = '%s'"));
    Response first = findings();
    first.then().body("items", hasSize(200)).body("items.state", everyItem(equalTo("OPEN")));

    // When the same comes again, as it is and in other bytes
    scan(document).then().statusCode(200).body("scans.unchanged", contains(true));
    scan(bytes(Samples.sarif(0, MOST, "y".repeat(300))))
        .then()
        .statusCode(200)
        .body("scans.unchanged", contains(false))
        .body("scans.scan.found", contains(0))
        .body("scans.scan.reopened", contains(0))
        .body("scans.scan.gone", contains(0));

    // Then no finding changed, and each has the one event
    assertEquals(first.asString(), findings().asString());
    assertEquals(MOST, count("scan_finding where event_number = 1 and asset = '%s'"));
    assertEquals(2, count("scan where asset = '%s'"));

    // And one result more is too many
    problem(scan(bytes(Samples.sarif(0, MOST + 1, "x"))), 400, "validation")
        .body("errors.field", contains("runs[0].results"));
    assertEquals(MOST, count("scan_finding where asset = '%s'"));
  }

  private Response scan(byte[] document) {
    return Rest.as(Tokens.of(TOOL))
        .contentType("application/sarif+json")
        .body(document)
        .post("/v1/scans?asset={asset}", asset);
  }

  private Response findings() {
    return Rest.as(Tokens.of(SYSADMIN)).get("/v1/scan-findings?limit=200&asset=" + asset);
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(database, owner, password);
  }

  private int count(String rows) throws SQLException {
    try (Connection connection = connection();
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("select count(*) from " + rows.formatted(asset))) {
      row.next();
      return row.getInt(1);
    }
  }
}
