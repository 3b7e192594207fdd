package io.vigie.stack;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A run of a backup of a {@link CompanyAsset}.
 *
 * @param bytes of the copy; null where there is none
 */
record CompanyRun(Instant startedAt, Instant endedAt, Long bytes) {
  private static final int SILENT_DAYS = 4;
  private static final double GROWTH_A_DAY = 0.001;
  private static final double NOISE = 0.02;

  boolean succeeded() {
    return bytes != null;
  }

  /** Those of a plan of the asset until now, the oldest first; none where it is not backed up. */
  static List<CompanyRun> of(CompanyAsset asset, long seed, Instant now) {
    List<CompanyRun> runs = new ArrayList<>();
    Company.Backup backup = asset.family().backup();
    if (backup == null || !asset.inService()) {
      return runs;
    }
    Random random = new Random(seed + asset.tag().hashCode());
    Instant night =
        now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofMinutes(20 + 3L * asset.index()));
    int last = isSilent(asset, backup) ? SILENT_DAYS : 0;
    for (int day = backup.days() - 1; day >= last; day--) {
      Instant start = night.minus(Duration.ofDays(day)).plusSeconds(random.nextInt(90));
      Instant end = start.plusSeconds(240 + random.nextInt(600));
      double size =
          backup.gibibytes()
              * (1 + asset.index() / 5.0)
              * (1 + GROWTH_A_DAY * (backup.days() - day))
              * (1 + NOISE * random.nextDouble());
      int place = day + asset.index();
      if (end.isBefore(now) && !hits(place, backup.missedEvery())) {
        runs.add(
            new CompanyRun(
                start, end, hits(place, backup.failedEvery()) ? null : (long) (size * (1L << 30))));
      }
    }
    return runs;
  }

  private static boolean isSilent(CompanyAsset asset, Company.Backup backup) {
    int inService = asset.family().count() - asset.family().inStock();
    return asset.index() >= inService - backup.silentSystems();
  }

  private static boolean hits(int place, int every) {
    return every > 0 && place % every == every - 1;
  }

  /** As backup-service takes it from a tool. */
  Map<String, Object> report() {
    Map<String, Object> report = new HashMap<>();
    report.put("startedAt", startedAt.toString());
    report.put("endedAt", endedAt.toString());
    report.put("outcome", succeeded() ? "SUCCEEDED" : "FAILED");
    report.put("tool", "restic");
    if (succeeded()) {
      report.put("bytes", bytes);
    } else {
      report.put("message", "Fatal: unable to open repository: connection timed out");
    }
    return report;
  }
}
