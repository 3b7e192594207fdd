package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Writes exports with code of its own, from the format's description. */
final class SampleExport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Map<String, String>> lines = new ArrayList<>();
  private final List<byte[]> leaves = new ArrayList<>();

  /** An export of {@code size} entries of two sources, their payloads present. */
  static SampleExport of(int size) {
    SampleExport export = new SampleExport();
    for (int i = 0; i < size; i++) {
      export.add(
          entry(i % 2 == 0 ? "/vigie/asset" : "/vigie/access", 1 + i / 2), "payload n° " + i);
    }
    return export;
  }

  static Map<String, String> entry(String source, long sourceNumber) {
    Map<String, String> entry = new TreeMap<>();
    entry.put("id", "0190f0a0-0000-7000-8000-00000000000" + sourceNumber % 10);
    entry.put("source", source);
    entry.put("sourceNumber", Long.toString(sourceNumber));
    entry.put("type", "asset.registered.v1");
    entry.put("time", "2026-01-02T03:04:05.1234567+01:00");
    return entry;
  }

  private static Map<String, String> columns(Map<String, String> entry) {
    Map<String, String> columns = new LinkedHashMap<>(entry);
    columns.remove("commitment");
    columns.put("time", "2026-01-02T02:04:05.123456Z");
    return columns;
  }

  SampleExport add(Map<String, String> entry, String payload) {
    byte[] salt = Rfc6962.sha256(new byte[] {(byte) lines.size()});
    byte[] body = payload.getBytes(StandardCharsets.UTF_8);
    entry.put("commitment", base64(Rfc6962.sha256(salt, body)));
    String canonical = json(entry);
    byte[] leaf = Rfc6962.leaf(canonical.getBytes(StandardCharsets.UTF_8));
    Map<String, String> line = new LinkedHashMap<>();
    line.put("index", Integer.toString(lines.size()));
    line.put("entry", canonical);
    line.put("columns", json(columns(entry)));
    line.put("leaf", base64(leaf));
    line.put("salt", base64(salt));
    line.put("payload", base64(body));
    lines.add(line);
    leaves.add(leaf);
    return this;
  }

  SampleExport erase(int index) {
    lines.get(index).put("salt", null);
    lines.get(index).put("payload", null);
    return this;
  }

  /** Has salt and payload of an entry part elsewhere: the same bytes, which hash to the same. */
  SampleExport moveBoundary(int index, int saltLength) {
    Map<String, String> line = lines.get(index);
    Base64.Decoder base64 = Base64.getDecoder();
    byte[][] moved =
        parted(base64.decode(line.get("salt")), base64.decode(line.get("payload")), saltLength);
    line.put("salt", base64(moved[0]));
    line.put("payload", base64(moved[1]));
    return this;
  }

  /** A salt of that length and a payload, of the bytes of another salt and payload. */
  static byte[][] parted(byte[] salt, byte[] payload, int saltLength) {
    byte[] both = Arrays.copyOf(salt, salt.length + payload.length);
    System.arraycopy(payload, 0, both, salt.length, payload.length);
    return new byte[][] {
      Arrays.copyOf(both, saltLength), Arrays.copyOfRange(both, saltLength, both.length)
    };
  }

  Map<String, String> line(int index) {
    return lines.get(index);
  }

  List<Map<String, String>> lines() {
    return lines;
  }

  String header() {
    Map<String, String> header = new LinkedHashMap<>();
    header.put("format", "vigie-export/1");
    header.put("origin", "vigie.example/log");
    header.put("size", Integer.toString(leaves.size()));
    header.put("root", base64(Rfc6962.root(leaves)));
    return json(header);
  }

  byte[] bytes() {
    String body = lines.stream().map(line -> json(line) + "\n").collect(Collectors.joining());
    return (header() + "\n" + body).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Map<String, String> object) {
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
