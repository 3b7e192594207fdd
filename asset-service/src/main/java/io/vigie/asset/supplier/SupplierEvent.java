package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to suppliers and to what stands under them. */
public sealed interface SupplierEvent extends DomainEvent {

  record Registered(
      UUID aggregateId,
      List<Activity> activities,
      Criticality criticality,
      boolean handlesClientData,
      List<String> countries,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.registered.v1";
    }
  }

  /**
   * What it does, how much depends on it or how it is reached changed; {@code changes} says what of
   * that others may know.
   */
  record Changed(UUID aggregateId, Instant at) implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.changed.v1";
    }
  }

  record Approved(UUID aggregateId, Instant at) implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.approved.v1";
    }
  }

  record Suspended(UUID aggregateId, String reason, Instant at) implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.suspended.v1";
    }
  }

  record Resumed(UUID aggregateId, Instant at) implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.resumed.v1";
    }
  }

  record Ended(UUID aggregateId, String reason, Instant at) implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.ended.v1";
    }
  }

  /** {@code endsOn} is null where the contract has no end of its own. */
  record ContractSigned(
      UUID aggregateId,
      UUID contract,
      String reference,
      LocalDate signedOn,
      LocalDate startsOn,
      LocalDate endsOn,
      List<String> clauses,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.contract-signed.v1";
    }
  }

  /** From {@code endedOn} on it binds no more. */
  record ContractEnded(
      UUID aggregateId, UUID contract, LocalDate endedOn, String reason, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.contract-ended.v1";
    }
  }

  record ExceptionRequested(
      UUID aggregateId,
      UUID exception,
      List<String> clauses,
      boolean withoutContract,
      String reason,
      LocalDate until,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.exception-requested.v1";
    }
  }

  record ExceptionGranted(
      UUID aggregateId,
      UUID exception,
      List<String> clauses,
      boolean withoutContract,
      LocalDate until,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.exception-granted.v1";
    }
  }

  record ExceptionRefused(UUID aggregateId, UUID exception, String reason, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.exception-refused.v1";
    }
  }

  record AssessmentPlanned(UUID aggregateId, UUID assessment, LocalDate plannedFor, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.assessment-planned.v1";
    }
  }

  /** {@code reservations}: how many. */
  record AssessmentDone(
      UUID aggregateId,
      UUID assessment,
      Instant doneAt,
      Assessment.Method method,
      Assessment.Result result,
      int reservations,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.assessment-done.v1";
    }
  }

  /** The next one is due at {@code nextDue}. */
  record AssessmentAccepted(
      UUID aggregateId,
      UUID assessment,
      Assessment.Result result,
      Instant doneAt,
      Instant nextDue,
      Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.assessment-accepted.v1";
    }
  }

  record ReservationLifted(UUID aggregateId, UUID reservation, UUID assessment, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.reservation-lifted.v1";
    }
  }

  record SubProcessorDeclared(
      UUID aggregateId, UUID subProcessor, String name, String service, String country, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.sub-processor-declared.v1";
    }
  }

  record SubProcessorApproved(UUID aggregateId, UUID subProcessor, String country, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.sub-processor-approved.v1";
    }
  }

  record SubProcessorObjected(UUID aggregateId, UUID subProcessor, String reason, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.sub-processor-objected.v1";
    }
  }

  /** A contract or an exception began or ended with the day: see {@link Supplier.State}. */
  record StandingChanged(
      UUID aggregateId, boolean underContract, List<String> lackingClauses, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.standing-changed.v1";
    }
  }

  /** What happened is not told here: it may name people. */
  record IncidentReported(
      UUID aggregateId, UUID incident, Instant reportedAt, List<UUID> assets, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.incident-reported.v1";
    }
  }

  record IncidentClosed(UUID aggregateId, UUID incident, String outcome, Instant at)
      implements SupplierEvent {
    @Override
    public String type() {
      return "supplier.incident-closed.v1";
    }
  }
}
