package io.vigie.audit.intake;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.intake.Arrival.Heartbeat;
import io.vigie.audit.intake.Arrival.Sound;
import io.vigie.audit.intake.Arrival.Unrecognised;
import io.vigie.audit.intake.Records.Draft;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Arrival read(Draft draft) {
    return RecordReader.read(draft.at(1, 42));
  }

  @Test
  void anEventOfTheRelayIsTakenAsItIs() {
    Draft draft = Records.registration();
    Sound event = assertInstanceOf(Sound.class, read(draft));
    assertEquals(draft.id(), event.id());
    assertEquals("/vigie/asset", event.event().source());
    assertEquals("asset/" + draft.asset(), event.event().subject());
    assertEquals(1L, event.event().eventNumber());
    assertEquals("application/json", event.contentType());
    assertArrayEquals(draft.value(), event.payload());
    assertEquals(new Entry.Position(Records.TOPIC, 1, 42), event.position());
  }

  @Test
  void aTraceContextIsNoPartOfTheEvent() {
    Draft draft = Records.registration();
    Sound plain = assertInstanceOf(Sound.class, read(draft));
    Sound traced = assertInstanceOf(Sound.class, read(draft.with("ce_traceparent", "00-1-2-01")));
    assertTrue(plain.repeats(traced));
  }

  @Test
  void aHeaderThatTheEntryDoesNotHoldIsKeptWithThePayload() throws Exception {
    Sound event =
        assertInstanceOf(Sound.class, read(Records.registration().with("x-origin", "elsewhere")));
    assertEquals(RecordReader.WHOLE_RECORD, event.contentType());
    JsonNode whole = JSON.readTree(event.payload());
    assertTrue(
        Stream.of(JSON.treeToValue(whole.get("headers"), JsonNode[].class))
            .anyMatch(header -> header.get("name").textValue().equals("x-origin")));
  }

  @Test
  void aHeartbeatIsTakenForWhatItSays() {
    Heartbeat heartbeat = assertInstanceOf(Heartbeat.class, read(Records.heartbeat(17)));
    assertEquals(17, heartbeat.lastNumber());
    assertEquals("/vigie/asset", heartbeat.source());
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        stranger("no specversion", d -> d.with("ce_specversion", null)),
        stranger("another specversion", d -> d.with("ce_specversion", "0.3")),
        stranger("no id", d -> d.with("ce_id", null)),
        stranger("an id that is no UUID", d -> d.with("ce_id", "42")),
        stranger("an id in another form", d -> d.with("ce_id", d.id().toString().toUpperCase())),
        stranger("the source of another topic", d -> d.with("ce_source", "/vigie/access")),
        stranger("no type", d -> d.with("ce_type", null)),
        stranger("a type without contract", d -> d.with("ce_type", "asset.exploded.v1")),
        stranger("a type that names a file", d -> d.with("ce_type", "../asset.registered.v1")),
        stranger(
            "a data schema of another type",
            d -> d.with("ce_dataschema", "urn:vigie:schema:asset.lost.v1")),
        stranger("no time", d -> d.with("ce_time", null)),
        stranger("a time that is none", d -> d.with("ce_time", "yesterday")),
        stranger(
            "a time beyond the database", d -> d.with("ce_time", "+999999999-01-01T00:00:00Z")),
        stranger(
            "a time beyond year 9999 in UTC", d -> d.with("ce_time", "9999-12-31T23:59:59-01:00")),
        stranger("an actor beyond 1,000 bytes", d -> d.with("ce_actor", "\u7dad".repeat(334))),
        stranger("no actor", d -> d.with("ce_actor", null)),
        stranger("an actor with a line feed", d -> d.with("ce_actor", "a\nb")),
        stranger("an actor with a NUL", d -> d.with("ce_actor", "a\u0000b")),
        stranger("a subject without end", d -> d.with("ce_subject", "s".repeat(1_001))),
        stranger("no source number", d -> d.with("ce_sourcenumber", null)),
        stranger("a negative source number", d -> d.with("ce_sourcenumber", "-1")),
        stranger("a source number of zero", d -> d.with("ce_sourcenumber", "0")),
        stranger(
            "an overflowing source number", d -> d.with("ce_sourcenumber", "9223372036854775808")),
        stranger("an event number that is none", d -> d.with("ce_eventnumber", "one")),
        stranger("another content type", d -> d.with("content-type", "text/plain")),
        stranger("no value", d -> d.withValue(null)),
        stranger("an empty value", d -> d.withValue("")),
        stranger("a value that is no JSON", d -> d.withValue("hello")),
        stranger("a value that is no object", d -> d.withValue("[]")),
        stranger("a value with a rest", d -> d.withValue("{}{}")),
        stranger("a value with a name twice", d -> d.withValue("{\"a\":1,\"a\":2}")),
        stranger(
            "a value that breaks the contract",
            d -> d.withValue("{\"aggregateId\":\"x\u0000\ud800\"}")),
        stranger("a value nested without end", d -> d.withValue("{\"a\":".repeat(100_000))),
        stranger(
            "a value nested as deep as can be",
            d -> d.withValue("{\"changes\":".repeat(990) + "1" + "}".repeat(990))),
        stranger("a value of one mebibyte", d -> d.withValue("x".repeat(1 << 20))));
  }

  private static Arguments stranger(String name, UnaryOperator<Draft> change) {
    return Arguments.of(name, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void whatIsNoEventOfItsSourceIsKeptWholeWithTheReason(String name, UnaryOperator<Draft> change)
      throws Exception {
    Draft draft = change.apply(Records.registration());
    Unrecognised record = assertInstanceOf(Unrecognised.class, read(draft), name);
    assertTrue(record.reason().length() > 5 && record.reason().length() <= 1_000, record.reason());
    assertTrue(record.reason().chars().noneMatch(Character::isISOControl), record.reason());
    JsonNode whole = JSON.readTree(record.raw());
    assertArrayEquals(draft.value(), whole.get("value").binaryValue());
    assertEquals(draft.headers().size(), whole.get("headers").size());
    for (JsonNode header : whole.get("headers")) {
      assertEquals(
          draft.headers().get(header.get("name").textValue()),
          new String(header.get("value").binaryValue(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aHeaderThatIsNoUtf8IsNotUnderstood() {
    for (byte[] actor :
        new byte[][] {
          {'a', (byte) 0xff}, // never in UTF-8
          {'a', (byte) 0xc3}, // half of a letter
          {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half of a surrogate pair
          {(byte) 0xc0, (byte) 0xaf}, // a slash in a form that is too long
          {(byte) 0xef, (byte) 0xbf, (byte) 0xbd, (byte) 0xff} // behind what may stand there
        }) {
      ConsumerRecord<byte[], byte[]> record =
          Records.registration().with("ce_actor", null).at(0, 0);
      record.headers().add("ce_actor", actor);
      Unrecognised malformed = assertInstanceOf(Unrecognised.class, RecordReader.read(record));
      assertTrue(malformed.reason().contains("ce_actor is not UTF-8"), malformed.reason());
    }
  }

  @Test
  void anyTextInUtf8IsTakenAsItIs() {
    String actor = "caf\u00e9 \u7dad \ud83d\ude00 \ufffd";
    Sound event =
        assertInstanceOf(Sound.class, read(Records.registration().with("ce_actor", actor)));
    assertEquals(actor, event.event().actor());
  }

  @Test
  void aHeaderThatStandsTwiceIsNotUnderstood() {
    ConsumerRecord<byte[], byte[]> record = Records.registration().at(0, 0);
    record.headers().add("ce_type", "asset.lost.v1".getBytes(StandardCharsets.UTF_8));
    Unrecognised twice = assertInstanceOf(Unrecognised.class, RecordReader.read(record));
    assertTrue(twice.reason().contains("ce_type twice"), twice.reason());
  }

  @Test
  void aHeartbeatThatSaysNothingOrLiesIsNone() {
    for (String value :
        new String[] {
          "{}",
          "{\"source\":\"/vigie/access\",\"lastSourceNumber\":1}",
          "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":-1}",
          "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":1.5}",
          "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":\"1\"}",
          "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":1e99}"
        }) {
      assertInstanceOf(Unrecognised.class, read(Records.heartbeat(1).withValue(value)), value);
    }
  }

  @Test
  void anyBytesAreReadWithoutAnException() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      RecordHeaders headers = new RecordHeaders();
      for (Map.Entry<String, String> header : Records.registration().headers().entrySet()) {
        byte[] value = header.getValue().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(12) == 0) {
          value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        headers.add(header.getKey(), random.nextInt(100) == 0 ? null : value);
      }
      byte[] value = new byte[random.nextInt(50)];
      random.nextBytes(value);
      ConsumerRecord<byte[], byte[]> record =
          new ConsumerRecord<>(
              Records.TOPIC,
              0,
              i,
              0,
              TimestampType.CREATE_TIME,
              -1,
              -1,
              null,
              value,
              headers,
              Optional.empty());
      assertInstanceOf(Unrecognised.class, RecordReader.read(record));
    }
  }
}
