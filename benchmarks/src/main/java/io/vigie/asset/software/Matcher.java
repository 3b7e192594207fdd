package io.vigie.asset.software;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.vigie.asset.software.Candidates.Match;

/**
 * The service's own statements and comparison of versions, over JDBC and without what follows from
 * a match. In this package because outside of the service nobody else matches.
 */
public final class Matcher {

  private final Connection connection;
  private long nanosReading;

  /** Matches what this database knows. */
  public Matcher(Connection connection) {
    this.connection = connection;
  }

  /** Nanoseconds that statements took since this was asked last, with the reading of their rows. */
  public long nanosReading() {
    long nanos = nanosReading;
    nanosReading = 0;
    return nanos;
  }

  /** How many flaws of these advisories components have. */
  public int ofAdvisories(List<UUID> advisories) throws SQLException {
    Map<UUID, List<Match>> matches = judge(rows(Candidates.OF_ADVISORIES, json(advisories)));
    return held(matches, Candidates.HOLDERS_OF_ALL, Candidates.list(matches.keySet()));
  }

  /** How many flaws these components of an asset have. */
  public int ofAsset(UUID asset, List<String> purls) throws SQLException {
    Map<UUID, List<Match>> matches = judge(rows(Candidates.OF_PURLS, json(purls)));
    return held(matches, Candidates.HOLDERS_OF_ONE, Candidates.list(matches.keySet()), asset);
  }

  private Map<UUID, List<Match>> judge(List<Object[]> named) throws SQLException {
    List<Match> found = new ArrayList<>();
    List<Object[]> flaws = Candidates.judgeShort(named, found);
    for (int from = 0; from < flaws.size(); from += Candidates.BATCH) {
      Map<UUID, Object[]> batch =
          Candidates.byPackage(
              flaws.subList(from, Math.min(from + Candidates.BATCH, flaws.size())));
      for (Object[] range : rows(Candidates.RANGES, Candidates.list(batch.keySet()))) {
        Candidates.judge(batch.get((UUID) range[0]), range, found);
      }
    }
    return Candidates.byComponent(found);
  }

  private int held(Map<UUID, List<Match>> matches, String query, Object... parameters)
      throws SQLException {
    return Candidates.candidates(matches, rows(query, parameters)).size();
  }

  private static String json(List<?> texts) {
    return texts.stream()
        .map(text -> "\"" + text + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private List<Object[]> rows(String query, Object... parameters) throws SQLException {
    long start = System.nanoTime();
    try {
      return read(query, parameters);
    } finally {
      nanosReading += System.nanoTime() - start;
    }
  }

  private List<Object[]> read(String query, Object... parameters) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query.replaceAll("\\?[12]", "?"))) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      List<Object[]> rows = new ArrayList<>();
      try (ResultSet result = select.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          Object[] row = new Object[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = result.getObject(i + 1);
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }
}
