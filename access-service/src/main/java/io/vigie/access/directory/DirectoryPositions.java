package io.vigie.access.directory;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

import static io.vigie.access.directory.Changes.utc;

/** How far things are done, by the name of each; within a session or a transaction. */
@ApplicationScoped
class DirectoryPositions {

  /** Moves the position to {@code to} when it is not after {@code from}; whether it did. */
  Uni<Boolean> claim(String stream, Instant from, Instant to) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_position (stream, at) values (?1, ?3)
                        on conflict (stream) do update set at = excluded.at
                          where directory_position.at <= ?2""")
                    .setParameter(1, stream)
                    .setParameter(2, utc(from))
                    .setParameter(3, utc(to))
                    .executeUpdate())
        .map(rows -> rows > 0);
  }

  Uni<Void> set(String stream, Instant at) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_position (stream, at) values (?1, ?2)
                        on conflict (stream) do update set at = excluded.at""")
                    .setParameter(1, stream)
                    .setParameter(2, utc(at))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** The position; the beginning of time where there is none. */
  Uni<Instant> of(String stream) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select at from directory_position where stream = ?1", Object.class)
                    .setParameter(1, stream)
                    .getSingleResultOrNull())
        .map(
            at ->
                at == null
                    ? Instant.EPOCH
                    : at instanceof OffsetDateTime time ? time.toInstant() : (Instant) at);
  }

  /** Moves the position forward, never back. */
  Uni<Void> advance(String stream, Instant at) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_position (stream, at) values (?1, ?2)
                        on conflict (stream) do update
                          set at = greatest(directory_position.at, excluded.at)""")
                    .setParameter(1, stream)
                    .setParameter(2, utc(at))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Remembers these events; returns the ids of those that were not known before. */
  Uni<Set<String>> remember(String stream, Collection<? extends DirectoryEvents.Event> events) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_seen (stream, event_id, at)
                        select ?1, id, cast(at as timestamptz)
                        from unnest(cast(?2 as text[]), cast(?3 as text[])) as event(id, at)
                        order by id
                        on conflict do nothing returning event_id""",
                        String.class)
                    .setParameter(1, stream)
                    .setParameter(
                        2, events.stream().map(event -> event.id()).toArray(String[]::new))
                    .setParameter(
                        3,
                        events.stream().map(event -> event.at().toString()).toArray(String[]::new))
                    .getResultList())
        .map(HashSet::new);
  }

  /** Forgets events of before that time: they are not asked for again. */
  Uni<Void> forget(String stream, Instant before) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("delete from directory_seen where stream = ?1 and at < ?2")
                    .setParameter(1, stream)
                    .setParameter(2, utc(before))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
