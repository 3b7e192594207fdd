package io.vigie.audit.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.intake.Entry.Position;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EntryTest {

  private static final Position POSITION = new Position("vigie.asset.events", 2, Long.MAX_VALUE);

  private static final UUID ID = UUID.fromString("0190f0a0-0000-7000-8000-000000000001");
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private static String canonical(Entry entry) {
    return new String(entry.canonical(), StandardCharsets.UTF_8);
  }

  @Test
  void anEventIsWrittenInCanonicalJsonWithNumbersAsStrings() {
    Event event =
        new Event(
            ID,
            "/vigie/asset",
            "asset.registered.v1",
            "2026-11-23T10:00:00Z",
            NOW,
            "system:asset",
            "asset/0190f0a0-0000-7000-8000-000000000002",
            1L,
            9007199254740993L,
            "urn:vigie:schema:asset.registered.v1");
    assertEquals(
        "{\"actor\":\"system:asset\","
            + "\"commitment\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","
            + "\"contentType\":\"application/json\","
            + "\"dataSchema\":\"urn:vigie:schema:asset.registered.v1\","
            + "\"eventNumber\":\"1\","
            + "\"id\":\"0190f0a0-0000-7000-8000-000000000001\","
            + "\"offset\":\"9223372036854775807\","
            + "\"partition\":\"2\","
            + "\"source\":\"/vigie/asset\","
            + "\"sourceNumber\":\"9007199254740993\","
            + "\"subject\":\"asset/0190f0a0-0000-7000-8000-000000000002\","
            + "\"time\":\"2026-11-23T10:00:00Z\","
            + "\"topic\":\"vigie.asset.events\","
            + "\"type\":\"asset.registered.v1\"}",
        canonical(new Entry(null, event, POSITION, "application/json", new byte[32])));
  }

  @Test
  void whatIsAbsentIsLeftOut() {
    assertEquals(
        "{\"alert\":\"unrecognised\","
            + "\"commitment\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","
            + "\"contentType\":\"text/plain\","
            + "\"offset\":\"9223372036854775807\",\"partition\":\"2\",\"topic\":\"vigie.asset.events\"}",
        canonical(new Entry(Alert.UNRECOGNISED, null, POSITION, "text/plain", new byte[32])));
  }

  @Test
  void textKeepsItsCharactersAndIsEscapedAsRfc8785Says() {
    Event event =
        new Event(ID, "é\u0001\"\\\u20ac\ud83d\ude80", "t", "z", NOW, "a", null, null, null, null);
    String text = canonical(new Entry(null, event, POSITION, "text/plain", new byte[32]));
    assertTrue(text.contains("\"source\":\"é\\u0001\\\"\\\\€🚀\""), text);
  }

  @Test
  void anyTextIsWrittenAsAnIndependentCanonicalizerWritesIt() throws IOException {
    StringBuilder everything = new StringBuilder();
    for (int c = 0; c < 0x300; c++) {
      everything.appendCodePoint(c);
    }
    String odd = everything.append("\u2028\u20ac\ufeff\ud83d\ude80").toString();
    Event event = new Event(ID, odd, odd, odd, NOW, odd, odd, 1L, 2L, odd);

    String text = canonical(new Entry(Alert.ID_REUSED, event, POSITION, odd, new byte[32]));

    assertEquals(new JsonCanonicalizer(text).getEncodedString(), text);
    JsonNode read = new ObjectMapper().readTree(text);
    assertEquals(odd, read.get("subject").textValue());
    assertEquals(15, read.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.123456Z",
        "2026-01-02T03:04:05.123456789Z",
        "2024-02-29T23:59:59.999999999Z",
        "0000-01-01T00:00:00Z",
        "2026-01-02T03:04:05.5+02:00",
        "2026-01-02T03:04:05.Z",
        "2026-01-02t03:04:05.25z",
        "2026-01-02T03:04-11:30"
      })
  void aTimeIsReadAsOutsidersReadIt(String time) {
    assertEquals(
        OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.MICROS), Event.instant(time));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02 03:04:05Z",
        "2026-01-02_03:04:05Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T23:59:60Z",
        "2026-02-30T03:04:05Z",
        "2026-13-01T03:04:05Z",
        "2026-01-02T03:04:05.1234567891Z",
        "2026-01-02T03:04:05,5Z",
        "2026-01-02T03:04:05.5+01Z",
        "2026-01-02T03:04:05ZZ",
        "2026-01-02T03:04:05+02:00Z",
        "2026-+1-02T03:04:05Z",
        "2026-01-02T03:04:05.1234567890Z",
        "",
        "12026-01-02T03:04:05Z"
      })
  void whatOutsidersCannotReadIsNoTime(String time) {
    assertThrows(DateTimeException.class, () -> OffsetDateTime.parse(time));
    assertThrows(DateTimeException.class, () -> Event.instant(time));
  }
}
