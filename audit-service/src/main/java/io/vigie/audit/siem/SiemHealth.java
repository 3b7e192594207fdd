package io.vigie.audit.siem;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.health.api.Wellness;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Down while a SIEM does not take its records. A matter of wellness: the log itself goes on. */
@Wellness
@ApplicationScoped
class SiemHealth implements HealthCheck {

  private final Feeds feeds;

  SiemHealth(Feeds feeds) {
    this.feeds = feeds;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("log fed to SIEMs");
    boolean isWell = true;
    for (Feed feed : feeds.all()) {
      String failure = feed.failure();
      String behind = feed.behind() + " entries behind";
      answer.withData(feed.name(), failure == null ? behind : behind + ": " + failure);
      isWell &= failure == null;
    }
    return answer.status(isWell).build();
  }
}
