package io.vigie.audit.siem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Published entries as the log has them, made from the contracts' golden examples. */
final class SampleEntries {

  static final String EVENT_ID = "01936f2a-5c00-7000-8000-00000000eeee";
  static final Instant LOGGED_AT = Instant.parse("2026-01-02T03:04:06Z");

  private SampleEntries() {}

  static byte[] example(String type) {
    try {
      return Files.readAllBytes(
          Path.of(System.getProperty("vigie.root"), "contracts/events/" + type + ".example.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The members of the entry of an event of this type. */
  static ObjectNode members(String type) {
    ObjectNode entry = new ObjectMapper().createObjectNode();
    entry.put("actor", "11111111-2222-3333-4444-555555555555");
    entry.put("commitment", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    entry.put("contentType", "application/json");
    entry.put("dataSchema", "urn:vigie:schema:" + type);
    entry.put("eventNumber", "3");
    entry.put("id", EVENT_ID);
    entry.put("offset", "9");
    entry.put("partition", "0");
    entry.put("source", "/vigie/asset");
    entry.put("sourceNumber", "12");
    entry.put("subject", type.split("\\.")[0] + "/01936f2a-5c00-7000-8000-000000000001");
    entry.put("time", "2026-01-02T03:04:05Z");
    entry.put("topic", "vigie.asset.events");
    entry.put("type", type);
    return entry;
  }

  static PublishedEntry of(String type) {
    return of(7, members(type), example(type));
  }

  static PublishedEntry of(long index, ObjectNode members, byte[] payload) {
    byte[] canonical = members.toString().getBytes(StandardCharsets.UTF_8);
    return new PublishedEntry(index, canonical, leaf(canonical), payload, LOGGED_AT, index + 5);
  }

  /** A record that was no event. */
  static PublishedEntry unrecognised() {
    ObjectNode entry = new ObjectMapper().createObjectNode();
    entry.put("alert", "unrecognised");
    entry.put("commitment", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    entry.put("contentType", "application/vnd.vigie.record+json");
    entry.put("offset", "9");
    entry.put("partition", "0");
    entry.put("topic", "vigie.asset.events");
    return of(8, entry, "{\"key\":null,\"headers\":[],\"value\":\"AA==\"}".getBytes());
  }

  private static byte[] leaf(byte[] canonical) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((byte) 0);
      return sha256.digest(canonical);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
