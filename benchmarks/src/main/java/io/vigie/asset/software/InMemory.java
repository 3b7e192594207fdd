package io.vigie.asset.software;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.vigie.asset.software.Candidates.About;
import io.vigie.asset.software.Candidates.Match;
import io.vigie.asset.software.version.VersionRange.Verdict;

/** The same as {@link Matcher} in a loop over what was read and indexed before. */
public final class InMemory {

  private record Named(UUID id, String purl, String version, String distro) {}

  private record Holder(UUID asset, Candidate.Exposure exposure) {}

  private final List<Object[]> flaws = new ArrayList<>();
  private final Map<String, List<Named>> components = new HashMap<>();
  private final Map<UUID, List<Holder>> holders = new HashMap<>();

  /** Reads all that this database knows. */
  public InMemory(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      read(
          statement,
          """
          select p.id, p.distro, f.advisory_id, f.name, f.severity, cast(f.score as text),
            a.exploited_since is not null, p.affected, p.unaffected, p.type || '/' || p.namespace || '/' || p.name
          from affected_package p join flaw f on f.id = p.flaw_id join advisory a on a.id = f.advisory_id
          where a.withdrawn_at is null""",
          flaws::add);
      read(
          statement,
          "select type || '/' || namespace || '/' || name, id, purl, version, distro from component",
          row ->
              components
                  .computeIfAbsent((String) row[0], key -> new ArrayList<>())
                  .add(
                      new Named((UUID) row[1], (String) row[2], (String) row[3], (String) row[4])));
      read(
          statement,
          "select e.*, h.component_id from (%s) e join holding h on h.asset_id = e.id"
              .formatted(Candidates.EXPOSURES),
          row ->
              holders
                  .computeIfAbsent((UUID) row[3], key -> new ArrayList<>(1))
                  .add(
                      new Holder(
                          (UUID) row[0],
                          new Candidate.Exposure((Boolean) row[1], (Boolean) row[2]))));
    }
  }

  /** How many flaws components have. */
  public int match() {
    List<Match> matches = new ArrayList<>();
    for (Object[] flaw : flaws) {
      Versions versions = new Versions((String) flaw[1], (String) flaw[7], (String) flaw[8]);
      About about = About.of(flaw);
      for (Named component : components.getOrDefault((String) flaw[9], List.of())) {
        Verdict verdict = versions.verdict(component.version(), component.distro());
        if (verdict != Verdict.OUT) {
          matches.add(new Match(component.id(), component.purl(), verdict == Verdict.IN, about));
        }
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Match match : matches) {
      for (Holder holder : holders.getOrDefault(match.component(), List.of())) {
        candidates.add(match.of(holder.asset(), holder.exposure()));
      }
    }
    return candidates.size();
  }

  private interface Taker {
    void take(Object[] row);
  }

  private static void read(Statement statement, String query, Taker taker) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        Object[] row = new Object[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = result.getObject(i + 1);
        }
        taker.take(row);
      }
    }
  }
}
