package io.vigie.kernel.web;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.PresentRequest;

/** Inside validation: a request that is not valid opens no session. */
@Read
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_AFTER + 900)
class ReadInterceptor {

  private final PresentRequest request;
  private final Deadline deadline;

  ReadInterceptor(PresentRequest request, Deadline deadline) {
    this.request = request;
    this.deadline = deadline;
  }

  @AroundInvoke
  Object read(InvocationContext call) {
    request.hold();
    if (!call.getInterceptorBinding(Read.class).inSession()) {
      return deadline.bound(Uni.createFrom().deferred(() -> proceed(call)));
    }
    return deadline.bound(
        Panache.withSession(
            () ->
                Panache.getSession()
                    // Nothing is written, so no copy is kept of what was read to compare it with.
                    .invoke(session -> session.setDefaultReadOnly(true))
                    .chain(() -> proceed(call))));
  }

  private static Uni<?> proceed(InvocationContext call) {
    try {
      return (Uni<?>) call.proceed();
    } catch (Exception e) {
      return Uni.createFrom().failure(e);
    }
  }
}
