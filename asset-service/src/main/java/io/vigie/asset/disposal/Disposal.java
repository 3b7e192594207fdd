package io.vigie.asset.disposal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.disposal.Item.Sanitisation;
import io.vigie.asset.disposal.Item.Verification;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Medium;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/** One asset's way out. Nobody approves what they requested, nor verifies what they did (R4.6). */
@Entity
public class Disposal extends PanacheEntityBase implements Aggregate {

  /** How far it is. */
  @Schema(name = "DisposalStage")
  public enum Stage {
    REQUESTED,
    APPROVED,
    /** Every medium is sanitised and verified; the asset may leave. */
    SANITISED,
    COMPLETED,
    REFUSED,
    CANCELLED;

    boolean isOpen() {
      return this == REQUESTED || this == APPROVED || this == SANITISED;
    }
  }

  /** No zone's day ends later. */
  private static final ZoneOffset LAST_ZONE = ZoneOffset.ofHours(-12);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private UUID asset;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  private String reason;

  @Convert(converter = ItemsText.class)
  private List<Item> media;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "decided_by")
  private String decidedBy;

  /** Null before, and for those that were approved before it was kept. */
  @Column(name = "approved_at")
  private Instant approvedAt;

  /** Since when it waits for its next step. */
  @Column(name = "waiting_since")
  private Instant waitingSince;

  /** Which retirement of the asset it is about: what comes back begins anew. */
  @Column(name = "retired_at")
  private Instant retiredAt;

  private String recipient;

  @Column(name = "left_on")
  private LocalDate leftOn;

  /** The event that completed it. */
  private UUID receipt;

  protected Disposal() {}

  Disposal(
      UUID asset,
      Instant retiredAt,
      String reason,
      List<Item> media,
      String requestedBy,
      Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.retiredAt = retiredAt;
    this.stage = Stage.REQUESTED;
    this.reason = reason;
    this.media = List.copyOf(media);
    this.requestedBy = requestedBy;
    this.waitingSince = at;
  }

  /** The disposal, or 404. */
  static Uni<Disposal> require(UUID id) {
    return Disposal.<Disposal>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No disposal has this id."));
  }

  /** The disposal in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Disposal> require(UUID id, String ifMatch) {
    return require(id).invoke(disposal -> ETag.require(ifMatch, disposal.version));
  }

  DisposalEvent requested(Instant at) {
    return new DisposalEvent.Requested(id, asset, reason, media, at);
  }

  DisposalEvent approve(String actor, Instant at) {
    decide(actor);
    approvedAt = at;
    moveTo(media.isEmpty() ? Stage.SANITISED : Stage.APPROVED, at);
    return new DisposalEvent.Approved(id, asset, at);
  }

  DisposalEvent refuse(String actor, String why, Instant at) {
    decide(actor);
    moveTo(Stage.REFUSED, at);
    return new DisposalEvent.Ended(id, asset, true, why, at);
  }

  private void decide(String actor) {
    requireStage(Stage.REQUESTED, "It was decided before.");
    if (actor.equals(requestedBy)) {
      throw conflict(
          "own-request", "Nobody decides about their own request. Ask somebody else to.");
    }
    decidedBy = actor;
  }

  DisposalEvent cancel(String why, Instant at) {
    if (!stage.isOpen() || stage == Stage.SANITISED) {
      throw conflict("disposal-over", "It cannot be given up any more.");
    }
    moveTo(Stage.CANCELLED, at);
    return new DisposalEvent.Ended(id, asset, false, why, at);
  }

  DisposalEvent addEvidence(String hash, String mediaType, int bytes, Instant at) {
    requireStage(Stage.APPROVED, "Evidence is of the work on media.");
    return new DisposalEvent.EvidenceAdded(id, asset, hash, mediaType, bytes, at);
  }

  /** Its media need no less than what is known of their data now asks for. */
  void need(Function<Medium, Method> now) {
    media = media.stream().map(item -> item.needing(now.apply(item.medium()))).toList();
  }

  DisposalEvent sanitise(int number, Sanitisation done, Instant at) {
    requireStage(Stage.APPROVED, "Media are sanitised after the approval, and until all are.");
    Item item = item(number);
    if (item.verification() != null) {
      throw conflict("medium-verified", "This medium is sanitised, and somebody verified it.");
    }
    if (approvedAt != null
        && done.performedAt().isBefore(approvedAt.truncatedTo(ChronoUnit.MINUTES))) {
      throw Problem.unprocessable(
          "sanitised-before-approval",
          "It was approved at %s. What was done before says nothing of what was on the medium then."
              .formatted(approvedAt));
    }
    if (!done.method().isAtLeast(item.required())) {
      throw Problem.unprocessable(
          "sanitisation-too-weak",
          "This medium needs %s, by the highest confidentiality that the asset ever had; %s is only %s."
              .formatted(item.required(), done.technique(), done.method()));
    }
    put(item.sanitised(done));
    waitingSince = at;
    return new DisposalEvent.MediumSanitised(id, asset, number, done.method(), at);
  }

  DisposalEvent verify(int number, boolean passed, String how, String actor, Instant at) {
    requireStage(Stage.APPROVED, "There is nothing to verify.");
    Item item = item(number);
    if (item.sanitisation() == null || item.verification() != null) {
      throw conflict("nothing-to-verify", "This medium waits for no verification.");
    }
    if (actor.equals(item.sanitisation().operator())) {
      throw conflict("own-work", "Nobody verifies their own work. Ask somebody else to.");
    }
    if (passed) {
      requireDepth();
    }
    put(passed ? item.verified(new Verification(actor, how, at)) : item.sanitised(null));
    waitingSince = at;
    if (media.stream().allMatch(each -> each.verification() != null)) {
      moveTo(Stage.SANITISED, at);
    }
    return new DisposalEvent.MediumVerified(id, asset, number, passed, how, at);
  }

  /** Levels may have risen since a medium was sanitised. */
  private void requireDepth() {
    for (Item each : media) {
      if (each.lacksDepth()) {
        throw Problem.unprocessable(
            "sanitisation-too-weak",
            ("Medium %d needs %s by now, by the highest confidentiality that the asset ever had; %s is only %s."
                    + " Sanitise it again; if it is verified, cancel this disposal and ask for another one.")
                .formatted(
                    each.number(),
                    each.required(),
                    each.sanitisation().technique(),
                    each.sanitisation().method()));
      }
    }
  }

  /**
   * The asset leaves, not before the last medium was verified or, where it has none, the disposal
   * approved.
   *
   * @param on the day, in whatever time zone
   * @param missing what other services have not reported, in words
   */
  DisposalEvent complete(String to, LocalDate on, List<String> missing, Instant at) {
    requireStage(Stage.SANITISED, "The asset leaves once every medium is verified.");
    if (on.isBefore(LocalDate.ofInstant(waitingSince, LAST_ZONE))) {
      throw Problem.unprocessable(
          "left-before-sanitised",
          "Its last medium was verified, or without media its disposal approved, at %s. Nothing may leave before."
              .formatted(waitingSince));
    }
    if (!missing.isEmpty()) {
      throw conflict("disposal-not-cleared", "Not yet: " + String.join("; ", missing) + ".");
    }
    recipient = to;
    leftOn = on;
    moveTo(Stage.COMPLETED, at);
    return new DisposalEvent.Completed(id, asset, to, at);
  }

  Item item(int number) {
    if (number < 1 || number > media.size()) {
      throw Problem.notFound("This disposal has no such medium.");
    }
    return media.get(number - 1);
  }

  private void put(Item item) {
    List<Item> now = new ArrayList<>(media);
    now.set(item.number() - 1, item);
    media = List.copyOf(now);
  }

  private void moveTo(Stage next, Instant at) {
    stage = next;
    waitingSince = at;
  }

  private void requireStage(Stage wanted, String otherwise) {
    if (stage != wanted) {
      throw conflict("disposal-at-another-stage", otherwise + " It is " + stage + ".");
    }
  }

  @Override
  public String kind() {
    return "disposal";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(
        asset, stage, reason, media, requestedBy, decidedBy, waitingSince, recipient, leftOn);
  }

  long version() {
    return version;
  }

  /**
   * Fails with 409 when the asset was lost, or in use, since this was asked for: what was done to
   * its media then says nothing of what is on them now.
   */
  void requireSameRetirement(Asset now) {
    if (!retiredAt.equals(now.state().retiredAt()) || now.state().state() == AssetState.LOST) {
      throw conflict(
          "asset-came-back",
          "The asset was lost or in use since. Cancel this disposal, and ask for another one.");
    }
  }

  /** The event that completed it; null before. */
  UUID receipt() {
    return receipt;
  }

  /** What others may know of it; accounts stand for people. */
  public record State(
      UUID asset,
      Stage stage,
      String reason,
      List<Item> media,
      String requestedBy,
      String decidedBy,
      Instant waitingSince,
      String recipient,
      LocalDate leftOn) {}
}
