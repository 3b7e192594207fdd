package io.vigie.kernel.web;

import java.util.UUID;
import java.util.function.Supplier;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.PresentRequest;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Inside validation: a request that is not valid opens no transaction. An answer to a request that
 * appended events says where the receipt of the first one, which carries the changes, will be.
 */
@Command
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_AFTER + 900)
class CommandInterceptor {

  private final Idempotency idempotency;
  private final PresentRequest request;
  private final Deadline deadline;
  private final Outbox outbox;
  private final Relay relay;
  private final String receipts;

  CommandInterceptor(
      Idempotency idempotency,
      PresentRequest request,
      Deadline deadline,
      Outbox outbox,
      Relay relay,
      @ConfigProperty(name = "vigie.audit-url") String audit) {
    this.idempotency = idempotency;
    this.request = request;
    this.deadline = deadline;
    this.outbox = outbox;
    this.relay = relay;
    this.receipts = audit + "/v1/receipts/";
  }

  @AroundInvoke
  Object once(InvocationContext call) {
    request.hold();
    Command command = call.getMethod().getAnnotation(Command.class);
    Supplier<Uni<RestResponse<?>>> work = () -> proceed(call).map(this::withReceipt);
    boolean inOneTransaction =
        command == null
            || command.inOneTransaction() && !command.inSteps() && !isBodyOf(command.longFor());
    return (inOneTransaction
            ? deadline.bound(
                Panache.withTransaction(
                    () -> {
                      requireAwaited();
                      return idempotency.once(call.getMethod(), call.getParameters(), work);
                    }))
            : Deadline.outlast(
                command.inSteps() || eachByItself()
                    ? idempotency.beside(call.getMethod(), call.getParameters(), work)
                    : idempotency.around(call.getMethod(), call.getParameters(), work)))
        .invoke(relay::wake);
  }

  private boolean eachByItself() {
    String atomic = request.context().request().getParam("atomic");
    return atomic != null && !Boolean.parseBoolean(atomic);
  }

  private boolean isBodyOf(String type) {
    String sent = request.context().request().getHeader("Content-Type");
    return !type.isEmpty()
        && sent != null
        && MediaType.valueOf(type).isCompatible(MediaType.valueOf(sent));
  }

  /**
   * What got its connection too late is not begun: its caller was told to come back, or is gone.
   */
  private void requireAwaited() {
    if (!request.isAwaited()) {
      throw Problem.unavailable("It took too long until this could begin. Try again shortly.");
    }
  }

  private RestResponse<?> withReceipt(RestResponse<?> answer) {
    UUID event = outbox.firstOfRequest();
    return event == null
        ? answer
        : ResponseBuilder.fromResponse(answer).header(Answer.RECEIPT, receipts + event).build();
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
