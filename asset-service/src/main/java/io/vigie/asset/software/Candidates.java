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

  /** What is said of a package, but for its versions. */
  private static final String FLAW =
      """
      p.id, p.distro, f.advisory_id, f.name, f.severity, cast(f.score as text),
        a.exploited_since is not null""";

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

  /** The ranges of so many packages are read at once, since each may be long. */
  static final int BATCH = 500;

  private static final int ID_BYTES = 16;

  /**
   * A component of the name of a package.
   *
   * @param version null where nobody knows it
   */
  record Named(UUID id, String purl, String version, String distro) {}

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

  /** An asset that holds a component. */
  record Holder(UUID asset, Candidate.Exposure exposure) {}

  /** Components of one asset, by their package URLs as a JSON array. */
  Uni<List<Candidate>> ofAsset(UUID asset, String purls) {
    return rows(OF_PURLS, purls)
        .chain(Candidates::judge)
        .chain(matches -> held(matches, HOLDERS_OF_ONE, components(matches), asset));
  }

  /** Components of any asset that is still ours, by the advisories' ids as a JSON array. */
  Uni<List<Candidate>> ofAdvisories(String advisories) {
    return rows(OF_ADVISORIES, advisories)
        .chain(Candidates::judge)
        .chain(matches -> held(matches, HOLDERS_OF_ALL, components(matches)));
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
    return judge(flaws, new ArrayList<>());
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
      List<Match> matches, String query, Object... parameters) {
    return matches.isEmpty()
        ? Uni.createFrom().item(List.of())
        : rows(query, parameters).map(assets -> candidates(matches, holders(assets)));
  }

  /** A package has one flaw: each is there once. */
  static Map<UUID, Object[]> byPackage(List<Object[]> flaws) {
    return flaws.stream().collect(Collectors.toMap(flaw -> (UUID) flaw[0], flaw -> flaw));
  }

  static void judge(Object[] flaw, Object[] range, List<Match> found) {
    judge(
        flaw,
        new Versions((String) flaw[1], (String) range[1], (String) range[2]),
        named(flaw),
        found);
  }

  /** Takes apart what {@link #NAMED} put together. */
  private static List<Named> named(Object[] flaw) {
    List<UUID> ids = ids(flaw[7]);
    String[] purls = lines(flaw[8]);
    String[] versions = lines(flaw[9]);
    String[] distros = lines(flaw[10]);
    List<Named> named = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      String version = versions[i].isEmpty() ? null : versions[i];
      named.add(new Named(ids.get(i), purls[i], version, distros[i]));
    }
    return named;
  }

  /** A line may be empty, the last one too. */
  private static String[] lines(Object text) {
    return ((String) text).split("\n", -1);
  }

  /** As uuid_send has them, one after the other; a driver may wrap the bytes. */
  private static List<UUID> ids(Object content) {
    ByteBuffer bytes =
        ByteBuffer.wrap(content instanceof Buffer buffer ? buffer.getBytes() : (byte[]) content);
    List<UUID> ids = new ArrayList<>(bytes.remaining() / ID_BYTES);
    while (bytes.hasRemaining()) {
      ids.add(new UUID(bytes.getLong(), bytes.getLong()));
    }
    return ids;
  }

  /** Compares the versions of components with those of the package of their name. */
  static void judge(Object[] flaw, Versions versions, List<Named> components, List<Match> found) {
    Severity severity = Severity.valueOf((String) flaw[4]);
    BigDecimal score = flaw[5] == null ? null : new BigDecimal((String) flaw[5]);
    for (Named component : components) {
      Verdict verdict = versions.verdict(component.version(), component.distro());
      if (verdict != Verdict.OUT) {
        found.add(
            new Match(
                component.id(),
                component.purl(),
                verdict == Verdict.IN,
                (UUID) flaw[2],
                (String) flaw[3],
                severity,
                score,
                (Boolean) flaw[6]));
      }
    }
  }

  /** The components whose holders are asked for. */
  static String components(List<Match> matches) {
    return list(matches.stream().map(Match::component).distinct().toList());
  }

  /** In order, since an index is read in its order, which the database would have to find. */
  static String list(Collection<UUID> ids) {
    return ids.stream().sorted().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
  }

  /** Who holds each component. */
  static Map<UUID, List<Holder>> holders(List<Object[]> assets) {
    Map<UUID, List<Holder>> holders = new HashMap<>();
    for (Object[] asset : assets) {
      Holder holder =
          new Holder(
              (UUID) asset[0], new Candidate.Exposure((Boolean) asset[1], (Boolean) asset[2]));
      for (UUID component : ids(asset[3])) {
        holders.computeIfAbsent(component, key -> new ArrayList<>(1)).add(holder);
      }
    }
    return holders;
  }

  /** What was found, of each asset that holds it. */
  static List<Candidate> candidates(List<Match> matches, Map<UUID, List<Holder>> holders) {
    List<Candidate> candidates = new ArrayList<>(matches.size());
    for (Match match : matches) {
      for (Holder holder : holders.getOrDefault(match.component(), List.of())) {
        candidates.add(candidate(match, holder));
      }
    }
    return candidates;
  }

  private static Candidate candidate(Match match, Holder holder) {
    return new Candidate(
        new Candidate.Key(match.advisory(), match.flaw(), match.component(), holder.asset()),
        match.purl(),
        match.certain(),
        match.severity(),
        match.score(),
        match.exploited(),
        holder.exposure());
  }
}
