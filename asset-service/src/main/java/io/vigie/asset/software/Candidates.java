package io.vigie.asset.software;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.software.version.VersionRange.Verdict;

/**
 * Which components of assets have a flaw: by name in the database, by version in memory, and only
 * of those that have it is it asked who holds them. What an asset holds for two reasons is there
 * twice.
 */
@ApplicationScoped
class Candidates {

  /** Many rows, so short ones. */
  private static final String BY_NAME =
      """
      select p.id, c.id, c.purl, c.version, c.distro
      from component c
      join affected_package p
        on p.type = c.type and p.namespace = c.namespace and p.name = c.name
      where\s""";

  static final String OF_PURLS =
      BY_NAME + "c.purl in (select jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)))";

  static final String OF_ADVISORIES =
      BY_NAME
          + """
      p.flaw_id in (
        select f.id from flaw f where f.advisory_id in (
          select cast(e as uuid) from jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)) e))""";

  /** Apart from the components: a list of versions is long, and many components share it. */
  static final String FLAWS =
      """
      select p.id, p.distro, p.affected, p.unaffected, f.advisory_id, f.name, f.severity, cast(f.score as text),
        a.exploited_since is not null
      from affected_package p
      join flaw f on f.id = p.flaw_id
      join advisory a on a.id = f.advisory_id
      where a.withdrawn_at is null and p.id = any(cast(cast(?1 as text) as uuid[]))""";

  static final String HOLDINGS =
      """
      select h.component_id, h.asset_id from holding h
      where h.component_id = any(cast(cast(?1 as text) as uuid[]))""";

  static final String HOLDINGS_OF_ONE = HOLDINGS + " and h.asset_id = ?2";

  /** What many components share is read once: the assets that are ours, and who can reach them. */
  static final String EXPOSURES =
      """
      select s.id, s.production,
        s.kind = 'WEB_PROPERTY' and coalesce(cast(s.attributes as jsonb) ->> 'public', 'true') = 'true'
          or coalesce(z.purpose in (%s), false)
      from asset s left join zone z on z.id = s.zone
      where s.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED', 'LOST')"""
          .formatted(RemediationDelays.exposedZones());

  static final String ASSETS = EXPOSURES + " and s.id = any(cast(cast(?1 as text) as uuid[]))";

  /** The ranges of so many packages are read at once, since each may be long. */
  static final int BATCH = 500;

  /** A component in whose version a flaw is. */
  record Match(
      UUID component,
      String purl,
      boolean certain,
      UUID advisory,
      String flaw,
      Severity severity,
      BigDecimal score,
      boolean exploited) {}

  /** Components of one asset, by their package URLs as a JSON array. */
  Uni<List<Candidate>> ofAsset(UUID asset, String purls) {
    return rows(OF_PURLS, purls)
        .chain(Candidates::judge)
        .chain(matches -> held(matches, HOLDINGS_OF_ONE, components(matches), asset));
  }

  /** Components of any asset that is still ours, by the advisories' ids as a JSON array. */
  Uni<List<Candidate>> ofAdvisories(String advisories) {
    return rows(OF_ADVISORIES, advisories)
        .chain(Candidates::judge)
        .chain(matches -> held(matches, HOLDINGS, components(matches)));
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

  private static Uni<List<Match>> judge(List<Object[]> rows) {
    Map<UUID, List<Object[]>> byPackage = byPackage(rows);
    return judge(List.copyOf(byPackage.keySet()), byPackage, new ArrayList<>());
  }

  private static Uni<List<Match>> judge(
      List<UUID> packages, Map<UUID, List<Object[]>> byPackage, List<Match> found) {
    if (packages.isEmpty()) {
      return Uni.createFrom().item(found);
    }
    List<UUID> batch = packages.subList(0, Math.min(BATCH, packages.size()));
    return rows(FLAWS, list(batch))
        .invoke(flaws -> flaws.forEach(flaw -> judge(flaw, byPackage.get((UUID) flaw[0]), found)))
        .chain(() -> judge(packages.subList(batch.size(), packages.size()), byPackage, found));
  }

  private static Uni<List<Candidate>> held(
      List<Match> matches, String query, Object... parameters) {
    if (matches.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return rows(query, parameters)
        .chain(
            holdings ->
                rows(ASSETS, assets(holdings))
                    .map(assets -> candidates(matches, holdings, assets)));
  }

  /** Components by the package that has their name. */
  static Map<UUID, List<Object[]>> byPackage(List<Object[]> rows) {
    Map<UUID, List<Object[]>> byPackage = new LinkedHashMap<>();
    for (Object[] row : rows) {
      byPackage.computeIfAbsent((UUID) row[0], key -> new ArrayList<>()).add(row);
    }
    return byPackage;
  }

  /** Compares the versions of components with those of the package of their name. */
  static void judge(Object[] flaw, List<Object[]> components, List<Match> found) {
    Versions versions = new Versions((String) flaw[1], (String) flaw[2], (String) flaw[3]);
    for (Object[] component : components) {
      Verdict verdict = versions.verdict((String) component[3], (String) component[4]);
      if (verdict != Verdict.OUT) {
        found.add(
            new Match(
                (UUID) component[1],
                (String) component[2],
                verdict == Verdict.IN,
                (UUID) flaw[4],
                (String) flaw[5],
                Severity.valueOf((String) flaw[6]),
                flaw[7] == null ? null : new BigDecimal((String) flaw[7]),
                (Boolean) flaw[8]));
      }
    }
  }

  /** The components that {@link #HOLDINGS} is asked of. */
  static String components(List<Match> matches) {
    return list(matches.stream().map(Match::component).distinct().toList());
  }

  /** The assets that {@link #ASSETS} is asked of. */
  static String assets(List<Object[]> holdings) {
    return list(holdings.stream().map(holding -> (UUID) holding[1]).distinct().toList());
  }

  static String list(List<UUID> ids) {
    return ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
  }

  /** What was found, of each asset that holds it and is still ours. */
  static List<Candidate> candidates(
      List<Match> matches, List<Object[]> holdings, List<Object[]> assets) {
    Map<UUID, Candidate.Exposure> exposures = new HashMap<>();
    for (Object[] asset : assets) {
      exposures.put(
          (UUID) asset[0], new Candidate.Exposure((Boolean) asset[1], (Boolean) asset[2]));
    }
    Map<UUID, List<UUID>> holders = new HashMap<>();
    for (Object[] holding : holdings) {
      if (exposures.containsKey((UUID) holding[1])) {
        holders
            .computeIfAbsent((UUID) holding[0], key -> new ArrayList<>(1))
            .add((UUID) holding[1]);
      }
    }
    List<Candidate> candidates = new ArrayList<>(matches.size());
    for (Match match : matches) {
      for (UUID asset : holders.getOrDefault(match.component(), List.of())) {
        candidates.add(candidate(match, asset, exposures.get(asset)));
      }
    }
    return candidates;
  }

  static Candidate candidate(Match match, UUID asset, Candidate.Exposure exposure) {
    return new Candidate(
        new Candidate.Key(match.advisory(), match.flaw(), match.component(), asset),
        match.purl(),
        match.certain(),
        match.severity(),
        match.score(),
        match.exploited(),
        exposure);
  }
}
