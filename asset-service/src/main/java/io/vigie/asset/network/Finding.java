package io.vigie.asset.network;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/**
 * What was seen on one way and is forbidden or undeclared, at whichever ports; one open finding for
 * each way and reason.
 */
@Entity
@Table(name = "network_finding")
public class Finding extends PanacheEntityBase implements Aggregate {

  /** So many ports are listed: a scan of all of them is one finding, not a long one. */
  static final int MOST_PORTS = 100;

  /** Why it is over. */
  public enum End {
    DECLARED,
    QUIET,
    DISMISSED
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String rule;

  @Column(name = "from_zone")
  private UUID fromZone;

  @Column(name = "to_zone")
  private UUID toZone;

  @Column(name = "to_asset")
  private UUID toAsset;

  @Enumerated(EnumType.STRING)
  private Flow.Protocol protocol;

  private Integer[] ports;

  @Column(name = "more_ports")
  private boolean morePorts;

  @Column(name = "opened_at")
  private Instant openedAt;

  @Column(name = "closed_at")
  private Instant closedAt;

  @Enumerated(EnumType.STRING)
  private End because;

  private String reason;

  protected Finding() {}

  /**
   * @param seen one port at least
   */
  Finding(String rule, Way way, SortedSet<Integer> seen, Instant at) {
    this.id = Ids.next();
    this.rule = rule;
    this.fromZone = way.fromZone();
    this.toZone = way.toZone();
    this.toAsset = way.toAsset();
    this.protocol = way.protocol();
    this.ports = new Integer[0];
    list(seen);
    this.openedAt = at;
  }

  /** Adds as many as there is place for; those that came. */
  private List<Integer> list(SortedSet<Integer> seen) {
    SortedSet<Integer> listed = new TreeSet<>(List.of(ports));
    List<Integer> news = seen.stream().filter(port -> !listed.contains(port)).toList();
    List<Integer> added = news.subList(0, Math.min(news.size(), MOST_PORTS - listed.size()));
    listed.addAll(added);
    ports = listed.toArray(Integer[]::new);
    morePorts |= added.size() < news.size();
    return added;
  }

  /** The finding, or 404. */
  static Uni<Finding> require(UUID id) {
    return Finding.<Finding>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No finding has this id."));
  }

  /** The finding in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Finding> require(UUID id, String ifMatch) {
    return require(id).invoke(finding -> ETag.require(ifMatch, finding.version));
  }

  FindingEvent opened(Instant seenAt) {
    return new FindingEvent.Opened(
        id,
        rule,
        fromZone,
        toZone,
        toAsset,
        protocol.name(),
        List.of(ports),
        morePorts,
        seenAt,
        openedAt);
  }

  /** It was seen at these ports; no event where that is known. */
  List<FindingEvent> widen(SortedSet<Integer> seen, Instant seenAt, Instant at) {
    boolean before = morePorts;
    List<Integer> added = list(seen);
    return added.isEmpty() && morePorts == before
        ? List.of()
        : List.of(new FindingEvent.Widened(id, added, morePorts, seenAt, at));
  }

  /**
   * These ports are declared now, so that it is about the others; about none, it is over. Those
   * that had no place in the list get one when they are seen again.
   */
  List<FindingEvent> explain(Set<Integer> declared, Instant at) {
    List<Integer> over = Stream.of(ports).filter(declared::contains).toList();
    if (over.isEmpty()) {
      return List.of();
    }
    if (over.size() == ports.length) {
      return List.of(close(End.DECLARED, null, at));
    }
    ports = Stream.of(ports).filter(port -> !declared.contains(port)).toArray(Integer[]::new);
    morePorts = false;
    return List.of(new FindingEvent.Narrowed(id, over, at));
  }

  FindingEvent close(End end, String why, Instant at) {
    if (closedAt != null) {
      throw Problem.conflict("finding-closed", "It is over already.");
    }
    closedAt = at;
    because = end;
    reason = why;
    // A clock that was ahead then may be right by now.
    long seconds = Math.max(0, Duration.between(openedAt, at).toSeconds());
    return new FindingEvent.Closed(id, end.name(), why, seconds, at);
  }

  boolean isUndeclared() {
    return rule == null;
  }

  Way way() {
    return new Way(fromZone, toZone, toAsset, protocol);
  }

  @Override
  public String kind() {
    return "network-finding";
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
        rule,
        fromZone,
        toZone,
        toAsset,
        protocol,
        List.of(ports),
        morePorts,
        openedAt,
        closedAt,
        because,
        reason);
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it.
   *
   * @param ports in ascending order, 100 at most; 0 for ICMP
   * @param morePorts whether it was seen at others, too
   */
  public record State(
      String rule,
      UUID fromZone,
      UUID toZone,
      UUID toAsset,
      Flow.Protocol protocol,
      List<Integer> ports,
      boolean morePorts,
      Instant openedAt,
      Instant closedAt,
      End because,
      String reason) {}
}
