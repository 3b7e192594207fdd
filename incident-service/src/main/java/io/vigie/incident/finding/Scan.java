package io.vigie.incident.finding;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;

/** That a tool's scan of an asset was taken in, whatever it found: written once. */
@Entity
public class Scan extends PanacheEntityBase implements Aggregate {

  /** What a scan changed. */
  record Outcome(int found, int reopened, int gone) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private String tool;
  private String digest;
  private boolean complete;
  private int results;
  private int found;
  private int reopened;
  private int gone;

  @Column(name = "performed_at")
  private Instant performedAt;

  @Column(name = "taken_at")
  private Instant takenAt;

  protected Scan() {}

  Scan(UUID asset, String digest, ScanRun run, Outcome outcome, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.tool = run.tool();
    this.digest = digest;
    this.complete = run.isComplete();
    this.results = run.sightings().size();
    this.found = outcome.found();
    this.reopened = outcome.reopened();
    this.gone = outcome.gone();
    this.performedAt = run.performedAt(at);
    this.takenAt = at;
  }

  /** The last scan of this tool that was taken in of the asset; null where there is none. */
  static Uni<Scan> last(UUID asset, String tool) {
    return Scan.<Scan>find("asset = ?1 and tool = ?2 order by id desc", asset, tool).firstResult();
  }

  /** Whether it is the same document, taken in the same way. */
  boolean isOf(String document, ScanRun run) {
    return digest.equals(document) && complete == run.isComplete();
  }

  FindingEvent taken() {
    return new FindingEvent.Taken(
        id, asset, tool, digest, complete, results, found, reopened, gone, performedAt, takenAt);
  }

  @Override
  public String kind() {
    return "scan";
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
        asset, tool, digest, complete, results, found, reopened, gone, performedAt, takenAt);
  }

  long version() {
    return version;
  }

  /** What others may know of a scan. */
  public record State(
      UUID asset,
      String tool,
      String digest,
      boolean complete,
      int results,
      int found,
      int reopened,
      int gone,
      Instant performedAt,
      Instant takenAt) {}
}
