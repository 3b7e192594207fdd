package io.vigie.incident.finding;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What scans find, and what becomes of it. Every event says which asset it is about. */
public sealed interface FindingEvent extends DomainEvent {

  /**
   * A scan was taken in. The numbers are of what it changed: {@code results} different things seen,
   * of which {@code found} were new and {@code reopened} were gone before; {@code gone} are no
   * more. {@code digest} is the SHA-256 of the document.
   */
  record Taken(
      UUID aggregateId,
      UUID asset,
      String tool,
      String digest,
      boolean complete,
      int results,
      int found,
      int reopened,
      int gone,
      Instant performedAt,
      Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan.taken.v1";
    }
  }

  record Found(
      UUID aggregateId,
      UUID asset,
      String tool,
      String rule,
      String fingerprint,
      Severity severity,
      Instant dueAt,
      Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.found.v1";
    }
  }

  /** A scan says that it is better or worse than was known. */
  record Reappraised(UUID aggregateId, UUID asset, Severity severity, Instant dueAt, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.reappraised.v1";
    }
  }

  /** It was gone and is there again, for the time that {@code times} says, from 1. */
  record Reopened(
      UUID aggregateId,
      UUID asset,
      String tool,
      String rule,
      Severity severity,
      int times,
      Instant dueAt,
      Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.reopened.v1";
    }
  }

  /** A complete scan saw it no more. {@code late} tells whether its due date was over. */
  record Gone(UUID aggregateId, UUID asset, boolean late, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.gone.v1";
    }
  }

  /** Its asset was retired or rejected. {@code late} as in {@link Gone}. */
  record AssetGone(UUID aggregateId, UUID asset, boolean late, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.asset-gone.v1";
    }
  }

  record AcceptanceRequested(UUID aggregateId, UUID asset, Instant until, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.acceptance-requested.v1";
    }
  }

  record AcceptanceApproved(UUID aggregateId, UUID asset, Instant until, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.acceptance-approved.v1";
    }
  }

  record AcceptanceRefused(UUID aggregateId, UUID asset, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.acceptance-refused.v1";
    }
  }

  /** Its time is over: it is open again. */
  record AcceptanceExpired(UUID aggregateId, UUID asset, Instant dueAt, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.acceptance-expired.v1";
    }
  }

  /** Somebody looked and found it to be none. */
  record Dismissed(UUID aggregateId, UUID asset, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.dismissed.v1";
    }
  }

  /** A dismissal or an acceptance was taken back: it is open again, due as it was. */
  record Restored(UUID aggregateId, UUID asset, Instant dueAt, Instant at) implements FindingEvent {
    @Override
    public String type() {
      return "scan-finding.restored.v1";
    }
  }
}
