package io.vigie.incident.monitor;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to monitors. Single results are none of it. */
public sealed interface MonitorEvent extends DomainEvent {

  record Created(UUID aggregateId, UUID asset, MonitorType monitorType, String name, Instant at)
      implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.created.v1";
    }
  }

  /** Another name, target or interval. */
  record Changed(UUID aggregateId, UUID asset, Instant at) implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.changed.v1";
    }
  }

  /** It tries nothing until it is resumed; whether it failed is not known any more. */
  record Paused(UUID aggregateId, UUID asset, String reason, Instant at) implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.paused.v1";
    }
  }

  record Resumed(UUID aggregateId, UUID asset, Instant at) implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.resumed.v1";
    }
  }

  record Retired(UUID aggregateId, UUID asset, String reason, Instant at) implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.retired.v1";
    }
  }

  /**
   * So many failures in a row as the policy asks for.
   *
   * @param since of the first of them
   * @param failure what the last one was, for people
   */
  record Failed(
      UUID aggregateId,
      UUID asset,
      MonitorType monitorType,
      String failure,
      int failures,
      Instant since,
      Instant at)
      implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.failed.v1";
    }
  }

  /**
   * What is offered over TLS has another grade, or other findings, than before.
   *
   * @param previousGrade null the first time
   */
  record TlsGraded(
      UUID aggregateId,
      UUID asset,
      TlsGrade grade,
      TlsGrade previousGrade,
      List<TlsFinding> findings,
      Instant at)
      implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.tls-graded.v1";
    }
  }

  /**
   * It is as it should be again.
   *
   * @param downSeconds from {@code since} to {@code at}
   */
  record Recovered(
      UUID aggregateId,
      UUID asset,
      MonitorType monitorType,
      Instant since,
      long downSeconds,
      Instant at)
      implements MonitorEvent {
    @Override
    public String type() {
      return "monitor.recovered.v1";
    }
  }
}
