package io.vigie.audit.intake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The real database behind a line that breaks at a chosen moment: before the n-th statement, before
 * the commit, or after it (done, and the answer lost).
 */
public final class FailingDatabase {

  /**
   * When the line breaks. Counted over all statements; none with a number that is never reached.
   */
  public static final class Line {
    private int statementsLeft = Integer.MAX_VALUE;
    private boolean beforeCommit;
    private boolean afterCommit;
    private int statements;

    public Line beforeStatement(int number) {
      statementsLeft = number;
      return this;
    }

    public Line beforeCommit() {
      beforeCommit = true;
      return this;
    }

    public Line afterCommit() {
      afterCommit = true;
      return this;
    }

    public int statements() {
      return statements;
    }

    private void statement() throws SQLException {
      statements++;
      if (--statementsLeft == 0) {
        throw new SQLException("the line broke before a statement");
      }
    }
  }

  private FailingDatabase() {}

  public static DataSource behind(Line line, DataSource real) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = method.on(real, arguments);
          return answer instanceof Connection connection ? connection(line, connection) : answer;
        });
  }

  private static Connection connection(Line line, Connection real) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.name().equals("commit") && line.beforeCommit) {
            real.rollback();
            throw new SQLException("the line broke before the commit");
          }
          if (method.name().equals("unwrap")) {
            line.statement(); // for a COPY
          }
          Object answer = method.on(real, arguments);
          if (method.name().equals("commit") && line.afterCommit) {
            throw new SQLException("the line broke after the commit");
          }
          if (answer instanceof PreparedStatement statement) {
            return statement(line, PreparedStatement.class, statement);
          }
          return answer instanceof Statement statement
              ? statement(line, Statement.class, statement)
              : answer;
        });
  }

  private static <S extends Statement> S statement(Line line, Class<S> type, S real) {
    return proxy(
        type,
        (method, arguments) -> {
          if (method.name().startsWith("execute")) {
            line.statement();
          }
          return method.on(real, arguments);
        });
  }

  /** A method that was called, to be passed on. */
  private interface Call {
    String name();

    Object on(Object target, Object[] arguments) throws Throwable;
  }

  private interface Handler {
    Object handle(Call call, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                handler.handle(
                    new Call() {
                      @Override
                      public String name() {
                        return method.getName();
                      }

                      @Override
                      public Object on(Object target, Object[] passed) throws Throwable {
                        try {
                          return method.invoke(target, passed);
                        } catch (InvocationTargetException e) {
                          throw e.getCause();
                        }
                      }
                    },
                    arguments)));
  }
}
