package io.vigie.incident;

import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Reads, hashes and writes what takes long beside the event loop, which has others to serve. */
public final class Aside {

  private Aside() {}

  /** What {@code work} gives, or fails with; whoever follows is on the present context again. */
  public static <T> Uni<T> of(Supplier<T> work) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(work)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(task -> context.runOnContext(ignored -> task.run()));
  }
}
