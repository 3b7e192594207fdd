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

import io.vigie.asset.software.Candidates.Match;
import io.vigie.asset.software.Candidates.Named;

/** The same as {@link Matcher} in a loop over what was read and indexed before. */
public final class InMemory {

  private final List<Object[]> flaws = new ArrayList<>();
  private final Map<String, List<Named>> components = new HashMap<>();
  private final Map<UUID, List<UUID>> holders = new HashMap<>();
  private final Map<UUID, Candidate.Exposure> exposures = new HashMap<>();

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
                      new Named(
                          (UUID) row[1], (String) row[2], (String) row[3], (String) row[4])));
      read(
          statement,
          Candidates.EXPOSURES,
          row ->
              exposures.put(
                  (UUID) row[0], new Candidate.Exposure((Boolean) row[1], (Boolean) row[2])));
      read(statement, "select component_id, asset_id from holding", this::hold);
    }
  }

  private void hold(Object[] holding) {
    if (exposures.containsKey((UUID) holding[1])) {
      holders.computeIfAbsent((UUID) holding[0], key -> new ArrayList<>(1)).add((UUID) holding[1]);
    }
  }

  /** How many flaws components have. */
  public int match() {
    List<Match> matches = new ArrayList<>();
    for (Object[] flaw : flaws) {
      Versions versions = new Versions((String) flaw[1], (String) flaw[7], (String) flaw[8]);
      Candidates.judge(
          flaw, versions, components.getOrDefault((String) flaw[9], List.of()), matches);
    }
    List<Candidate> found = new ArrayList<>();
    for (Match match : matches) {
      for (UUID asset : holders.getOrDefault(match.component(), List.of())) {
        found.add(Candidates.candidate(match, asset, exposures.get(asset)));
      }
    }
    return found.size();
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
