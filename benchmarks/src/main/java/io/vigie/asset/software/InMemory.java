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

import io.vigie.asset.software.Candidates.Holder;
import io.vigie.asset.software.Candidates.Match;
import io.vigie.asset.software.Candidates.Named;

/** The same as {@link Matcher} in a loop over what was read and indexed before. */
public final class InMemory {

  private final List<Object[]> flaws = new ArrayList<>();
  private final Map<String, List<Named>> components = new HashMap<>();
  private final Map<UUID, List<Holder>> holders;

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
      List<Object[]> assets = new ArrayList<>();
      read(
          statement,
          """
          select e.*, string_agg(uuid_send(h.component_id), '')
          from (%s) e join holding h on h.asset_id = e.id
          group by e.id, e.production, e.exposed"""
              .formatted(Candidates.EXPOSURES),
          assets::add);
      holders = Candidates.holders(assets);
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
    return Candidates.candidates(matches, holders).size();
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
