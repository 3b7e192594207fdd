package io.vigie.asset.software.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.OptimisticLock;

/**
 * A newsletter, or an index of advisories, that the agency reads. That it was read is no fact for
 * the log, and no new version; that it cannot be read is.
 */
@Entity
public class Feed extends PanacheEntityBase implements Aggregate {

  /** For how long nobody is told when it was read while nothing changes: the log keeps it all. */
  static final Duration TELL_EVERY = Duration.ofHours(12);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String name;
  private String url;

  @Enumerated(EnumType.STRING)
  private FeedFormat format;

  @Column(name = "registered_at")
  private Instant registeredAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "failing_since")
  private Instant failingSince;

  @OptimisticLock(excluded = true)
  private String failure;

  @Column(name = "read_at")
  @OptimisticLock(excluded = true)
  private Instant readAt;

  /** The last reading that others were told of. */
  @Column(name = "told_read_at")
  @OptimisticLock(excluded = true)
  private Instant toldReadAt;

  @Column(name = "next_read_at")
  @OptimisticLock(excluded = true)
  private Instant nextReadAt;

  /** What the server said of the version that was read, to be asked for a newer one only. */
  @OptimisticLock(excluded = true)
  private String etag;

  @Column(name = "last_modified")
  @OptimisticLock(excluded = true)
  private String lastModified;

  protected Feed() {}

  Feed(String name, String url, FeedFormat format, Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.url = url;
    this.format = format;
    this.registeredAt = at;
    this.nextReadAt = at;
  }

  /** The feed, or 404. */
  static Uni<Feed> require(UUID id) {
    return Feed.<Feed>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No feed has this id."));
  }

  /** The feed to write what became of a reading, or 404; nobody else changes it meanwhile. */
  static Uni<Feed> lock(UUID id) {
    return Feed.<Feed>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No feed has this id."));
  }

  /** The feed in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Feed> require(UUID id, String ifMatch) {
    return require(id).invoke(feed -> ETag.require(ifMatch, feed.version));
  }

  FeedEvent registered() {
    return new FeedEvent.Registered(id, name, url, registeredAt);
  }

  /** Nobody reads it any more; its notices stay. */
  FeedEvent end(String reason, Instant at) {
    if (endedAt != null) {
      throw Problem.conflict("feed-ended", "This feed is read no more.");
    }
    endedAt = at;
    nextReadAt = null;
    return new FeedEvent.Ended(id, reason, at);
  }

  /** Has nobody else read it before {@code next}, whatever becomes of this reading. */
  void beginReading(Instant next) {
    nextReadAt = next;
  }

  /** It was read; an event where it could not be, before. */
  FeedEvent read(FeedReader.Reading reading, Duration interval, Instant at) {
    requireInUse();
    readAt = at;
    nextReadAt = at.plus(interval);
    failure = null;
    if (reading.isNew()) {
      etag = reading.etag();
      lastModified = reading.lastModified();
    }
    if (failingSince == null) {
      return null;
    }
    failingSince = null;
    toldReadAt = at;
    return new FeedEvent.Recovered(id, at);
  }

  /**
   * Whether it was time to tell of the last reading, though nothing changed: the state has it now.
   */
  boolean tellIfDue() {
    if (toldReadAt != null && readAt.isBefore(toldReadAt.plus(TELL_EVERY))) {
      return false;
    }
    toldReadAt = readAt;
    return true;
  }

  /** It could not be read; an event where it could be, before. */
  FeedEvent fail(String why, Duration pause, Instant at) {
    requireInUse();
    failure = why;
    nextReadAt = at.plus(pause);
    if (failingSince != null) {
      return null;
    }
    failingSince = at;
    toldReadAt = readAt;
    return new FeedEvent.Failed(id, why, at);
  }

  private void requireInUse() {
    if (endedAt != null) {
      throw new IllegalStateException("feed " + id + " is read no more");
    }
  }

  @Override
  public String kind() {
    return "feed";
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
    return new State(name, url, format, registeredAt, endedAt, toldReadAt, failingSince);
  }

  String url() {
    return url;
  }

  FeedFormat format() {
    return format;
  }

  String etag() {
    return etag;
  }

  String lastModified() {
    return lastModified;
  }

  Instant readAt() {
    return readAt;
  }

  String failure() {
    return failure;
  }

  /** Whether it was read within {@code limit}, or is too new for that. */
  boolean isOnTime(Duration limit, Instant now) {
    return !late().plus(limit).isBefore(now);
  }

  /** From when on it waits to be read. */
  Instant late() {
    return readAt == null ? registeredAt : readAt;
  }

  boolean isEnded() {
    return endedAt != null;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a feed.
   *
   * @param readAt when it was read last, as far as they were told: while it is read that is {@link
   *     #TELL_EVERY} and an interval ago at most
   */
  public record State(
      String name,
      String url,
      FeedFormat format,
      Instant registeredAt,
      Instant endedAt,
      Instant readAt,
      Instant failingSince) {}
}
