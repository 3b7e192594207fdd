package io.vigie.asset.software;

import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Reads long documents beside the event loop, which has others to serve. */
public final class Aside {

  private Aside() {}

  /** What {@code reading} gives, or fails with; whoever follows is on the present context again. */
  public static <T> Uni<T> read(Supplier<T> reading) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(reading)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(task -> context.runOnContext(ignored -> task.run()));
  }
}
