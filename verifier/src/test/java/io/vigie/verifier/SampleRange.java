package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Writes exports of ranges, with code of its own, from the format's description: of a log of 21
 * entries, those at even indexes of source /vigie/asset.
 */
final class SampleRange {

  static final int SIZE = 21;
  static final String ASSETS = "{\"source\":\"/vigie/asset\"}";

  private static final ObjectMapper JSON = new ObjectMapper();

  final SampleExport log = SampleExport.of(SIZE);
  final Map<String, String> header = new LinkedHashMap<>();
  final List<Map<String, String>> lines = new ArrayList<>();

  /** What is exported: all of the range, or of source {@link #ASSETS} alone. */
  void export(int from, int to, String filter) {
    header.put("format", "vigie-export/2");
    header.put("origin", "vigie.example/log");
    header.put("from", Integer.toString(from));
    header.put("to", Integer.toString(to));
    header.put("size", Integer.toString(SIZE));
    header.put("root", root(0, SIZE));
    header.put("left", subtrees(0, from));
    header.put("right", subtrees(to, SIZE));
    header.put("checkpoint", null);
    header.put("filter", filter);
    int count = 0;
    for (int i = from; i < to; i++) {
      Map<String, String> line = new LinkedHashMap<>(log.line(i));
      if (filter.equals(ASSETS) && i % 2 == 1) {
        line.keySet().retainAll(List.of("index", "entry"));
      } else {
        count++;
      }
      lines.add(line);
    }
    lines.add(new LinkedHashMap<>(Map.of("count", Integer.toString(count))));
  }

  String root(int from, int to) {
    return Base64.getEncoder().encodeToString(rootHash(from, to));
  }

  byte[] rootHash(int from, int to) {
    return Rfc6962.root(
        log.lines().subList(from, to).stream()
            .map(line -> Base64.getDecoder().decode(line.get("leaf")))
            .toList());
  }

  private String subtrees(int start, int end) {
    List<String> roots = new ArrayList<>();
    for (int at = start; at < end; ) {
      int leaves = 1;
      while (at % (2 * leaves) == 0 && at + 2 * leaves <= end) {
        leaves *= 2;
      }
      roots.add(root(at, at + leaves));
      at += leaves;
    }
    return String.join(" ", roots);
  }

  byte[] bytes() {
    try {
      StringBuilder text = new StringBuilder(JSON.writeValueAsString(header)).append('\n');
      for (Map<String, String> line : lines) {
        text.append(JSON.writeValueAsString(line)).append('\n');
      }
      return text.toString().getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
