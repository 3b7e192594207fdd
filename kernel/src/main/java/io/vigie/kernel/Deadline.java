package io.vigie.kernel;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds how long a caller waits for the database: one that is frozen refuses nothing, it just does
 * not answer.
 */
@ApplicationScoped
public class Deadline {

  private final Vertx vertx;
  private final long millis;

  Deadline(Vertx vertx, @ConfigProperty(name = "vigie.request-deadline") Duration limit) {
    this.vertx = vertx;
    this.millis = limit.toMillis();
  }

  /**
   * What {@code work} comes to, or a failure with 503 when it takes too long. The work itself goes
   * on: cancelled, it would not give its connection back. It may still succeed after the 503, which
   * an idempotency key makes harmless. So {@code work} has its transaction within: one around it
   * would end with the 503, and what the work does after that would be kept at once, each statement
   * by itself.
   */
  public <T> Uni<T> bound(Uni<T> work) {
    return Uni.createFrom()
        .emitter(
            caller -> {
              long timer =
                  vertx.setTimer(
                      millis,
                      late ->
                          caller.fail(
                              Problem.unavailable(
                                  "The database does not answer. Try again shortly.")));
              work.subscribe()
                  .with(
                      item -> {
                        vertx.cancelTimer(timer);
                        caller.complete(item);
                      },
                      failure -> {
                        vertx.cancelTimer(timer);
                        caller.fail(failure);
                      });
            });
  }

  /**
   * What {@code work} comes to, however long it takes. As what is bound, it goes on where its
   * caller hangs up.
   */
  public static <T> Uni<T> outlast(Uni<T> work) {
    return Uni.createFrom()
        .emitter(caller -> work.subscribe().with(caller::complete, caller::fail));
  }
}
