package io.vigie.asset.software;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.asset.software.version.VersionRange.Verdict;

/**
 * Which components of assets have a flaw: by name in the database, by version in memory, and only
 * of those that have it is it asked who holds them. What an asset holds for two reasons is there
 * twice.
 */
@ApplicationScoped
class Candidates {

  private static final String SAME_NAME =
      "c.name = p.name and c.namespace = p.namespace and c.type = p.type";

  /**
   * All components of one name in one row, for {@link #named}: nothing of a component has a line
   * break, which would move those that follow. An empty version is one that nobody knows.
   */
  private static final String NAMED =
      """
      string_agg(uuid_send(c.id), '') as ids, string_agg(c.purl, chr(10)) as purls,
        string_agg(coalesce(c.version, ''), chr(10)) as versions,
        string_agg(c.distro, chr(10)) as distros""";

  /** So many bytes of ranges come with their package; more are read by {@link #RANGES}. */
  private static final String SHORT =
      "octet_length(p.affected) + octet_length(p.unaffected) < 1000";

  /** What is said of a package, its versions where that is not long. */
  private static final String FLAW =
      """
      p.id, p.distro, f.advisory_id, f.name, f.severity, cast(f.score as text),
        a.exploited_since is not null, case when %1$s then p.affected end,
        case when %1$s then p.unaffected end"""
          .formatted(SHORT);

  static final String OF_PURLS =
      """
      select %s, %s
      from component c
      join affected_package p on %s
      join flaw f on f.id = p.flaw_id
      join advisory a on a.id = f.advisory_id
      where a.withdrawn_at is null
        and c.purl in (select jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)))
      group by p.id, f.id, a.id"""
          .formatted(FLAW, NAMED, SAME_NAME);

  static final String OF_ADVISORIES =
      """
      select %s, n.*
      from advisory a
      join flaw f on f.advisory_id = a.id
      join affected_package p on p.flaw_id = f.id
      cross join lateral (select %s from component c where %s) n
      where a.withdrawn_at is null and n.ids is not null and a.id in (
        select cast(e as uuid) from jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)) e)"""
          .formatted(FLAW, NAMED, SAME_NAME);

  // By way of a subquery: of a list that the planner sees it estimates each element by itself.
  static final String RANGES =
      """
      select p.id, p.affected, p.unaffected from affected_package p
      where p.id = any(cast((select cast(?1 as text)) as uuid[]))""";

  private static final String OURS =
      "%1$s.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED', 'LOST')";

  private static final String PUBLIC =
      "%1$s.kind = 'WEB_PROPERTY' and coalesce(cast(%1$s.attributes as jsonb) ->> 'public', 'true') = 'true'";

  /**
   * What is reached from outside by itself, the applications that run on something in an exposed
   * zone, and all that any of these depends on, directly or not. Each is there once, so this ends.
   */
  private static final String REACHED =
      """
      with recursive reached(id) as (
        (select a.id from asset a where %1$s and %2$s
        union
        select a.id from zone z join asset a on a.zone = z.id where z.purpose in (%4$s) and %2$s
        union
        select a.id
        from asset a cross join unnest(a.depends_on) as runs_on(id)
          join asset h on h.id = runs_on.id join zone z on z.id = h.zone
        where z.purpose in (%4$s) and %3$s and a.kind = 'APPLICATION' and %2$s)
        union
        select d.id from reached r join asset a on a.id = r.id, unnest(a.depends_on) as d(id)
        where %2$s)
      select id from reached"""
          .formatted(
              PUBLIC.formatted("a"),
              OURS.formatted("a"),
              OURS.formatted("h"),
              RemediationDelays.exposedZones());

  /**
   * The assets that are ours, and who can reach them. Only of an application, which has no address
   * and so no zone, is asked by way of what it is reached; where none is concerned, never.
   */
  static final String EXPOSURES =
      """
      select s.id, s.production,
        %s
          or coalesce(z.purpose in (%s), false)
          or s.kind = 'APPLICATION' and s.id = any(array(%s)) as exposed
      from asset s left join zone z on z.id = s.zone
      where %s"""
          .formatted(
              PUBLIC.formatted("s"),
              RemediationDelays.exposedZones(),
              REACHED,
              OURS.formatted("s"));

  /** All that an asset holds of some components in one row: what it has for all is read once. */
  private static final String HOLDERS =
      """
      select e.*, h.components
      from (
        select asset_id, string_agg(uuid_send(component_id), '') as components from holding
        where component_id = any(cast((select cast(?1 as text)) as uuid[])) %s
        group by asset_id) h
      join (%s) e on e.id = h.asset_id""";

  static final String HOLDERS_OF_ALL = HOLDERS.formatted("", EXPOSURES);
  static final String HOLDERS_OF_ONE = HOLDERS.formatted("and asset_id = ?2", EXPOSURES);

  /** The long ranges of so many packages are read at once. */
  static final int BATCH = 500;

  private static final int ID_BYTES = 16;

  /** The flaw of a package. */
  record About(UUID advisory, String flaw, Severity severity, BigDecimal score, boolean exploited) {

    /** As {@link #FLAW} has it. */
    static About of(Object[] row) {
      return new About(
          (UUID) row[2],
          (String) row[3],
          Severity.valueOf((String) row[4]),
          row[5] == null ? null : new BigDecimal((String) row[5]),
          (Boolean) row[6]);
    }
  }

  /** A component in whose version a flaw is. */
  record Match(UUID component, String purl, boolean certain, About about) {

    Candidate of(UUID asset, Candidate.Exposure exposure) {
      return new Candidate(
          new Candidate.Key(about.advisory(), about.flaw(), component, asset),
          purl,
          certain,
          about.severity(),
          about.score(),
          about.exploited(),
          exposure);
    }
  }

  /** Components of one asset, by their package URLs as a JSON array. */
  Uni<List<Candidate>> ofAsset(UUID asset, String purls) {
    return rows(OF_PURLS, purls)
        .chain(Candidates::judge)
        .map(Candidates::byComponent)
        .chain(matches -> held(matches, HOLDERS_OF_ONE, list(matches.keySet()), asset));
  }

  /** Components of any asset that is still ours, by the advisories' ids as a JSON array. */
  Uni<List<Candidate>> ofAdvisories(String advisories) {
    return rows(OF_ADVISORIES, advisories)
        .chain(Candidates::judge)
        .map(Candidates::byComponent)
        .chain(matches -> held(matches, HOLDERS_OF_ALL, list(matches.keySet())));
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

  private static Uni<List<Match>> judge(List<Object[]> flaws) {
    List<Match> found = new ArrayList<>();
    return judge(judgeShort(flaws, found), found);
  }

  private static Uni<List<Match>> judge(List<Object[]> flaws, List<Match> found) {
    if (flaws.isEmpty()) {
      return Uni.createFrom().item(found);
    }
    Map<UUID, Object[]> batch = byPackage(flaws.subList(0, Math.min(BATCH, flaws.size())));
    return rows(RANGES, list(batch.keySet()))
        .invoke(ranges -> ranges.forEach(range -> judge(batch.get((UUID) range[0]), range, found)))
        .chain(() -> judge(flaws.subList(batch.size(), flaws.size()), found));
  }

  private static Uni<List<Candidate>> held(
      Map<UUID, List<Match>> matches, String query, Object... parameters) {
    return matches.isEmpty()
        ? Uni.createFrom().item(List.of())
        : rows(query, parameters).map(assets -> candidates(matches, assets));
  }

  /** A package has one flaw: each is there once. */
  static Map<UUID, Object[]> byPackage(List<Object[]> flaws) {
    return flaws.stream().collect(Collectors.toMap(flaw -> (UUID) flaw[0], flaw -> flaw));
  }

  /** Judges those that come with their ranges, and gives the others back. */
  static List<Object[]> judgeShort(List<Object[]> flaws, List<Match> found) {
    List<Object[]> others = new ArrayList<>();
    for (Object[] flaw : flaws) {
      if (flaw[7] == null) {
        others.add(flaw);
      } else {
        judge(flaw, flaw[7], flaw[8], found);
      }
    }
    return others;
  }

  static void judge(Object[] flaw, Object[] range, List<Match> found) {
    judge(flaw, range[1], range[2], found);
  }

  /** Takes apart what {@link #NAMED} put together. */
  private static void judge(Object[] flaw, Object affected, Object unaffected, List<Match> found) {
    Versions versions = new Versions((String) flaw[1], (String) affected, (String) unaffected);
    About about = About.of(flaw);
    ByteBuffer ids = bytes(flaw[9]);
    String[] purls = lines(flaw[10]);
    String[] releases = lines(flaw[11]);
    String[] distros = lines(flaw[12]);
    for (int i = 0; i < releases.length; i++) {
      Verdict verdict = versions.verdict(releases[i].isEmpty() ? null : releases[i], distros[i]);
      if (verdict != Verdict.OUT) {
        found.add(new Match(id(ids, i), purls[i], verdict == Verdict.IN, about));
      }
    }
  }

  /** A line may be empty, the last one too. */
  private static String[] lines(Object text) {
    return ((String) text).split("\n", -1);
  }

  /** As uuid_send has them, one after the other; a driver may wrap them. */
  private static ByteBuffer bytes(Object ids) {
    return ByteBuffer.wrap(ids instanceof Buffer buffer ? buffer.getBytes() : (byte[]) ids);
  }

  private static UUID id(ByteBuffer ids, int index) {
    return new UUID(ids.getLong(index * ID_BYTES), ids.getLong(index * ID_BYTES + Long.BYTES));
  }

  static Map<UUID, List<Match>> byComponent(List<Match> matches) {
    Map<UUID, List<Match>> byComponent = new HashMap<>(matches.size() * 2);
    for (Match match : matches) {
      byComponent.computeIfAbsent(match.component(), id -> new ArrayList<>(1)).add(match);
    }
    return byComponent;
  }

  /** In order, since an index is read in its order, which the database would have to find. */
  static String list(Collection<UUID> ids) {
    return ids.stream().sorted().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
  }

  /** What was found, of each asset that holds it. */
  static List<Candidate> candidates(Map<UUID, List<Match>> matches, List<Object[]> assets) {
    List<Candidate> candidates = new ArrayList<>();
    for (Object[] row : assets) {
      UUID asset = (UUID) row[0];
      Candidate.Exposure exposure = new Candidate.Exposure((Boolean) row[1], (Boolean) row[2]);
      ByteBuffer held = bytes(row[3]);
      for (int i = 0; i < held.limit() / ID_BYTES; i++) {
        for (Match match : matches.get(id(held, i))) {
          candidates.add(match.of(asset, exposure));
        }
      }
    }
    return candidates;
  }
}
