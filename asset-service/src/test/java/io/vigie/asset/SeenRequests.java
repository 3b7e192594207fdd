package io.vigie.asset;

import java.lang.ref.WeakReference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;

/** The request that came last, for as long as anybody keeps it. */
@ApplicationScoped
public class SeenRequests {

  private static final int FIRST = 9_000;

  static volatile WeakReference<RoutingContext> last;

  void see(@Observes Filters filters) {
    filters.register(
        context -> {
          last = new WeakReference<>(context);
          context.next();
        },
        FIRST);
  }
}
