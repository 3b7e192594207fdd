package io.vigie.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
import io.vigie.stack.Demo;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The walk through the main job, on a new platform and again on a used one, and its records. */
@TestMethodOrder(OrderAnnotation.class)
class DemoTest {

  private static final Path SCHEMAS =
      Path.of(System.getProperty("vigie.root"), "..", "shared", "data", "ocsf");

  @Test
  @Order(1)
  void theMainJobEndsWithAVerifiedTrailTwiceInARow() {
    for (int run = 0; run < 2; run++) {
      assertDoesNotThrow(
          () -> Demo.run(Platform.site(), Platform.stack(), Clock.systemUTC()), "run " + run);
    }
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
