package io.vigie.audit.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.health.api.Wellness;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Down while the log refuses to go on, or what it says of itself does not get out. A matter of
 * wellness: what was published goes on being served. A witness that is away is shown, no more.
 */
@Wellness
@ApplicationScoped
class CheckpointHealth implements HealthCheck {

  private final Publisher publisher;
  private final CheckpointTopic topic;
  private final Witnesses witnesses;

  CheckpointHealth(Publisher publisher, CheckpointTopic topic, Witnesses witnesses) {
    this.publisher = publisher;
    this.topic = topic;
    this.witnesses = witnesses;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("log published");
    publisher.newest().ifPresent(newest -> answer.withData("size", newest.size()));
    boolean isWell = true;
    isWell &= isNone(answer, "refusal", publisher.refusal());
    isWell &= isNone(answer, "failure", publisher.failure());
    isWell &= isNone(answer, "topic", topic.failure());
    witnesses
        .troubles()
        .forEach((witness, trouble) -> answer.withData("witness " + witness, trouble));
    return answer.status(isWell).build();
  }

  private static boolean isNone(HealthCheckResponseBuilder answer, String what, String trouble) {
    if (trouble != null) {
      answer.withData(what, trouble);
    }
    return trouble == null;
  }
}
