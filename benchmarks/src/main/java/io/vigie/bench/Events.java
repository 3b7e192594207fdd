package io.vigie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Events as asset-service's relay sends them: the contract's example, each about another asset, ids
 * in the order of time (UUIDv7), numbers without gaps.
 */
public final class Events {

  /** The topic that they belong on. */
  public static final String TOPIC = "vigie.asset.events";

  static final String SOURCE = "/vigie/asset";

  private static final String TYPE = "asset.registered.v1";

  /** What a record is made of. */
  public record Event(byte[] key, Headers headers, byte[] value) {}

  private final ObjectMapper json = new ObjectMapper();
  private final Random random = new Random();
  private final ObjectNode data;
  private long lastNumber;

  /** Events whose numbers follow the one given. */
  public Events(Path root, long lastNumber) throws IOException {
    this.lastNumber = lastNumber;
    this.data =
        (ObjectNode)
            json.readTree(
                Files.readAllBytes(root.resolve("contracts/events/" + TYPE + ".example.json")));
  }

  /** One that was never there before. */
  public Event next() throws IOException {
    UUID asset = id();
    data.put("aggregateId", asset.toString());
    Headers headers = new RecordHeaders();
    List<String> pairs =
        List.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id().toString(),
            "ce_source",
            SOURCE,
            "ce_type",
            TYPE,
            "ce_subject",
            "asset/" + asset,
            "ce_time",
            Instant.now().toString(),
            "ce_dataschema",
            "urn:vigie:schema:" + TYPE,
            "ce_actor",
            "11111111-2222-3333-4444-555555555555",
            "ce_eventnumber",
            "1",
            "ce_sourcenumber",
            Long.toString(++lastNumber),
            "content-type",
            "application/json");
    for (int i = 0; i < pairs.size(); i += 2) {
      headers.add(pairs.get(i), bytes(pairs.get(i + 1)));
    }
    return new Event(bytes(asset.toString()), headers, json.writeValueAsBytes(data));
  }

  private UUID id() {
    long time = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
    return new UUID(time, random.nextLong() >>> 2 | Long.MIN_VALUE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
