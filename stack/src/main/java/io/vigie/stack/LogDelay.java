package io.vigie.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Measures how long a write takes from the service's answer to the caller until the log shows it.
 * The writes go one after the other to one asset, kept for that; after each, the asset's history is
 * asked for what came after the previous entry until it has the new one. The asking (an answer, and
 * a pause of {@value #PAUSE_MILLIS} ms) is part of the time: the figures are upper bounds.
 */
final class LogDelay {
  static final int PAUSE_MILLIS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SERIAL = "vigie-demo-delay";

  private final Caller writer;
  private final Caller auditor;
  private Caller.Answer asset;
  private long lastIndex;

  LogDelay(Caller writer, Caller auditor) {
    this.writer = writer;
    this.auditor = auditor;
  }

  /** The delays of so many writes, in nanoseconds, the shortest first. */
  long[] of(int writes) throws IOException {
    asset = asset();
    lastIndex = auditor.get("audit", "/v1/log").body().path("size").asLong() - 1;
    // Not counted: behind it, whatever the asset's registration left is in the log as well.
    delay(0);
    long[] delays = new long[writes];
    for (int write = 0; write < writes; write++) {
      delays[write] = delay(write);
    }
    Arrays.sort(delays);
    return delays;
  }

  /** The smallest delay that this share of them does not exceed. */
  static long percentile(double share, long[] sorted) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private Caller.Answer asset() throws IOException {
    List<JsonNode> known = writer.list("asset", "/v1/assets?kind=DATA_SET&serialNumber=" + SERIAL);
    return known.isEmpty()
        ? writer.post(
            "asset",
            "/v1/assets",
            Map.of(
                "name",
                "What ./vigie demo measures with",
                "kind",
                "DATA_SET",
                "serialNumber",
                SERIAL,
                "production",
                false))
        : writer.get("asset", "/v1/assets/" + known.get(0).path("id").asText());
  }

  private long delay(int write) throws IOException {
    int level = 1 + write % 4;
    asset =
        writer.put(
            "asset",
            "/v1/assets/" + asset.id() + "/classification",
            Map.of(
                "availability",
                level,
                "integrity",
                level,
                "confidentiality",
                level,
                "proof",
                level,
                "rationale",
                "write " + write),
            asset.version());
    long answered = System.nanoTime();
    while (!logged()) {
      if (System.nanoTime() - answered > PATIENCE.toNanos()) {
        throw new StackException(
            String.format(
                Locale.ROOT,
                "A write is not in the log after %d s. See ./vigie status and ./vigie logs audit.",
                PATIENCE.toSeconds()));
      }
      Daemon.pause(Duration.ofMillis(PAUSE_MILLIS));
    }
    return System.nanoTime() - answered;
  }

  private boolean logged() throws IOException {
    String after = lastIndex < 0 ? "" : "?after=" + lastIndex;
    for (JsonNode event :
        auditor.list("audit", "/v1/objects/asset/" + asset.id() + "/history" + after)) {
      lastIndex = event.path("index").asLong();
      if (event.path("type").asText().equals("asset.classified.v1")) {
        return true;
      }
    }
    return false;
  }
}
