package io.vigie.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** One connection where a pool is asked for: closing it gives it back. */
final class PoolOfOne {

  private PoolOfOne() {}

  static DataSource of(Connection connection) {
    Connection borrowed =
        (Connection)
            Proxy.newProxyInstance(
                PoolOfOne.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("close")) {
                    connection.setAutoCommit(true);
                    return null;
                  }
                  try {
                    return method.invoke(connection, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return (DataSource)
        Proxy.newProxyInstance(
            PoolOfOne.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) ->
                method.getName().equals("getConnection") ? borrowed : null);
  }
}
