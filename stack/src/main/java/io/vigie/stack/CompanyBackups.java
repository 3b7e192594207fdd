package io.vigie.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vigie.stack.Caller.Answer;

/** A {@link Company} in backup-service: plans, the runs of a quarter, tests of restores. */
final class CompanyBackups {
  private static final int KEPT_DAYS = 120;

  /** So many of the runs were copied to tape. */
  private static final int TAPED = 3;

  /** So long after the end of a run its restore was tested. */
  private static final Duration TESTED_AFTER = Duration.ofHours(6);

  private final CompanySeed seed;

  CompanyBackups(CompanySeed seed) {
    this.seed = seed;
  }

  void seed() throws IOException, InterruptedException {
    List<Crew.Work> works = new ArrayList<>();
    for (CompanyAsset asset : seed.assets()) {
      List<CompanyRun> runs = CompanyRun.of(asset, seed.company().seed(), seed.now());
      if (!runs.isEmpty()) {
        works.add(() -> system(asset, runs));
      }
    }
    seed.crew().together(works);
  }

  private void system(CompanyAsset asset, List<CompanyRun> runs) throws IOException {
    Company.Backup backup = asset.family().backup();
    String disk = plan(asset, "Disk, every night", "DISK", backup.disk(), "IMMUTABLE");
    Map<CompanyRun, String> ids = report(disk, runs, null);
    runs.forEach(run -> seed.progress().step());
    if (backup.tape() != null) {
      String tape = plan(asset, "Tape, every night", "TAPE", backup.tape(), "OFFLINE");
      String on = tape(asset, backup.tape());
      report(tape, runs.subList(Math.max(0, runs.size() - TAPED), runs.size()), on);
    }
    if (asset.index() < backup.restores()) {
      test(asset, disk, last(runs), ids);
    }
  }

  private static CompanyRun last(List<CompanyRun> runs) {
    return runs.stream().filter(CompanyRun::succeeded).reduce((one, next) -> next).orElseThrow();
  }

  private String plan(
      CompanyAsset asset, String name, String medium, String site, String protection)
      throws IOException {
    String datacentre = seed.id("premises", site);
    return seed.accounts()
        .sysadmin
        .post(
            "backup",
            "/v1/plans",
            Map.of(
                "asset",
                seed.id("asset", asset.tag()),
                "name",
                name,
                "site",
                site,
                "schedule",
                Map.of("interval", "P1D", "tolerance", "PT6H"),
                "copy",
                Map.of(
                    "medium",
                    medium,
                    "datacenter",
                    datacentre,
                    "server",
                    seed.id("asset", seed.company().servers().get(site)),
                    "protection",
                    protection,
                    "retentionDays",
                    KEPT_DAYS)))
        .id();
  }

  /** The one, of those in use there, that copies of the asset go to. */
  private String tape(CompanyAsset asset, String site) {
    List<CompanyAsset> tapes =
        seed.assets().stream().filter(any -> any.isTape() && any.isUsedAt(site)).toList();
    return seed.id("asset", tapes.get(asset.index() % tapes.size()).tag());
  }

  /**
   * Gives the ids of the runs.
   *
   * @param tape that the copies are on; null where they are on none
   */
  private Map<CompanyRun, String> report(String plan, List<CompanyRun> runs, String tape)
      throws IOException {
    List<Map<String, Object>> reports = new ArrayList<>();
    for (CompanyRun run : runs) {
      Map<String, Object> report = run.report();
      if (tape != null) {
        report.put("tape", tape);
      }
      reports.add(Map.of("plan", plan, "run", report));
    }
    Answer taken = seed.accounts().tool.post("backup", "/v1/runs/reports", Map.of("runs", reports));
    Map<CompanyRun, String> ids = new HashMap<>();
    for (CompanyRun run : runs) {
      ids.put(run, taken.body().path("runs").path(ids.size()).asText());
    }
    return ids;
  }

  /** What a tool says of a restore; it is an observed fact, as runs are. */
  private void test(CompanyAsset asset, String plan, CompanyRun newest, Map<CompanyRun, String> ids)
      throws IOException {
    Company.Backup backup = asset.family().backup();
    boolean passed = asset.index() < backup.restores() - backup.failedRestores();
    CompanyRun run =
        ids.keySet().stream()
            .filter(CompanyRun::succeeded)
            .filter(one -> one.startedAt().isBefore(newest.startedAt()))
            .max(Comparator.comparing(CompanyRun::startedAt))
            .orElse(newest);
    Map<String, Object> report = new HashMap<>();
    report.put("run", ids.get(run));
    report.put("depth", "L2");
    report.put("outcome", passed ? "PASSED" : "FAILED");
    report.put("startedAt", run.endedAt().plus(TESTED_AFTER).toString());
    report.put("endedAt", run.endedAt().plus(TESTED_AFTER).plusSeconds(2_400).toString());
    report.put("sampled", 1_200);
    report.put("differences", passed ? 0 : 37);
    seed.accounts().tool.post("backup", "/v1/restore-tests/reports?plan=" + plan, report);
  }
}
