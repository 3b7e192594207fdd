package io.vigie.audit.checkpoint;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The names that this log has had.
 *
 * @param inForce the present one
 * @param former those of the logs that it succeeded
 */
record Origins(String inForce, Set<String> former) {

  /** As the database has them; without a succession it is the configured one. */
  static Origins read(Connection connection, String configured) throws SQLException {
    String inForce = configured;
    Set<String> former = new HashSet<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "select origin, predecessor from log_origin order by number");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        inForce = rows.getString(1);
        former.add(rows.getString(2));
      }
    }
    return new Origins(inForce, Set.copyOf(former));
  }
}
