package io.vigie.asset.disposal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;

/** Files that prove what was done, each known by its SHA-256 in hexadecimal. */
@ApplicationScoped
class Evidence {

  /** Two for each of as many media as a disposal can have. */
  private static final long MOST_FILES = 100;

  private final Outbox outbox;
  private final Clock clock;

  Evidence(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  record File(String mediaType, byte[] content) {}

  /**
   * Keeps a file; the same one twice is kept once, and has one event. Fails with 409 where {@value
   * #MOST_FILES} others are kept.
   */
  Uni<Void> keep(Disposal disposal, String hash, String mediaType, byte[] content) {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into evidence (disposal_id, sha256, media_type, content, added_at)
                        values (?1, ?2, ?3, ?4, ?5) on conflict do nothing""")
                    .setParameter(1, disposal.id())
                    .setParameter(2, hash)
                    .setParameter(3, mediaType)
                    .setParameter(4, content)
                    .setParameter(5, now.atOffset(ZoneOffset.UTC))
                    .executeUpdate())
        .chain(
            kept ->
                kept == 0
                    ? Uni.createFrom().voidItem()
                    : requireRoom(disposal.id())
                        .chain(
                            () ->
                                outbox.append(
                                    disposal,
                                    disposal.addEvidence(hash, mediaType, content.length, now))));
  }

  /** With the file that was added just now: what two add at once, the disposal's version tells. */
  private static Uni<Void> requireRoom(UUID disposal) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from evidence where disposal_id = ?1", Long.class)
                    .setParameter(1, disposal)
                    .getSingleResult())
        .invoke(
            files -> {
              if (files > MOST_FILES) {
                throw Problem.conflict(
                    "too-many-files",
                    "A disposal keeps at most %d files. Put several pages or photographs into one."
                        .formatted(MOST_FILES));
              }
            })
        .replaceWithVoid();
  }

  /** Fails with 422 unless the disposal has a file with this hash. Null is none, and no failure. */
  Uni<Void> require(UUID disposal, String hash) {
    return hash == null
        ? Uni.createFrom().voidItem()
        : find(disposal, hash)
            .onItem()
            .ifNull()
            .failWith(
                () ->
                    Problem.unprocessable(
                        "unknown-evidence", "Send the file first; it is known by its SHA-256."))
            .replaceWithVoid();
  }

  /** The file, or null. */
  Uni<File> find(UUID disposal, String hash) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select media_type, content from evidence where disposal_id = ?1 and sha256 = ?2",
                        Object[].class)
                    .setParameter(1, disposal)
                    .setParameter(2, hash)
                    .getSingleResultOrNull())
        .map(row -> row == null ? null : new File((String) row[0], bytes(row[1])));
  }

  private static byte[] bytes(Object content) {
    return content instanceof Buffer buffer ? buffer.getBytes() : (byte[]) content;
  }
}
