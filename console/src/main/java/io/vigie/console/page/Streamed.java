package io.vigie.console.page;

import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import org.jboss.logging.Logger;

/** Files that are sent while they are made. */
public final class Streamed {

  private static final Logger LOG = Logger.getLogger(Streamed.class);

  private Streamed() {}

  /**
   * A file that breaks off closes its connection, so as not to look whole; one that nobody takes
   * any more is over. The framework resets the answer in both cases, which over HTTP/1 marks it as
   * closed before it is: then nothing ends the request, and the console waits for it when it stops.
   */
  public static <T> Multi<T> closing(Multi<T> file, HttpServerRequest request) {
    if (!(request.connection() instanceof ConnectionBase connection)
        || request.version() == HttpVersion.HTTP_2) {
      return file;
    }
    HttpServerResponse response = request.response();
    return file.onFailure(failure -> response.headWritten())
        .recoverWithMulti(
            failure -> {
              if (connection.channel().isActive()) {
                LOG.warnf("%s broke off: %s", request.path(), failure.getMessage());
              }
              connection.close();
              return Multi.createFrom().nothing();
            })
        .onCancellation()
        .invoke(
            () -> {
              if (!connection.channel().isActive() && !response.closed() && !response.ended()) {
                response.end();
              }
            });
  }
}
