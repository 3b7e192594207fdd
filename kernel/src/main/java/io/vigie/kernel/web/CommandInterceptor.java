package io.vigie.kernel.web;

import java.util.function.Supplier;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Relay;
import org.jboss.resteasy.reactive.RestResponse;

/** Inside validation: a request that is not valid opens no transaction. */
@Command
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_AFTER + 900)
class CommandInterceptor {

  private final Idempotency idempotency;
  private final Relay relay;

  CommandInterceptor(Idempotency idempotency, Relay relay) {
    this.idempotency = idempotency;
    this.relay = relay;
  }

  @AroundInvoke
  Object once(InvocationContext call) {
    Command command = call.getMethod().getAnnotation(Command.class);
    boolean inOneTransaction = command == null || command.inOneTransaction();
    Supplier<Uni<RestResponse<?>>> work = () -> proceed(call);
    return (inOneTransaction
            ? Panache.withTransaction(
                () -> idempotency.once(call.getMethod(), call.getParameters(), work))
            : idempotency.around(call.getMethod(), call.getParameters(), work))
        .invoke(relay::wake);
  }

  @SuppressWarnings("unchecked")
  private static Uni<RestResponse<?>> proceed(InvocationContext call) {
    try {
      return (Uni<RestResponse<?>>) call.proceed();
    } catch (Exception e) {
      return Uni.createFrom().failure(e);
    }
  }
}
