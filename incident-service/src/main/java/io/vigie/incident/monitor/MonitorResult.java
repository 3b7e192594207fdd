package io.vigie.incident.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.kernel.Ids;

/** What one probe found. Kept for some days, then counted. */
@Entity
@Table(name = "monitor_result")
public class MonitorResult extends PanacheEntityBase {

  @Id private UUID id;
  private UUID monitor;

  @Column(name = "at")
  private Instant foundAt;

  private boolean good;

  @Column(name = "took_millis")
  private Long tookMillis;

  private String failure;

  protected MonitorResult() {}

  MonitorResult(UUID monitor, Outcome outcome, Instant at) {
    this.id = Ids.next();
    this.monitor = monitor;
    this.foundAt = at;
    this.good = outcome.isGood();
    this.failure = outcome.failure();
    Duration took = outcome.took();
    this.tookMillis = took == null ? null : took.toMillis();
  }

  UUID id() {
    return id;
  }

  MonitorResource.ResultView view() {
    return new MonitorResource.ResultView(id, foundAt, good, tookMillis, failure);
  }
}
