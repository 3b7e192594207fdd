package io.vigie.system;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.stack.Vigie;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The walk through the main job, on a new platform and again on a used one, and its records. */
@TestMethodOrder(OrderAnnotation.class)
@OnOneMachine("reads from the broker")
class DemoTest {

  private static final Path SCHEMAS =
      Path.of(System.getProperty("vigie.root"), "..", "shared", "data", "ocsf");

  @Test
  @Order(1)
  void theMainJobEndsWithAVerifiedTrailAndTheConsolesAddressTwiceInARow() throws IOException {
    // Given the export of a longer log that was here before
    Path before = Path.of(System.getProperty("vigie.root"), ".vigie", "demo", "log.ndjson");
    Files.createDirectories(before.getParent());
    Files.writeString(before, "{}\n".repeat(1_000_000));

    // Then
    String console = "The console: " + Platform.stack().url("console") + " (sign in as staff, ";
    for (int run = 0; run < 2; run++) {
      String said = demo();
      String last = said.lines().reduce((line, next) -> next).orElseThrow();
      assertTrue(last.startsWith(console), said);
    }
  }

  /** What the command says, which is also shown. */
  private static String demo() {
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, Vigie.run(site -> Platform.stack(), "demo"));
    } finally {
      System.setOut(out);
      out.println(said);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  @Order(2)
  void aSiemGetsARecordOfEachEntryAndItsTypeIsThatOfItsClassAndActivity() throws IOException {
    long size = SiemTopic.published();
    assertTrue(size > 0);
    Map<Long, JsonNode> records = SiemTopic.records(size);
    assertEquals(LongStream.range(0, size).boxed().toList(), List.copyOf(records.keySet()));
    records.forEach(
        (index, record) -> {
          assertEquals(index, record.at("/unmapped/log_index").longValue());
          assertEquals(
              record.get("class_uid").longValue() * 100 + record.get("activity_id").longValue(),
              record.get("type_uid").longValue(),
              record::toString);
        });
  }

  @Test
  @Order(3)
  void eachOfTheseRecordsKeepsTheSchemaOfItsClass() throws IOException {
    assumeTrue(Files.isDirectory(SCHEMAS), "no OCSF schemas beside this checkout");
    Map<Integer, JsonSchema> classes = new HashMap<>();
    for (JsonNode record : SiemTopic.records(SiemTopic.published()).values()) {
      JsonSchema schema =
          classes.computeIfAbsent(record.get("class_uid").intValue(), DemoTest::schema);
      assertEquals("[]", schema.validate(record).toString(), record::toString);
    }
    assertTrue(classes.size() > 3, classes.keySet()::toString);
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
}
