package io.vigie.asset.software;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The service's own statements and comparison of versions, over JDBC and without what follows from
 * a match. In this package because outside of the service nobody else matches.
 */
public final class Matcher {

  /** So many ranges are read at once, as in the service. */
  private static final int BATCH = 500;

  private final Connection connection;

  /** Matches what this database knows. */
  public Matcher(Connection connection) {
    this.connection = connection;
  }

  /** How many flaws of these advisories components have. */
  public int ofAdvisories(List<UUID> advisories) throws SQLException {
    return judge(rows(Candidates.OF_ADVISORIES, list(advisories)));
  }

  /** How many flaws these components of an asset have. */
  public int ofAsset(UUID asset, List<String> purls) throws SQLException {
    return judge(rows(Candidates.OF_ASSET, asset, list(purls)));
  }

  private int judge(List<Object[]> rows) throws SQLException {
    Map<UUID, List<Object[]>> byPackage =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> (UUID) row[12], LinkedHashMap::new, Collectors.toList()));
    List<UUID> packages = List.copyOf(byPackage.keySet());
    List<Candidate> found = new ArrayList<>();
    for (int from = 0; from < packages.size(); from += BATCH) {
      List<UUID> batch = packages.subList(from, Math.min(from + BATCH, packages.size()));
      for (Object[] range : rows(Candidates.VERSIONS, list(batch))) {
        Candidates.judge(
            new Versions((String) range[1], (String) range[2], (String) range[3]),
            byPackage.get((UUID) range[0]),
            found);
      }
    }
    return found.size();
  }

  private static String list(List<?> texts) {
    return texts.stream()
        .map(text -> "\"" + text + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private List<Object[]> rows(String query, Object... parameters) throws SQLException {
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
