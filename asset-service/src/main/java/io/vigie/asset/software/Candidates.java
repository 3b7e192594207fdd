package io.vigie.asset.software;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.software.version.VersionRange.Verdict;

/**
 * Which components of assets have a flaw: by name in the database, by version in memory. What an
 * asset holds for two reasons is there twice.
 */
@ApplicationScoped
class Candidates {

  private static final String BY_NAME =
      """
      select h.asset_id, c.id, c.purl, c.version, c.distro, f.advisory_id, f.name, f.severity,
        cast(f.score as text), a.exploited_since is not null, s.production, s.kind, p.id
      from component c
      join holding h on h.component_id = c.id
      join asset s on s.id = h.asset_id
      join affected_package p
        on p.type = c.type and p.namespace = c.namespace and p.name = c.name
      join flaw f on f.id = p.flaw_id
      join advisory a on a.id = f.advisory_id
      where a.withdrawn_at is null and s.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED', 'LOST') and """;

  static final String OF_ASSET =
      BY_NAME
          + " h.asset_id = ?1 and c.purl in (select jsonb_array_elements_text(cast(cast(?2 as text) as jsonb)))";

  static final String OF_ADVISORIES =
      BY_NAME
          + " a.id in (select cast(e as uuid) from jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)) e)";

  /** Apart from the candidates: a list of versions is long, and many components share it. */
  static final String VERSIONS =
      """
      select p.id, p.distro, p.affected, p.unaffected from affected_package p
      where p.id in (select cast(e as uuid) from jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)) e)""";

  /** So many ranges are read at once. */
  private static final int BATCH = 500;

  /** Components of one asset, by their package URLs as a JSON array. */
  Uni<List<Candidate>> ofAsset(UUID asset, String purls) {
    return rows(OF_ASSET, asset, purls).chain(Candidates::judge);
  }

  /** Components of any asset that is still ours, by the advisories' ids as a JSON array. */
  Uni<List<Candidate>> ofAdvisories(String advisories) {
    return rows(OF_ADVISORIES, advisories).chain(Candidates::judge);
  }

  private static Uni<List<Object[]>> rows(String query, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              var select = session.createNativeQuery(query, Object[].class);
              for (int i = 0; i < parameters.length; i++) {
                select.setParameter(i + 1, parameters[i]);
              }
              return select.getResultList();
            });
  }

  private static Uni<List<Candidate>> judge(List<Object[]> rows) {
    Map<UUID, List<Object[]>> byPackage = new LinkedHashMap<>();
    for (Object[] row : rows) {
      byPackage.computeIfAbsent((UUID) row[12], key -> new ArrayList<>()).add(row);
    }
    return judge(List.copyOf(byPackage.keySet()), byPackage, new ArrayList<>());
  }

  /** Batch by batch, so that few ranges are in memory at a time. */
  private static Uni<List<Candidate>> judge(
      List<UUID> packages, Map<UUID, List<Object[]>> byPackage, List<Candidate> found) {
    if (packages.isEmpty()) {
      return Uni.createFrom().item(found);
    }
    List<UUID> batch = packages.subList(0, Math.min(BATCH, packages.size()));
    String ids = batch.stream().map(id -> "\"" + id + "\"").toList().toString();
    return rows(VERSIONS, ids)
        .invoke(
            ranges ->
                ranges.forEach(
                    range ->
                        judge(
                            new Versions((String) range[1], (String) range[2], (String) range[3]),
                            byPackage.get((UUID) range[0]),
                            found)))
        .chain(() -> judge(packages.subList(batch.size(), packages.size()), byPackage, found));
  }

  /** Many assets hold the same component: each is compared once. */
  static void judge(Versions versions, List<Object[]> rows, List<Candidate> found) {
    Map<Object, Verdict> verdicts = new HashMap<>();
    for (Object[] row : rows) {
      Verdict verdict =
          verdicts.computeIfAbsent(
              row[1], component -> versions.verdict((String) row[3], (String) row[4]));
      if (verdict != Verdict.OUT) {
        found.add(
            new Candidate(
                new Candidate.Key((UUID) row[5], (String) row[6], (UUID) row[1], (UUID) row[0]),
                (String) row[2],
                verdict == Verdict.IN,
                Severity.valueOf((String) row[7]),
                row[8] == null ? null : new BigDecimal((String) row[8]),
                (Boolean) row[9],
                new Candidate.Exposure((Boolean) row[10], "WEB_PROPERTY".equals(row[11]))));
      }
    }
  }
}
