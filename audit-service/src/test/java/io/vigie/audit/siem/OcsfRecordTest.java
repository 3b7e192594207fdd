package io.vigie.audit.siem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class OcsfRecordTest {

  private static final String ORIGIN = "vigie.local/log";
  private static final Path SCHEMAS =
      Path.of(System.getProperty("vigie.root"), "..", "shared", "data", "ocsf");
  private static final Map<Integer, JsonSchema> CLASSES = new ConcurrentHashMap<>();

  static Set<String> types() {
    return OcsfMappingTest.types();
  }

  private static ObjectNode render(PublishedEntry entry) {
    return OcsfRecord.of(entry, ORIGIN).json();
  }

  /** Holds a record against the schema of its class, and against what the schema does not say. */
  static void assertValid(JsonNode record) {
    assumeTrue(Files.isDirectory(SCHEMAS), "no OCSF schemas beside this checkout");
    int classUid = record.get("class_uid").intValue();
    assertEquals(
        classUid * 100L + record.get("activity_id").longValue(),
        record.get("type_uid").longValue());
    assertEquals(
        Set.of(),
        CLASSES.computeIfAbsent(classUid, OcsfRecordTest::schema).validate(record),
        record::toString);
  }

  private static JsonSchema schema(int classUid) {
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(classUid + "-"))
              .findFirst()
              .orElseThrow();
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyEventTypeGivesARecordOfItsClass(String type) {
    assertValid(render(SampleEntries.of(type)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void anErasedEventGivesARecordOfItsClassToo(String type) {
    ObjectNode record = render(SampleEntries.of(7, SampleEntries.members(type), null));
    assertTrue(record.at("/unmapped/payload_erased").booleanValue());
    assertValid(record);
  }

  @ParameterizedTest
  @MethodSource("types")
  void anAlertedEventIsOfHighSeverityAndSaysWhy(String type) {
    ObjectNode members = SampleEntries.members(type).put("alert", "number-reused");
    ObjectNode record = render(SampleEntries.of(7, members, SampleEntries.example(type)));
    assertTrue(record.get("severity_id").intValue() >= 4);
    assertEquals("number-reused", record.at("/unmapped/alert").textValue());
    assertValid(record);
  }

  @Test
  void aRecordThatIsNoEventIsABaseEventWithoutItsBytes() {
    ObjectNode record = render(SampleEntries.unrecognised());
    assertEquals(0, record.get("class_uid").intValue());
    assertEquals(99, record.get("type_uid").intValue());
    assertEquals(SampleEntries.LOGGED_AT.toEpochMilli(), record.get("time").longValue());
    assertEquals("vigie.local/log#8", record.at("/metadata/uid").textValue());
    assertEquals("unrecognised", record.at("/unmapped/alert").textValue());
    assertFalse(record.has("raw_data"));
    assertValid(record);
  }

  @Test
  void aTypeThatNoMappingKnowsIsABaseEventAndSaysItsType() {
    ObjectNode members = SampleEntries.members("asset.lost.v1").put("type", "asset.sold.v1");
    ObjectNode record = render(SampleEntries.of(7, members, "{}".getBytes()));
    assertEquals(0, record.get("class_uid").intValue());
    assertEquals("asset.sold.v1", record.at("/metadata/event_code").textValue());
    assertValid(record);
    members.put("type", "mapping.schema");
    assertEquals(
        0, render(SampleEntries.of(7, members, "{}".getBytes())).get("class_uid").intValue());
  }

  @Test
  void aGrantSaysWhoGaveWhichPrivilegeOnWhatToWhom() {
    ObjectNode record = render(SampleEntries.of("right.approved.v1"));
    assertEquals(300501, record.get("type_uid").intValue());
    assertEquals(3, record.get("category_uid").intValue());
    assertEquals(1767323045000L, record.get("time").longValue());
    assertEquals("11111111-2222-3333-4444-555555555555", record.at("/actor/user/uid").textValue());
    assertEquals("01936f2a-5c00-7000-8000-0000000000a1", record.at("/user/uid").textValue());
    assertEquals("admin", record.at("/privileges/0").textValue());
    assertEquals("01936f2a-5c00-7000-8000-0000000000b1", record.at("/resources/0/uid").textValue());
    assertEquals(SampleEntries.EVENT_ID, record.at("/metadata/uid").textValue());
    assertEquals("1.8.0", record.at("/metadata/version").textValue());
  }

  @Test
  void aRecordSaysWhereItsEntryStandsInTheLog() {
    PublishedEntry entry = SampleEntries.of("asset.lost.v1");
    JsonNode unmapped = render(entry).get("unmapped");
    assertEquals(ORIGIN, unmapped.get("log_origin").textValue());
    assertEquals(7, unmapped.get("log_index").longValue());
    assertEquals(
        Base64.getEncoder().encodeToString(entry.leaf()), unmapped.get("leaf_hash").textValue());
    assertEquals(12, unmapped.get("checkpoint_size").longValue());
  }

  @Test
  void aServiceThatActsByItselfIsAnApplication() {
    ObjectNode members = SampleEntries.members("right.expired.v1").put("actor", "system:access");
    ObjectNode record =
        render(SampleEntries.of(7, members, SampleEntries.example("right.expired.v1")));
    assertEquals("access", record.at("/actor/app_name").textValue());
    assertValid(record);
  }

  @Test
  void anIncidentThatClosesClosesItsFinding() {
    byte[] closed =
        new String(SampleEntries.example("incident.advanced.v1"), StandardCharsets.UTF_8)
            .replace("\"to\": \"CONTAINED\"", "\"to\": \"CLOSED\"")
            .getBytes(StandardCharsets.UTF_8);
    ObjectNode record =
        render(SampleEntries.of(7, SampleEntries.members("incident.advanced.v1"), closed));
    assertEquals(200503, record.get("type_uid").intValue());
    assertEquals(5, record.get("status_id").intValue());
    assertValid(record);
  }

  @Test
  void anEventThatCameWithMoreHeadersIsMappedAsAnyOther() {
    String value = Base64.getEncoder().encodeToString(SampleEntries.example("right.approved.v1"));
    ObjectNode members =
        SampleEntries.members("right.approved.v1")
            .put("contentType", "application/vnd.vigie.record+json");
    ObjectNode record =
        render(SampleEntries.of(7, members, ("{\"value\":\"" + value + "\"}").getBytes()));
    assertEquals("admin", record.at("/privileges/0").textValue());
  }

  @Test
  void anIdThatCameTwiceNamesTheFirstEventAlone() {
    ObjectNode members = SampleEntries.members("asset.lost.v1").put("alert", "id-reused");
    ObjectNode record =
        render(SampleEntries.of(9, members, SampleEntries.example("asset.lost.v1")));
    assertEquals("vigie.local/log#9", record.at("/metadata/uid").textValue());
    assertEquals(SampleEntries.EVENT_ID, record.at("/unmapped/event_id").textValue());
  }

  @Test
  void anEntryThatIsNoJsonAnyMoreIsNotSent() {
    PublishedEntry broken =
        new PublishedEntry(3, new byte[] {1}, new byte[32], null, SampleEntries.LOGGED_AT, 4);
    assertThrows(IllegalStateException.class, () -> render(broken));
  }
}
