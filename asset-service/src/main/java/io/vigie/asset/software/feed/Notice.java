package io.vigie.asset.software.feed;

import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.software.Act;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/** An item of a feed, that waits for somebody to look at it. */
@Entity
public class Notice extends PanacheEntityBase implements Aggregate {

  /** As CERT-FR and others begin their titles: {@code CERTFR-2026-AVI-0123 : …}. */
  private static final Pattern IDENTIFIED =
      Pattern.compile("([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+)\\s*:\\s*(\\S.*)", Pattern.DOTALL);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "feed_id")
  private UUID feed;

  /** What the feed tells it from others by. */
  private String item;

  private String identifier;
  private String title;
  private String link;
  private String category;

  @Column(name = "published_at")
  private Instant publishedAt;

  @Column(name = "received_at")
  private Instant receivedAt;

  @Enumerated(EnumType.STRING)
  private NoticeState state;

  @Column(name = "advisory_id")
  private UUID advisory;

  @Embedded
  @EmbeddedColumnNaming("decided_%s")
  private Act decided;

  protected Notice() {}

  Notice(UUID feed, FeedReader.Item item, Instant at) {
    Matcher identified = IDENTIFIED.matcher(item.title());
    boolean hasIdentifier = identified.matches();
    this.id = Ids.next();
    this.feed = feed;
    this.item = item.id();
    this.identifier = hasIdentifier ? identified.group(1) : null;
    this.title = hasIdentifier ? identified.group(2) : item.title();
    this.link = item.link();
    this.category = item.category();
    this.publishedAt = item.publishedAt();
    this.receivedAt = at;
    this.state = NoticeState.WAITING;
  }

  /** The notice, or 404. */
  static Uni<Notice> require(UUID id) {
    return Notice.<Notice>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No notice has this id."));
  }

  /** The notice in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Notice> require(UUID id, String ifMatch) {
    return require(id).invoke(notice -> ETag.require(ifMatch, notice.version));
  }

  NoticeEvent received() {
    return new NoticeEvent.Received(id, feed, identifier, title, link, publishedAt, receivedAt);
  }

  NoticeEvent takeUp(UUID by, Act act) {
    requireWaiting();
    state = NoticeState.TAKEN_UP;
    advisory = by;
    decided = act;
    return new NoticeEvent.TakenUp(id, by, act.at());
  }

  NoticeEvent dismiss(Act act) {
    requireWaiting();
    state = NoticeState.DISMISSED;
    decided = act;
    return new NoticeEvent.Dismissed(id, act.reason(), act.at());
  }

  private void requireWaiting() {
    if (state != NoticeState.WAITING) {
      throw Problem.conflict("notice-not-waiting", "Somebody has looked at this notice already.");
    }
  }

  @Override
  public String kind() {
    return "notice";
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
        feed,
        identifier,
        title,
        link,
        category,
        publishedAt,
        receivedAt,
        state,
        advisory,
        decided == null ? null : decided.by());
  }

  String item() {
    return item;
  }

  Act decision() {
    return decided;
  }

  long version() {
    return version;
  }

  /** What others may know of a notice. */
  public record State(
      UUID feed,
      String identifier,
      String title,
      String link,
      String category,
      Instant publishedAt,
      Instant receivedAt,
      NoticeState state,
      UUID advisory,
      String decidedBy) {}
}
